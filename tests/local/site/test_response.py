"""The signed response passes gateprint's own check of captured responses, for its role alone."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree

from gateprint.access.saml.check import check_response, is_passed
from gateprint.access.saml.response import verify_response
from gateprint.access.saml.signature import UnsignedResponse
from gateprint.local.site.key import make_key
from gateprint.local.site.metadata import sign_in_metadata
from gateprint.local.site.people import recipient
from gateprint.local.site.response import SignIn, signed_response
from gateprint.model.metadata import check_metadata
from gateprint.model.partition import partition_of
from tests.local.site.made import HOST, ISSUER, NOW, key
from tests.model.made import NONPROD, SMALL, edited, environment_of, resolved_of

METADATA = sign_in_metadata(ISSUER, key().certificate_base64, HOST)
WHEN = "    identity_provider: auth0\n    when: {edupersonaffiliation: [staff, auditor]}\n"


def response(region: str = "us-east-2", **changes: Any) -> str:
    environment = environment_of(edited(NONPROD, {"us-east-2": region}), files())
    partition = environment.partition
    sign_in = SignIn(
        issuer=ISSUER,
        role_arn=f"arn:{partition}:iam::123456789012:role/pets-reader",
        provider_arn=f"arn:{partition}:iam::123456789012:saml-provider/auth0",
        recipient=recipient(region),
        audience=partition_of(region).entity_id,
        session_name="auditor@shop.example.com",
        name_id="auditor@shop.example.com",
        seconds=900,
        claims={"edupersonaffiliation": ["auditor"]},
    )
    return signed_response(replace(sign_in, **changes), key(), NOW, "0123abcd")


def files() -> dict[str, str]:
    return {"identity/auth0.xml": METADATA}


@pytest.mark.parametrize("region", ["us-east-2", "eu-west-1", "cn-north-1"])
def test_every_check_passes(region: str) -> None:
    environment = environment_of(edited(NONPROD, {"us-east-2": region}), files())
    blueprint = resolved_of(edited(SMALL, {"    identity_provider: auth0\n": WHEN}), environment)
    found = check_response(response(region), blueprint.roles[0], environment, NOW)
    assert [each for each in found if each.verdict == "failed"] == []
    assert is_passed(found)


def test_the_metadata_is_what_aws_accepts() -> None:
    assert list(check_metadata(METADATA, ISSUER)) == []


def test_an_issuer_is_text_within_the_metadata() -> None:
    text = sign_in_metadata('urn:"<&', key().certificate_base64, HOST)
    assert list(check_metadata(text, 'urn:"<&')) == []


def test_another_key_does_not_pass() -> None:
    other = sign_in_metadata(ISSUER, make_key(NOW).certificate_base64, HOST)
    with pytest.raises(UnsignedResponse):
        verify_response(response(), other, NOW)


def test_a_short_session_says_when_it_ends() -> None:
    found = verify_response(response(ends_seconds=10), METADATA, NOW).assertion
    assert [(each - NOW).total_seconds() for each in found.session_ends] == [10]


def test_a_subject_is_no_attribute() -> None:
    found = verify_response(response(claims={"sub": ["7f3a"]}), METADATA, NOW).assertion
    assert sorted(each.rpartition("/")[2] for each in found.attributes) == [
        "Role",
        "RoleSessionName",
        "SessionDuration",
    ]


def test_the_signature_follows_the_issuer() -> None:
    """Schemas of SAML want it there; some readers refuse it elsewhere."""
    root = etree.fromstring(base64.b64decode(response()))
    assertion = root[-1]
    assert [etree.QName(each).localname for each in assertion][:3] == [
        "Issuer",
        "Signature",
        "Subject",
    ]
