"""Who is checked on an operation, as far as a blueprint can say it; pure.

What it cannot say stays closed: such an operation never becomes a public route.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from gateprint.errors import Diagnostic, InputRejected
from gateprint.openapi import words
from gateprint.openapi.reading import Node

Auth = Literal["iam", "none"]
AUTH = "x-amazon-apigateway-auth"
_REMEDY = "decide who may call it, and give it security: [{sigv4: []}]"


def needs_key(whole: Node, operation: Node) -> bool:
    """Tell whether an API key is in every requirement of an operation, beside what else is."""
    asked = operation.mapping().get("security", whole.mapping().get("security"))
    keys = _keys(whole)
    if not isinstance(asked, list) or not asked:
        return False
    return all(isinstance(each, dict) and keys & set(each) for each in asked)


def _keys(whole: Node) -> set[str]:
    """Return the security schemes that are API Gateway's own keys, as an export declares them."""
    return {
        name
        for name, each in schemes_in(whole).items()
        if dict(each.mapping()) == words.API_KEY_SCHEME
    }


def auth_of(whole: Node, operation: Node, name: str, *, has_key: bool = False) -> Auth:
    """Return `iam` where every caller has to sign, `none` where somebody has not to.

    `has_key` tells that the key in each requirement is known, and something of its own.

    `security` of an operation takes the place of the document's own; one empty requirement among
    several makes all others optional (OpenAPI Specification, "Security Requirement Object").

    Raises:
        InputRejected: callers are checked in another way.
    """
    if _is_told_iam(operation, name):
        return "iam"
    own = operation.mapping().get("security")
    holder = operation if own is not None else whole
    asked = holder.mapping().get("security")
    if asked is None:
        return "none"
    if not isinstance(asked, list) or not all(isinstance(each, dict) for each in asked):
        problem = f"{name}: security is not a list of requirements"
        raise InputRejected([holder.refuse(problem, _REMEDY)])
    if has_key:
        keys = _keys(whole)
        asked = [{one: each[one] for one in each if one not in keys} for each in asked]
    if not asked or {} in asked:
        return "none"
    schemes = schemes_in(whole)
    if found := list(_unmet(holder, asked, schemes, name)):
        raise InputRejected(found)
    return "iam"


def _is_told_iam(operation: Node, name: str) -> bool:
    """Read `x-amazon-apigateway-auth`, which may say it without a security scheme."""
    said = (operation.text(AUTH, "type") or "NONE").upper()
    if said not in {"NONE", "AWS_IAM"}:
        problem = f"{name}: its callers are checked by {said}, not by IAM"
        raise InputRejected([operation.at(AUTH).refuse(problem, _REMEDY)])
    return said == "AWS_IAM"


def schemes_in(whole: Node) -> Mapping[str, Node]:
    """Return the security schemes by name; of Swagger 2.0 its security definitions."""
    new, old = whole.at("components", "securitySchemes"), whole.at("securityDefinitions")
    return {**dict(old.items()), **dict(new.items())}


def _unmet(
    holder: Node, asked: Sequence[Mapping[str, Any]], schemes: Mapping[str, Node], name: str
) -> Iterator[Diagnostic]:
    """Yield why a requirement is not one signature of IAM alone."""
    for index, requirement in enumerate(asked):
        others = [each for each in requirement if not _is_signature(schemes.get(each))]
        if others:
            said = " and ".join(_called(each, schemes.get(each)) for each in others)
            problem = f"{name}: its callers are checked by {said}, not by IAM"
            yield Node(holder.document, (*holder.path, "security", index)).refuse(problem, _REMEDY)


def _is_signature(scheme: Node | None) -> bool:
    return scheme is not None and (scheme.text(words.AUTH_TYPE) or "").lower() == "awssigv4"


def _called(name: str, scheme: Node | None) -> str:
    if scheme is None:
        return f"{name}, which is declared nowhere"
    kind = scheme.text("x-amazon-apigateway-authtype") or scheme.text("type") or "something"
    return f"{name} ({kind})"
