"""AssumeRoleWithSAML of the embedded cloud, asked by boto3: good and hostile assertions."""

from __future__ import annotations

import base64
import copy
import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
from lxml import etree
from lxml.etree import _Element as Element

from gateprint.local import cloud
from gateprint.local.client import client
from gateprint.local.cloud import CloudSettings
from gateprint.local.identity import rejection
from tests.local.conftest import say_nothing, settings_in
from tests.local.one_of_each import ACCOUNT, REGION
from tests.support import saml
from tests.support.saml_response import (
    ACS,
    AFFILIATION,
    ASSERTION,
    ATTRIBUTES,
    HOST,
    ISSUER,
    PROTOCOL,
    SIGNATURE,
    Fields,
    Signer,
    pair,
    posted,
    provider_metadata,
    signed,
    unsigned,
)

Edit = Callable[[Element], None]
PROVIDER = f"arn:aws:iam::{ACCOUNT}:saml-provider/auth0"
READER, AUDITOR = (
    f"arn:aws:iam::{ACCOUNT}:role/{each}" for each in ("pets-reader", "pets-auditor")
)
EVIL = "mallory@acme.example.com"
SIGNATURE_INVALID = ("InvalidIdentityToken", rejection.SIGNATURE)


@dataclass(frozen=True, slots=True)
class Sts:
    """The STS of a cloud with a SAML provider and two roles."""

    settings: CloudSettings
    unsigned: Any

    def assume(self, assertion: str, role: str = READER, **more: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.unsigned.assume_role_with_saml(
            RoleArn=role, PrincipalArn=PROVIDER, SAMLAssertion=assertion, **more
        )
        return found

    def refusal(self, assertion: str, role: str = READER, **more: Any) -> tuple[str, str]:
        with pytest.raises(ClientError) as caught:
            self.assume(assertion, role, **more)
        error = caught.value.response["Error"]
        return error["Code"], error["Message"]

    def signing(self, credentials: dict[str, Any]) -> Any:
        """STS for somebody with these credentials."""
        return boto3.client(
            "sts",
            endpoint_url=self.settings.endpoint,
            region_name=REGION,
            aws_access_key_id=credentials["AccessKeyId"],
            aws_secret_access_key=credentials["SecretAccessKey"],
            aws_session_token=credentials["SessionToken"],
            config=Config(proxies={}),
        )


@pytest.fixture(scope="module")
def sts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sts]:
    settings = settings_in(tmp_path_factory.mktemp("identity") / "home")
    cloud.start(settings, say_nothing)
    try:
        _furnish(client("iam", settings.endpoint, REGION))
        config = Config(signature_version=UNSIGNED, proxies={})
        unsigned_sts = boto3.client(
            "sts", endpoint_url=settings.endpoint, region_name=REGION, config=config
        )
        yield Sts(settings, unsigned_sts)
    finally:
        cloud.stop(settings, say_nothing)


def _furnish(iam: Any) -> None:
    iam.create_saml_provider(Name="auth0", SAMLMetadataDocument=provider_metadata())
    iam.create_role(RoleName="pets-reader", AssumeRolePolicyDocument=_trust())
    only = {"ForAnyValue:StringEquals": {"SAML:edupersonaffiliation": ["auditor"]}}
    iam.create_role(RoleName="pets-auditor", AssumeRolePolicyDocument=_trust(**only))


def _trust(**more: Any) -> str:
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithSAML",
        "Principal": {"Federated": PROVIDER},
        "Condition": {"StringEquals": {"SAML:aud": ACS, "SAML:iss": ISSUER}, **more},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def at(seconds: int = 0) -> str:
    """A time that many seconds from now, as SAML writes it."""
    return f"{dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"


def fields(*, role: str = "pets-reader") -> Fields:
    """What is right at this moment."""
    return Fields(
        issued=at(-10),
        not_before=at(-60),
        not_on_or_after=at(240),
        confirmed_until=at(240),
    ).but(Role=[pair(role, account=ACCOUNT)])


def good() -> Element:
    return signed(fields())


