"""Reads what rules need from a plan: attributes, and the statements of known policies; pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from gateprint.terraform.plans.plan import ResourceChange, TerraformPlan

Statement = Mapping[str, Any]
_GOING = frozenset({"delete", "forget"})
_MADE = frozenset({"create", "update", "replace"})


def staying_all(plan: TerraformPlan) -> Iterator[ResourceChange]:
    """Yield the resources that are there afterwards."""
    for each in plan.changes:
        if each.action not in _GOING and each.deposed is None:
            yield each


def staying(plan: TerraformPlan, kind: str) -> Iterator[ResourceChange]:
    """Yield the resources of a type that are there afterwards."""
    return (each for each in staying_all(plan) if each.type == kind)


def made(plan: TerraformPlan, kind: str) -> Iterator[ResourceChange]:
    """Yield the resources of a type that the plan makes or changes."""
    return (each for each in staying(plan, kind) if each.action in _MADE)


def going(plan: TerraformPlan, kind: str) -> Iterator[ResourceChange]:
    """Yield the resources of a type that the plan deletes, or makes anew."""
    return (each for each in plan.destroyed() if each.type == kind)


def attribute(values: Any, name: str) -> Any:
    """Return an attribute of `before`, `after` or `after_unknown`; None where it is not there."""
    return values.get(name) if isinstance(values, Mapping) else None


def text(values: Any, name: str) -> str:
    """Return an attribute that is a text; empty where it is none."""
    found = attribute(values, name)
    return found if isinstance(found, str) else ""


def is_unknown(change: ResourceChange, name: str) -> bool:
    """Tell whether an attribute is known only after the apply."""
    return attribute(change.after_unknown, name) is True


def statements(document: str) -> tuple[Statement, ...] | None:
    """Return the statements of a policy document, or None where it cannot be read."""
    try:
        found = json.loads(document)["Statement"]
    except (ValueError, LookupError, TypeError):
        return None
    whole = found if isinstance(found, list) else [found]
    return tuple(whole) if all(isinstance(each, Mapping) for each in whole) else None


def listed(value: Any) -> tuple[str, ...]:
    """Return the texts of an element that may be one text or a list of them."""
    return tuple(str(each) for each in value) if isinstance(value, list) else (str(value),)
