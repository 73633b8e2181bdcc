"""Plans without Terraform: what `terraform show -json` would print, from two configurations.

For tests and measurements of what reads plans. Both sides are what CDKTF writes, `cdk.tf.json` as
data. It knows as much of Terraform and the AWS provider as gateprint's own stacks need: references,
ids that are known only after the apply, and what cannot be changed in place.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Terraform = Mapping[str, Any]
NOTHING: Terraform = {}
_ID = re.compile(r"(?<!\$)\$\{(aws_[a-z0-9_]+)\.([A-Za-z0-9_-]+)\.([a-z_]+)\}")
# Blocks, which are lists in a state, and objects in CDKTF's JSON.
_BLOCKS = {"access_log_settings", "endpoint_configuration", "environment", "settings"}
# Of Terraform, not of the resource.
_META = {"//", "depends_on", "lifecycle", "provider"}
# What the provider can only change by making the resource anew (Terraform registry, each page).
_FORCING: Mapping[str, frozenset[str]] = {
    "aws_api_gateway_deployment": frozenset({"rest_api_id", "triggers"}),
    "aws_api_gateway_integration_response": frozenset({"rest_api_id", "resource_id"}),
    "aws_api_gateway_method": frozenset({"rest_api_id", "resource_id", "http_method"}),
    "aws_api_gateway_method_settings": frozenset({"rest_api_id", "stage_name"}),
    "aws_api_gateway_resource": frozenset({"rest_api_id"}),
    "aws_api_gateway_stage": frozenset({"rest_api_id", "stage_name"}),
    "aws_cloudwatch_log_group": frozenset({"name"}),
    "aws_iam_role": frozenset({"name"}),
    "aws_iam_role_policy": frozenset({"name", "role"}),
    "aws_iam_saml_provider": frozenset({"name"}),
    "aws_lambda_function": frozenset({"function_name"}),
}
_FIRST_MADE = {"aws_api_gateway_deployment"}
_TAGGED = {
    "aws_api_gateway_rest_api",
    "aws_api_gateway_stage",
    "aws_cloudwatch_log_group",
    "aws_iam_policy",
    "aws_iam_role",
    "aws_iam_saml_provider",
    "aws_lambda_function",
}


def plan_document(before: Terraform, after: Terraform, stack: str = "") -> dict[str, Any]:
    """Return the JSON of a plan from what is applied to what is wanted; NOTHING where nothing is.

    Ids are made of `stack` and the address, so two stacks never share one.
    """
    old = _Side(before, stack)
    new = _Side(after, stack, old)
    addresses = sorted({*old.resources, *new.resources})
    found = [_change(each, old, new) for each in addresses]
    prior = [_prior(each, _stated(each, old)) for each in sorted(old.resources)]
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "resource_changes": found,
        "output_changes": {},
        "prior_state": {"format_version": "1.0", "values": {"root_module": {"resources": prior}}},
        "configuration": {"root_module": {"resources": list(_configured(new))}},
        "applyable": any(each["change"]["actions"] != ["no-op"] for each in found),
        "complete": True,
        "errored": False,
    }


@dataclass(frozen=True)
class _Side:
    """The resources of a configuration; with `old`, what is there already."""

    terraform: Terraform
    stack: str
    old: _Side | None = None
    _known: dict[str, tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=dict)

    @property
    def resources(self) -> dict[str, Mapping[str, Any]]:
        found = self.terraform.get("resource", {})
        return {f"{kind}.{name}": each for kind, of in found.items() for name, each in of.items()}

    def values(self, address: str) -> dict[str, Any]:
        """Return what is known of a resource."""
        return self._both(address)[0]

    def unknown(self, address: str) -> dict[str, Any]:
        """Return what is known only after the apply."""
        return self._both(address)[1]

    def actions(self, address: str) -> list[str]:
        if self.old is None or address not in self.old.resources:
            return ["create"]
        differing = self.differing(address)
        kind = address.partition(".")[0]
        if differing & _FORCING.get(kind, frozenset()):
            return ["create", "delete"] if kind in _FIRST_MADE else ["delete", "create"]
        return ["update"] if differing else ["no-op"]

    def differing(self, address: str) -> set[str]:
        assert self.old is not None
        was, will = self.old.values(address), self._written(address)[0]
        written = {name for name in {*was, *will} if was.get(name) != will.get(name)}
        return (written - _computed(self.stack, address, was).keys()) | {*self._written(address)[1]}

    def _both(self, address: str) -> tuple[dict[str, Any], dict[str, Any]]:
        if address not in self._known:
            self._known[address] = self._made(address)
        return self._known[address]

    def _made(self, address: str) -> tuple[dict[str, Any], dict[str, Any]]:
        values, unknown = self._written(address)
        computed = _computed(self.stack, address, values)
        if self.old is None:
            return {**computed, **values}, {}
        if self.actions(address) in (["update"], ["no-op"]):
            kept = self.old.values(address)
            return {**{name: kept.get(name) for name in computed}, **values}, unknown
        return values, {**dict.fromkeys(computed, True), **unknown}

    def _written(self, address: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the arguments with their references resolved, and those that are not known."""
        values: dict[str, Any] = {}
        unknown: dict[str, Any] = {}
        for name, value in self.resources[address].items():
            if name in _META:
                continue
            found = self._resolved(value)
            if found is None:
                unknown[name] = True
            else:
                values[name] = [found] if name in _BLOCKS and isinstance(found, dict) else found
        if address.partition(".")[0] in _TAGGED:
            values["tags_all"] = self._tags()
        return values, unknown

    def _tags(self) -> Any:
        (provider,) = self.terraform.get("provider", {}).get("aws", [{}])
        return provider.get("default_tags", [{}])[0].get("tags", {})

    def _resolved(self, value: Any) -> Any:
        """Return a value without references; None where one of them is not known."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, Mapping):
            inner = {name: self._resolved(each) for name, each in value.items()}
            return None if None in inner.values() and None not in value.values() else inner
        if isinstance(value, list):
            items = [self._resolved(each) for each in value]
            return None if None in items else items
        return value

    def _text(self, text: str) -> str | None:
        for found in _ID.finditer(text):
            if self._attribute(f"{found[1]}.{found[2]}", found[3]) is None:
                return None

        def value(found: re.Match[str]) -> str:
            return str(self._attribute(f"{found[1]}.{found[2]}", found[3]))

        return _ID.sub(value, text).replace("$${", "${").replace("%%{", "%{")

    def _attribute(self, address: str, name: str) -> Any:
        return self.values(address).get(name)


def _computed(stack: str, address: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what AWS says of a resource: ids and ARNs."""
    kind = address.partition(".")[0]
    code = hashlib.sha256(f"{stack} {address}".encode()).hexdigest()[:10]
    named = f"{kind.removeprefix('aws_')}/{values.get('name') or code}"
    found: dict[str, Any] = {"id": code, "arn": f"arn:aws:any:us-east-2:123456789012:{named}"}
    if kind == "aws_api_gateway_rest_api":
        found["root_resource_id"] = f"{code}-root"
        found["execution_arn"] = f"arn:aws:execute-api:us-east-2:123456789012:{code}"
    elif kind == "aws_lambda_function":
        found["invoke_arn"] = f"arn:aws:apigateway:us-east-2:lambda:path/functions/{code}"
    elif kind == "aws_api_gateway_stage":
        found["invoke_url"] = f"https://{code}.example.com/"
    return found