# What is right.


def test_a_signed_assertion_becomes_credentials(sts: Sts) -> None:
    found = sts.assume(posted(good()))
    assert found["AssumedRoleUser"]["Arn"] == (
        f"arn:aws:sts::{ACCOUNT}:assumed-role/pets-reader/carla@acme.example.com"
    )
    assert found["Credentials"]["AccessKeyId"].startswith("ASIA")
    assert (found["Issuer"], found["Audience"]) == (ISSUER, ACS)
    assert (found["Subject"], found["SubjectType"]) == ("carla@acme.example.com", "persistent")
    assert len(base64.b64decode(found["NameQualifier"])) == 20
    left = found["Credentials"]["Expiration"] - dt.datetime.now(dt.UTC)
    assert dt.timedelta(minutes=59) < left <= dt.timedelta(hours=1)


@pytest.mark.parametrize("part", ["response", "both"])
def test_the_response_may_be_signed_instead(sts: Sts, part: Any) -> None:
    assert sts.assume(posted(signed(fields(), part)))


def test_a_session_is_asked_who_it_is(sts: Sts) -> None:
    given = sts.assume(posted(good()), DurationSeconds=900)
    found = sts.signing(given["Credentials"]).get_caller_identity()
    assert found["Arn"] == given["AssumedRoleUser"]["Arn"]
    assert found["UserId"] == given["AssumedRoleUser"]["AssumedRoleId"]
    assert found["Account"] == ACCOUNT


@pytest.mark.parametrize(
    ("field", "code"),
    [("SecretAccessKey", "SignatureDoesNotMatch"), ("SessionToken", "InvalidClientTokenId")],
)
def test_credentials_that_were_changed_are_refused(sts: Sts, field: str, code: str) -> None:
    given = sts.assume(posted(good()))["Credentials"]
    changed_end = "y" if given[field].endswith("x") else "x"
    with pytest.raises(ClientError) as caught:
        sts.signing({**given, field: given[field][:-1] + changed_end}).get_caller_identity()
    assert caught.value.response["Error"]["Code"] == code


def test_a_replay_within_five_minutes_is_accepted_as_by_aws(sts: Sts) -> None:
    assertion = posted(good())
    keys = {sts.assume(assertion)["Credentials"]["AccessKeyId"] for _ in range(2)}
    assert len(keys) == 2


def test_the_role_asks_for_a_claim_and_gets_it(sts: Sts) -> None:
    right = fields(role="pets-auditor")
    claims = {**right.attributes, AFFILIATION: ["staff", "auditor"]}
    assert sts.assume(posted(signed(replace(right, attributes=claims))), AUDITOR)


# What is not signed by the provider, or was changed.


def changed(edit: Edit) -> Element:
    return signed(fields(), after=edit)


def text_of(tag: str, text: str) -> Edit:
    def edit(root: Element) -> None:
        next(root.iter(f"{ASSERTION}{tag}")).text = text

    return edit


def comment(root: Element) -> None:
    """`carla@acme.example.com<!-- -->.evil`: some readers stop at the comment."""
    name = next(root.iter(f"{ASSERTION}NameID"))
    hidden = etree.Comment(" ")
    hidden.tail = ".evil.example"
    name.append(hidden)


def foreign() -> Element:
    key = saml.rsa_key()
    return signed(fields(), signer=Signer(key, saml.certificate(HOST, key)))


def role_value(root: Element) -> None:
    for attribute in root.iter(f"{ASSERTION}Attribute"):
        if attribute.get("Name") == f"{ATTRIBUTES}Role":
            attribute[0].text = pair("pets-auditor", account=ACCOUNT)


HOSTILE: dict[str, Callable[[], Element]] = {
    "nothing is signed": lambda: unsigned(fields()),
    "another key": foreign,
    "a changed attribute": lambda: changed(text_of("AttributeValue", "arn:evil")),
    "a changed role": lambda: changed(role_value),
    "a changed subject": lambda: changed(text_of("NameID", EVIL)),
    "a changed issuer": lambda: changed(_change_issuer),
    "a comment in the subject": lambda: changed(comment),
    "a later end": lambda: changed(_prolong),
    "an attribute more": lambda: changed(_add_attribute),
    "the signature taken out": lambda: changed(_unsign),
}


