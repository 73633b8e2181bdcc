"""What a plan destroys that somebody would notice: shared by a rule per kind; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gateprint.model.document import KeyPath
from gateprint.review.finding import Finding, Rule
from gateprint.review.planned import going, text
from gateprint.review.subject import StackSubject, Subject
from gateprint.terraform.plans.plan import ResourceChange


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of resource: in words, the attribute with its name, and where files have it."""

    type: str
    words: str
    name: str
    section: str


def destroyed(rule: Rule, subject: Subject, kind: Kind) -> Iterator[Finding]:
    """Yield a finding for each resource of a kind that is destroyed or replaced."""
    for stack, plan in subject.plans():
        for each in going(plan, kind.type):
            sentence = _sentence(stack, each, kind)
            path = _path(stack, each, kind)
            yield stack.place.finding(rule, each.address, sentence, path)


def _sentence(stack: StackSubject, change: ResourceChange, kind: Kind) -> str:
    shown = f"{kind.words} {text(change.before, kind.name) or change.address}"
    if change.action == "replace":
        forced = sorted({str(path[0]) for path in change.replace_paths if path})
        because = f": {' and '.join(forced)} cannot be changed in place" if forced else ""
        return f"{shown} is destroyed and made anew{because}"
    retired = stack.blueprint.retired if stack.blueprint is not None else None
    why = f": the blueprint is retired, {retired.reason}" if retired is not None else ""
    return f"{shown} is destroyed{why}"


def _path(stack: StackSubject, change: ResourceChange, kind: Kind) -> KeyPath:
    """Return where the thing stands; what is gone from the file leads to its section."""
    if stack.blueprint is not None and stack.blueprint.is_retired:
        return ("retired",)
    # An API is <stack>-<name> in AWS.
    return kind.section, text(change.before, kind.name).removeprefix(f"{stack.stack}-")
