"""The SAML metadata of the embedded cloud's own sign-in page; pure."""

from __future__ import annotations

from textwrap import wrap
from xml.sax.saxutils import quoteattr

# SAML metadata, sections 2.4.1 and 2.4.3. AWS reads the issuer and the certificates only.
_TEMPLATE = """\
<EntityDescriptor entityID={issuer} xmlns="urn:oasis:names:tc:SAML:2.0:metadata">
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
    <NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</NameIDFormat>
    <SingleSignOnService
        Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
        Location={location}/>
  </IDPSSODescriptor>
</EntityDescriptor>
"""


def sign_in_metadata(issuer: str, certificate: str, site: str) -> str:
    """Return the metadata of an issuer; the certificate is in base64, `site` the page's address."""
    return _TEMPLATE.format(
        issuer=quoteattr(issuer),
        certificate="\n".join(wrap(certificate, 76)),
        location=quoteattr(f"{site}/sign-in"),
    )