def _change(address: str, old: _Side, new: _Side) -> dict[str, Any]:
    is_gone = address not in new.resources
    actions = ["delete"] if is_gone else new.actions(address)
    kind, _, name = address.partition(".")
    change: dict[str, Any] = {
        "actions": actions,
        "before": None if actions == ["create"] else _stated(address, old),
        "after": None if is_gone else new.values(address),
        "after_unknown": {} if is_gone else new.unknown(address),
        "before_sensitive": False,
        "after_sensitive": False,
    }
    if len(actions) > 1:
        forced = new.differing(address) & _FORCING[kind]
        change["replace_paths"] = [[each] for each in sorted(forced)]
    elif actions == ["no-op"]:
        change["after"], change["after_unknown"] = change["before"], {}
    return {"address": address, "mode": "managed", "type": kind, "name": name, "change": change}


def _stated(address: str, side: _Side) -> dict[str, Any]:
    """Return what a state has of a resource, a path resource's whole path among it."""
    values = side.values(address)
    if not address.startswith("aws_api_gateway_resource."):
        return values
    by_id = {side.values(each).get("id"): side.values(each) for each in side.resources}
    path, parent = f"/{values['path_part']}", by_id.get(values.get("parent_id"))
    while parent is not None and "path_part" in parent:
        path, parent = f"/{parent['path_part']}{path}", by_id.get(parent.get("parent_id"))
    return {**values, "path": path}


def _prior(address: str, values: Mapping[str, Any]) -> dict[str, Any]:
    kind, _, name = address.partition(".")
    found = {"address": address, "mode": "managed", "type": kind, "name": name}
    return {**found, "values": values, "sensitive_values": {}}


def _configured(side: _Side) -> Iterator[dict[str, Any]]:
    """Yield the resources with the arguments that are a reference and nothing else."""
    for address, arguments in sorted(side.resources.items()):
        expressions: dict[str, Any] = {}
        for name, value in arguments.items():
            found = _ID.fullmatch(value) if isinstance(value, str) else None
            if found:
                reference = value[2:-1]
                owner = reference.rpartition(".")[0]
                expressions[name] = {"constant_value": value, "references": [reference, owner]}
        yield {"address": address, "expressions": expressions}
