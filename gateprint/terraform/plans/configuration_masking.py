"""The `configuration` part of plan JSON without secrets: providers, resources, variables; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gateprint.terraform.plans.hiding import MASK, Hider
from gateprint.terraform.plans.marks import marks_by_resource

# Arguments of the AWS provider that hold no secret (registry.terraform.io/providers/hashicorp/aws/
# 5.100.0/docs, "Argument Reference"); the values of all others are masked.
_PLAIN_ARGUMENTS = frozenset(
    {
        "allowed_account_ids",
        "default_tags",
        "endpoints",
        "forbidden_account_ids",
        "ignore_tags",
        "max_retries",
        "profile",
        "region",
        "retry_mode",
        "s3_use_path_style",
        "skip_credentials_validation",
        "skip_metadata_api_check",
        "skip_region_validation",
        "skip_requesting_account_id",
        "sts_region",
        "use_dualstack_endpoint",
        "use_fips_endpoint",
    }
)

Section = Callable[[Hider, Any], Any]


def masked_configuration(hider: Hider, found: Any, document: Mapping[str, Any]) -> Any:
    """Return the configuration; `document` is the whole plan, which says what is sensitive."""
    marks = marks_by_resource(document)
    sections: dict[str, Section] = {
        "provider_config": _providers,
        "root_module": lambda hider, module: _module(hider, module, marks),
    }
    return hider.known(found, sections)


def _providers(hider: Hider, found: Mapping[str, Any]) -> Any:
    sections: dict[str, Section] = {
        **dict.fromkeys(
            ("name", "full_name", "alias", "module_address", "version_constraint"), Hider.plain
        ),
        "expressions": _provider_arguments,
    }
    return {name: hider.known(each, sections) for name, each in found.items()}


def _provider_arguments(hider: Hider, found: Mapping[str, Any]) -> Any:
    return {
        name: _expression(hider, each, name not in _PLAIN_ARGUMENTS or _has_credentials(each))
        for name, each in found.items()
    }


def _has_credentials(value: Any) -> bool:
    """Tell whether there is an address with a user in it, as `https://user:password@host`."""
    if isinstance(value, str):
        return "://" in value and "@" in value
    if isinstance(value, Mapping):
        return any(_has_credentials(each) for each in value.values())
    return isinstance(value, list) and any(_has_credentials(each) for each in value)


def _module(hider: Hider, found: Mapping[str, Any], marks: Mapping[str, Any]) -> Any:
    sections: dict[str, Section] = {
        "outputs": _outputs,
        "resources": lambda hider, each: [_resource(hider, one, marks) for one in each],
        "variables": _variables,
    }
    # gateprint's own stacks have no modules; others' are masked as a whole.
    return hider.known(found, sections)


def _resource(hider: Hider, found: Mapping[str, Any], marks: Mapping[str, Any]) -> Any:
    own = marks.get(str(found.get("address")))
    names = ("address", "mode", "type", "name", "provider_config_key", "schema_version")
    sections: dict[str, Section] = {
        **dict.fromkeys((*names, "depends_on"), Hider.names),
        "expressions": lambda hider, each: _arguments(hider, each, own),
        "count_expression": lambda hider, each: _expression(hider, each, marks=False),
        "for_each_expression": lambda hider, each: _expression(hider, each, marks=False),
    }
    return hider.known(found, sections)


def _arguments(hider: Hider, found: Any, marks: Any) -> Any:
    # Without a single instance there is nothing that says which arguments are secrets.
    return _withheld(found) if marks is None else _expression(hider, found, marks)


def _expression(hider: Hider, found: Any, marks: Any) -> Any:
    """Return an expression, a block of them or a list of blocks, without marked constants."""
    if isinstance(found, list):
        return [_expression(hider, each, marks) for each in found]
    if not isinstance(found, Mapping):
        return hider.hide(found)
    if "constant_value" in found or "references" in found:
        return _leaf(hider, found, marks)
    below = marks if isinstance(marks, Mapping) else {}
    default = marks is True
    return {
        name: _expression(hider, each, below.get(name, default)) for name, each in found.items()
    }


def _leaf(hider: Hider, found: Mapping[str, Any], marks: Any) -> Any:
    sections: dict[str, Section] = {
        "constant_value": lambda hider, value: _constant(hider, value, marks),
        "references": Hider.names,
    }
    return hider.known(found, sections)


def _constant(hider: Hider, value: Any, marks: Any) -> Any:
    """Mask by a tree in which a list's elements share their marks."""
    if marks is True:
        return hider.hide(value)
    if isinstance(value, list):
        return [_constant(hider, each, marks) for each in value]
    if isinstance(value, Mapping) and isinstance(marks, Mapping):
        return {name: _constant(hider, each, marks.get(name)) for name, each in value.items()}
    return hider.hide(value) if _marks_anything(marks) else value


def _marks_anything(marks: Any) -> bool:
    if isinstance(marks, Mapping):
        return any(_marks_anything(each) for each in marks.values())
    return marks is True


def _outputs(hider: Hider, found: Mapping[str, Any]) -> Any:
    return {name: _output(hider, each) for name, each in found.items()}


def _output(hider: Hider, found: Mapping[str, Any]) -> Any:
    is_secret = bool(found.get("sensitive"))
    sections: dict[str, Section] = {
        **dict.fromkeys(("sensitive", "ephemeral", "description", "depends_on"), Hider.names),
        "expression": lambda hider, each: _expression(hider, each, is_secret),
    }
    return hider.known(found, sections)


def _variables(hider: Hider, found: Mapping[str, Any]) -> Any:
    return {name: _variable(hider, each) for name, each in found.items()}


def _variable(hider: Hider, found: Mapping[str, Any]) -> Any:
    is_secret = bool(found.get("sensitive"))
    sections: dict[str, Section] = {
        **dict.fromkeys(("sensitive", "ephemeral", "description"), Hider.plain),
        "default": lambda hider, value: hider.value(value, is_secret),
    }
    return hider.known(found, sections)


def _withheld(found: Any) -> Any:
    """Mask all constants, which are probably no secrets: logs are not scrubbed of them."""
    if isinstance(found, list):
        return [_withheld(each) for each in found]
    if not isinstance(found, Mapping):
        return found
    return {
        name: MASK if name == "constant_value" else _withheld(each) for name, each in found.items()
    }
