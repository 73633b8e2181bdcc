"""Secrets that the AWS provider does not call sensitive, marked as if it did; pure.

`aws_api_gateway_api_key.value` is sensitive, the same as `aws_api_gateway_usage_plan_key.value`
is not (the schema of provider 5.100.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_SECRET: Mapping[str, str] = {"aws_api_gateway_usage_plan_key": "value"}
_SIDES = ("before_sensitive", "after_sensitive")


def with_marks(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a plan's document in which these are marked too, wherever it marks what is secret."""
    found = dict(document)
    for section in ("resource_changes", "resource_drift"):
        if section in found:
            found[section] = [_of_change(each) for each in found[section]]
    for section, path in (("planned_values", ()), ("prior_state", ("values",))):
        if section in found:
            found[section] = _below(found[section], (*path, "root_module"))
    return found


def _of_change(found: Mapping[str, Any]) -> Mapping[str, Any]:
    if found.get("type") not in _SECRET:
        return found
    change = dict(found["change"])
    for side in _SIDES:
        change[side] = _joined(change.get(side, True), _SECRET[found["type"]])
    return {**found, "change": change}


def _joined(marks: Any, name: str) -> Any:
    if marks is True:
        return True
    return {**(marks if isinstance(marks, Mapping) else {}), name: True}


def _below(found: Any, path: tuple[str, ...]) -> Any:
    if not path:
        return _module(found)
    name, *rest = path
    if not isinstance(found, Mapping) or name not in found:
        return found
    return {**found, name: _below(found[name], tuple(rest))}


def _module(found: Mapping[str, Any]) -> dict[str, Any]:
    whole = dict(found)
    if "resources" in whole:
        whole["resources"] = [_of_resource(each) for each in whole["resources"]]
    if "child_modules" in whole:
        whole["child_modules"] = [_module(each) for each in whole["child_modules"]]
    return whole


def _of_resource(found: Mapping[str, Any]) -> Mapping[str, Any]:
    name = _SECRET.get(str(found.get("type")))
    if name is None:
        return found
    return {**found, "sensitive_values": _joined(found.get("sensitive_values", True), name)}
