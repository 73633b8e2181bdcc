"""What is known of a planned resource: from the state, its id, the plan, references; pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateprint.terraform.plans.import_ids import FORMATS
from gateprint.terraform.plans.plan import ResourceChange, TerraformPlan

_HOPS = 8
_TELLING = frozenset({"name", "parent_id", "path_part"})


class Values:
    """Texts that are attributes of resources of one plan, as far as anybody knows them.

    `identities` are ids that Terraform told when it completed a resource; `known` are values from
    the state or from AWS, which win over all others.
    """

    def __init__(
        self,
        plan: TerraformPlan,
        identities: Mapping[str, str],
        known: Mapping[str, Mapping[str, Any]],
    ) -> None:
        self._changes = {each.address: each for each in plan.changes if not each.deposed}
        self._references = plan.references
        self._identities = identities
        self._known = known

    def import_id(self, address: str) -> str:
        """Return the import id, or nothing if a part of it is not known."""
        form = FORMATS[self._changes[address].type]
        parts = [self.text(address, name) for name in form.parts]
        return form.separator.join(parts) if all(parts) else ""

    def facts(self, address: str) -> dict[str, str]:
        """Return what tells a resource from others of its type: names, parents and tags."""
        change = self._changes[address]
        wanted = _TELLING.union(FORMATS[change.type].parts)
        found = {name: self.text(address, name) for name in wanted}
        after = change.after if isinstance(change.after, Mapping) else {}
        tags = {f"tag:{key}": value for key, value in (after.get("tags_all") or {}).items()}
        return {name: value for name, value in sorted((found | tags).items()) if value}

    def text(self, address: str, attribute: str, hops: int = _HOPS) -> str:
        """Return an attribute's value, or nothing if it is not known."""
        held = self._known.get(address)
        if held is not None and isinstance(held.get(attribute), str):
            return str(held[attribute])
        change = self._changes.get(address)
        if change is None:
            return ""
        return (
            self._of_identity(change, attribute)
            or _planned(change, attribute)
            or self._referred(address, attribute, hops)
        )

    def _of_identity(self, change: ResourceChange, attribute: str) -> str:
        form, identity = FORMATS.get(change.type), self._identities.get(change.address, "")
        if attribute == "id" and identity:
            return identity
        if attribute == "id" and form is not None and form.id_from:
            return _planned(change, form.id_from)
        if attribute == "arn" and identity.startswith("arn:"):
            return identity
        return form.read(identity).get(attribute, "") if form is not None else ""

    def _referred(self, address: str, attribute: str, hops: int) -> str:
        reference = self._references.get(address, {}).get(attribute, "")
        target, _, wanted = reference.rpartition(".")
        return self.text(target, wanted, hops - 1) if target and hops else ""


def _planned(change: ResourceChange, attribute: str) -> str:
    """Return what the plan says that an attribute will be, nothing while that is unknown."""
    after = change.after
    value = after.get(attribute) if isinstance(after, Mapping) else None
    return value if isinstance(value, str) else ""
