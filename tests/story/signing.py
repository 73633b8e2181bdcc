"""The identity provider's metadata: made at run time, and the same in each run."""

from __future__ import annotations

import datetime as dt

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.saml import START, metadata

_HOST, _ISSUER = "acme.auth0.com", "urn:acme.auth0.com"
_YEARS = dt.timedelta(days=365 * 15)


def metadata_of(number: int) -> str:
    """Return the metadata with one certificate, that of the key with this number."""
    return metadata(_ISSUER, _HOST, _certificate(number))


def _certificate(number: int) -> x509.Certificate:
    """Return a certificate without anything by chance: reports tell its fingerprint and text."""
    key = ec.derive_private_key(number, ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _HOST)])
    made = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=key.public_key(),
        serial_number=number,
        not_valid_before=START,
        not_valid_after=START + _YEARS,
    )
    return made.sign(key, hashes.SHA256(), ecdsa_deterministic=True)
