"""Whether a plan that was made again does nothing but what is left of an approved one; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gateprint.terraform.plans.agreement import Expected, differences
from gateprint.terraform.plans.budget import KINDS
from gateprint.terraform.plans.plan import OutputChange, ResourceChange, TerraformPlan

# What may be left of an approved action. A resource that was made is in the state, or is imported
# into it, and Terraform may then only complete it; after half a replacement it is made, or that.
_LEFT_OF = {
    "create": frozenset({"create", "update", "no-op"}),
    "replace": frozenset({"replace", "create", "update", "no-op"}),
    "update": frozenset({"update", "no-op"}),
    "delete": frozenset({"delete"}),
    "forget": frozenset({"forget"}),
    "read": frozenset({"read"}),
    "no-op": frozenset({"no-op"}),
}
_TAINTED = "replace_because_tainted"
_MAKING = frozenset({"create", "replace"})
# Arguments that AWS does not hold, and what the provider puts into the state when it imports; seen
# with AWS provider 5.100. No other value passes.
_SET_BY_IMPORT = {("aws_api_gateway_rest_api", "put_rest_api_mode"): "overwrite"}
_OF_THE_SAME_OBJECT = frozenset({"update", "replace", "delete", "forget"})


def remaining(approved: TerraformPlan, fresh: TerraformPlan) -> tuple[str, ...]:
    """Return what `fresh` does beyond `approved`, a sentence each; nothing if it is a subset.

    It is a subset if each change was approved at the same address, with the same kind of action,
    or what is left of it, and the same values, where values that were unknown may be known now.
    Drift does not matter as such: what Terraform would do about it is a change. Sentences name
    addresses and attributes, never values.
    """
    return (
        *_whole(approved, fresh),
        *(sentence for each in fresh.changes for sentence in _beyond(approved, each)),
        *(sentence for each in fresh.output_changes for sentence in _output(approved, each)),
    )


def _whole(approved: TerraformPlan, fresh: TerraformPlan) -> Iterator[str]:
    if fresh.is_errored or not fresh.is_complete:
        yield "the new plan is not complete"
    if fresh.configuration_digest != approved.configuration_digest:
        yield "the configuration is not the one that was approved"


def _beyond(approved: TerraformPlan, change: ResourceChange) -> Iterator[str]:
    if change.is_nothing:
        return
    before = _approved_change(approved, change)
    if before is None or before.is_nothing:
        yield f"{change.address}: {_described(change)} was not approved"
        return
    is_left_behind = change.deposed is not None and before.deposed is None
    refusal = (_other_object if is_left_behind else _refusal)(before, change)
    if refusal:
        yield f"{change.address}: {refusal}"
    elif change.action not in {"delete", "forget"}:
        yield from _other_values(change.address, before, change)


def _approved_change(approved: TerraformPlan, change: ResourceChange) -> ResourceChange | None:
    """Return the approved change of the same object, or the one that left a deposed one behind."""
    own = None
    for each in approved.changes:
        if each.address == change.address and each.deposed == change.deposed:
            return each
        if each.address == change.address and each.deposed is None:
            own = each
    is_left = change.action == "delete" and own is not None and own.actions == ("create", "delete")
    return own if change.deposed and is_left else None


def _refusal(before: ResourceChange, change: ResourceChange) -> str:
    """Return why the action is beyond the approved one, or nothing."""
    if change.previous_address not in (None, before.previous_address):
        return f"its move from {change.previous_address} was not approved"
    if change.action not in _LEFT_OF[before.action] and not _is_begun_anew(before, change):
        return f"{_described(change)} was not approved, but {before.action}"
    if change.action == "replace" == before.action and change.actions != before.actions:
        return "it was approved to be replaced in the other order"
    if change.importing not in (None, before.importing):
        is_made = before.action in _MAKING
        return "" if is_made else f"its import was not approved, but {before.action}"
    is_made = before.action in _MAKING and change.action != "replace"
    return "" if is_made or before.action == "create" else _other_object(before, change)


def _is_begun_anew(before: ResourceChange, change: ResourceChange) -> bool:
    """Tell whether Terraform makes anew what it failed to make: nobody uses that yet.

    The kinds that the deletion budget guards are left to a person.
    """
    is_failed = change.action == "replace" and change.reason == _TAINTED
    return before.action == "create" and is_failed and change.type not in KINDS


def _other_object(before: ResourceChange, change: ResourceChange) -> str:
    if change.action not in _OF_THE_SAME_OBJECT or _id(before) == _id(change):
        return ""
    return f"{change.action} was approved for another object than the one that is there now"


def _id(change: ResourceChange) -> str:
    return str(change.before.get("id", "")) if isinstance(change.before, Mapping) else ""


def _described(change: ResourceChange) -> str:
    if change.action == "no-op":
        return "import" if change.importing is not None else "move"
    return change.action


def _other_values(address: str, before: ResourceChange, change: ResourceChange) -> Iterator[str]:
    expected = Expected(before.after, before.after_unknown)
    found = Expected(change.after, change.after_unknown)
    for path in differences(expected, found, change.before):
        if not _is_set_by_import(change, path):
            yield f"{address}: {path} is not what was approved"


def _is_set_by_import(change: ResourceChange, path: str) -> bool:
    value = _SET_BY_IMPORT.get((change.type, path))
    return change.importing is not None and value is not None and change.after[path] == value


def _output(approved: TerraformPlan, change: OutputChange) -> Iterator[str]:
    if change.action == "no-op":
        return
    before = next((each for each in approved.output_changes if each.name == change.name), None)
    place = f"output {change.name}"
    if before is None or before.action == "no-op":
        yield f"{place}: its {change.action} was not approved"
    elif "delete" in (before.action, change.action):
        if before.action != change.action:
            yield f"{place}: {change.action} was not approved, but {before.action}"
    else:
        expected = Expected(before.after, before.after_unknown)
        found = Expected(change.after, change.after_unknown)
        # An output is a value as it is written: nothing is completed or normalised in it.
        for path in differences(expected, found, None):
            yield f"{place}: {path} is not what was approved"
