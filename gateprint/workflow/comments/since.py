"""What has changed since the review that somebody approved; pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gateprint.model.visible import plain_markdown
from gateprint.workflow.comments.state import Shown

_MOST_NAMED = 20
_SHORT_COMMIT = 7


@dataclass(frozen=True, slots=True)
class Approval:
    """That somebody approved the request: who, when (ISO 8601), which commit if that is known."""

    by: str
    at: str
    commit: str = ""


def latest(approvals: Iterable[Approval]) -> Approval | None:
    """Return the newest approval whose time can be read."""
    known = [each for each in approvals if moment(each.at) is not None]
    return max(known, key=lambda each: moment(each.at) or _BEGINNING, default=None)


def approved_review(approval: Approval, shown: Sequence[Shown]) -> Shown | None:
    """Return the review that the comment showed when somebody approved; None if unknown.

    Where the commits are known they have to be the same: a page may have been open for long.
    """
    at = moment(approval.at) or _BEGINNING
    for each in shown:
        since = moment(each.at)
        if since is not None and since <= at and _is_same_commit(approval.commit, each.commit):
            return each
    return None


def _is_same_commit(one: str, other: str) -> bool:
    length = min(len(one), len(other))
    return length < _SHORT_COMMIT or one[:length] == other[:length]


def since_text(approval: Approval, approved: Shown | None, now: Shown) -> str:
    """Return in a sentence of Markdown what differs from what was approved."""
    commit = f", commit `{approval.commit[:12]}`" if approval.commit.isalnum() else ""
    at = when(approval.at)
    return f"**Approved** by {plain_markdown(approval.by)} on {at}{commit}. {_rest(approved, now)}"


def _rest(approved: Shown | None, now: Shown) -> str:
    if approved is None:
        return "Which review this comment showed then is not known: look at all of this one."
    if approved.digest == now.digest:
        return "Nothing has changed since."
    if approved.stacks is None or now.stacks is None:
        return "The review has changed since; which stacks differ is not known."
    found = stack_differences(approved.stacks, now.stacks)
    if not found:
        return "The review has changed since, but no stack's plan."
    named = [f"`{_code(name)}` ({how})" for name, how in list(found.items())[:_MOST_NAMED]]
    more = len(found) - len(named)
    rest = [f"and {more:,} more"] if more else []
    count = "this stack differs" if len(found) == 1 else f"these {len(found):,} stacks differ"
    return f"Since then {count}: {', '.join([*named, *rest])}."


def stack_differences(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Return the stacks that differ, by name: `new`, `gone` or `changed`."""
    found: dict[str, str] = {}
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            kind = "changed" if name in before and name in after else ""
            found[name] = kind or ("new" if name in after else "gone")
    return found


def _code(name: str) -> str:
    return "".join(each for each in name if each.isalnum() or each in "-_.")


def when(at: str) -> str:
    """Return a time as people read it, in UTC."""
    found = moment(at)
    return f"{found.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC" if found else "an unknown day"


_BEGINNING = dt.datetime.min.replace(tzinfo=dt.UTC)


def moment(at: str) -> dt.datetime | None:
    """Return a time of ISO 8601 with its zone; None where it is none."""
    try:
        found = dt.datetime.fromisoformat(at)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=dt.UTC)
