"""`review`: the report on a run, for people and for programs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateprint.cli.options import formats, inputs, places_of
from gateprint.cli.text import plain_markdown, visible

if TYPE_CHECKING:
    from gateprint.review.clusters import Cluster
    from gateprint.review.finding import Finding, Severity
    from gateprint.review.review import Review
    from gateprint.workflow.inputs import Places

_MOST_CHANGES = 12
_WAYS_OUT = (
    "mend it and plan again; or accept a finding with a waiver in config/review.yaml, "
    "or all of its severity with --threshold"
)
# The comment needs the rest of the 65,536 characters that GitHub allows.
ROOM = 42_000
_ROOM_FOR_REST = 500
_MOST_NAMES = 8


@click.command()
@click.argument(
    "run",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    required=False,
    metavar="[RUN]",
)
@inputs
@click.option(
    "--against",
    "revision",
    metavar="REV",
    help="Instead of a run: what changes since a git revision, without any cloud access.",
)
@click.option(
    "--threshold",
    type=click.Choice(["critical", "high", "medium", "low", "info"]),
    default="high",
    show_default=True,
    help="From which severity on a finding refuses the run.",
)
@formats("text", "json", "markdown")
def review(  # noqa: PLR0913
    *,
    run: Path | None,
    blueprints: Path,
    config: Path,
    environment: str | None,
    revision: str | None,
    threshold: Severity,
    form: str,
) -> int:
    """Say what the run in the folder RUN does, and record the verdict.

    Who gains and who loses access, what is destroyed, what the rules find (docs/review-rules.md),
    and which stacks change in the same way. gateprint apply takes a run only with a verdict that
    passed on exactly these plans. Exit code 3 if it did not.

    With --against it is an offline preview of the blueprints, such as for a pull request from a
    fork; nothing is recorded.
    """
    if (run is None) == (revision is None):
        raise click.UsageError("name a RUN, or a revision with --against")
    places = places_of(blueprints, config, environment)
    found = _since(places, revision, threshold) if run is None else _of(run, places, threshold)
    if form == "json":
        click.echo(json.dumps(review_data(found), indent=2, sort_keys=True))
    elif form == "markdown":
        click.echo(review_markdown(found))
    else:
        click.echo(review_text(found))
    return 0 if found.verdict == "passed" else 3


def _of(run: Path, places: Places, threshold: Severity) -> Review:
    from gateprint.cli.live import shown_progress  # noqa: PLC0415
    from gateprint.terraform.runs.folder import RunFolder  # noqa: PLC0415
    from gateprint.workflow.review import review as look  # noqa: PLC0415

    return look(RunFolder(run), places, os.environ, shown_progress(), threshold)


def _since(places: Places, revision: str | None, threshold: Severity) -> Review:
    from gateprint.workflow.review import review_since  # noqa: PLC0415

    return review_since(places, revision or "HEAD", os.environ, threshold)


def review_data(found: Review) -> dict[str, Any]:
    """Return the review as data."""
    return {
        "run": found.subject,
        "digest": found.digest,
        "verdict": found.verdict,
        "reasons": list(found.reasons),
        "stacks": dict(found.stacks),
        "changed": found.counted.changed,
        "unchanged": found.counted.unchanged,
        "actions": dict(found.counted.actions),
        "access": [{"kind": each.kind, "sentence": each.text} for each in found.access],
        "destroyed": [
            {"stack": each.stack, "kind": each.kind, "address": each.address}
            for each in found.destroyed
        ],
        "findings": [_finding(each) for each in found.findings],
        "waived": [
            {**_finding(each.finding), "reason": each.waiver.reason} for each in found.waived
        ],
        "clusters": [
            {"stacks": list(each.stacks), "changes": list(_changes(each))}
            for each in found.clusters
        ],
        "unverified": list(found.unverified),
    }


def _finding(each: Finding) -> dict[str, Any]:
    place = each.location
    return {
        "rule": each.rule.id,
        "severity": each.severity,
        "stack": each.stack,
        "subject": each.subject,
        "sentence": each.sentence,
        "remedy": each.remedy,
        "path": place.path if place else None,
        "line": place.line if place else None,
    }


def review_text(found: Review) -> str:
    """Return the report for a terminal."""
    parts = [visible(found.headline)]
    for title, lines in _sections(found):
        shown = "\n".join(f"  {visible(line)}" for line in lines)
        parts.append(f"{title}\n{shown}")
    if found.verdict == "refused":
        parts.append(f"      = fix: {_WAYS_OUT}")
    elif not found.is_offline:
        parts.append(f"apply it: gateprint apply RUN, with the folder of {visible(found.subject)}")
    return "\n\n".join(parts)


def review_markdown(found: Review, room: int = ROOM) -> str:
    """Return the report for a comment, within so many bytes: what does not fit is said."""
    parts = [f"## {plain_markdown(found.headline)}"]
    left = room - len(parts[0].encode()) - _ROOM_FOR_REST
    untold: list[str] = []
    for title, lines in _sections(found):
        head, shown = f"### {title}\n", list[str]()
        left -= len(head.encode()) + 2
        for line in lines:
            item = f"- {plain_markdown(line.strip())}"
            left -= len(item.encode()) + 1
            if left < 0:
                break
            shown.append(item)
        if len(shown) < len(lines):
            untold.append(f"{len(lines) - len(shown):,} of {len(lines):,} under {title}")
        if shown:
            parts.append("\n".join([head, *shown]))
    if untold:
        parts.append(f"There was no room for {', '.join(untold)}: see the review itself.")
    return "\n\n".join(parts)


def _sections(found: Review) -> Iterator[tuple[str, list[str]]]:
    """Yield the sections that have something to say, in the order in which they matter."""
    told = {
        "Access": [each.text for each in found.access] or ["nobody gains or loses anything"],
        "Destroyed or replaced": [f"{each.stack}: {each.address}" for each in found.destroyed],
        "Refused because": list(found.reasons),
        "Findings": [_told(each) for each in found.findings],
        "Waived": [f"{_told(each.finding)}; {each.waiver.reason}" for each in found.waived],
        "Changes": [line for each in found.clusters for line in _cluster(each)],
        "Not verified before the apply": list(found.unverified),
    }
    yield from ((title, lines) for title, lines in told.items() if lines)


def _told(each: Finding) -> str:
    where = f" ({each.location.path}:{each.location.line})" if each.location else ""
    return f"{each.severity}: {each.stack}: {each.sentence} [{each.rule.id}]{where}"


def _cluster(each: Cluster) -> Iterator[str]:
    names = ", ".join(each.stacks[:_MOST_NAMES])
    more = len(each.stacks) - _MOST_NAMES
    names += f" and {more:,} more" if more > 0 else ""
    same = f"{len(each.stacks):,} stacks change in the same way" if len(each.stacks) > 1 else names
    yield f"{same}: {names}" if len(each.stacks) > 1 else f"{same}:"
    lines = list(_changes(each))
    yield from (f"  {line}" for line in lines[:_MOST_CHANGES])
    if len(lines) > _MOST_CHANGES:
        yield f"  and {len(lines) - _MOST_CHANGES:,} more changes"


def _changes(each: Cluster) -> Iterator[str]:
    for change in each.changes:
        yield (
            f"{change.action} {change.address}"
            if not change.attributes
            else (
                f"{change.action} {change.address}: "
                + "; ".join(f"{one.path} {one.before} → {one.after}" for one in change.attributes)
            )
        )
