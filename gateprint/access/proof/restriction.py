"""What a resource policy must deny, stated apart from what the compiler writes; pure.

Two ways that have nothing in common: places from where everything must be denied, and the
statements, which must say this and nothing else. A looser operator may deny all places that one
thinks of.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from itertools import islice
from typing import Any

from gateprint.access.whereabouts import inside
from gateprint.model.resolved import Api
from gateprint.model.restriction import Restriction, collapsed, just_outside

Keys = Mapping[str, tuple[str, ...]]
# What a statement says but its Sid, in a form in which order does not matter.
Meaning = frozenset[tuple[str, Any]]
# More addresses show nothing new; the statements are compared as well.
_MOST = 8
_STRANGE = ("192.0.2.1", "2001:db8::1")
_OTHER_ENDPOINT, _OTHER_VPC = "vpce-00000000000000000", "vpc-00000000000000000"
_OTHER_ORGANIZATION = "o-0000000000"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A place that is wrong in one thing: in words, and what AWS knows of a request from there."""

    words: str
    keys: Keys
    is_signed: bool = False


def elsewhere(api: Api) -> Iterator[Elsewhere]:
    """Yield places from where nothing may be called; all that they have beside is right."""
    only, is_private = api.only_from or Restriction(), api.is_private
    if api.vpc_endpoints:
        for value in (_OTHER_ENDPOINT, ""):
            yield _wrong(api, "aws:sourcevpce", value, "without its VPC endpoints")
    if only.vpcs:
        for value in (_OTHER_VPC, ""):
            yield _wrong(api, "aws:sourcevpc", value, "from another VPC")
    if only.source_ips:
        key = "aws:vpcsourceip" if is_private else "aws:sourceip"
        for value in (*_strange(only.source_ips), ""):
            yield _wrong(api, key, value, f"from {value or 'an unknown address'}")
    if only.organization:
        for value in (_OTHER_ORGANIZATION, ""):
            words = f"by who is not of {only.organization}"
            yield _wrong(api, "aws:principalorgid", value, words, is_signed=True)


def _wrong(api: Api, key: str, value: str, words: str, *, is_signed: bool = False) -> Elsewhere:
    right = inside(api).keys(is_private=api.is_private, is_signed=is_signed)
    return Elsewhere(words, {**right, key: (value,) if value else ()}, is_signed)


def _strange(networks: tuple[str, ...]) -> Iterator[str]:
    whole = collapsed(networks)
    yield from islice(just_outside(networks), _MOST)
    for each in _STRANGE:
        if not any(ip_address(each) in one for one in whole):
            yield each


def is_denying_as_stated(api: Api, api_arn: str, document: str) -> bool:
    """Tell whether the Deny statements of a policy are those that the API's restriction means.

    Spelling counts: IAM would read a key in other letters alike, but nothing here writes it so.
    """
    try:
        found = json.loads(document)["Statement"]
        listed = found if isinstance(found, list) else [found]
        denials = [each for each in listed if each["Effect"] == "Deny"]
        meant = frozenset(_meaning(each) for each in denials)
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    return meant == frozenset(_stated(api, api_arn)) and len(meant) == len(denials)


def _meaning(statement: Mapping[str, Any]) -> Meaning:
    return frozenset((name, _plain(value)) for name, value in statement.items() if name != "Sid")


def _plain(value: Any) -> Any:
    """Return an element so that one value and a list of it are the same, in whatever order."""
    if isinstance(value, Mapping):
        return frozenset((name, _plain(each)) for name, each in value.items())
    return frozenset(value) if isinstance(value, list) else frozenset([value])


def _stated(api: Api, api_arn: str) -> Iterator[Meaning]:
    only = api.only_from or Restriction()
    address = "aws:VpcSourceIp" if api.is_private else "aws:SourceIp"
    asked: list[tuple[str, str, tuple[str, ...]]] = [
        ("StringNotEquals", "aws:SourceVpce", api.vpc_endpoints),
        ("StringNotEquals", "aws:SourceVpc", only.vpcs),
        ("NotIpAddress", address, only.source_ips),
        ("StringNotEquals", "aws:PrincipalOrgID", tuple(filter(None, [only.organization]))),
    ]
    for operator, key, values in asked:
        condition: dict[str, Any] = {operator: {key: list(values)}}
        if key == "aws:PrincipalOrgID" and api.cors:
            condition["Null"] = {"aws:PrincipalArn": "false"}
        if values:
            yield _meaning(
                {
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "execute-api:Invoke",
                    "Resource": f"{api_arn}/*",
                    "Condition": condition,
                }
            )
