"""Keeps what was measured last, and writes docs/benchmarks.md from it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.report import LEGEND, MIB, Report, mib, times

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "bench" / "measured"
PAGE = ROOT / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

`make bench` measures everything and writes this page; `.venv/bin/python -m bench --write PART`
measures one part anew, and leaves the others as they were last. The parts' names are in brackets.
Measured are whole processes, from start to exit: medians of several runs, in turns where they are
compared, so that what else the machine does meets them all alike. So compare ratios: seconds are
those of a machine with so many processors as the part says, and of what else it did.

"""


def keep(part: str, report: Report) -> None:
    """Keep a report as the last one of its part."""
    KEPT.mkdir(exist_ok=True)
    text = json.dumps(_data(report), indent=1, ensure_ascii=False) + "\n"
    (KEPT / f"{part}.json").write_text(text, encoding="utf-8")


def write_page(parts: Sequence[str]) -> None:
    """Write the page from what is kept of these parts, in their order."""
    PAGE.write_text(page(_kept(parts)), encoding="utf-8")


def page(kept: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the page; pure."""
    return HEAD + "\n".join(line for part, found in kept.items() for line in _section(part, found))


def _kept(parts: Sequence[str]) -> dict[str, dict[str, Any]]:
    paths = {part: KEPT / f"{part}.json" for part in parts}
    return {
        part: json.loads(path.read_text(encoding="utf-8"))
        for part, path in paths.items()
        if path.is_file()
    }


def _data(report: Report) -> dict[str, Any]:
    return {
        "title": report.title,
        "conditions": list(report.conditions),
        "commands": [
            [
                each.name,
                len(each.samples),
                round(each.wall_seconds, 3),
                round(each.cpu_seconds, 3),
                round(each.tree_bytes / MIB),
            ]
            for each in report.series
        ],
        "requests": [
            [each.name, each.requests, round(each.per_second), round(each.median * 1000, 2)]
            for each in report.loads
        ],
        "targets": [[each.name, each.measured, each.at_least] for each in report.targets],
        "picture": report.picture,
    }


def _section(part: str, found: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {found['title']} [{part}]\n"
    yield from (f"- {_escaped(each)}" for each in found["conditions"])
    yield ""
    if found["commands"]:
        yield f"{LEGEND[0].upper()}{LEGEND[1:]}.\n"
        yield from _table(
            ("command", "runs", "wall", "processors", "memory"), map(_command, found["commands"])
        )
    if found["requests"]:
        head = ("requests", "count", "per second", "median")
        yield from _table(head, map(_load, found["requests"]))
    if found["targets"]:
        yield from _table(("ratio", "measured", "target", ""), map(_target, found["targets"]))
    if found["picture"]:
        yield f"![{found['title']}]({found['picture']})\n"


def _command(row: Sequence[Any]) -> tuple[str, ...]:
    name, runs, wall, processors, memory = row
    return (name, str(runs), f"{wall:.2f} s", f"{processors:.2f} s", mib(memory * MIB))


def _load(row: Sequence[Any]) -> tuple[str, ...]:
    name, count, per_second, median = row
    return (name, f"{count:,}", f"{per_second:,}", f"{median:g} ms")


def _target(row: Sequence[Any]) -> tuple[str, ...]:
    name, measured, at_least = row
    said = "met" if measured >= at_least else "**missed**"
    return (name, times(measured), f"at least {at_least:g} ×", said)


def _table(head: Sequence[str], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    yield from (f"| {' | '.join(map(_escaped, row))} |" for row in rows)
    yield ""


def _escaped(text: str) -> str:
    """Return a text of ours for Markdown: a bar would end a cell."""
    return text.replace("|", "\\|").replace("<", "&lt;")
