"""Reads an identity provider's SAML metadata, and says what AWS would refuse in it; pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

_METADATA = "{urn:oasis:names:tc:SAML:2.0:metadata}"
_CERTIFICATE = "{http://www.w3.org/2000/09/xmldsig#}X509Certificate"
# IAM API, CreateSAMLProvider: SAMLMetadataDocument.
_SHORTEST, LONGEST = 1_000, 10_000_000
# IAM user guide, "IAM and AWS STS quotas": keys of a SAML provider.
_MOST_CERTIFICATES = 10


class Flaw(NamedTuple):
    """What is wrong with metadata, the remedy, and the field of the provider to look at."""

    problem: str
    remedy: str
    field: str = "metadata"


def check_metadata(text: str, issuer: str) -> Iterator[Flaw]:
    """Yield everything that keeps this metadata from being accepted."""
    if not _SHORTEST <= len(text) <= LONGEST:
        remedy = "export the whole metadata file from the identity provider"
        yield Flaw(
            f"the metadata has {len(text)} characters; AWS takes 1,000 to 10,000,000", remedy
        )
        return
    if text.startswith("\ufeff"):
        yield Flaw("the metadata begins with a byte order mark", "save it as UTF-8 without one")
        return
    if "PRIVATE KEY" in text:
        remedy = "remove the key, and replace it: it is no longer secret"
        yield Flaw("the metadata holds a private key", remedy)
        return
    try:
        root = fromstring(text, forbid_dtd=True)
    except DefusedXmlException:
        yield Flaw("the metadata has a document type (<!DOCTYPE)", "export it anew, without one")
        return
    except (ParseError, ValueError) as error:
        yield Flaw(f"the metadata is not XML: {error}", "export it anew from the identity provider")
        return
    yield from _check_entity(root, issuer)


def _check_entity(root: Element, issuer: str) -> Iterator[Flaw]:
    if root.tag != f"{_METADATA}EntityDescriptor":
        remedy = "export the metadata of this one application"
        yield Flaw("the metadata is not one EntityDescriptor", remedy)
        return
    if root.get("entityID") != issuer:
        problem = f'the metadata is of "{root.get("entityID")}", not of "{issuer}"'
        yield Flaw(problem, f"write issuer: {root.get('entityID')}", "issuer")
    if not _signing(root):
        yield Flaw("the metadata has no signing certificate", "export it anew from the provider")
    count = sum(1 for _ in root.iter(_CERTIFICATE))
    if count > _MOST_CERTIFICATES:
        problem = f"the metadata has {count} certificates; AWS takes {_MOST_CERTIFICATES}"
        yield Flaw(problem, "keep those that are in use, and the next one")


def signing_certificates(text: str) -> tuple[str, ...]:
    """Return the signing certificates, in base64, of metadata that `check_metadata` accepts."""
    return _signing(fromstring(text, forbid_dtd=True))


def _signing(root: Element) -> tuple[str, ...]:
    keys = root.findall(f"{_METADATA}IDPSSODescriptor/{_METADATA}KeyDescriptor")
    signing = [key for key in keys if key.get("use") in {None, "signing"}]
    return tuple(each.text or "" for key in signing for each in key.iter(_CERTIFICATE))


class Metadata(NamedTuple):
    """The issuer that metadata names, and its signing certificates in base64, without spaces."""

    issuer: str
    certificates: tuple[str, ...]


def read_metadata(text: str) -> Metadata:
    """Return what AWS takes from metadata that `check_metadata` accepts.

    Raises:
        ValueError: it is not XML that may be read.
    """
    try:
        root = fromstring(text, forbid_dtd=True)
    except ParseError as error:
        raise ValueError(str(error)) from None
    found = tuple("".join(each.split()) for each in _signing(root))
    return Metadata(root.get("entityID", ""), found)
