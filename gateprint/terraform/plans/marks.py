"""Which attributes Terraform calls sensitive, in the form of its `…_sensitive` trees; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

# Instances of one resource share its configuration: `aws_x.y["a"]` is configured as `aws_x.y`.
_INDEX = re.compile(r"\[(?:\d+|\"(?:[^\"\\]|\\.)*\")\]")


def configured_address(address: str) -> str:
    """Return the address of a resource in the configuration, without its instances' keys."""
    return _INDEX.sub("", address)


def marks_by_resource(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return one tree per configured resource that joins the marks of all its values anywhere."""
    found: dict[str, Any] = {}
    for address, marks in _all_marks(document):
        place = configured_address(address)
        found[place] = joined(found.get(place, False), flat(marks))
    return found


def flat(marks: Any) -> Any:
    """Return the tree with each list as one element that has all their marks."""
    if isinstance(marks, list):
        whole: Any = False
        for each in marks:
            whole = joined(whole, flat(each))
        return whole
    if isinstance(marks, Mapping):
        return {name: flat(each) for name, each in marks.items()}
    return marks


def joined(left: Any, right: Any) -> Any:
    """Return what either tree marks."""
    if left is True or right is True:
        return True
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return {
            name: joined(left.get(name, False), right.get(name, False)) for name in {*left, *right}
        }
    return left or right


def _all_marks(document: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for section in ("resource_changes", "resource_drift"):
        for each in document.get(section, ()):
            yield each["address"], each["change"].get("before_sensitive", False)
            yield each["address"], each["change"].get("after_sensitive", False)
    for values in (
        document.get("planned_values", {}),
        document.get("prior_state", {}).get("values", {}),
    ):
        yield from _in_module(values.get("root_module", {}))


def _in_module(module: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for each in module.get("resources", ()):
        yield each["address"], each.get("sensitive_values", False)
    for child in module.get("child_modules", ()):
        yield from _in_module(child)
