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
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

TEMPLATE = """\
<EntityDescriptor entityID="{issuer}" xmlns="urn:oasis:names:tc:SAML:2.0:metadata">
  <IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <KeyDescriptor use="signing">
      <KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#">
        <X509Data>
          <X509Certificate>
{certificate}
          </X509Certificate>
        </X509Data>
      </KeyInfo>
    </KeyDescriptor>
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


def certificate(host: str) -> str:
    """Return a new self-signed certificate of 2,048 bits, in base64."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=365 * 15))
        .sign(key, hashes.SHA256())
    )
    return base64.b64encode(made.public_bytes(serialization.Encoding.DER)).decode()


def metadata(issuer: str, host: str) -> str:
    """Return a whole metadata document."""
    return TEMPLATE.format(
        issuer=issuer, host=host, certificate="\n".join(wrap(certificate(host), 76))
    )


if __name__ == "__main__":
    sys.stdout.write(metadata(*sys.argv[1:3]))
