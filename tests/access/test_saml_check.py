"""A captured SAML response against a role: each check, and that nobody's data is in the result."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest
from lxml import etree
from lxml.etree import _Element as Element

from gateprint.access.saml.check import Check, Verdict, check_response, is_passed
from gateprint.model.resolved import Environment, Role
from gateprint.model.saml import attribute_names
from tests.model.made import NONPROD, SMALL, edited, environment_of, resolved_of
from tests.support.saml import rsa_key
from tests.support.saml_response import (
    ACS,
    AFFILIATION,
    ASSERTION,
    ATTRIBUTES,
    NOW,
    Fields,
    Signed,
    Signer,
    pair,
    posted,
    provider_metadata,
    signed,
    unsigned,
)

WHEN = "    identity_provider: auth0\n    when: {edupersonaffiliation: [staff, auditor]}\n"
CLAIM = "when edupersonaffiliation"


def environment(region: str = "us-east-2") -> Environment:
    text = edited(NONPROD, {"us-east-2": region})
    return environment_of(text, {"identity/auth0.xml": provider_metadata()})


def role_of(where: Environment, when: str = WHEN) -> Role:
    text = edited(SMALL, {"    identity_provider: auth0\n": when})
    return resolved_of(text, where).roles[0]


def checks(
    root: Element, now: dt.datetime = NOW, region: str = "us-east-2", when: str = WHEN
) -> dict[str, Check]:
    where = environment(region)
    return {
        each.name: each for each in check_response(posted(root), role_of(where, when), where, now)
    }


def verdicts(fields: Fields, part: Signed = "both", **named: str) -> dict[str, str]:
    """Return the checks that did not pass, with their verdicts."""
    found = checks(signed(fields, part), **named)  # type: ignore[arg-type]
    return {name: each.verdict for name, each in found.items() if each.verdict != "passed"}


UNASKED = {"session until": "not applicable"}
UNTRUSTED = {**UNASKED, "trust policy": "failed"}


def test_a_right_response_passes() -> None:
    assert verdicts(Fields()) == UNASKED


def test_what_only_the_response_says_counts_where_the_response_is_signed() -> None:
    around = {"status": "not applicable", "destination": "not applicable"}
    assert verdicts(Fields(), "assertion") == {**around, **UNASKED}
    assert verdicts(Fields(), "response") == UNASKED


def test_a_wrong_destination_counts_signed_or_not() -> None:
    fields = Fields(destination="https://evil.example.com/saml")
    assert verdicts(fields, "assertion")["destination"] == "failed"
    assert verdicts(fields) == {"destination": "failed", **UNASKED}


def test_a_response_without_a_destination_has_none_to_check() -> None:
    assert verdicts(Fields(destination=None))["destination"] == "not applicable"


def test_a_sign_in_that_failed_fails() -> None:
    assert verdicts(Fields(status="Responder")) == {"status": "failed", **UNASKED}


@pytest.mark.parametrize("signer", [None, "other"])
def test_where_the_signature_fails_nothing_else_is_read(signer: str | None) -> None:
    other = replace(Signer(), key=rsa_key())
    root = unsigned(Fields()) if signer is None else signed(signer=other)
    found = checks(root)
    assert found.pop("signature").verdict == "failed"
    assert {each.verdict for each in found.values()} == {"not applicable"}
    assert {each.found for each in found.values()} == {"not read: no valid signature covers it"}


def test_the_names_of_the_checks_are_the_same_with_and_without_a_signature() -> None:
    assert list(checks(unsigned(Fields()))) == list(checks(signed()))


def test_another_issuer_fails() -> None:
    assert verdicts(Fields(issuer="urn:other")) == {"issuer": "failed", **UNTRUSTED}


@pytest.mark.parametrize(
    "recipient",
    [
        "https://signin.aws.amazon.com/saml/",
        "http://signin.aws.amazon.com/saml",
        "https://signin.aws.amazon.com.evil.example/saml",
        "https://eu-west-1.signin.aws.amazon.com/saml",
        "https://signin.amazonaws.cn/saml",
        None,
    ],
)
def test_another_recipient_fails(recipient: str | None) -> None:
    assert verdicts(Fields(recipient=recipient)) == {"recipient": "failed", **UNTRUSTED}


@pytest.mark.parametrize(
    ("region", "host", "urn"),
    [
        ("us-east-2", "signin.aws.amazon.com", "urn:amazon:webservices"),
        ("cn-north-1", "signin.amazonaws.cn", "urn:amazon:webservices:cn-north-1"),
        ("us-gov-west-1", "signin.amazonaws-us-gov.com", "urn:amazon:webservices:govcloud"),
    ],
)
def test_the_addresses_are_those_of_the_partition(region: str, host: str, urn: str) -> None:
    partition = {"c": "aws-cn", "g": "aws-us-gov"}.get(region.replace("us-g", "g")[0], "aws")
    value = pair().replace("arn:aws:", f"arn:{partition}:")
    for address in (f"https://{host}/saml", f"https://{region}.{host}/saml"):
        for audience in (address, urn):
            fields = Fields(destination=address, recipient=address, audience=audience)
            assert verdicts(fields.but(Role=[value]), region=region) == UNASKED


def test_the_address_of_another_partition_is_no_audience() -> None:
    assert "audience" in verdicts(Fields(audience="urn:amazon:webservices"), region="cn-north-1")


@pytest.mark.parametrize("audience", ["urn:other", None])
def test_another_audience_fails(audience: str | None) -> None:
    assert verdicts(Fields(audience=audience)) == {"audience": "failed", **UNASKED}


def test_each_restriction_needs_an_audience_of_aws() -> None:
    def restrict(root: Element) -> None:
        first = next(root.iter(f"{ASSERTION}AudienceRestriction"))
        second = copy.deepcopy(first)
        second[0].text = "urn:other"
        first.addnext(second)

    found = checks(signed(before=restrict))["audience"]
    assert (found.verdict, found.found) == ("failed", "1 other audience")


def test_one_confirmation_of_a_bearer_is_needed() -> None:
    def repeat(root: Element) -> None:
        first = next(root.iter(f"{ASSERTION}SubjectConfirmation"))
        first.addnext(copy.deepcopy(first))

    assert checks(signed(before=repeat))["recipient"].verdict == "failed"
    key = "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"
    assert verdicts(Fields(method=key))["recipient"] == "failed"


@pytest.mark.parametrize(
    ("now", "failed"),
    [
        ("2026-06-01T11:58:00", {"issued", "not before"}),
        ("2026-06-01T11:59:00", set()),
        ("2026-06-01T12:04:00", set()),
        ("2026-06-01T12:04:01", {"issued"}),
        ("2026-06-01T12:05:00", {"issued", "not on or after", "confirmed until"}),
    ],
)
def test_times_are_kept_to_the_second(now: str, failed: set[str]) -> None:
    found = checks(signed(part="both"), dt.datetime.fromisoformat(f"{now}Z"))
    assert {name for name, each in found.items() if each.verdict == "failed"} == failed


def test_a_response_is_good_from_its_first_moment_on() -> None:
    assert verdicts(Fields(not_before="2026-06-01T12:00:00Z")) == UNASKED
    fields = Fields(not_before="2026-06-01T12:00:01Z")
    assert verdicts(fields) == {"not before": "failed", **UNASKED}


def test_a_session_that_is_over_fails() -> None:
    assert verdicts(Fields(session_until="2026-06-01T12:00:00Z")) == {"session until": "failed"}
    assert verdicts(Fields(session_until="2026-06-01T20:00:00Z")) == {}


def test_a_confirmation_needs_an_end() -> None:
    assert verdicts(Fields(confirmed_until=None)) == {"confirmed until": "failed", **UNASKED}


def test_conditions_without_times_are_no_failure() -> None:
    fields = Fields(not_before=None, not_on_or_after=None)
    skipped = {"not before": "not applicable", "not on or after": "not applicable"}
    assert verdicts(fields) == {**skipped, **UNASKED}


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([pair()], "the pair"),
        ([pair("other"), pair()], "the pair"),
        ([",".join(reversed(pair().split(",")))], "the pair, the provider first"),
    ],
)
def test_the_role_is_found_among_others_in_either_order(values: list[str], found: str) -> None:
    check = checks(signed(Fields().but(Role=values)))["role"]
    assert (check.verdict, check.found) == ("passed", found)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([pair("other"), pair(account="210987654321")], "2 other pairs"),
        ([pair(provider="auth0-api")], "1 other pair"),
        ([pair().replace("arn:aws:", "arn:aws-cn:")], "1 other pair"),
        ([pair().upper()], "1 other pair"),
        (None, "no such attribute"),
        ([], "an attribute without a value"),
    ],
)
def test_another_role_fails(values: list[str] | None, found: str) -> None:
    check = checks(signed(Fields().but(Role=values)))["role"]
    assert (check.verdict, check.expected, check.found) == ("failed", pair(), found)


def test_other_capitals_in_an_attribute_s_name_are_told() -> None:
    fields = Fields().but(Role=None, role=[pair()])
    assert checks(signed(fields))["role"].found == "an attribute whose name has other capitals"


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        (["ab"], "passed"),
        (["a" * 64], "passed"),
        (["_+=,.@-"], "passed"),
        (["a"], "failed"),
        (["a" * 65], "failed"),
        (["Carla Jones"], "failed"),
        (["cárla"], "failed"),
        (["carla\n"], "failed"),
        ([""], "failed"),
        (["carla", "carla"], "failed"),
        (None, "failed"),
    ],
)
def test_a_session_name_has_a_form(values: list[str] | None, verdict: str) -> None:
    fields = Fields().but(RoleSessionName=values)
    assert checks(signed(fields))["session name"].verdict == verdict


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        (["900"], "passed"),
        (["7200"], "passed"),
        (["899"], "failed"),
        (["7201"], "failed"),
        (["1h"], "failed"),
        (["٣٦٠٠"], "failed"),
        (["900", "900"], "failed"),
        (None, "not applicable"),
    ],
)
def test_a_session_is_as_long_as_the_role_allows(values: list[str] | None, verdict: str) -> None:
    when = f"{WHEN}    max_session: 2h\n"
    fields = Fields().but(SessionDuration=values)
    assert checks(signed(fields), when=when)["session duration"].verdict == verdict


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["staff"], "1 of 1 value"),
        (["member", "auditor", "staff"], "2 of 3 values"),
        (["Staff"], "none of 1 value"),
        (["staff ", "*"], "none of 2 values"),
        ([], "none"),
        (None, "none"),
    ],
)
def test_an_attribute_that_the_trust_policy_tests_is_counted(
    values: Sequence[str] | None, found: str
) -> None:
    attributes = {**Fields().attributes, AFFILIATION: values or ()}
    if values is None:
        del attributes[AFFILIATION]
    result = checks(signed(Fields(attributes=attributes)))
    expected = f"one of 2 accepted values, in {AFFILIATION}"
    verdict: Verdict = "failed" if found.startswith("none") else "passed"
    assert result[CLAIM] == Check(CLAIM, verdict, expected, found)
    assert result["trust policy"].verdict == verdict


def test_the_name_and_its_format_can_be_tested() -> None:
    when = WHEN.replace("{", '{sub_type: [persistent], sub: ["carla@acme.example.com"], ')
    assert verdicts(Fields(), when=when) == UNASKED
    others = verdicts(Fields(name_id="mallory"), when=when)
    assert others == {"when sub": "failed", **UNTRUSTED}
    transient = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
    others = verdicts(Fields(name_id_format=transient), when=when)
    assert others == {"when sub_type": "failed", **UNTRUSTED}


@pytest.mark.parametrize("name", attribute_names("surname"))
def test_an_attribute_may_have_any_of_its_documented_names(name: str) -> None:
    when = "    identity_provider: auth0\n    when: {surname: [Jones]}\n"
    fields = Fields(attributes={**Fields().attributes, name: ["Jones"]})
    assert verdicts(fields, when=when) == UNASKED


def test_an_attribute_with_two_names_is_told() -> None:
    fields = Fields().but()
    attributes = {**fields.attributes, "urn:oid:2.5.4.3": ["a"]}
    claims = "http://schemas.xmlsoap.org/claims/CommonName"
    attributes |= {claims: ["Carla"], "2.5.4.3": ["Carla"]}
    when = WHEN.replace("{", "{commonName: [Carla], ")
    found = verdicts(Fields(attributes=attributes), when=when)
    assert found == {"attribute names": "failed", **UNASKED}


def test_an_attribute_that_is_there_twice_is_told() -> None:
    def repeat(root: Element) -> None:
        attribute = next(root.iter(f"{ASSERTION}Attribute"))
        attribute.addnext(copy.deepcopy(attribute))

    assert checks(signed(before=repeat))["attribute names"].found == "1 more than once"


def test_other_attributes_may_be_there_twice() -> None:
    def repeat(root: Element) -> None:
        for _ in range(2):
            attribute = etree.Element(f"{ASSERTION}Attribute", {"Name": "x"})
            next(root.iter(f"{ASSERTION}AttributeStatement")).append(attribute)

    assert checks(signed(before=repeat))["attribute names"].verdict == "passed"


def test_nothing_that_a_response_says_of_a_person_is_in_the_result() -> None:
    attributes = {
        f"{ATTRIBUTES}Role": ["secret-role"],
        f"{ATTRIBUTES}RoleSessionName": ["secret name"],
        f"{ATTRIBUTES}SessionDuration": ["secret-time"],
        AFFILIATION: ["secret-group"],
        "secret-attribute": ["secret"],
    }
    fields = Fields(
        issuer="secret-issuer",
        destination="secret-destination",
        status="Secret-status",
        recipient="secret-recipient",
        audience="secret-audience",
        name_id="secret-name",
        name_id_format="secret-format",
        attributes=attributes,
    )
    found = checks(signed(fields, "both"))
    assert "ecret" not in repr(found)


def test_a_failed_check_is_a_failure_and_one_that_does_not_apply_is_not() -> None:
    passed, failed = Check("a", "passed", "", ""), Check("b", "failed", "", "")
    skipped = Check("c", "not applicable", "", "")
    assert is_passed([passed, skipped])
    assert not is_passed([passed, failed, skipped])


def test_a_role_that_is_made_elsewhere_has_no_trust_policy_to_check() -> None:
    where = environment()
    role = replace(role_of(where), identity_provider=None)
    with pytest.raises(ValueError, match="no trust policy"):
        check_response(posted(signed()), role, where, NOW)


def test_the_recipient_that_is_shown_is_one_of_aws() -> None:
    assert checks(signed())["recipient"].found == ACS
