"""Plan JSON without its secrets, fit to be written to a file; pure.

Terraform prints sensitive values in clear and says beside them which they are
(developer.hashicorp.com/terraform/internals/json-format). Here everything passes that the format
is known to hold without secrets; whatever is not known is masked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gateprint.terraform.plans.configuration_masking import masked_configuration
from gateprint.terraform.plans.hiding import MASK, Hider
from gateprint.terraform.plans.scrubbing import scrubber
from gateprint.terraform.plans.unmarked import with_marks

_PLAIN = ("format_version", "terraform_version", "timestamp", "applyable", "complete", "errored")
_PLAIN_OF_RESOURCE = (
    "address",
    "previous_address",
    "module_address",
    "mode",
    "type",
    "name",
    "index",
    "deposed",
    "provider_name",
    "action_reason",
    "schema_version",
    "tainted",
    "depends_on",
)

Section = Callable[[Hider, Any], Any]


def masked(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document with "(sensitive)" for every secret, and for what is not known.

    A secret that also stands in a value which Terraform does not call sensitive is masked there.
    """
    hider = Hider()
    clean = _masked(hider, document)
    return _swept(clean, scrubber(hider.secrets))


def secrets_of(document: Mapping[str, Any]) -> frozenset[str]:
    """Return every text of 6 and more characters that `masked` takes away, to scrub logs."""
    hider = Hider()
    _masked(hider, document)
    return hider.secrets


def _masked(hider: Hider, plain: Mapping[str, Any]) -> dict[str, Any]:
    document = with_marks(plain)
    sections: dict[str, Section] = {
        **dict.fromkeys(_PLAIN, Hider.plain),
        "resource_changes": _changes,
        "resource_drift": _changes,
        "output_changes": _output_changes,
        "planned_values": _state_values,
        "prior_state": _prior_state,
        "configuration": lambda hider, found: masked_configuration(hider, found, document),
        "relevant_attributes": Hider.names,
        "checks": _checks,
        "variables": lambda hider, found: _variables(hider, found, document),
    }
    return {**hider.known(document, sections)}


def _changes(hider: Hider, found: Any) -> Any:
    sections: dict[str, Section] = {
        **dict.fromkeys(_PLAIN_OF_RESOURCE, Hider.names),
        "change": _change,
    }
    return [hider.known(each, sections) for each in found]


def _change(hider: Hider, change: Mapping[str, Any]) -> Any:
    sections: dict[str, Section] = {
        "actions": Hider.names,
        "replace_paths": Hider.names,
        "importing": lambda hider, found: hider.known(found, {"id": Hider.plain}),
        "before": lambda hider, value: hider.value(value, change.get("before_sensitive", True)),
        "after": lambda hider, value: hider.value(value, change.get("after_sensitive", True)),
        "after_unknown": Hider.flags,
        "before_sensitive": Hider.flags,
        "after_sensitive": Hider.flags,
    }
    return hider.known(change, sections)


def _output_changes(hider: Hider, found: Mapping[str, Any]) -> Any:
    return {name: _change(hider, each) for name, each in found.items()}


def _prior_state(hider: Hider, found: Mapping[str, Any]) -> Any:
    sections: dict[str, Section] = {
        "format_version": Hider.plain,
        "terraform_version": Hider.plain,
        "values": _state_values,
        "checks": _checks,
    }
    return hider.known(found, sections)


def _state_values(hider: Hider, found: Mapping[str, Any]) -> Any:
    return hider.known(found, {"outputs": _outputs, "root_module": _module})


def _outputs(hider: Hider, found: Mapping[str, Any]) -> Any:
    return {name: _output(hider, each) for name, each in found.items()}


def _output(hider: Hider, found: Mapping[str, Any]) -> Any:
    is_secret = found.get("sensitive") is not False
    sections: dict[str, Section] = {
        "sensitive": Hider.plain,
        "value": lambda hider, value: hider.value(value, is_secret),
        "type": lambda hider, kind: MASK if is_secret else hider.names(kind),
    }
    return hider.known(found, sections)


def _module(hider: Hider, found: Mapping[str, Any]) -> Any:
    sections: dict[str, Section] = {
        "address": Hider.plain,
        "resources": lambda hider, each: [_resource(hider, one) for one in each],
        "child_modules": lambda hider, each: [_module(hider, one) for one in each],
    }
    return hider.known(found, sections)


def _resource(hider: Hider, found: Mapping[str, Any]) -> Any:
    marks = found.get("sensitive_values", True)
    sections: dict[str, Section] = {
        **dict.fromkeys(_PLAIN_OF_RESOURCE, Hider.names),
        "values": lambda hider, value: hider.value(value, marks),
        "sensitive_values": Hider.flags,
    }
    return hider.known(found, sections)


def _checks(hider: Hider, found: Any) -> Any:
    """Mask the messages: they are sentences about values, and nobody knows about which."""
    return [_check(hider, each) for each in found]


def _check(hider: Hider, found: Mapping[str, Any]) -> Any:
    sections: dict[str, Section] = {
        "address": Hider.names,
        "status": Hider.plain,
        "instances": _checks,
    }
    return hider.known(found, sections)


def _variables(hider: Hider, found: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    module = document.get("configuration", {}).get("root_module", {})
    declared = module.get("variables", {})
    return {
        name: {"value": hider.value(each.get("value"), _is_secret(declared.get(name)))}
        for name, each in found.items()
    }


def _is_secret(variable: Any) -> bool:
    return not isinstance(variable, Mapping) or bool(variable.get("sensitive"))


def _swept(clean: dict[str, Any], scrub: Callable[[str], str]) -> dict[str, Any]:
    """Scrub the texts of all values; addresses, names and what else is no value stay whole."""
    for section in ("resource_changes", "resource_drift"):
        for each in clean.get(section, ()):
            _sweep(each["change"], ("before", "after"), scrub)
    for change in clean.get("output_changes", {}).values():
        _sweep(change, ("before", "after"), scrub)
    for section in ("planned_values", "prior_state", "configuration", "variables"):
        if section in clean:
            clean[section] = _swept_below(clean[section], scrub)
    return clean


_VALUES = frozenset({"value", "values", "constant_value", "default"})


def _swept_below(found: Any, scrub: Callable[[str], str]) -> Any:
    if isinstance(found, dict):
        return {
            name: _scrubbed(each, scrub) if name in _VALUES else _swept_below(each, scrub)
            for name, each in found.items()
        }
    return [_swept_below(each, scrub) for each in found] if isinstance(found, list) else found


def _sweep(change: dict[str, Any], names: tuple[str, ...], scrub: Callable[[str], str]) -> None:
    for name in names:
        if name in change:
            change[name] = _scrubbed(change[name], scrub)


def _scrubbed(value: Any, scrub: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, dict):
        return {name: _scrubbed(each, scrub) for name, each in value.items()}
    return [_scrubbed(each, scrub) for each in value] if isinstance(value, list) else value
