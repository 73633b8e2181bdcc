"""Which findings are waived, and what is wrong with the waivers themselves; pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from gateprint.model.waivers import Waiver
from gateprint.review.finding import Finding, Rule
from gateprint.review.subject import Subject

_LONGEST = dt.timedelta(days=366)
EXPIRED = Rule(
    "expired-waiver",
    "medium",
    "a waiver has expired",
    "Somebody wanted the finding to be looked at again by that day, and it counts for nothing now.",
    "mend what it was about and remove it, or decide again and write a new date",
    "this page, Waivers",
)
LONG = Rule(
    "long-waiver",
    "medium",
    "a waiver lasts longer than a year",
    "What nobody looks at again is not accepted but forgotten; it counts for nothing until the day "
    "is at most a year ahead.",
    "write a day within a year",
    "this page, Waivers",
)
UNUSED = Rule(
    "unused-waiver",
    "low",
    "a waiver is about nothing",
    "It would hide a later finding that nobody has looked at, or its address has a typing error.",
    "remove it, or write the address as the review shows it",
    "this page, Waivers",
)
WAIVER_RULES = (EXPIRED, LONG, UNUSED)


@dataclass(frozen=True, slots=True)
class Waived:
    """A finding that is accepted, and the waiver that says so."""

    finding: Finding
    waiver: Waiver


@dataclass(frozen=True, slots=True)
class Outcome:
    """What stands, findings about waivers among it, and what is waived; each in order."""

    standing: tuple[Finding, ...]
    waived: tuple[Waived, ...]


def apply_waivers(
    findings: Sequence[Finding],
    waivers: Sequence[Waiver],
    subject: Subject,
    known_stacks: Collection[str] = (),
) -> Outcome:
    """Divide the findings; a waiver has to name rule, stack and subject exactly.

    A waiver about a stack that was not looked at is neither used nor unused. `known_stacks` are all
    of the project, where they are known: a waiver about no such stack is unused in any case.
    """
    valid = {
        (each.rule, each.address): each
        for each in reversed(waivers)
        if _is_valid(each, subject.today)
    }
    matching = [(each, valid.get((each.rule.id, each.address))) for each in findings]
    waived = [Waived(each, waiver) for each, waiver in matching if waiver is not None]
    standing = [each for each, waiver in matching if waiver is None]
    used = [each.waiver for each in waived]
    looked_at = {each.stack for each in subject.standing()}
    unused = _unused(waivers, used, subject.today, looked_at, known_stacks)
    about = (*_out_of_time(waivers, subject.today), *unused)
    return Outcome(tuple(sorted((*standing, *about))), tuple(waived))


def _is_valid(waiver: Waiver, today: dt.date) -> bool:
    return today <= waiver.until <= today + _LONGEST


def _out_of_time(waivers: Iterable[Waiver], today: dt.date) -> Iterator[Finding]:
    for each in waivers:
        if each.until < today:
            yield _finding(EXPIRED, each, f"the waiver of {each.rule} ended on {each.until}")
        elif each.until > today + _LONGEST:
            yield _finding(LONG, each, f"the waiver of {each.rule} would last until {each.until}")


def _unused(
    waivers: Iterable[Waiver],
    used: Collection[Waiver],
    today: dt.date,
    looked_at: Collection[str],
    known_stacks: Collection[str],
) -> Iterator[Finding]:
    for each in waivers:
        if each in used or not _is_valid(each, today):
            continue
        if known_stacks and each.stack not in known_stacks:
            yield _finding(UNUSED, each, f"there is no stack {each.stack}")
        elif each.stack in looked_at:
            yield _finding(UNUSED, each, f"{each.rule} finds nothing at this address, or no longer")


def _finding(rule: Rule, waiver: Waiver, sentence: str) -> Finding:
    return Finding(
        rule,
        rule.severity,
        waiver.stack,
        waiver.subject,
        sentence,
        rule.remedy,
        waiver.location,
    )
