"""The Deny statements that keep out who comes from elsewhere, written and read; pure.

One statement for each thing that is asked: a Deny applies where all of its conditions are met, so
that one with two of them would let in who fails only one. Each condition is negated, and is met
where its key is missing too (IAM user guide, "IAM JSON policy elements: Condition operators"): what
AWS does not know of a request keeps it out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from typing import Any

from gateprint.model.resolved import Api
from gateprint.model.restriction import Restriction

Document = dict[str, Any]
_NOT_EQUALS = "StringNotEquals"
# API Gateway developer guide, "AWS condition keys that can be used in API Gateway resource
# policies": aws:SourceVpc, aws:SourceVpce and aws:VpcSourceIp are for private APIs alone. There the
# endpoint rewrites the caller's address, so that aws:SourceIp says nothing.
_ENDPOINT, _VPC, _ORGANIZATION = "aws:SourceVpce", "aws:SourceVpc", "aws:PrincipalOrgID"
_ADDRESS, _INNER_ADDRESS = "aws:SourceIp", "aws:VpcSourceIp"
# Only who signs has an ARN (IAM user guide, "AWS global condition context keys").
_SIGNED = {"Null": {"aws:PrincipalArn": "false"}}


# Which field of an API says what a statement denies, by its Sid.
SAID_BY: Mapping[str, tuple[str, ...]] = {
    "vpc": ("vpc_endpoints",),
    "sourcevpc": ("only_from", "vpcs"),
    "sourceip": ("only_from", "source_ips"),
    "organization": ("only_from", "organization"),
}


def address_key(api: Api) -> str:
    """Return the condition key with the caller's address."""
    return _INNER_ADDRESS if api.is_private else _ADDRESS


def denials(api: Api, resource: str) -> list[Document]:
    """Return the Deny statements of an API's resource policy; `resource` is all of the API."""
    return [
        {
            "Sid": sid,
            "Effect": "Deny",
            "Principal": "*",
            "Action": "execute-api:Invoke",
            "Resource": resource,
            "Condition": condition,
        }
        for sid, condition in _conditions(api)
    ]


def _conditions(api: Api) -> Iterator[tuple[str, Document]]:
    only = api.only_from or Restriction()
    if api.vpc_endpoints:
        yield "vpc", {_NOT_EQUALS: {_ENDPOINT: list(api.vpc_endpoints)}}
    if only.vpcs:
        yield "sourcevpc", {_NOT_EQUALS: {_VPC: list(only.vpcs)}}
    if only.source_ips:
        yield "sourceip", {"NotIpAddress": {address_key(api): list(only.source_ips)}}
    if only.organization:
        # A browser's preflight is never signed; a plain condition would refuse it.
        signed = _SIGNED if api.cors else {}
        yield "organization", {_NOT_EQUALS: {_ORGANIZATION: only.organization}, **signed}


def read_restriction(policy: str | None) -> tuple[Restriction | None, str]:
    """Return what a deployed resource policy restricts, and in words what of it is not understood.

    Only statements that `denials` may have written are understood. VPC endpoints are left out: the
    API itself names them.
    """
    found: dict[str, Any] = {}
    try:
        for statement in _statements(json.loads(policy or "{}")):
            if statement.get("Effect") == "Deny":
                _add(found, *_read(statement))
    except (ValueError, TypeError, AttributeError):
        return None, "the resource policy denies in a way that no blueprint says"
    restriction = Restriction(
        tuple(found.get(_ADDRESS, ())),
        tuple(found.get(_VPC, ())),
        next(iter(found.get(_ORGANIZATION, ())), None),
    )
    return restriction or None, ""


def _add(found: dict[str, Any], key: str, values: list[str]) -> None:
    if key in found:  # Both would have to hold.
        raise ValueError(key)
    found[key] = values


def _statements(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = document.get("Statement", [])
    return found if isinstance(found, list) else [found]


_OPERATORS = {
    _ENDPOINT: _NOT_EQUALS,
    _VPC: _NOT_EQUALS,
    _ORGANIZATION: _NOT_EQUALS,
    _ADDRESS: "NotIpAddress",
    _INNER_ADDRESS: "NotIpAddress",
}


def _read(statement: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return the key and the values of one Deny.

    Raises:
        ValueError: it is none of those that are written here.
    """
    condition = dict(statement["Condition"]) if "Condition" in statement else {}
    if condition.get("Null") == _SIGNED["Null"]:
        del condition["Null"]
    [(operator, keys)] = condition.items()
    [(key, values)] = keys.items()
    if not _is_about_all(statement) or _OPERATORS.get(key) != operator:
        raise ValueError(key)
    listed = [str(each) for each in values] if isinstance(values, list) else [str(values)]
    if operator == "NotIpAddress":
        listed = [str(ip_network(each)) for each in listed]
    return _ADDRESS if key == _INNER_ADDRESS else key, listed


def _is_about_all(statement: Mapping[str, Any]) -> bool:
    resource = statement.get("Resource")
    is_whole = isinstance(resource, str) and resource.endswith("/*") and resource.count("/") == 1
    return is_whole and (statement.get("Principal"), statement.get("Action")) == (
        "*",
        "execute-api:Invoke",
    )
