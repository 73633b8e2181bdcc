"""The reports of the shards of one plan, as one report; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from gateprint.errors import ToolFailed
from gateprint.model.words import listed
from gateprint.terraform.runs.record import Orphan
from gateprint.terraform.runs.report import Part, Report

_REMEDY = "merge the reports of one plan: plan the shards again from one commit and one shards.json"
# What all shards of one plan have in common; and what that is to a reader.
_SHARED = {
    "kind": "what they were planned for",
    "environment": "the environment",
    "revision": "the git revision",
    "is_dirty": "whether files differ from the git revision",
    "lock": "the lock file",
    "versions": "the versions of the tools",
    "shards": "the number of shards",
}


def merge(reports: Sequence[Report]) -> Report:
    """Return what one process would report, apart from times; in whatever order they come.

    Shards without a report are `missing` in it.

    Raises:
        ToolFailed: they are not of one plan, or a shard or a stack is in two of them.
    """
    if not reports:
        raise ToolFailed("there is no report to merge", "name the runs, or their report.json")
    if len(reports) == 1:
        return reports[0]
    first = reports[0]
    _require_one_plan(reports)
    _require_once("shard", (f"{each.shard} of {first.shards}" for each in _parts(reports)))
    _require_once("stack", (each.stack for one in reports for each in one.stacks))
    return replace(
        first,
        runs=tuple(sorted(_parts(reports), key=lambda each: each.shard or 0)),
        stacks=tuple(
            sorted((each for one in reports for each in one.stacks), key=lambda one: one.stack)
        ),
        orphans=tuple(sorted(_orphans(reports), key=lambda one: (one.environment, one.stack))),
    )


def _parts(reports: Sequence[Report]) -> Iterator[Part]:
    for each in reports:
        yield from each.runs


def _orphans(reports: Sequence[Report]) -> set[Orphan]:
    """Return each once: every shard looks at all states."""
    return {each for one in reports for each in one.orphans}


def _require_one_plan(reports: Sequence[Report]) -> None:
    first = reports[0]
    for each in reports:
        if not each.manifest or None in {part.shard for part in each.runs}:
            problem = f"{_name(each)} is no shard: one process planned all of it"
            raise ToolFailed(problem, "merge shards only; report shows such a run by itself")
        if each.manifest != first.manifest:
            problem = f"{_name(first)} and {_name(each)} are shards of different manifests"
            detail = f"{first.manifest}\n{each.manifest}"
            raise ToolFailed(problem, _REMEDY, detail)
        for name, what in _SHARED.items():
            if getattr(each, name) != getattr(first, name):
                problem = f"{_name(first)} and {_name(each)} are of different plans: {what} differs"
                detail = f"{getattr(first, name)}\n{getattr(each, name)}"
                raise ToolFailed(problem, _REMEDY, detail)


def _require_once(what: str, names: Iterator[str]) -> None:
    twice = sorted(name for name, number in Counter(names).items() if number > 1)
    if twice:
        problem = f"more than one of the runs has {what} {listed(twice)}"
        raise ToolFailed(problem, f"leave out all runs but one that have this {what}")


def _name(report: Report) -> str:
    return listed([each.name for each in report.runs], most=1) or "a report without runs"
