"""The JSON of a saved plan as values: what changes, at which address, and how; pure.

The format is developer.hashicorp.com/terraform/internals/json-format, "Plan Representation".
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateprint.errors import ToolFailed

# "Change Representation", `actions`; a resource that is created anew while the old one is only
# forgotten is replaced as far as anybody else can see.
_ACTIONS = {
    ("no-op",): "no-op",
    ("create",): "create",
    ("read",): "read",
    ("update",): "update",
    ("delete", "create"): "replace",
    ("create", "delete"): "replace",
    ("create", "forget"): "replace",
    ("delete",): "delete",
    ("forget",): "forget",
}
_NOTHING = frozenset({"no-op", "read"})
_DESTROYING = frozenset({"delete", "replace"})


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """What happens to one resource; `before` and `after` may hold secrets and are never shown.

    `actions` are Terraform's own; `importing` is the import id, `previous_address` says that it
    moved, `deposed` is the key of a replaced object that still waits for its end, `reason` is
    Terraform's `action_reason`.
    """

    address: str
    type: str
    name: str
    actions: tuple[str, ...]
    before: Any = field(default=None, repr=False)
    after: Any = field(default=None, repr=False)
    after_unknown: Any = field(default=None, repr=False)
    replace_paths: tuple[tuple[str | int, ...], ...] = ()
    importing: str | None = None
    previous_address: str | None = None
    deposed: str | None = None
    reason: str = ""

    @property
    def action(self) -> str:
        """One of create, read, update, replace, delete, forget and no-op."""
        return _ACTIONS[self.actions]

    @property
    def is_nothing(self) -> bool:
        """Tell whether neither the resource nor its place in the state changes."""
        return self.action in _NOTHING and self.importing is None and self.previous_address is None


@dataclass(frozen=True, slots=True)
class OutputChange:
    """What happens to one output value."""

    name: str
    actions: tuple[str, ...]
    before: Any = field(default=None, repr=False)
    after: Any = field(default=None, repr=False)
    after_unknown: Any = field(default=None, repr=False)

    @property
    def action(self) -> str:
        """One of create, update, delete and no-op."""
        return _ACTIONS[self.actions]


@dataclass(frozen=True, slots=True)
class TerraformPlan:
    """A plan as it was saved.

    `references` are the arguments that are one reference and nothing else, by address and
    argument: `{"aws_api_gateway_stage.pets_dev": {"deployment_id": "aws_….pets_dev.id"}}`.
    `configuration_digest` is that of what Terraform understood of the configuration.
    """

    changes: tuple[ResourceChange, ...]
    drift: tuple[ResourceChange, ...]
    output_changes: tuple[OutputChange, ...]
    is_errored: bool
    is_complete: bool
    is_applyable: bool
    terraform_version: str
    references: Mapping[str, Mapping[str, str]] = field(repr=False)
    configuration_digest: str

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> TerraformPlan:
        """Read what `terraform show -json` prints.

        Raises:
            ToolFailed: the format is another one, or an action is unknown.
        """
        _require_known_format(document)
        configuration = document.get("configuration", {})
        text = json.dumps(configuration, sort_keys=True)
        return cls(
            changes=_changes(document.get("resource_changes", ())),
            drift=_changes(document.get("resource_drift", ())),
            output_changes=_outputs(document.get("output_changes", {})),
            # A plan that does not say that it is whole is not.
            is_errored=document.get("errored") is not False,
            is_complete=document.get("complete") is True,
            is_applyable=document.get("applyable") is True,
            terraform_version=str(document.get("terraform_version", "")),
            references=dict(_references(configuration.get("root_module", {}))),
            configuration_digest=hashlib.sha256(text.encode()).hexdigest(),
        )

    @property
    def is_empty(self) -> bool:
        """Tell whether applying changes nothing: no resource, no output, no place in the state."""
        outputs = all(each.action == "no-op" for each in self.output_changes)
        return outputs and all(each.is_nothing for each in self.changes)

    def counts(self) -> dict[str, int]:
        """Return how often each action occurs, `no-op` included; imports are counted besides."""
        found = Counter(each.action for each in self.changes)
        found["import"] = sum(each.importing is not None for each in self.changes)
        return {action: number for action, number in sorted(found.items()) if number}

    def destroyed(self) -> tuple[ResourceChange, ...]:
        """Return the changes that delete or replace."""
        return tuple(each for each in self.changes if each.action in _DESTROYING)


def _require_known_format(document: Mapping[str, Any]) -> None:
    version = str(document.get("format_version", ""))
    if version.partition(".")[0] != "1":
        raise ToolFailed(
            f'the plan\'s JSON is of format "{version}", and gateprint knows 1.x',
            "use a Terraform that gateprint doctor accepts",
        )


def _changes(found: Any) -> tuple[ResourceChange, ...]:
    return tuple(_change(each) for each in found)


def _change(found: Mapping[str, Any]) -> ResourceChange:
    change = found["change"]
    return ResourceChange(
        address=found["address"],
        type=found["type"],
        name=found["name"],
        actions=_known_actions(found["address"], change),
        before=change.get("before"),
        after=change.get("after"),
        after_unknown=change.get("after_unknown"),
        replace_paths=tuple(tuple(path) for path in change.get("replace_paths", ())),
        importing=_import_id(change.get("importing")),
        previous_address=found.get("previous_address"),
        deposed=found.get("deposed"),
        reason=found.get("action_reason", ""),
    )


def _outputs(found: Mapping[str, Any]) -> tuple[OutputChange, ...]:
    return tuple(
        OutputChange(
            name=name,
            actions=_known_actions(f"output {name}", change),
            before=change.get("before"),
            after=change.get("after"),
            after_unknown=change.get("after_unknown"),
        )
        for name, change in sorted(found.items())
    )


def _known_actions(place: str, change: Mapping[str, Any]) -> tuple[str, ...]:
    actions = tuple(change["actions"])
    if actions not in _ACTIONS:
        raise ToolFailed(
            f"{place}: Terraform plans {', '.join(actions)}, which gateprint does not know",
            "use a Terraform that gateprint doctor accepts",
        )
    return actions


def _import_id(importing: Any) -> str | None:
    """Return the import id; the id of an import that is not yet known is the empty text."""
    return None if importing is None else str(importing.get("id", ""))


def _references(module: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    for resource in module.get("resources", ()):
        expressions = resource.get("expressions", {})
        found = {name: _reference(expression) for name, expression in expressions.items()}
        yield resource["address"], {name: each for name, each in found.items() if each}


def _reference(expression: Any) -> str:
    """Return what an argument refers to, if it is `${…}` and nothing else.

    In a JSON configuration, `constant_value` holds the template's text beside its references.
    """
    if not isinstance(expression, Mapping) or not expression.get("references"):
        return ""
    reference = str(expression["references"][0])
    return reference if expression.get("constant_value") == f"${{{reference}}}" else ""
