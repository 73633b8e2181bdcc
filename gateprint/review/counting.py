"""Counts what plans do as Terraform does in its last line, "Plan: 1 to add …"; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from gateprint.review.review import Counted
from gateprint.terraform.plans.plan import ResourceChange, TerraformPlan

_UNCOUNTED = frozenset({"no-op", "read"})


def counted(plans: Iterable[TerraformPlan], unchanged: int) -> Counted:
    """Return how many stacks change, and how many resources each action is for.

    The end of a deposed object is a destruction, and what only moves counts for nothing
    (Terraform 1.11, internal/command/jsonformat/plan.go).
    """
    whole = tuple(plans)
    actions = Counter(action for plan in whole for each in plan.changes for action in _of(each))
    return Counted(len(whole), unchanged, dict(sorted(actions.items())))


def _of(change: ResourceChange) -> Iterator[str]:
    if change.importing is not None:
        yield "import"
    if change.actions == ("create", "forget"):
        # The old one stays where it is, and only Terraform forgets it.
        yield from change.actions
    elif change.action not in _UNCOUNTED:
        yield change.action
