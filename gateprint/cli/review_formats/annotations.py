"""The review as annotations of GitHub Actions, at the lines that caused what they say; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain

from gateprint.cli.annotations import Level, annotation
from gateprint.cli.review_formats.told import other_reasons, refusing
from gateprint.errors import Location
from gateprint.review.finding import Finding, Severity
from gateprint.review.grouping import Group, grouped, grouped_noticed
from gateprint.review.review import Noticed, Review

# Of each level GitHub shows so many per step (actions/toolkit, docs/problem-matchers.md).
_MOST = 10
_LONGEST = 1_000
_LEVELS: tuple[Level, ...] = ("error", "warning", "notice")
_MINOR: Collection[Severity] = ("low", "info")


@dataclass(frozen=True, slots=True)
class _Note:
    """What an annotation says."""

    level: Level
    title: str
    message: str
    place: Location | None = None


def review_annotations(found: Review) -> str:
    """Return the commands, a line each, the most severe first.

    An error is what refuses the run. Where there are more of a level than GitHub would show, the
    last one says so.
    """
    notes = tuple(chain(_reasons(found), _findings(found), _noticed(found)))
    by_level = ([each for each in notes if each.level == level] for level in _LEVELS)
    shown = chain.from_iterable(_first(found, each) for each in by_level)
    return "\n".join(annotation(e.level, e.title, e.message, e.place) for e in shown)


def _reasons(found: Review) -> Iterator[_Note]:
    for each in other_reasons(found):
        yield _Note("error", "gateprint review refused it", _short(each))


def _findings(found: Review) -> Iterator[_Note]:
    against = refusing(found)
    for group in grouped(found.findings, found.names):
        yield _finding(group, against)


def _finding(group: Group[Finding], against: Collection[Severity]) -> _Note:
    one = group.first
    level: Level = "notice" if one.severity in _MINOR else "warning"
    if one.severity in against:
        level = "error"
    sentence = _short(f"{group.where}: {group.sentence}")
    message = f"{sentence}\nfix: {_short(one.remedy)}"
    return _Note(level, f"{one.severity}: {one.rule.id}", message, one.location)


def _noticed(found: Review) -> Iterator[_Note]:
    for group in grouped_noticed(found.noticed, found.names):
        yield _notice(group)


def _notice(group: Group[Noticed]) -> _Note:
    one = group.first
    title = f"{'breaking' if one.is_breaking else 'callers notice'}: {one.kind}"
    message = _short(f"{group.where}: {group.sentence}")
    return _Note("warning" if one.is_breaking else "notice", title, message, one.location)


def _first(found: Review, notes: list[_Note]) -> Iterator[_Note]:
    if len(notes) <= _MOST:
        yield from notes
        return
    yield from notes[: _MOST - 1]
    more = len(notes) - _MOST + 1
    level = notes[0].level
    text = f"GitHub shows {_MOST} of a kind: the review of {found.subject} has {more:,} more"
    yield _Note(level, f"and {more:,} more", _short(text))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
