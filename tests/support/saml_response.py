"""Makes SAML responses as an identity provider posts them, signed with a key made on the spot."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal

from cryptography import x509
from lxml import etree
from lxml.etree import _Element as Element
from signxml.algorithms import DigestAlgorithm, SignatureConstructionMethod, SignatureMethod
from signxml.signer import XMLSigner

from tests.support import saml

ISSUER = "urn:acme.auth0.com"
HOST = "acme.auth0.com"
ACCOUNT = "123456789012"
ACS = "https://signin.aws.amazon.com/saml"
ATTRIBUTES = "https://aws.amazon.com/SAML/Attributes/"
AFFILIATION = "urn:oid:1.3.6.1.4.1.5923.1.1.1.1"
PROTOCOL = "{urn:oasis:names:tc:SAML:2.0:protocol}"
ASSERTION = "{urn:oasis:names:tc:SAML:2.0:assertion}"
SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
NOW = dt.datetime(2026, 6, 1, 12, 0, tzinfo=dt.UTC)

Edit = Callable[[Element], None]
Signed = Literal["assertion", "response", "both", "nothing"]


@cache
def provider_key() -> saml.PrivateKey:
    """Return the identity provider's key; it lives as long as the tests."""
    return saml.rsa_key()


@cache
def provider_certificate() -> x509.Certificate:
    """Return the certificate of that key."""
    return saml.certificate(HOST, provider_key())


@cache
def provider_metadata() -> str:
    """Return the metadata with that certificate."""
    return saml.metadata(ISSUER, HOST, provider_certificate())


def pair(role: str = "pets-reader", provider: str = "auth0", account: str = ACCOUNT) -> str:
    """Return a value of the attribute Role."""
    iam = f"arn:aws:iam::{account}"
    return f"{iam}:role/{role},{iam}:saml-provider/{provider}"


def usual_attributes() -> dict[str, Sequence[str]]:
    """Return the attributes of a sign-in that is right."""
    return {
        f"{ATTRIBUTES}Role": [pair()],
        f"{ATTRIBUTES}RoleSessionName": ["carla@acme.example.com"],
        f"{ATTRIBUTES}SessionDuration": ["3600"],
        AFFILIATION: ["staff", "member"],
    }


@dataclass(frozen=True, slots=True)
class Fields:
    """What a response says; right, unless a test says otherwise. None leaves a field out."""

    issuer: str = ISSUER
    destination: str | None = ACS
    status: str = "Success"
    recipient: str | None = ACS
    audience: str | None = ACS
    method: str = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
    name_id: str = "carla@acme.example.com"
    name_id_format: str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
    issued: str = "2026-06-01T11:59:00Z"
    not_before: str | None = "2026-06-01T11:58:00.123Z"
    not_on_or_after: str | None = "2026-06-01T12:05:00Z"
    confirmed_until: str | None = "2026-06-01T12:05:00Z"
    session_until: str | None = None
    attributes: Mapping[str, Sequence[str]] = field(default_factory=usual_attributes)

    def but(self, **attributes: Sequence[str] | None) -> Fields:
        """Return the fields with AWS's attributes of these names replaced, or left out."""
        found = dict(self.attributes)
        for name, values in attributes.items():
            found.pop(f"{ATTRIBUTES}{name}", None)
            if values is not None:
                found[f"{ATTRIBUTES}{name}"] = values
        return replace(self, attributes=found)


def unsigned(fields: Fields) -> Element:
    """Return a response without a signature."""
    root = etree.Element(f"{PROTOCOL}Response", {"ID": "_response", "Version": "2.0"})
    _set(root, IssueInstant=fields.issued, Destination=fields.destination)
    _add(root, f"{ASSERTION}Issuer", fields.issuer)
    status = _add(root, f"{PROTOCOL}Status")
    value = f"urn:oasis:names:tc:SAML:2.0:status:{fields.status}"
    _set(_add(status, f"{PROTOCOL}StatusCode"), Value=value)
    root.append(_assertion(fields))
    return root


