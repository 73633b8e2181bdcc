"""AssumeRoleWithSAML, without a cloud: roles, trust policies, durations, tags, parameters."""

from __future__ import annotations

import base64
import copy
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from lxml.etree import _Element as Element

from gateprint.local.identity import rejection
from gateprint.local.identity.account import AccountRole
from gateprint.local.identity.admission import Admission, Asked, Place, admit
from gateprint.local.identity.rejection import Rejected
from tests.local.identity.fakes import FakeAccount
from tests.support.saml_response import (
    ACCOUNT,
    ACS,
    ASSERTION,
    ISSUER,
    NOW,
    Edit,
    Fields,
    posted,
    provider_metadata,
    signed,
)

ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/pets-reader"
PROVIDER_ARN = f"arn:aws:iam::{ACCOUNT}:saml-provider/auth0"
PLACE = Place(ACCOUNT, "us-east-2", NOW)


def trust(*actions: str, **conditions: Any) -> str:
    """A trust policy for the provider, as the compiler writes it."""
    exact = {"StringEquals": {"SAML:aud": [ACS], "SAML:iss": ISSUER}, **conditions}
    statement = {
        "Effect": "Allow",
        "Action": ["sts:AssumeRoleWithSAML", *actions],
        "Principal": {"Federated": PROVIDER_ARN},
        "Condition": exact,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


ROLE = AccountRole(ROLE_ARN, "AROAEXAMPLE", trust(), max_session_seconds=7200)


@cache
def plain() -> str:
    """The usual assertion."""
    return posted(signed())


def account(role: AccountRole = ROLE) -> FakeAccount:
    return FakeAccount({role.id: role}, {}, {PROVIDER_ARN: provider_metadata()})


def admitted(role: AccountRole = ROLE, fields: Fields | None = None, **more: Any) -> Admission:
    assertion = posted(signed(fields)) if fields else plain()
    return admit(replace(Asked(ROLE_ARN, PROVIDER_ARN, assertion), **more), account(role), PLACE)


def refused(role: AccountRole = ROLE, fields: Fields | None = None, **more: Any) -> tuple[str, str]:
    with pytest.raises(Rejected) as caught:
        admitted(role, fields, **more)
    return caught.value.code, caught.value.message


def attributes(**added: Sequence[str]) -> Fields:
    return Fields().but(**added)


def test_a_sign_in_is_accepted() -> None:
    found = admitted()
    name = "carla@acme.example.com"
    assert found.arn == f"arn:aws:sts::{ACCOUNT}:assumed-role/pets-reader/{name}"
    assert found.user_id == f"AROAEXAMPLE:{name}"
    assert found.expires == NOW + dt.timedelta(hours=1)
    assert found.saml["SAML:aud"] == (ACS,)


def test_a_path_is_not_part_of_the_sessions_arn() -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:role/shop/pets-reader"
    role = replace(ROLE, arn=arn)
    found = admitted(role, attributes(Role=[f"{arn},{PROVIDER_ARN}"]), role_arn=arn)
    assert found.arn.endswith(":assumed-role/pets-reader/carla@acme.example.com")


def test_the_provider_may_come_first() -> None:
    assert (
        admitted(fields=attributes(Role=["other,pair", f"{PROVIDER_ARN},{ROLE_ARN}"])).role == ROLE
    )


@pytest.mark.parametrize(
    ("asked", "attribute", "until", "expected"),
    [
        (None, None, None, 3600),
        (900, None, None, 900),
        (7200, None, None, 7200),
        (7200, "3600", None, 3600),
        (None, "43200", None, 3600),
        (None, "900", None, 900),
        (None, None, "2026-06-01T12:10:00Z", 600),
        (7200, "3600", "2026-06-01T13:30:00Z", 3600),
    ],
)
def test_the_shortest_duration_counts(
    asked: int | None, attribute: str | None, until: str | None, expected: int
) -> None:
    fields = Fields(session_until=until).but(SessionDuration=[attribute] if attribute else None)
    found = admitted(fields=fields, seconds=asked)
    assert found.expires == NOW + dt.timedelta(seconds=expected)


def test_a_role_has_a_longest_duration() -> None:
    assert refused(seconds=7201) == ("ValidationError", rejection.TOO_LONG)


@pytest.mark.parametrize("value", ["899", "43201", "an hour", "", "3600.5"])
def test_session_duration_is_a_number_in_its_limits(value: str) -> None:
    found = refused(fields=attributes(SessionDuration=[value]))
    assert found == ("InvalidIdentityToken", rejection.INVALID)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (
            {"seconds": 899},
            (
                "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy "
                "constraint: Member must have value greater than or equal to 900"
            ),
        ),
        (
            {"seconds": 43_201},
            (
                "1 validation error detected: Value '43201' at 'durationSeconds' failed to satisfy "
                "constraint: Member must have value less than or equal to 43200"
            ),
        ),
        (
            {"role_arn": "pets"},
            (
                "1 validation error detected: Value 'pets' at 'roleArn' failed to satisfy "
                "constraint: Member must have length greater than or equal to 20"
            ),
        ),
        (
            {"assertion": "A" * 100_001},
            (
                "1 validation error detected: Value at 'sAMLAssertion' failed to satisfy "
                "constraint: Member must have length less than or equal to 100000"
            ),
        ),
        ({"role_arn": PROVIDER_ARN}, rejection.ARN),
        ({"provider_arn": ROLE_ARN}, rejection.ARN),
        ({"role_arn": f"arn:aws:iam::{ACCOUNT[:-1]}:role/pets-reader"}, rejection.ARN),
    ],
)
def test_parameters_are_validated(more: dict[str, Any], message: str) -> None:
    assert refused(**more) == ("ValidationError", message)


