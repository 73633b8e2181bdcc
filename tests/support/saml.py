"""Makes SAML metadata as an identity provider exports it, with a certificate made on the spot.

`python -m tests.support.saml urn:acme.auth0.com acme.auth0.com` prints a file for config/identity;
the private key is thrown away.
"""

from __future__ import annotations

import base64
import datetime as dt
import sys
from textwrap import wrap

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

TEMPLATE = """\
<EntityDescriptor entityID="{issuer}" xmlns="urn:oasis:names:tc:SAML:2.0:metadata">
  <IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
{keys}
    <NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</NameIDFormat>
    <NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</NameIDFormat>
    <SingleSignOnService
        Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
        Location="https://{host}/samlp/gateprint"/>
    <SingleSignOnService
        Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
        Location="https://{host}/samlp/gateprint"/>
  </IDPSSODescriptor>
</EntityDescriptor>
"""
KEY = """\
    <KeyDescriptor use="signing">
      <KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#">
        <X509Data>
          <X509Certificate>
{certificate}
          </X509Certificate>
        </X509Data>
      </KeyInfo>
    </KeyDescriptor>"""
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """Return a new key of this many bits."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def certificate(
    host: str,
    key: PrivateKey | None = None,
    start: dt.datetime = START,
    days: int = 365 * 15,
    *,
    more: dt.timedelta = dt.timedelta(),
    extensions: int = 0,
) -> x509.Certificate:
    """Return a new self-signed certificate, of a key of 2,048 bits where none is given.

    It is valid for `days` and `more`, and has up to two extensions.
    """
    key = key or rsa_key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=days) + more)
    )
    names = [x509.DNSName(host)]
    for each in (x509.SubjectAlternativeName(names), x509.IssuerAlternativeName(names))[
        :extensions
    ]:
        made = made.add_extension(each, critical=False)
    return made.sign(key, hashes.SHA256())


def der_of(one: x509.Certificate) -> bytes:
    """Return a certificate's bytes."""
    return one.public_bytes(serialization.Encoding.DER)


def metadata(issuer: str, host: str, *certificates: x509.Certificate | bytes) -> str:
    """Return a whole metadata document, with a new certificate where none is given."""
    ders = [
        each if isinstance(each, bytes) else der_of(each)
        for each in certificates or [certificate(host)]
    ]
    texts = [base64.b64encode(each).decode() for each in ders]
    keys = "\n".join(KEY.format(certificate="\n".join(wrap(each, 76))) for each in texts)
    return TEMPLATE.format(issuer=issuer, host=host, keys=keys)


if __name__ == "__main__":
    sys.stdout.write(metadata(sys.argv[1], sys.argv[2]))
