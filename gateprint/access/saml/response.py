"""Reads a SAML response, and keeps only what a valid signature covers; pure.

What is read is what the library returns as signed, never the document around it. Status and
destination are the exception where only the assertion is signed: `is_signed` tells.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gateprint.access.saml.signature import UnsignedResponse, signed_parts
from gateprint.model.metadata import signing_certificates

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

# STS API, AssumeRoleWithSAML: SAMLAssertion.
_LONGEST = 100_000
_PROTOCOL = "{urn:oasis:names:tc:SAML:2.0:protocol}"
_ASSERTION = "{urn:oasis:names:tc:SAML:2.0:assertion}"
RESPONSE, ASSERTION = f"{_PROTOCOL}Response", f"{_ASSERTION}Assertion"
# SAML core, section 1.3.3: times are in UTC.
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", re.ASCII)


class UnreadableResponse(ValueError):
    """The text is not a SAML response that AWS could read; the message says why."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """How the bearer of an assertion proves to be its subject, where, and until when."""

    method: str
    recipient: str | None
    not_before: dt.datetime | None
    not_on_or_after: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Assertion:
    """An assertion, of which every part was signed.

    `audiences` are the audiences of each restriction. What is about a person stays out of `repr`.
    """

    issuer: str
    issued: dt.datetime | None
    name_id: str | None = field(repr=False)
    name_id_format: str | None
    confirmations: tuple[Confirmation, ...]
    not_before: dt.datetime | None
    not_on_or_after: dt.datetime | None
    audiences: tuple[tuple[str, ...], ...]
    session_ends: tuple[dt.datetime, ...]
    attributes: Mapping[str, tuple[str, ...]] = field(repr=False)
    repeated: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Response:
    """A response around a signed assertion; `is_signed` tells whether its own fields are too."""

    assertion: Assertion
    is_signed: bool
    status: str | None
    destination: str | None
    issuer: str | None


def verify_response(text: str, metadata: str, now: dt.datetime) -> Response:
    """Return what a response says that is signed by a certificate of the provider's metadata.

    `text` is base64, as it is posted, or XML. `metadata` has passed `check_metadata`, `now` has a
    time zone. Dates, recipient and so on are not checked: see `saml_check`.

    Raises:
        UnreadableResponse: it is not a response, or holds no assertion that can be read.
        UnsignedResponse: no valid signature covers the assertion.
    """
    root = _parse(_decode(text))
    _require_assertion(root)
    parts = signed_parts(root, ASSERTION, signing_certificates(metadata), now)
    whole = parts.get(RESPONSE)
    assertion = parts.get(ASSERTION)
    if assertion is None and whole is not None:
        assertion = whole.find(ASSERTION)
    if assertion is None:
        raise UnsignedResponse("the signature does not cover the assertion")
    around = root if whole is None else whole
    status = around.find(f"{_PROTOCOL}Status/{_PROTOCOL}StatusCode")
    return Response(
        assertion=_assertion(assertion),
        is_signed=whole is not None,
        status=None if status is None else status.get("Value"),
        destination=around.get("Destination"),
        issuer=_text(_one(around, "Issuer")),
    )


def _decode(text: str) -> bytes:
    if text.lstrip().startswith("<"):
        content = text.strip().encode()
    else:
        try:
            content = base64.b64decode("".join(text.split()), validate=True)
        except (binascii.Error, ValueError):
            raise UnreadableResponse("it is neither base64 nor XML") from None
    posted = (len(content) + 2) // 3 * 4
    if posted > _LONGEST:
        problem = f"it has {posted:,} characters in base64; AWS takes {_LONGEST:,}"
        raise UnreadableResponse(problem)
    return content


def _parse(content: bytes) -> Element:
    # Imported here: no other verb needs it.
    from lxml import etree  # noqa: PLC0415

    if b"<!DOCTYPE" in content:
        raise UnreadableResponse("it has a document type (<!DOCTYPE)")
    # The encoding is fixed, so that nothing hides in another one.
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise UnreadableResponse("it is not XML in UTF-8") from None
    info = root.getroottree().docinfo
    if info.internalDTD is not None or info.externalDTD is not None:
        raise UnreadableResponse("it has a document type (<!DOCTYPE)")
    if root.tag != RESPONSE:
        raise UnreadableResponse("it is not a SAML 2.0 response")
    return root


def _require_assertion(root: Element) -> None:
    if root.find(f".//{_ASSERTION}EncryptedAssertion") is not None:
        raise UnreadableResponse("its assertion is encrypted, for AWS alone to read")
    if root.find(f".//{ASSERTION}") is None:
        raise UnreadableResponse("it holds no assertion: the sign-in has failed")


def _assertion(root: Element) -> Assertion:
    subject, conditions = _one(root, "Subject"), _one(root, "Conditions")
    name_id = None if subject is None else _one(subject, "NameID")
    confirmations = [] if subject is None else subject.findall(f"{_ASSERTION}SubjectConfirmation")
    restrictions = root.findall(f"{_ASSERTION}Conditions/{_ASSERTION}AudienceRestriction")
    ends = [
        _time(each, "SessionNotOnOrAfter") for each in root.findall(f"{_ASSERTION}AuthnStatement")
    ]
    attributes, repeated = _attributes(root)
    return Assertion(
        issuer=_text(_one(root, "Issuer")) or "",
        issued=_time(root, "IssueInstant"),
        name_id=_text(name_id),
        name_id_format=None if name_id is None else name_id.get("Format"),
        confirmations=tuple(_confirmation(each) for each in confirmations),
        not_before=_time(conditions, "NotBefore"),
        not_on_or_after=_time(conditions, "NotOnOrAfter"),
        audiences=tuple(_texts(each, "Audience") for each in restrictions),
        session_ends=tuple(each for each in ends if each is not None),
        attributes=attributes,
        repeated=repeated,
    )


def _confirmation(element: Element) -> Confirmation:
    data = _one(element, "SubjectConfirmationData")
    return Confirmation(
        method=element.get("Method") or "",
        recipient=None if data is None else data.get("Recipient"),
        not_before=_time(data, "NotBefore"),
        not_on_or_after=_time(data, "NotOnOrAfter"),
    )


def _attributes(root: Element) -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    """Return the attributes' values by name, and the names that occur more than once."""
    found: dict[str, tuple[str, ...]] = {}
    repeated = set()
    for each in root.findall(f"{_ASSERTION}AttributeStatement/{_ASSERTION}Attribute"):
        name = each.get("Name") or ""
        repeated |= {name} & found.keys()
        found[name] = found.get(name, ()) + _texts(each, "AttributeValue")
    return found, frozenset(repeated)


def _one(element: Element, name: str) -> Element | None:
    found = element.findall(f"{_ASSERTION}{name}")
    if len(found) > 1:
        raise UnreadableResponse(f"it has {len(found)} elements {name} where one belongs")
    return found[0] if found else None


def _texts(element: Element, name: str) -> tuple[str, ...]:
    return tuple(_text(each) or "" for each in element.findall(f"{_ASSERTION}{name}"))


def _text(element: Element | None) -> str | None:
    return None if element is None else "".join(str(each) for each in element.itertext())


def _time(element: Element | None, name: str) -> dt.datetime | None:
    written = None if element is None else element.get(name)
    if written is None:
        return None
    if _TIME.fullmatch(written):
        with suppress(ValueError):  # The thirtieth of February.
            return dt.datetime.fromisoformat(written)
    raise UnreadableResponse(f"its {name} is not a time in UTC")
