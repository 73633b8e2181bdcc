"""SAML metadata: what AWS would refuse, and what nobody should hand over."""

from __future__ import annotations

import pytest

from gateprint.model.metadata import check_metadata
from tests.model.made import ISSUER, metadata
from tests.support import saml

ENTITIES = '<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata">'
EXTERNAL = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
LAUGHS = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]>'


def problems(text: str, issuer: str = ISSUER) -> list[str]:
    return [flaw.problem for flaw in check_metadata(text, issuer) if flaw.remedy]


@pytest.mark.parametrize("issuer", [ISSUER, "https://acme.example.com/saml"])
def test_metadata_of_the_right_provider_is_accepted(issuer: str) -> None:
    assert problems(saml.metadata(issuer, "acme.auth0.com"), issuer) == []


def test_an_xml_declaration_and_crlf_are_accepted() -> None:
    text = '<?xml version="1.0" encoding="UTF-8"?>\n' + metadata()
    assert problems(text.replace("\n", "\r\n")) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            "<a/>", "the metadata has 4 characters; AWS takes 1,000 to 10,000,000", id="too short"
        ),
        pytest.param(
            "", "the metadata has 0 characters; AWS takes 1,000 to 10,000,000", id="empty"
        ),
        pytest.param("\ufeff" + metadata(), "the metadata begins with a byte order mark", id="BOM"),
        pytest.param(
            EXTERNAL + metadata(), "the metadata has a document type (<!DOCTYPE)", id="XXE"
        ),
        pytest.param(
            LAUGHS + metadata(), "the metadata has a document type (<!DOCTYPE)", id="billion laughs"
        ),
        pytest.param(
            "<!DOCTYPE a>" + metadata(),
            "the metadata has a document type (<!DOCTYPE)",
            id="a plain DTD",
        ),
        pytest.param(
            metadata() + "<!-- -----BEGIN RSA PRIVATE KEY----- -->",
            "the metadata holds a private key",
            id="private key",
        ),
        pytest.param(
            metadata().replace(f'"{ISSUER}"', '"urn:other"'),
            f'the metadata is of "urn:other", not of "{ISSUER}"',
            id="another provider's",
        ),
        pytest.param(
            metadata().replace(f'entityID="{ISSUER}" ', ""),
            f'the metadata is of "None", not of "{ISSUER}"',
            id="nobody's",
        ),
        pytest.param(
            metadata().replace('use="signing"', 'use="encryption"'),
            "the metadata has no signing certificate",
            id="an encryption certificate alone",
        ),
        pytest.param(
            metadata().replace("X509Certificate", "X509CRL"),
            "the metadata has no signing certificate",
            id="no certificate",
        ),
        pytest.param(
            metadata().replace("IDPSSODescriptor", "SPSSODescriptor"),
            "the metadata has no signing certificate",
            id="of a service provider",
        ),
        pytest.param(
            f"{ENTITIES}{metadata()}</EntitiesDescriptor>",
            "the metadata is not one EntityDescriptor",
            id="several entities",
        ),
        pytest.param(
            "<html>" + "x" * 1000 + "</html>",
            "the metadata is not one EntityDescriptor",
            id="a web page",
        ),
    ],
)
def test_metadata_that_would_not_work_is_refused(text: str, problem: str) -> None:
    assert problems(text) == [problem]


@pytest.mark.parametrize("text", ["x" * 1000, metadata()[:-30], metadata() + "<a/>"])
def test_what_is_not_xml_is_refused(text: str) -> None:
    (problem,) = problems(text)
    assert problem.startswith("the metadata is not XML: ")
