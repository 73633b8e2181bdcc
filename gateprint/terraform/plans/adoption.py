"""What a killed apply made but did not record: how to import it, or what to look for; pure.

Terraform writes the state every 20 seconds, so kill -9 loses what was made since. Its `-json`
events (developer.hashicorp.com/terraform/internals/machine-readable-ui, "Operation Results") are in
a file by then, and say which resources were completed, with their ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateprint.terraform.plans.import_ids import FORMATS, NOT_ADOPTED
from gateprint.terraform.plans.plan import ResourceChange, TerraformPlan
from gateprint.terraform.plans.values import Values

_MAKING = frozenset({"create", "replace"})


@dataclass(frozen=True, slots=True, order=True)
class Adoption:
    """A resource that exists and can be imported.

    `forget` tells that the state still holds its deleted predecessor, which has to leave the state
    first (`terraform state rm`), as an import into an address that is taken does nothing.
    """

    address: str
    import_id: str
    forget: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Doubt:
    """A resource whose creation began and perhaps happened: AWS has to be asked.

    If `import_id` is not empty, it is the id under which the resource would be imported, provided
    that it exists; otherwise only AWS knows the id. `facts` are what to look for: known arguments
    that are texts, and tags as `tag:NAME`.
    """

    address: str
    type: str
    import_id: str
    facts: Mapping[str, str] = field(compare=False)
    forget: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Lost:
    """A resource that exists, or may, and is not adopted: why, and what follows from it."""

    address: str
    identity: str
    reason: str


@dataclass(frozen=True, slots=True)
class Adoptions:
    """What to do about every resource that was begun and is not in the state."""

    certain: tuple[Adoption, ...] = ()
    uncertain: tuple[Doubt, ...] = ()
    search: tuple[Doubt, ...] = ()
    lost: tuple[Lost, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether the state misses nothing."""
        return not (self.certain or self.uncertain or self.search or self.lost)


@dataclass(slots=True)
class _History:
    """What the events tell about one address."""

    is_begun: bool = False
    identity: str = ""
    is_deleted: bool = False


def adoptions(
    approved: TerraformPlan,
    events: Iterable[Mapping[str, Any]],
    state_addresses: Iterable[str],
    known_ids: Mapping[str, Mapping[str, Any]],
) -> Adoptions:
    """Return what the state misses after a crash.

    `events` are those of the killed apply, a torn last line left out. `known_ids` are values of
    resources by address, at least those of the state, such as
    `{"aws_api_gateway_rest_api.pets": {"id": "…", "root_resource_id": "…"}}`; whoever found an id
    in AWS adds it there and asks again.
    """
    histories = _histories(events)
    identities = {address: each.identity for address, each in histories.items() if each.identity}
    values = Values(approved, identities, _without_predecessors(approved, histories, known_ids))
    recorded = frozenset(state_addresses)
    found: list[Adoption | Doubt | Lost] = []
    for change in approved.changes:
        history = histories.get(change.address)
        if history is None or change.deposed or change.action not in _MAKING:
            continue
        if not _is_recorded(change, history, recorded, known_ids):
            found.append(_judge(change, history, values, is_taken=change.address in recorded))
    return _sorted_out(found)


def import_blocks(found: Iterable[Adoption]) -> dict[str, list[dict[str, str]]]:
    """Return the Terraform JSON that imports them: `{"import": [{"to": …, "id": …}]}`.

    To be written as a file of its own, such as `adopted.tf.json`, for one plan
    (developer.hashicorp.com/terraform/language/import).
    """
    return {"import": [{"to": each.address, "id": each.import_id} for each in sorted(found)]}


def _histories(events: Iterable[Mapping[str, Any]]) -> dict[str, _History]:
    found: dict[str, _History] = {}
    for event in events:
        hook = event.get("hook")
        if not isinstance(hook, Mapping) or "resource" not in hook:
            continue
        history = found.setdefault(str(hook["resource"]["addr"]), _History())
        _note(history, str(event.get("type", "")), hook)
    return {address: each for address, each in found.items() if each.is_begun}


def _note(history: _History, kind: str, hook: Mapping[str, Any]) -> None:
    action = hook.get("action")
    if action == "create" and kind == "apply_start":
        history.is_begun, history.identity = True, ""
    elif action == "create" and kind == "apply_complete":
        history.is_begun, history.identity = True, str(hook.get("id_value", ""))
    elif action == "delete" and kind == "apply_complete":
        # Made first and deleted then is the predecessor of what was made: see `ResourceChange`.
        history.is_deleted = True


def _without_predecessors(
    approved: TerraformPlan,
    histories: Mapping[str, _History],
    known: Mapping[str, Mapping[str, Any]],
) -> dict[str, Mapping[str, Any]]:
    """Leave out what the state holds of objects that this apply replaced."""
    old = {
        each.address: _id_before(each)
        for each in approved.changes
        if each.action == "replace" and each.address in histories
    }
    return {
        address: values
        for address, values in known.items()
        if address not in old
        or str(values.get("id", "")) != old[address]
        or histories[address].identity == old[address]
    }


def _id_before(change: ResourceChange) -> str:
    return str(change.before.get("id", "")) if isinstance(change.before, Mapping) else ""


def _is_recorded(
    change: ResourceChange,
    history: _History,
    recorded: frozenset[str],
    known: Mapping[str, Mapping[str, Any]],
) -> bool:
    """Tell whether the state has what the apply made, and not what it replaced.

    A predecessor of the same id, such as a role of the same name, is as good: reading it finds
    the new one.
    """
    if change.address not in recorded:
        return False
    if change.action == "create":
        return True
    held = str(known.get(change.address, {}).get("id", ""))
    old = _id_before(change)
    return held != old or history.identity == old


def _judge(
    change: ResourceChange, history: _History, values: Values, *, is_taken: bool
) -> Adoption | Doubt | Lost:
    address, identity = change.address, history.identity
    reason = _reason_against(change.type, is_taken=is_taken, is_deleted=history.is_deleted)
    if reason:
        return Lost(address, identity, reason)
    import_id = values.import_id(address)
    if identity and import_id:
        return Adoption(address, import_id, is_taken)
    return Doubt(address, change.type, import_id, values.facts(address), is_taken)


def _reason_against(kind: str, *, is_taken: bool, is_deleted: bool) -> str:
    if kind in NOT_ADOPTED:
        return NOT_ADOPTED[kind]
    if kind not in FORMATS:
        return f"how to import {kind} is not known here; import it by hand before the next apply"
    if is_taken and not is_deleted:
        return (
            "the state still holds the resource that it replaces; the next apply makes "
            "another one, and this one has to be deleted by hand"
        )
    return ""


def _sorted_out(found: Iterable[Adoption | Doubt | Lost]) -> Adoptions:
    items = list(found)
    doubts = sorted(each for each in items if isinstance(each, Doubt))
    return Adoptions(
        certain=tuple(sorted(each for each in items if isinstance(each, Adoption))),
        uncertain=tuple(each for each in doubts if each.import_id),
        search=tuple(each for each in doubts if not each.import_id),
        lost=tuple(sorted(each for each in items if isinstance(each, Lost))),
    )
