"""Verifies the XML signatures of a SAML response, and returns only what they cover; pure."""

from __future__ import annotations

import base64
import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from lxml.etree import _Element as Element
    from signxml.verifier import SignatureConfiguration

_DS = "{http://www.w3.org/2000/09/xmldsig#}"
_SIGNATURE = f"{_DS}Signature"
_DIGEST = f"{_DS}DigestMethod"
_IDS = ("ID", "Id", "id", "{http://www.w3.org/XML/1998/namespace}id")
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
# SAML core, section 5.4.4.
_TRANSFORMS = {
    "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
    _EXCLUSIVE,
    f"{_EXCLUSIVE}WithComments",
}
_METHODS = (
    *("RSA_SHA256", "RSA_SHA384", "RSA_SHA512"),
    *("ECDSA_SHA256", "ECDSA_SHA384", "ECDSA_SHA512"),
)
_DIGESTS = ("SHA256", "SHA384", "SHA512")


class UnsignedResponse(ValueError):
    """No valid signature covers what would be read; the message says why, without any content."""


def signed_parts(
    root: Element, assertion: str, certificates: Sequence[str], now: dt.datetime
) -> Mapping[str, Element]:
    """Return the response or its assertion, or both, as they were signed, by tag.

    `assertion` is that element's tag; `certificates` are in base64. All signatures that are there
    have to be valid.

    Raises:
        UnsignedResponse: there is no signature, one is not valid, or something is put around it.
    """
    _require_plain(root, assertion)
    signed = [each for each in (root, root.find(assertion)) if each is not None]
    signed = [each for each in signed if each.find(_SIGNATURE) is not None]
    if not signed:
        raise UnsignedResponse("neither the response nor its assertion is signed")
    known = [_certificate(each) for each in certificates]
    return {str(each.tag): _verified(root, each, known, now) for each in signed}


def _certificate(text: str) -> Certificate:
    from cryptography import x509  # noqa: PLC0415

    return x509.load_der_x509_certificate(base64.b64decode(text))


def _require_plain(root: Element, assertion: str) -> None:
    """Refuse every form that can make a reader take something else for what was signed."""
    from lxml import etree  # noqa: PLC0415

    if next(root.iter(etree.Comment, etree.ProcessingInstruction), None) is not None:
        raise UnsignedResponse("comments or processing instructions can hide what was signed")
    tags = Counter(str(each.tag) for each in root.iter())
    if tags[assertion] > 1 or tags[str(root.tag)] > 1:
        raise UnsignedResponse("there are several assertions or responses in it")
    places = [root, *root.findall(assertion)]
    if tags[assertion] and len(places) == 1:
        raise UnsignedResponse("the assertion is not where it belongs")
    beside = [len(each.findall(_SIGNATURE)) for each in places]
    if max(beside) > 1 or sum(beside) != tags[_SIGNATURE]:
        raise UnsignedResponse("there is a signature where none belongs")
    ids = Counter(each.get(name) for each in root.iter() for name in _IDS if each.get(name))
    if any(count > 1 for count in ids.values()):
        raise UnsignedResponse("two elements have the same ID")


def _verified(
    root: Element, element: Element, certificates: Sequence[Certificate], now: dt.datetime
) -> Element:
    """Return an element as its signature covers it."""
    _require_reference(element)
    problems = []
    for each in certificates:
        found, problem = _verify(root, element, each, now)
        if found is not None and found.tag == element.tag and found.get("ID") == element.get("ID"):
            return found
        problems.append(problem)
    raise UnsignedResponse(min(problems, default=_PROBLEMS[-1], key=_PROBLEMS.index))


# The first of them that any certificate leads to is told.
_PROBLEMS = (
    "something was changed after it was signed",
    "the certificate that belongs to it is not valid at this time",
    "no certificate in the metadata belongs to it",
)


def _verify(
    root: Element, element: Element, certificate: Certificate, now: dt.datetime
) -> tuple[Element | None, str]:
    """Return what a certificate's signature covers, or else the problem."""
    from signxml.exceptions import InvalidCertificate, InvalidDigest  # noqa: PLC0415
    from signxml.verifier import XMLVerifier  # noqa: PLC0415

    place = "./" if element is root else f"./{element.tag}/"
    changed, expired, other = _PROBLEMS
    try:
        result = XMLVerifier().verify(
            root, x509_cert=certificate, expect_config=_configuration(place, now)
        )
    except InvalidDigest:
        return None, changed
    except InvalidCertificate:
        return None, expired
    except Exception:  # noqa: BLE001 - whatever hostile input trips over is no valid signature
        return None, other
    return (None, other) if isinstance(result, list) else (result.signed_xml, changed)


def _configuration(place: str, now: dt.datetime) -> SignatureConfiguration:
    from signxml.algorithms import DigestAlgorithm, SignatureMethod  # noqa: PLC0415
    from signxml.verifier import SignatureConfiguration  # noqa: PLC0415

    return SignatureConfiguration(
        location=place,
        signature_methods=frozenset(SignatureMethod[each] for each in _METHODS),
        digest_algorithms=frozenset(DigestAlgorithm[each] for each in _DIGESTS),
        verification_time=now,
    )


def _require_reference(element: Element) -> None:
    """Refuse a signature that is not over the whole element around it, or with old algorithms."""
    info = f"{_SIGNATURE}/{_DS}SignedInfo"
    references = element.findall(f"{info}/{_DS}Reference")
    identity = element.get("ID")
    if not identity or [each.get("URI") for each in references] != [f"#{identity}"]:
        raise UnsignedResponse("the signature is of something else than what is around it")
    transforms = references[0].findall(f"{_DS}Transforms/{_DS}Transform")
    if not {each.get("Algorithm") for each in transforms} <= _TRANSFORMS:
        raise UnsignedResponse("the signature leaves out parts, by an odd transformation")
    used = [*element.findall(f"{info}/{_DS}SignatureMethod"), *references[0].findall(_DIGEST)]
    if any((each.get("Algorithm") or "").endswith("sha1") for each in used):
        raise UnsignedResponse("it is signed with SHA-1, which can be forged")