def test_session_policies_are_refused() -> None:
    code, message = refused(has_session_policy=True)
    assert code == "NotImplementedException"
    assert "leave out Policy and PolicyArns" in message


def test_raw_xml_is_no_base64() -> None:
    xml = base64.b64decode(plain()).decode()
    assert refused(assertion=xml) == ("InvalidIdentityToken", rejection.BASE64)


def test_an_unknown_provider_is_refused() -> None:
    other = PROVIDER_ARN.replace("auth0", "other")
    assert refused(provider_arn=other) == ("InvalidIdentityToken", rejection.PROVIDER)


@pytest.mark.parametrize("metadata", ["", "<a/>", "<!DOCTYPE a><a/>", "x" * 2000])
def test_metadata_that_is_none_is_refused(metadata: str) -> None:
    holder = FakeAccount({ROLE.id: ROLE}, {}, {PROVIDER_ARN: metadata})
    with pytest.raises(Rejected) as caught:
        admit(Asked(ROLE_ARN, PROVIDER_ARN, plain()), holder, PLACE)
    assert (caught.value.code, caught.value.message) == ("InvalidIdentityToken", rejection.METADATA)


# What a provider may sign, and should not.


def twice(tag: str) -> Edit:
    def edit(root: Element) -> None:
        found = next(root.iter(f"{ASSERTION}{tag}"))
        parent = found.getparent()
        assert parent is not None
        parent.append(copy.deepcopy(found))

    return edit


def without(tag: str) -> Edit:
    def edit(root: Element) -> None:
        found = next(root.iter(f"{ASSERTION}{tag}"))
        parent = found.getparent()
        assert parent is not None
        parent.remove(found)

    return edit


def issued_around(root: Element) -> None:
    """The response names another issuer than its assertion."""
    found = root.find(f"{ASSERTION}Issuer")
    assert found is not None
    found.text = "urn:other"


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (twice("SubjectConfirmation"), ("InvalidIdentityToken", rejection.INVALID)),
        (without("SubjectConfirmation"), ("InvalidIdentityToken", rejection.INVALID)),
        (without("SubjectConfirmationData"), ("InvalidIdentityToken", rejection.INVALID)),
        (twice("Attribute"), ("InvalidIdentityToken", rejection.INVALID)),
        (twice("NameID"), ("InvalidIdentityToken", rejection.INVALID)),
        (without("NameID"), ("AccessDenied", rejection.DENIED)),
        (without("Conditions"), ("InvalidIdentityToken", rejection.AUDIENCE)),
        (without("AttributeStatement"), ("InvalidIdentityToken", rejection.ROLE)),
        (issued_around, ("InvalidIdentityToken", rejection.ISSUER)),
    ],
)
def test_signed_responses_are_complete_and_plain(edit: Edit, expected: tuple[str, str]) -> None:
    assert refused(assertion=posted(signed(before=edit))) == expected


def test_two_audience_restrictions_have_both_to_be_met() -> None:
    def restrict(root: Element) -> None:
        conditions = next(root.iter(f"{ASSERTION}Conditions"))
        conditions.append(copy.deepcopy(conditions[0]))
        conditions[1][0].text = "urn:somebody:else"

    found = refused(assertion=posted(signed(before=restrict)))
    assert found == ("InvalidIdentityToken", rejection.AUDIENCE)


# The trust policy.


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        trust().replace("AssumeRoleWithSAML", "AssumeRole"),
        trust().replace("auth0", "other"),
        trust(StringEqualsIgnoreCase={"SAML:edupersonorgdn": "acme"}),
        trust(**{"ForAnyValue:StringEquals": {"SAML:edupersonaffiliation": ["auditor"]}}),
        trust(StringLike={"sts:RoleSessionName": "dora*"}),
        trust(IpAddress={"aws:SourceIp": "192.0.2.0/24"}),
        trust(DateLessThan={"aws:CurrentTime": "2026-06-01T12:00:00Z"}),
        trust(StringEquals={"SAML:aud": "https://us-east-2.signin.aws.amazon.com/saml"}),
        trust(StringEquals={"unknown:key": "a"}),
    ],
)
def test_the_trust_policy_has_to_allow_it(text: str) -> None:
    assert refused(replace(ROLE, trust=text)) == ("AccessDenied", rejection.DENIED)


