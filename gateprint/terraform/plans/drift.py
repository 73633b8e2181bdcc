"""What a refresh-only plan says was changed outside of Terraform, but for noise; pure.

`resource_drift` of the plan's JSON holds every attribute that reads otherwise than it was written
("Plan Representation", developer.hashicorp.com/terraform/internals/json-format). After a first
apply these are dozens which only tell that the provider writes null where AWS says "none": here "",
[], {}, false and 0 are the same as null, and so are two spellings of one JSON document.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from gateprint.access.proof.applied import Others, Resource, strangers
from gateprint.terraform.plans.hiding import MASK, Hider
from gateprint.terraform.plans.plan import ResourceChange, TerraformPlan
from gateprint.terraform.plans.unmarked import with_marks

# What a resource tells of others, by type: those have their own place in the state.
_OF_OTHERS = {
    "aws_iam_role": {"inline_policy", "managed_policy_arns"},
    "aws_api_gateway_rest_api": {"policy"},
    "aws_api_gateway_stage": {"web_acl_arn"},
}
# Which type has that place, and its attributes: what it is of, and what it says. The first type's
# are its own identifier and what it tells.
_TOLD_BY = {
    "aws_api_gateway_rest_api": (
        ("aws_api_gateway_rest_api_policy", "rest_api_id", "policy"),
        ("id", "policy"),
    ),
    "aws_api_gateway_stage": (
        ("aws_wafv2_web_acl_association", "resource_arn", "web_acl_arn"),
        ("arn", "web_acl_arn"),
    ),
}
_SHORTEST_JSON = 2


@dataclass(frozen=True, slots=True)
class AttributeDrift:
    """An attribute, or a part of one, that was changed; a side is None where there was nothing."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class ResourceDrift:
    """A resource that was changed outside, or is gone."""

    address: str
    type: str
    change: Literal["changed", "gone"]
    attributes: tuple[AttributeDrift, ...] = ()


@dataclass(frozen=True, slots=True)
class StackDrift:
    """What was changed of a stack, and all its resources as they were applied and as they are."""

    resources: tuple[ResourceDrift, ...]
    before: tuple[Resource, ...]
    after: tuple[Resource, ...]


def read_drift(document: Mapping[str, Any], others: Others | None = None) -> StackDrift:
    """Return what a plan's JSON says was changed outside; masked values stay masked.

    A policy that somebody added to a role by hand is among it, whatever the state says: a role
    tells all that it has. `others` are those that other blueprints add.

    Raises:
        ToolFailed: the format is another one.
    """
    drifted = [each for each in TerraformPlan.of(document).drift if each.deposed is None]
    after = tuple(_resources(document.get("prior_state", {}).get("values", {})))
    before = _before(after, drifted)
    found = {each.address: each for each in _all_drifted(drifted, document, after)}
    for role, attribute, name in strangers(after, others or {}):
        added = AttributeDrift(f'{attribute}["{name}"]', None, "added by hand")
        known = found.get(role.address, ResourceDrift(role.address, role.type, "changed"))
        attributes = (*known.attributes, added)
        found[role.address] = ResourceDrift(role.address, role.type, "changed", attributes)
    return StackDrift(tuple(found[each] for each in sorted(found)), before, after)


def _resources(values: Mapping[str, Any]) -> Iterator[Resource]:
    """Yield the managed resources; gateprint's stacks have no modules."""
    for each in values.get("root_module", {}).get("resources", ()):
        if each.get("mode") == "managed":
            yield Resource(each["address"], each["type"], each.get("values") or {})


def _before(after: tuple[Resource, ...], drifted: list[ResourceChange]) -> tuple[Resource, ...]:
    old = {
        each.address: Resource(each.address, each.type, each.before)
        for each in drifted
        if isinstance(each.before, Mapping)
    }
    kept = {each.address: each for each in after}
    return tuple({**kept, **old}[address] for address in sorted({*kept, *old}))