def _change_issuer(root: Element) -> None:
    issuer = root.find(f"{ASSERTION}Assertion/{ASSERTION}Issuer")
    assert issuer is not None
    issuer.text = "urn:evil"


def _prolong(root: Element) -> None:
    next(root.iter(f"{ASSERTION}Conditions")).set("NotOnOrAfter", at(9_000))


def _add_attribute(root: Element) -> None:
    statement = next(root.iter(f"{ASSERTION}AttributeStatement"))
    statement.append(copy.deepcopy(statement[-1]))


def _unsign(root: Element) -> None:
    for each in list(root.iter(SIGNATURE)):
        parent = each.getparent()
        assert parent is not None
        parent.remove(each)


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_what_the_provider_did_not_sign_is_refused(sts: Sts, make: Callable[[], Element]) -> None:
    assert sts.refusal(posted(make())) == SIGNATURE_INVALID


# Signature wrapping: an evil part beside, around or below the signed one, as in the known list.


def evil(element: Element) -> Element:
    """A copy for somebody else, with another ID and without a signature."""
    copied = copy.deepcopy(element)
    _unsign(copied)
    copied.set("ID", "_evil")
    for each in copied.iter(f"{ASSERTION}NameID"):
        each.text = EVIL
    return copied


def wrapped_response(place: Callable[[Element, Element], None]) -> Element:
    original = signed(fields(), "response")
    whole = evil(original)
    signature = copy.deepcopy(original.find(SIGNATURE))
    assert signature is not None
    whole.insert(1, signature)
    inner = copy.deepcopy(original)
    _unsign(inner)
    place(signature, inner)
    return whole


def wrapped_assertion(place: Callable[[Element, Element, Element], None]) -> Element:
    root = good()
    original = root.find(f"{ASSERTION}Assertion")
    assert original is not None
    place(root, original, evil(original))
    return root


def _in_object(parent: Element, child: Element) -> None:
    etree.SubElement(parent, "{http://www.w3.org/2000/09/xmldsig#}Object").append(child)


def _beside_signature(signature: Element, inner: Element) -> None:
    parent = signature.getparent()
    assert parent is not None
    parent.insert(2, inner)


def _first(root: Element, original: Element, other: Element) -> None:
    root.insert(root.index(original), other)


def _last(root: Element, _original: Element, other: Element) -> None:
    root.append(other)


def _around(root: Element, original: Element, other: Element) -> None:
    root.replace(original, other)
    other.append(original)


def _signature_moved(root: Element, original: Element, other: Element) -> None:
    signature = original.find(SIGNATURE)
    assert signature is not None
    other.insert(1, signature)
    root.insert(root.index(original), other)


def _original_below_signature(root: Element, original: Element, other: Element) -> None:
    signature = original.find(SIGNATURE)
    assert signature is not None
    original.remove(signature)
    root.replace(original, other)
    other.insert(1, signature)
    _in_object(signature, original)


def _in_extensions(root: Element, original: Element, other: Element) -> None:
    extensions = etree.SubElement(root, f"{PROTOCOL}Extensions")
    root.replace(original, other)
    root.remove(extensions)
    root.insert(2, extensions)
    extensions.append(original)


def _same_id(root: Element, original: Element, other: Element) -> None:
    other.set("ID", original.get("ID") or "")
    root.insert(root.index(original), other)


WRAPPED: dict[str, Callable[[], Element]] = {
    "XSW1, the original response below its signature": lambda: wrapped_response(_in_object),
    "XSW2, the original response beside its signature": lambda: wrapped_response(_beside_signature),
    "XSW3, an evil assertion first": lambda: wrapped_assertion(_first),
    "XSW4, the original within an evil assertion": lambda: wrapped_assertion(_around),
    "XSW5, the signature in an evil assertion": lambda: wrapped_assertion(_signature_moved),
    "XSW6, the original below the signature": lambda: wrapped_assertion(_original_below_signature),
    "XSW7, the original among the extensions": lambda: wrapped_assertion(_in_extensions),
    "XSW8, an evil assertion last": lambda: wrapped_assertion(_last),
    "an evil assertion with the same ID": lambda: wrapped_assertion(_same_id),
}


