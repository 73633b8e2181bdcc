"""What of synthesized Terraform is not read, and may bear on access; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gateprint.access.proof.domains import BASE_PATH, DOMAIN
from gateprint.access.proof.found import ENDPOINT_POLICY
from gateprint.access.proof.resources import REFERENCE, Resources

# Types that are read here, and types that let nobody do anything.
_READ = {
    "aws_api_gateway_rest_api",
    "aws_api_gateway_resource",
    "aws_api_gateway_method",
    "aws_api_gateway_stage",
    "aws_api_gateway_rest_api_policy",
    "aws_api_gateway_authorizer",
    "aws_api_gateway_usage_plan",
    "aws_api_gateway_usage_plan_key",
    "aws_api_gateway_api_key",
    BASE_PATH,
    DOMAIN,
    "aws_iam_role",
    "aws_iam_role_policy",
    "aws_iam_policy",
    "aws_iam_role_policy_attachment",
    "aws_iam_saml_provider",
    ENDPOINT_POLICY,
}
_HARMLESS = {
    "aws_api_gateway_account",
    "aws_api_gateway_deployment",
    "aws_api_gateway_gateway_response",
    "aws_api_gateway_integration",
    "aws_api_gateway_integration_response",
    "aws_api_gateway_method_response",
    "aws_api_gateway_method_settings",
    "aws_api_gateway_model",
    "aws_api_gateway_request_validator",
}
_BEARING = ("aws_iam_", "aws_api_gateway_", "aws_apigateway", "aws_vpc_endpoint")
# What every stack has; blocks that hold what is there, by type and name or by name.
_FRAME = {"//", "provider", "terraform"}
_BY_TYPE = {"resource", "data"}
# Arguments with which a resource that is read would say more than is read.
_MORE = {
    "aws_api_gateway_rest_api": {"body", "policy"},
    # A key's value is nobody's to write down.
    "aws_api_gateway_api_key": {"value"},
    DOMAIN: {"policy"},
    "aws_iam_role": {"inline_policy", "managed_policy_arns", "permissions_boundary", "path"},
}
_REPEATED = {"count", "for_each"}


def not_read(terraform: Mapping[str, Any], resources: Resources) -> Iterator[str]:
    """Yield what may bear on access and is not understood, in words."""
    yield from _not_read(resources)
    if terraform.get("module"):
        yield "a module may hold roles, policies and methods"


def contents_of(terraform: Mapping[str, Any]) -> Iterator[str]:
    """Yield the addresses of all that a stack has beside its provider and its settings."""
    for block, found in sorted(terraform.items()):
        if block in _FRAME or not found:
            continue
        if not isinstance(found, Mapping):
            yield block
        elif block in _BY_TYPE:
            front = "" if block == "resource" else f"{block}."
            for kind, named in sorted(found.items()):
                for name in sorted(named) if isinstance(named, Mapping) else ["…"]:
                    yield f"{front}{kind}.{name}"
        else:
            yield from (f"{block}.{name}" for name in sorted(found))


def _not_read(resources: Resources) -> Iterator[str]:
    for kind, found in sorted(resources.by_type.items()):
        if kind in _HARMLESS or not kind.startswith(_BEARING):
            continue
        for name in found if isinstance(found, Mapping) else ["…"]:
            if kind not in _READ:
                yield f"{kind}.{name} may give access, and is of a type that is not read"
        for name, arguments in resources.of(kind):
            more = sorted((_MORE.get(kind, set()) | _REPEATED) & arguments.keys())
            for each in more:
                yield f"{kind}.{name} has {each}, which is not read"
            for key in ("policy", "assume_role_policy"):
                if "${" in _unescaped(arguments, key):
                    yield f"{kind}.{name} has an expression in its {key}"


def _unescaped(arguments: Mapping[str, Any], name: str) -> str:
    """Return an argument without references and escapes: what is left is an expression."""
    value = arguments.get(name)
    text = REFERENCE.sub("", value) if isinstance(value, str) else ""
    return text.replace("$${", "\0").replace("%%{", "\0").replace("%{", "${")