def _all_drifted(
    drifted: list[ResourceChange], document: Mapping[str, Any], after: tuple[Resource, ...]
) -> Iterator[ResourceDrift]:
    marked_document = with_marks(document)
    marks = {each["address"]: each["change"] for each in marked_document.get("resource_drift", ())}
    for each in drifted:
        if each.after is None:
            yield ResourceDrift(each.address, each.type, "gone")
            continue
        marked = marks[each.address].get("after_sensitive")
        hidden = replace(
            each,
            before=Hider().value(each.before, marks[each.address].get("before_sensitive")),
            after=Hider().value(each.after, marked),
        )
        attributes = (
            *_changed(hidden, after),
            *(AttributeDrift(path, MASK, MASK) for path in _marked(marked, "")),
        )
        if attributes:
            yield ResourceDrift(each.address, each.type, "changed", attributes)


def _changed(change: ResourceChange, after: tuple[Resource, ...]) -> Iterator[AttributeDrift]:
    found = list(_differences(change.before, change.after, ""))
    paths = {(each.path, repr(each.after)) for each in found}
    for each in found:
        name = each.path.partition(".")[0].partition("[")[0]
        if name in _OF_OTHERS.get(change.type, ()) and not _is_told_by_none(change, after):
            continue
        if name == "tags" and (each.path.replace("tags", "tags_all", 1), repr(each.after)) in paths:
            continue
        if MASK not in (each.before, each.after):
            yield each


def _is_told_by_none(change: ResourceChange, after: tuple[Resource, ...]) -> bool:
    """Tell whether a REST API has a policy, or a stage a web ACL, that no other resource tells."""
    if change.type not in _TOLD_BY:
        return False
    (kind, of, what), (own, told) = _TOLD_BY[change.type]
    written = [
        each.values.get(what)
        for each in after
        if each.type == kind and each.values.get(of) == change.after.get(own)
    ]
    return not any(_is_same(each, change.after.get(told)) for each in written)


def _is_same(one: Any, other: Any) -> bool:
    return next(_differences(one, other, ""), None) is None


def _differences(before: Any, after: Any, path: str) -> Iterator[AttributeDrift]:
    """Yield where two values differ, as deep as both have the same form."""
    before, after = _read(before, after)
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in sorted({*before, *after}):
            yield from _differences(before.get(name), after.get(name), _below(path, name))
    elif isinstance(before, list) and isinstance(after, list) and _is_nested(before, after):
        for index in range(max(len(before), len(after))):
            old, new = (each[index] if index < len(each) else None for each in (before, after))
            yield from _differences(old, new, f"{path}[{index}]")
    elif before != after and not _is_null(before, after):
        yield AttributeDrift(path, _shown(before), _shown(after))


def _read(before: Any, after: Any) -> tuple[Any, Any]:
    """Return JSON documents as what they say, where both are one."""
    if isinstance(before, str) and isinstance(after, str):
        read = _document(before), _document(after)
        return (before, after) if None in read else read
    return before, after


def _document(text: str) -> Any:
    if len(text) < _SHORTEST_JSON or text[0] not in "{[":
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _is_nested(before: list[Any], after: list[Any]) -> bool:
    return any(isinstance(each, Mapping | list) for each in (*before, *after))


def _is_null(before: Any, after: Any) -> bool:
    """Tell whether null became what the provider reads for it, or the other way round."""
    sides = (_shown(before), _shown(after))
    return sides == (None, None) or (None in sides and not any(sides))


def _shown(value: Any) -> Any:
    return None if value in ("", [], {}) else value


def _below(path: str, name: str) -> str:
    if not path:
        return name
    return f"{path}.{name}" if name.replace("_", "").isalnum() else f'{path}["{name}"]'


def _marked(marks: Any, path: str) -> Iterator[str]:
    """Yield the attributes whose values are masked: whether they were changed is not known."""
    if marks is True:
        yield path
    elif isinstance(marks, Mapping):
        for name, each in sorted(marks.items()):
            yield from _marked(each, _below(path, name))
    elif isinstance(marks, list):
        for index, each in enumerate(marks):
            yield from _marked(each, f"{path}[{index}]")
