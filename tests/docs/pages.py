"""Reads the documentation: its pages, headings, links, and the fenced blocks with their markers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

_MARKER = re.compile(r"<!-- (?P<text>[^>]+?) -->")
_FENCE = re.compile(r"^ *```(?P<language>\w*)$")
_HEADING = re.compile(r"^(?P<marks>#{1,6}) (?P<text>.+)$")
_LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: the comment on the line before it, the last heading, its text."""

    page: Path
    line: int
    marker: str
    heading: str
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"


def pages() -> list[Path]:
    """Return every page: the Markdown files of the root and of docs/."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page, in their order."""
    return list(_blocks(page))


def _blocks(page: Path) -> Iterator[Block]:
    marker, heading, opened = "", "", None
    inside: list[str] = []
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        fence = _FENCE.match(line)
        if opened is not None:
            if fence:
                text = "".join(f"{each}\n" for each in inside)
                yield Block(page, opened[0], marker, heading, opened[1], text)
                opened, marker = None, ""
            else:
                inside.append(line)
        elif fence:
            opened, inside = (number, fence["language"]), []
        elif found := _HEADING.match(line):
            heading, marker = found["text"], ""
        elif line.strip():
            comment = _MARKER.fullmatch(line.strip())
            marker = comment["text"] if comment else ""
    assert opened is None, f"{page}: a fence is not closed"


def prose(page: Path) -> str:
    """Return a page without its fenced blocks and without code spans."""
    lines, is_inside = [], False
    for line in page.read_text(encoding="utf-8").splitlines():
        if _FENCE.match(line):
            is_inside = not is_inside
        elif not is_inside:
            lines.append(re.sub(r"`[^`]*`", "``", line))
    return "\n".join(lines)


def headings(page: Path, level: int = 0) -> list[str]:
    """Return the headings of a page, of one level or of all (0)."""
    is_inside = False
    found = []
    for line in page.read_text(encoding="utf-8").splitlines():
        if _FENCE.match(line):
            is_inside = not is_inside
        elif not is_inside and (heading := _HEADING.match(line)):
            found += [heading["text"]] if level in {0, len(heading["marks"])} else []
    return found


def anchors(page: Path) -> set[str]:
    """Return the anchors that the headings of a page get where Markdown is shown on the web."""
    found: set[str] = set()
    for heading in headings(page):
        plain = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        count = 0
        while (anchor := f"{plain}-{count}" if count else plain) in found:
            count += 1
        found.add(anchor)
    return found


def links(page: Path) -> list[str]:
    """Return the targets of a page's links."""
    return [each["target"] for each in _LINK.finditer(prose(page))]
