"""The condition keys whose meaning AWS documents: their types, and which every request has; pure.

From the IAM user guide, "AWS global condition context keys" and "IAM and AWS STS condition keys",
and the service authorization reference of execute-api. Written here apart from what the compiler
uses, so that one can check the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gateprint.errors import NotModelled

Kind = Literal["string", "arn", "bool", "date", "epoch", "number", "ip"]


@dataclass(frozen=True, slots=True)
class Key:
    """A key's type; whether it may hold several values; whether every signed request has it."""

    kind: Kind = "string"
    is_list: bool = False
    is_always_there: bool = False


_STRING = Key()
_STRINGS = Key(is_list=True)
_KNOWN: dict[str, Key] = {
    "aws:currenttime": Key("date", is_always_there=True),
    "aws:epochtime": Key("epoch", is_always_there=True),
    "aws:multifactorauthage": Key("number"),
    "aws:multifactorauthpresent": Key("bool"),
    "aws:principalarn": Key("arn", is_always_there=True),
    "aws:securetransport": Key("bool", is_always_there=True),
    "aws:sourcearn": Key("arn"),
    "aws:sourceip": Key("ip", is_always_there=True),
    "aws:tokenissuetime": Key("date"),
    "aws:vpcsourceip": Key("ip"),
    "aws:principalaccount": Key(is_always_there=True),
    "aws:principaltype": Key(is_always_there=True),
    "aws:requestedregion": Key(is_always_there=True),
    "aws:userid": Key(is_always_there=True),
    "execute-api:viadomainarn": Key("arn"),
    **dict.fromkeys(
        (
            "aws:federatedprovider",
            "aws:principalorgid",
            "aws:referer",
            "aws:sourceaccount",
            "aws:sourceidentity",
            "aws:sourcevpc",
            "aws:sourcevpce",
            "aws:useragent",
            "aws:username",
            "saml:aud",
            "saml:doc",
            "saml:edupersonorgdn",
            "saml:edupersonprimaryaffiliation",
            "saml:edupersonprimaryorgunitdn",
            "saml:edupersonprincipalname",
            "saml:iss",
            "saml:namequalifier",
            "saml:sub",
            "saml:sub_type",
            "sts:externalid",
            "sts:rolesessionname",
            "sts:sourceidentity",
        ),
        _STRING,
    ),
    **dict.fromkeys(
        (
            "aws:principalorgpaths",
            "aws:tagkeys",
            "saml:cn",
            "saml:commonname",
            "saml:edupersonaffiliation",
            "saml:edupersonassurance",
            "saml:edupersonentitlement",
            "saml:edupersonnickname",
            "saml:edupersonorgunitdn",
            "saml:edupersonscopedaffiliation",
            "saml:edupersontargetedid",
            "saml:eduorghomepageuri",
            "saml:eduorgidentityauthnpolicyuri",
            "saml:eduorglegalname",
            "saml:eduorgsuperioruri",
            "saml:eduorgwhitepagesuri",
            "saml:givenname",
            "saml:mail",
            "saml:name",
            "saml:organizationstatus",
            "saml:primarygroupsid",
            "saml:surname",
            "saml:uid",
            "saml:x500uniqueidentifier",
            "sts:transitivetagkeys",
        ),
        _STRINGS,
    ),
}
_TAGS = ("aws:principaltag/", "aws:requesttag/", "aws:resourcetag/")


def key_of(name: str) -> Key:
    """Return what is known about a key; its name is in lower case.

    Raises:
        NotModelled: nothing is.
    """
    if name in _KNOWN:
        return _KNOWN[name]
    if name.startswith(_TAGS):
        return _STRING
    raise NotModelled(f"the condition key {name} is not known")
