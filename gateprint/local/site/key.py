"""The sign-in page's signing key and certificate, made at first need and kept for their owner."""

from __future__ import annotations

import base64
import datetime as dt
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from gateprint.errors import ToolFailed
from gateprint.local.process import prepare_home

NAME = "sign-in.pem"
_BITS = 2048
_VALID = dt.timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key, which stays out of `repr`, and its self-signed certificate."""

    private: rsa.RSAPrivateKey = field(repr=False)
    certificate: x509.Certificate

    @property
    def certificate_base64(self) -> str:
        """Return the certificate as metadata holds it."""
        return base64.b64encode(self.certificate.public_bytes(serialization.Encoding.DER)).decode()


def signing_key(home: Path, now: dt.datetime) -> SigningKey:
    """Return the key of an embedded cloud's home; it is made where there is none.

    Raises:
        ToolFailed: the file holds no key, or one whose certificate has expired.
    """
    path = home / NAME
    if not path.exists():
        prepare_home(home)
        _keep(path, make_key(now))
    return _read(path, now)


def make_key(now: dt.datetime) -> SigningKey:
    """Return a new key, whose certificate is valid from a day before `now` for ten years."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gateprint's sign-in page")])
    start = now - dt.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + _VALID)
        .sign(private, hashes.SHA256())
    )
    return SigningKey(private, certificate)


def _keep(path: Path, key: SigningKey) -> None:
    """Write the file whole, for its owner alone; whoever comes second keeps the first one's."""
    text = key.private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),  # it opens nothing but this embedded cloud
    ) + key.certificate.public_bytes(serialization.Encoding.PEM)
    with NamedTemporaryFile(dir=path.parent) as draft:
        draft.write(text)
        draft.flush()
        with suppress(FileExistsError):
            path.hardlink_to(draft.name)


def _read(path: Path, now: dt.datetime) -> SigningKey:
    remedy = "remove the file, start the embedded cloud anew and deploy again"
    try:
        text = path.read_bytes()
        private = serialization.load_pem_private_key(text, None)
        certificate = x509.load_pem_x509_certificate(text)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ToolFailed(f"{path} holds no key of the sign-in page", remedy, str(error)) from error
    if not isinstance(private, rsa.RSAPrivateKey):
        raise ToolFailed(f"{path} holds no RSA key", remedy)
    if certificate.not_valid_after_utc <= now:
        raise ToolFailed(f"the certificate in {path} has expired", remedy)
    return SigningKey(private, certificate)
