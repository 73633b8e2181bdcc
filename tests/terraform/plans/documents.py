"""Plans for tests: real ones that were trimmed, and small ones that are made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gateprint.terraform.plans.plan import TerraformPlan

_FOLDER = Path(__file__).parent / "documents"


def real(name: str) -> dict[str, Any]:
    """Return what `terraform show -json` printed, cut down to some resources.

    `create` is the pets stack before its first apply, `adopted` after all of its state was lost
    and imported again; `sensitive` is a stack of `terraform_data` with sensitive values.
    """
    document: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return document


def events() -> list[dict[str, Any]]:
    """Return the events of the apply of `create`."""
    lines = (_FOLDER / "apply.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def change(
    address: str,
    actions: Sequence[str] = ("create",),
    *,
    before: Any = None,
    after: Any = None,
    unknown: Any = None,
    **extra: Any,
) -> dict[str, Any]:
    """Return one element of `resource_changes`; `importing` goes to its change."""
    kind, name = address.partition("[")[0].split(".")
    details: dict[str, Any] = {
        "actions": list(actions),
        "before": before,
        "after": after,
        "after_unknown": unknown if unknown is not None else {},
        "before_sensitive": False,
        "after_sensitive": False,
    }
    if "importing" in extra:
        details["importing"] = {"id": extra.pop("importing")}
    return {"address": address, "type": kind, "name": name, "change": details, **extra}


def document(*changes: dict[str, Any], **extra: Any) -> dict[str, Any]:
    """Return a whole plan with these changes."""
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "resource_changes": list(changes),
        "applyable": True,
        "complete": True,
        "errored": False,
        **extra,
    }


def plan(*changes: dict[str, Any], **extra: Any) -> TerraformPlan:
    """Return a plan with these changes."""
    return TerraformPlan.of(document(*changes, **extra))