@pytest.mark.parametrize("make", WRAPPED.values(), ids=WRAPPED)
def test_wrapped_signatures_are_refused(sts: Sts, make: Callable[[], Element]) -> None:
    assert sts.refusal(posted(make())) == SIGNATURE_INVALID


# What is signed, and wrong all the same.

WRONG: dict[str, tuple[Callable[[], Fields], tuple[str, str]]] = {
    "another issuer": (
        lambda: replace(fields(), issuer="urn:other"),
        ("InvalidIdentityToken", rejection.ISSUER),
    ),
    "an old one": (
        lambda: replace(fields(), issued=at(-301)),
        ("ExpiredTokenException", rejection.LATE),
    ),
    "one that has expired": (
        lambda: replace(fields(), not_on_or_after=at(-1)),
        ("ExpiredTokenException", rejection.OVER),
    ),
    "a confirmation that has expired": (
        lambda: replace(fields(), confirmed_until=at(-1)),
        ("ExpiredTokenException", rejection.OVER),
    ),
    "a session that is over": (
        lambda: replace(fields(), session_until=at(-1)),
        ("ExpiredTokenException", rejection.OVER),
    ),
    "one of the future": (
        lambda: replace(fields(), not_before=at(60)),
        ("InvalidIdentityToken", rejection.INVALID),
    ),
    "one that is issued in the future": (
        lambda: replace(fields(), issued=at(60)),
        ("InvalidIdentityToken", rejection.INVALID),
    ),
    "a confirmation without an end": (
        lambda: replace(fields(), confirmed_until=None),
        ("InvalidIdentityToken", rejection.INVALID),
    ),
    "another kind of confirmation": (
        lambda: replace(fields(), method="urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"),
        ("InvalidIdentityToken", rejection.INVALID),
    ),
    "another audience": (
        lambda: replace(fields(), audience="https://signin.aws.amazon.com.evil.example/saml"),
        ("InvalidIdentityToken", rejection.AUDIENCE),
    ),
    "no audience": (
        lambda: replace(fields(), audience=None),
        ("InvalidIdentityToken", rejection.AUDIENCE),
    ),
    "another recipient": (
        lambda: replace(fields(), recipient="https://evil.example/saml"),
        ("InvalidIdentityToken", rejection.AUDIENCE),
    ),
    "no recipient": (
        lambda: replace(fields(), recipient=None),
        ("InvalidIdentityToken", rejection.AUDIENCE),
    ),
    "another destination": (
        lambda: replace(fields(), destination="https://evil.example/saml"),
        ("InvalidIdentityToken", rejection.AUDIENCE),
    ),
    "a recipient that the trust policy does not name": (
        lambda: replace(fields(), recipient=f"https://{REGION}.signin.aws.amazon.com/saml"),
        ("AccessDenied", rejection.DENIED),
    ),
    "another role": (
        lambda: fields(role="pets-auditor"),
        ("InvalidIdentityToken", rejection.ROLE),
    ),
    "another provider": (
        lambda: fields().but(Role=[pair(provider="other", account=ACCOUNT)]),
        ("InvalidIdentityToken", rejection.ROLE),
    ),
    "a role without its provider": (
        lambda: fields().but(Role=[READER]),
        ("InvalidIdentityToken", rejection.ROLE),
    ),
    "no role": (lambda: fields().but(Role=None), ("InvalidIdentityToken", rejection.ROLE)),
    "no session name": (
        lambda: fields().but(RoleSessionName=None),
        ("InvalidIdentityToken", rejection.NO_NAME),
    ),
    "an odd session name": (
        lambda: fields().but(RoleSessionName=["carla smith"]),
        ("InvalidIdentityToken", rejection.NAME),
    ),
    "a sign-in that failed": (
        lambda: replace(fields(), status="Responder"),
        ("IDPRejectedClaim", rejection.FAILED),
    ),
}


