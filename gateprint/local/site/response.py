"""Makes the signed SAML response that the sign-in page posts, as AWS wants it."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree
from lxml.etree import _Element as Element
from signxml.algorithms import CanonicalizationMethod, SignatureConstructionMethod
from signxml.signer import XMLSigner

from gateprint.local.site.key import SigningKey
from gateprint.model.saml import PERSISTENT, ROLE, SESSION_DURATION, SESSION_NAME, attribute_names

_PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
_ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion"
_NAMES = {"samlp": _PROTOCOL, "saml": _ASSERTION}
_SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
_BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
_PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified"  # noqa: S105  # a class
_NAME_FORMAT = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
_LIFE = dt.timedelta(minutes=5)
_SKEW = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SignIn:
    """What a response says of a person and a role; `claims` maps keys of `when` to values.

    `ends_seconds` limits the session to less than `seconds`, of which AWS takes no fewer than 900.
    """

    issuer: str
    role_arn: str
    provider_arn: str
    recipient: str
    audience: str
    session_name: str
    name_id: str
    seconds: int
    name_id_format: str = PERSISTENT
    claims: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ends_seconds: int | None = None


def signed_response(sign_in: SignIn, key: SigningKey, now: dt.datetime, token: str) -> str:
    """Return the response in base64, its assertion signed.

    `now` has a time zone; `token`, letters and digits nobody can guess, makes the ids unique.
    """
    root = _element(None, _PROTOCOL, "Response", ID=f"_r{token}", Version="2.0")
    root.set("IssueInstant", _time(now))
    root.set("Destination", sign_in.recipient)
    _element(root, _ASSERTION, "Issuer", sign_in.issuer)
    _element(_element(root, _PROTOCOL, "Status"), _PROTOCOL, "StatusCode", Value=_SUCCESS)
    root.append(_signed(_assertion(sign_in, now, token), key))
    return base64.b64encode(etree.tostring(root)).decode()


def _signed(assertion: Element, key: SigningKey) -> Element:
    signer = XMLSigner(
        method=SignatureConstructionMethod.enveloped,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    reference = f"#{assertion.get('ID')}"
    signed: Element = signer.sign(
        assertion, key=key.private, cert=[key.certificate], reference_uri=reference
    )
    signature = signed.find(_SIGNATURE)
    if signature is not None:
        signed.insert(1, signature)  # SAML core, section 2.3.3: after the issuer
    return signed


def _assertion(sign_in: SignIn, now: dt.datetime, token: str) -> Element:
    root = _element(None, _ASSERTION, "Assertion", ID=f"_a{token}", Version="2.0")
    root.set("IssueInstant", _time(now))
    _element(root, _ASSERTION, "Issuer", sign_in.issuer)
    _subject(root, sign_in, now)
    conditions = _element(root, _ASSERTION, "Conditions", NotBefore=_time(now - _SKEW))
    conditions.set("NotOnOrAfter", _time(now + _LIFE))
    restriction = _element(conditions, _ASSERTION, "AudienceRestriction")
    _element(restriction, _ASSERTION, "Audience", sign_in.audience)
    statement = _element(root, _ASSERTION, "AuthnStatement", AuthnInstant=_time(now))
    if sign_in.ends_seconds is not None:
        ends = now + dt.timedelta(seconds=sign_in.ends_seconds)
        statement.set("SessionNotOnOrAfter", _time(ends))
    context = _element(statement, _ASSERTION, "AuthnContext")
    _element(context, _ASSERTION, "AuthnContextClassRef", _PASSWORD)
    attributes = _element(root, _ASSERTION, "AttributeStatement")
    for name, values in _attributes(sign_in):
        _attribute(attributes, name, values)
    return root


def _subject(root: Element, sign_in: SignIn, now: dt.datetime) -> None:
    subject = _element(root, _ASSERTION, "Subject")
    _element(subject, _ASSERTION, "NameID", sign_in.name_id, Format=sign_in.name_id_format)
    confirmation = _element(subject, _ASSERTION, "SubjectConfirmation", Method=_BEARER)
    data = _element(confirmation, _ASSERTION, "SubjectConfirmationData")
    data.set("Recipient", sign_in.recipient)
    data.set("NotOnOrAfter", _time(now + _LIFE))


def _attributes(sign_in: SignIn) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield attributes as AWS reads them; of claims, those that are attributes at all."""
    yield ROLE, [f"{sign_in.role_arn},{sign_in.provider_arn}"]
    yield SESSION_NAME, [sign_in.session_name]
    yield SESSION_DURATION, [str(sign_in.seconds)]
    for key, values in sorted(sign_in.claims.items()):
        if names := attribute_names(key):
            yield names[0], values


def _attribute(parent: Element, name: str, values: Sequence[str]) -> None:
    attribute = _element(parent, _ASSERTION, "Attribute", Name=name, NameFormat=_NAME_FORMAT)
    for value in values:
        _element(attribute, _ASSERTION, "AttributeValue", value)


def _element(
    parent: Element | None, space: str, tag: str, text: str | None = None, **attributes: str
) -> Element:
    name = f"{{{space}}}{tag}"
    made = (
        etree.Element(name, attributes, nsmap=_NAMES)
        if parent is None
        else etree.SubElement(parent, name, attributes)
    )
    made.text = text
    return made


def _time(time: dt.datetime) -> str:
    return f"{time.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
