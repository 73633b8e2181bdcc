"""Checks the signing certificates of SAML metadata, their dates and their keys; pure."""

from __future__ import annotations

import base64
import datetime as dt
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateprint.errors import Diagnostic
from gateprint.model.der import read_dates_and_bits
from gateprint.model.document import Document, KeyPath
from gateprint.model.metadata import signing_certificates
from gateprint.model.resolved import Environment

# IAM user guide, "Create a SAML identity provider": keys have at least 1,024 bits.
_LEAST_BITS, _STRONG_BITS = 1_024, 2_048
_AHEAD = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Until when a certificate is valid, and the bits of its key where that is RSA or DSA."""

    until: dt.datetime
    bits: int | None


def check_certificates(
    document: Document, environment: Environment, now: dt.datetime
) -> Iterator[Diagnostic]:
    """Yield what is wrong with the signing certificates of an environment's providers.

    `now` has a time zone. The metadata has passed `check_metadata`. That of the embedded cloud's
    own sign-in page is not looked at: it is no input.
    """
    for provider in environment.identity_providers:
        if document.get("identity_providers", provider.name, "metadata") is None:
            continue
        path: KeyPath = ("identity_providers", provider.name, "metadata")
        try:
            found = [read_certificate(each) for each in signing_certificates(provider.metadata_xml)]
        except ValueError:
            problem = "a signing certificate in the metadata cannot be read"
            remedy = "export the metadata anew from the identity provider"
            yield document.reject(path, "wrong-metadata", problem, remedy)
            continue
        yield from _check_keys(document, path, found)
        yield from _check_dates(document, path, found, now)


def read_certificate(text: str) -> Certificate:
    """Read a certificate in base64, as XML signatures hold it.

    Raises:
        ValueError: it is not one, or not one that AWS takes.
    """
    der = base64.b64decode("".join(text.split()), validate=True)
    try:
        return Certificate(*read_dates_and_bits(der))
    except ValueError:
        return _read_odd_certificate(der)


def _read_odd_certificate(der: bytes) -> Certificate:
    # Imported here: it takes 50 ms, and few certificates need it.
    from cryptography import x509  # noqa: PLC0415
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import dsa, rsa  # noqa: PLC0415

    with warnings.catch_warnings():
        # Some are odd, such as without a serial number, and work.
        warnings.simplefilter("ignore")
        try:
            found = x509.load_der_x509_certificate(der)
            key = found.public_key()
            _ = found.extensions  # AWS refuses repeated ones, and so does this.
        except (x509.DuplicateExtension, UnsupportedAlgorithm) as error:
            raise ValueError(str(error)) from None
    bits = key.key_size if isinstance(key, rsa.RSAPublicKey | dsa.DSAPublicKey) else None
    return Certificate(found.not_valid_after_utc, bits)


def _check_keys(
    document: Document, path: KeyPath, found: Sequence[Certificate]
) -> Iterator[Diagnostic]:
    bits = min((each.bits for each in found if each.bits is not None), default=_STRONG_BITS)
    remedy = f"let the identity provider sign with a key of {_STRONG_BITS:,} bits or more"
    if bits < _LEAST_BITS:
        problem = f"a signing key in the metadata has {bits:,} bits; AWS takes {_LEAST_BITS:,}"
        yield document.reject(path, "wrong-metadata", f"{problem} or more", remedy)
    elif bits < _STRONG_BITS:
        problem = f"a signing key in the metadata has only {bits:,} bits"
        yield document.warn(path, "weak-key", problem, remedy)


def _check_dates(
    document: Document, path: KeyPath, found: Sequence[Certificate], now: dt.datetime
) -> Iterator[Diagnostic]:
    remedy = "renew it at the identity provider, and put its new metadata here"
    last = max(each.until for each in found)
    expired = [each for each in found if each.until <= now]
    if last <= now:
        problem = f"the metadata's signing certificate expired on {last:%Y-%m-%d}"
        yield document.reject(path, "expired-metadata", problem, remedy)
    elif last <= now + _AHEAD:
        problem = f"the metadata's signing certificate expires on {last:%Y-%m-%d}"
        yield document.warn(path, "metadata-expires", problem, remedy)
    elif expired:
        ended = max(each.until for each in expired)
        problem = f"{len(expired)} of {len(found)} signing certificates in the metadata"
        yield document.warn(
            path,
            "metadata-expires",
            f"{problem} expired by {ended:%Y-%m-%d}",
            "export the metadata anew, without what has expired",
        )