@pytest.mark.parametrize(
    "text",
    [
        trust(**{"ForAnyValue:StringEquals": {"SAML:edupersonaffiliation": ["staff"]}}),
        trust(StringLike={"sts:RoleSessionName": "carla@*"}),
        trust(IpAddress={"aws:SourceIp": "127.0.0.0/8"}),
        trust(StringEquals={"SAML:doc": f"{ACCOUNT}/auth0", "SAML:sub_type": "persistent"}),
    ],
)
def test_all_conditions_are_seen(text: str) -> None:
    assert admitted(replace(ROLE, trust=text)).role.arn == ROLE_ARN


def test_a_deny_in_the_trust_policy_wins() -> None:
    document = json.loads(trust())
    deny = {**document["Statement"][0], "Effect": "Deny", "Condition": {}}
    document["Statement"].append(deny)
    assert refused(replace(ROLE, trust=json.dumps(document)))[0] == "AccessDenied"


def test_roles_of_the_identity_center_cannot_be_assumed() -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:role/AWSReservedSSO_a"
    fields = attributes(Role=[f"{arn},{PROVIDER_ARN}"])
    found = refused(replace(ROLE, arn=arn), fields, role_arn=arn)
    assert found == ("AccessDenied", rejection.DENIED)


# Tags and source identity.

TEAM = {"PrincipalTag:Team": ["pets"]}
TAGGED = replace(ROLE, trust=trust("sts:TagSession"))


def test_tags_need_tag_session() -> None:
    assert refused(fields=attributes(**TEAM)) == ("AccessDenied", rejection.DENIED)
    assert admitted(TAGGED, attributes(**TEAM)).context["aws:principaltag/team"] == ("pets",)


def test_a_trust_policy_may_limit_the_tags() -> None:
    limit = {"StringEquals": {"aws:RequestTag/Team": "birds", "SAML:iss": ISSUER}}
    assert refused(replace(ROLE, trust=trust("sts:TagSession", **limit)), attributes(**TEAM))
    keys = {"ForAnyValue:StringEquals": {"aws:TagKeys": ["Team"]}}
    role = replace(ROLE, trust=trust("sts:TagSession", **keys))
    assert admitted(role, attributes(**TEAM))
    assert refused(role, attributes(**{"PrincipalTag:Site": ["north"]}))


@pytest.mark.parametrize(
    "added",
    [
        {"PrincipalTag:Team": ["pets", "birds"]},
        {"PrincipalTag:Team": []},
        {"PrincipalTag:Team": ["p" * 257]},
        {"PrincipalTag:" + "T" * 129: ["pets"]},
        {"PrincipalTag:": ["pets"]},
        {"PrincipalTag:aws:Team": ["pets"]},
        {"PrincipalTag:Team": ["a;b"]},
        {**TEAM, "PrincipalTag:team": ["birds"]},
        {**TEAM, "TransitiveTagKeys": ["Other"]},
    ],
)
def test_odd_tags_are_refused(added: dict[str, list[str]]) -> None:
    found = refused(TAGGED, attributes(**added))
    assert found == ("InvalidIdentityToken", rejection.INVALID)


def test_there_may_be_fifty_tags_that_are_not_too_long() -> None:
    many = {f"PrincipalTag:{number}": ["pets"] for number in range(51)}
    assert refused(TAGGED, attributes(**many))[0] == "ValidationError"
    long = {f"PrincipalTag:{number}": ["p" * 250] for number in range(20)}
    assert refused(TAGGED, attributes(**long)) == (
        "PackedPolicyTooLarge",
        "Packed policy consumes 123% of allotted space, please use smaller policy.",
    )


def test_a_source_identity_needs_its_action() -> None:
    fields = attributes(SourceIdentity=["carla"])
    assert refused(fields=fields) == ("AccessDenied", rejection.DENIED)
    found = admitted(replace(ROLE, trust=trust("sts:SetSourceIdentity")), fields)
    assert found.context["aws:sourceidentity"] == ("carla",)


@pytest.mark.parametrize("name", ["c", "aws:carla", "c" * 65, "carla smith"])
def test_an_odd_source_identity_is_refused(name: str) -> None:
    found = refused(fields=attributes(SourceIdentity=[name]))
    assert found == ("InvalidIdentityToken", rejection.SOURCE)


def test_only_three_saml_keys_outlive_the_sign_in() -> None:
    kept = {key for key in admitted().context if key.startswith("saml:")}
    assert kept == {"saml:namequalifier", "saml:sub", "saml:sub_type"}


def test_nothing_of_the_assertion_is_in_the_text_of_the_values() -> None:
    shown = repr(admitted()) + repr(Asked(ROLE_ARN, PROVIDER_ARN, plain()))
    assert plain()[:40] not in shown
    assert "staff" not in shown
