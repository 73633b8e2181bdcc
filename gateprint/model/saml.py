"""The SAML attributes that a trust policy can test; pure."""

from __future__ import annotations

# The keys that AWS documents for trust policies (IAM user guide, IAM and STS condition keys).
SAML_LISTS = (
    "cn",
    "commonName",
    "name",
    "mail",
    "uid",
    "surname",
    "givenName",
    "organizationStatus",
    "primaryGroupSID",
    "x500UniqueIdentifier",
    "edupersonaffiliation",
    "edupersonassurance",
    "edupersonorgunitdn",
    "edupersonentitlement",
    "edupersonnickname",
    "edupersonscopedaffiliation",
    "edupersontargetedid",
    "eduorghomepageuri",
    "eduorgidentityauthnpolicyuri",
    "eduorglegalname",
    "eduorgsuperioruri",
    "eduorgwhitepagesuri",
)
SAML_SINGLES = (
    "sub",
    "sub_type",
    "namequalifier",
    "doc",
    "edupersonorgdn",
    "edupersonprimaryaffiliation",
    "edupersonprimaryorgunitdn",
    "edupersonprincipalname",
)


def is_list_claim(key: str) -> bool:
    """Tell whether AWS may hold several values under this SAML key."""
    return key in SAML_LISTS


ATTRIBUTES = "https://aws.amazon.com/SAML/Attributes/"
ROLE, SESSION_NAME, SESSION_DURATION = (
    f"{ATTRIBUTES}{each}" for each in ("Role", "RoleSessionName", "SessionDuration")
)
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"

_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
_PERSON, _ORGANIZATION = "urn:oid:1.3.6.1.4.1.5923.1.1.1", "urn:oid:1.3.6.1.4.1.5923.1.2.1"
# IAM user guide, "Configure SAML assertions for the authentication response", the tables under
# "Mapping SAML attributes to AWS trust policy context keys", as they stand there. There is no
# name for primaryGroupSID; the others come from the subject and not from attributes.
_NAMES: dict[str, tuple[str, ...]] = {
    "cn": ("urn:oid:2.5.4.3",),
    "commonName": ("http://schemas.xmlsoap.org/claims/CommonName", "2.5.4.3"),
    "name": (f"{_CLAIMS}/name",),
    "mail": (f"{_CLAIMS}/emailaddress", "0.9.2342.19200300100.1.3"),
    "uid": (
        "0.9.2342.19200300100.1.1",
        "http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid",
    ),
    "surname": (f"{_CLAIMS}/surname", "2.5.4.4"),
    "givenName": (f"{_CLAIMS}/givenname", "2.4.5.42"),
    "organizationStatus": ("0.9.2342.19200300.100.1.45",),
    "x500UniqueIdentifier": ("2.5.4.45",),
    "edupersonaffiliation": (f"{_PERSON}.1",),
    "edupersonnickname": (f"{_PERSON}.2",),
    "edupersonorgdn": (f"{_PERSON}.3",),
    "edupersonorgunitdn": (f"{_PERSON}.4",),
    "edupersonprimaryaffiliation": (f"{_PERSON}.5",),
    "edupersonprincipalname": (f"{_PERSON}.6",),
    "edupersonentitlement": (f"{_PERSON}.7",),
    "edupersonprimaryorgunitdn": (f"{_PERSON}.8",),
    "edupersonscopedaffiliation": (f"{_PERSON}.9",),
    "edupersontargetedid": (f"{_PERSON}.10",),
    "edupersonassurance": (f"{_PERSON}.11",),
    "eduorghomepageuri": (f"{_ORGANIZATION}.2",),
    "eduorgidentityauthnpolicyuri": (f"{_ORGANIZATION}.3",),
    "eduorglegalname": (f"{_ORGANIZATION}.4",),
    "eduorgsuperioruri": (f"{_ORGANIZATION}.5",),
    "eduorgwhitepagesuri": (f"{_ORGANIZATION}.6",),
}


def attribute_names(key: str) -> tuple[str, ...]:
    """Return the names of the SAML attributes that AWS reads a key from, the usual one first.

    None where AWS takes the key from the subject, or documents no name.
    """
    return _NAMES.get(key, ())
