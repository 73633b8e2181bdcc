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
    "edupersonorgunitdn",
    "edupersonprimaryaffiliation",
    "edupersonprimaryorgunitdn",
    "edupersonprincipalname",
)


def is_list_claim(key: str) -> bool:
    """Tell whether AWS may hold several values under this SAML key."""
    return key in SAML_LISTS