@pytest.mark.parametrize(("make", "expected"), WRONG.values(), ids=WRONG)
def test_what_is_signed_and_wrong_is_refused(
    sts: Sts, make: Callable[[], Fields], expected: tuple[str, str]
) -> None:
    assert sts.refusal(posted(signed(make()))) == expected


def test_a_claim_that_the_role_asks_for_is_needed(sts: Sts) -> None:
    found = sts.refusal(posted(signed(fields(role="pets-auditor"))), AUDITOR)
    assert found == ("AccessDenied", rejection.DENIED)


def test_a_role_has_to_exist(sts: Sts) -> None:
    found = sts.refusal(
        posted(signed(fields(role="nobody"))), READER.replace("pets-reader", "nobody")
    )
    assert found == ("AccessDenied", rejection.DENIED)


def test_the_case_of_a_roles_name_matters(sts: Sts) -> None:
    other = signed(fields(role="Pets-Reader"))
    found = sts.refusal(posted(other), READER.replace("pets-reader", "Pets-Reader"))
    assert found == ("AccessDenied", rejection.DENIED)


def test_nobody_stays_longer_than_the_role_allows(sts: Sts) -> None:
    found = sts.refusal(posted(good()), DurationSeconds=7_200)
    assert found == ("ValidationError", rejection.TOO_LONG)


@pytest.mark.parametrize("more", [{"Policy": "{}"}, {"PolicyArns": [{"arn": READER}]}])
def test_session_policies_are_refused_and_not_ignored(sts: Sts, more: dict[str, Any]) -> None:
    code, message = sts.refusal(posted(good()), **more)
    assert (code, "session policies" in message) == ("NotImplementedException", True)


# What is no response at all.


def document(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


DTD = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("assertion", "expected"),
    [
        ("no base64!", ("InvalidIdentityToken", rejection.BASE64)),
        ("<samlp:Response/>", ("InvalidIdentityToken", rejection.BASE64)),
        (document("no XML"), ("InvalidIdentityToken", rejection.INVALID)),
        (document("<a/>"), ("InvalidIdentityToken", rejection.INVALID)),
        (document(f"{DTD}<a>&x;</a>"), ("InvalidIdentityToken", rejection.INVALID)),
    ],
)
def test_what_is_no_response_is_refused(
    sts: Sts, assertion: str, expected: tuple[str, str]
) -> None:
    assert sts.refusal(assertion) == expected


def test_a_document_type_around_a_signed_response_is_refused(sts: Sts) -> None:
    text = etree.tostring(good()).decode()
    assert sts.refusal(document(f"{DTD}{text}")) == ("InvalidIdentityToken", rejection.INVALID)


def test_a_response_without_an_assertion_is_a_sign_in_that_failed(sts: Sts) -> None:
    root = unsigned(replace(fields(), status="Requester"))
    root.remove(root[-1])
    assert sts.refusal(posted(root)) == ("IDPRejectedClaim", rejection.FAILED)


def test_more_than_a_hundred_thousand_characters_are_refused(sts: Sts) -> None:
    code, message = sts.refusal("A" * 100_004)
    assert code == "ValidationError"
    assert "length less than or equal to 100000" in message
    assert "AAAA" not in message


# The log.


def test_the_log_says_why_and_holds_nothing_of_the_assertion(sts: Sts) -> None:
    refused = posted(changed(text_of("NameID", EVIL)))
    sts.refusal(refused)
    given = sts.assume(posted(good()))["Credentials"]
    written = Path(sts.settings.home / "cloud.log").read_text()
    assert "something was changed after it was signed" in written
    for secret in (refused[:60], refused[-60:], EVIL, "carla@", given["SecretAccessKey"]):
        assert secret not in written
    assert given["SessionToken"][:40] not in written
