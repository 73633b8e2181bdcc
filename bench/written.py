"""Reads what each tool wrote, Terraform or CloudFormation, and says what it lacks of the shop."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.shop import shop

IAM = "AWS_IAM"
_PREFLIGHT = "OPTIONS"
_REFERENCE = re.compile(r"^\$\{aws_api_gateway_resource\.([^.]+)\.id\}$")


@dataclass(frozen=True, slots=True)
class Written:
    """An API as it was written: authorization by method and path, and what each role says."""

    methods: Mapping[tuple[str, str], str]
    roles: tuple[str, ...]


def lacks(folder: Path) -> list[str]:
    """Return what the template in a folder lacks of the shop, in words."""
    return faults(read(folder))


def faults(found: Written) -> list[str]:
    """Return what an API lacks of the shop, in words."""
    routes = set(found.methods)
    wanted = {
        "routes": set(shop.ROUTES) <= routes,
        "AWS_IAM": all(found.methods.get(each, IAM) == IAM for each in shop.ROUTES),
        "CORS": {(_PREFLIGHT, path) for path in shop.PATHS} <= routes,
        "open preflights": all(
            found.methods.get((_PREFLIGHT, path), "NONE") == "NONE" for path in shop.PATHS
        ),
        "the caller's role": any(map(_is_caller, found.roles)),
    }
    return [name for name, is_there in wanted.items() if not is_there]


def _is_caller(role: str) -> bool:
    """Tell whether this is the whole role: who may take it, and every route that it may call."""
    trust = ("sts:AssumeRoleWithSAML", shop.SAML_PROVIDER, shop.AUDIENCE)
    # What stands before the path differs: a reference to the API, in each tool's own way.
    return all(each in role for each in (*trust, *(shop.invoked(*one) for one in shop.ROUTES)))


def read(folder: Path) -> Written:
    """Return the API of whatever template lies below a folder.

    Raises:
        ValueError: there is none.
    """
    for path in sorted(folder.rglob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        found = _read(document) if isinstance(document, dict) else None
        if found is not None and found.methods:
            return found
    raise ValueError(f"there is no template of an API in {folder}")


def _read(document: Mapping[str, Any]) -> Written | None:
    if "Resources" in document:
        return _cloudformation(document["Resources"])
    if "aws_api_gateway_rest_api" in document.get("resource", {}):
        return _terraform(document)
    return None


def _terraform(document: Mapping[str, Any]) -> Written:
    found = document["resource"]
    methods = {
        (each["http_method"], _terraform_path(found, each["resource_id"])): each["authorization"]
        for each in found.get("aws_api_gateway_method", {}).values()
    }
    for text in document.get("locals", {}).values():
        if isinstance(text, str) and text.startswith("{"):
            methods |= _openapi(json.loads(text))
    policies = found.get("aws_iam_role_policy", {}).values()
    roles = [
        f"{role['assume_role_policy']} {' '.join(each['policy'] for each in policies)}"
        for role in found.get("aws_iam_role", {}).values()
    ]
    return Written(methods, tuple(roles))


def _terraform_path(found: Mapping[str, Any], reference: str) -> str:
    match = _REFERENCE.match(reference)
    if match is None:
        return ""
    place = found["aws_api_gateway_resource"][match[1]]
    return f"{_terraform_path(found, place['parent_id'])}/{place['path_part']}"


def _cloudformation(resources: Mapping[str, Any]) -> Written:
    methods: dict[tuple[str, str], str] = {}
    for each in _of_type(resources, "AWS::ApiGateway::Method"):
        path = _cloudformation_path(resources, each["ResourceId"])
        methods[each["HttpMethod"], path] = each.get("AuthorizationType", "NONE")
    for each in _of_type(resources, "AWS::ApiGateway::RestApi"):
        methods |= _openapi(each.get("Body", {}))
    policies = json.dumps(list(_of_type(resources, "AWS::IAM::Policy")))
    roles = [f"{json.dumps(each)} {policies}" for each in _of_type(resources, "AWS::IAM::Role")]
    return Written(methods, tuple(roles))


def _of_type(resources: Mapping[str, Any], kind: str) -> Iterator[Mapping[str, Any]]:
    return (each["Properties"] for each in resources.values() if each["Type"] == kind)


def _cloudformation_path(resources: Mapping[str, Any], reference: Mapping[str, Any]) -> str:
    if "Ref" not in reference:
        return ""
    place = resources[reference["Ref"]]["Properties"]
    return f"{_cloudformation_path(resources, place['ParentId'])}/{place['PathPart']}"


def _openapi(body: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Return the methods of a body; `security` names a scheme, which is IAM's in both tools."""
    return {
        (verb.upper(), path): IAM if each.get("security") else "NONE"
        for path, verbs in body.get("paths", {}).items()
        for verb, each in verbs.items()
    }