def _assertion(fields: Fields) -> Element:
    root = etree.Element(f"{ASSERTION}Assertion", {"ID": "_assertion", "Version": "2.0"})
    _set(root, IssueInstant=fields.issued)
    _add(root, f"{ASSERTION}Issuer", fields.issuer)
    subject = _add(root, f"{ASSERTION}Subject")
    _set(_add(subject, f"{ASSERTION}NameID", fields.name_id), Format=fields.name_id_format)
    confirmation = _add(subject, f"{ASSERTION}SubjectConfirmation")
    _set(confirmation, Method=fields.method)
    data = _add(confirmation, f"{ASSERTION}SubjectConfirmationData")
    _set(data, Recipient=fields.recipient, NotOnOrAfter=fields.confirmed_until)
    conditions = _add(root, f"{ASSERTION}Conditions")
    _set(conditions, NotBefore=fields.not_before, NotOnOrAfter=fields.not_on_or_after)
    if fields.audience is not None:
        restriction = _add(conditions, f"{ASSERTION}AudienceRestriction")
        _add(restriction, f"{ASSERTION}Audience", fields.audience)
    authn = _add(root, f"{ASSERTION}AuthnStatement")
    _set(authn, AuthnInstant=fields.issued, SessionNotOnOrAfter=fields.session_until)
    statement = _add(root, f"{ASSERTION}AttributeStatement")
    for name, values in fields.attributes.items():
        attribute = _add(statement, f"{ASSERTION}Attribute")
        _set(attribute, Name=name)
        for value in values:
            _add(attribute, f"{ASSERTION}AttributeValue", value)
    return root


def _add(parent: Element, tag: str, text: str | None = None) -> Element:
    child = etree.SubElement(parent, tag)
    child.text = text
    return child


def _set(element: Element, **attributes: str | None) -> None:
    for name, value in attributes.items():
        if value is not None:
            element.set(name, value)


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs with a key, of the identity provider unless told otherwise."""

    key: saml.PrivateKey = field(default_factory=provider_key)
    certificate: x509.Certificate = field(default_factory=provider_certificate)
    method: SignatureMethod = SignatureMethod.RSA_SHA256
    digest: DigestAlgorithm = DigestAlgorithm.SHA256
    c14n: str = "http://www.w3.org/2001/10/xml-exc-c14n#"

    def sign(self, element: Element) -> Element:
        """Return an element with a signature within it, after its issuer, as SAML wants it."""
        signer = _AnyAlgorithm(
            method=SignatureConstructionMethod.enveloped,
            signature_algorithm=self.method,
            digest_algorithm=self.digest,
            c14n_algorithm=self.c14n,
        )
        copied = etree.fromstring(etree.tostring(element))
        identity = copied.get("ID")
        signed = signer.sign(
            copied, key=self.key, cert=[self.certificate], reference_uri=f"#{identity}"
        )
        signature = signed.find(SIGNATURE)
        assert signature is not None
        signed.remove(signature)
        signed.insert(1, signature)
        return signed


class _AnyAlgorithm(XMLSigner):
    """Signs with old algorithms too, to see them refused."""

    def check_deprecated_methods(self) -> None:
        """Allow all."""


def signed(
    fields: Fields | None = None,
    part: Signed = "assertion",
    signer: Signer | None = None,
    before: Edit | None = None,
    after: Edit | None = None,
) -> Element:
    """Return a signed response; the edits change it before and after it is signed."""
    signer = signer or Signer()
    root = unsigned(fields or Fields())
    if before:
        before(root)
    if part in {"assertion", "both"}:
        assertion = root.find(f"{ASSERTION}Assertion")
        assert assertion is not None
        root.replace(assertion, signer.sign(assertion))
    if part in {"response", "both"}:
        root = signer.sign(root)
    if after:
        after(root)
    return root


def posted(root: Element) -> str:
    """Return a response in base64."""
    return base64.b64encode(etree.tostring(root)).decode()
