"""The review as Markdown for a comment, within a number of bytes; pure.

GitHub and GitLab read the same of it: headings, lists, code spans and `<details>`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from gateprint.cli.review_formats.links import Link, no_link
from gateprint.cli.review_formats.parts import ACTIONS, MARKS, Item, Line, Report, Section, Text
from gateprint.cli.review_formats.parts import place_text as said_place
from gateprint.cli.review_formats.room import GAP, Block, Room, size
from gateprint.cli.review_formats.sections import report_of
from gateprint.errors import Location
from gateprint.model.visible import code_markdown, html_markdown, plain_markdown
from gateprint.review.finding import SEVERITIES
from gateprint.review.review import Review

# The comment needs the rest of the 65,536 characters that GitHub allows.
ROOM = 42_000
_LONGEST_TEXT = 1_000
_LONGEST_HEADLINE = 500
_LAST_WORDS = 120
# Of each section so many items have room before any other has more.
_FIRST_ITEMS = 5
# A comment is also a mail; whoever wants to know all of it has the page.
_MOST_FOLDED = 40
_ADDRESS = re.compile(r"https?://[^\s()<>\\]+")


def review_markdown(found: Review, room: int = ROOM, link: Link = no_link) -> str:
    """Return the report for a comment, within so many bytes; they have to be 2,000 at least.

    What does not fit is said, with its number: details first, then what matters least. Nothing is
    cut within a line, a list or a folded part.
    """
    report = report_of(found)
    write = _Writer(link)
    headline = f"## {_fitting(report.headline, plain_markdown, _LONGEST_HEADLINE)}"
    ends = [f"**Fix**: {plain_markdown(report.ways_out)}"] if report.ways_out else []
    fixed = sum(size(each) + size(GAP) for each in (headline, *ends))
    blocks, details = write.blocks(report), write.details(report)
    _share(Room(room - fixed - _LAST_WORDS), blocks, details)
    shown = [each.text() for each in (*blocks, *details) if each.is_open]
    return GAP.join([headline, *shown, *_last_words([*blocks, *details]), *ends])


def _share(room: Room, blocks: Sequence[Block], details: Sequence[Block]) -> None:
    """Give each section its heading and its first items, then all items room, then details."""
    for each in blocks:
        each.open(room)
    for most in (_FIRST_ITEMS, None):
        for each in blocks:
            each.fill(room, most)
    for each in details:
        each.fill(room, _MOST_FOLDED)


def _last_words(blocks: Sequence[Block]) -> Iterator[str]:
    missing = sum(not each.is_open for each in blocks)
    if missing:
        what = "folded part" if missing == 1 else "folded parts"
        yield f"**{missing:,} more {what}**: no room here; `--format html` has all"


class _Writer:
    """Writes lines; `link` knows where a line of a blueprint is shown."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def blocks(self, report: Report) -> list[Block]:
        """Return the facts, and the sections that are not folded."""
        facts = Block("", [self._fact(each) for each in report.facts], "fact")
        sections = [
            Block(f"### {each.title}\n", self._items(each), "item")
            for each in report.sections
            if not each.is_folded
        ]
        return [facts, *sections]

    def details(self, report: Report) -> list[Block]:
        """Return what is folded: whole sections, then what belongs to others."""
        waived = [
            _folded(f"{each.title}: {len(each.items):,}", self._items(each), "item")
            for each in report.sections
            if each.is_folded
        ]
        others = [
            _folded(fold.title, [self._line(each, "") for each in fold.lines], "line")
            for section in report.sections
            for fold in section.folds
        ]
        return [*waived, *others]

    def _items(self, section: Section) -> list[str]:
        return ["\n".join(self._item(each)) for each in section.items]

    def _item(self, item: Item) -> Iterator[str]:
        yield self._line(item.head, "")
        for each in item.below:
            yield self._line(each, "  ")

    def _fact(self, line: Line) -> str:
        return f"- **{line.label}**: {_text(line.text)}"

    def _line(self, line: Line, indent: str) -> str:
        after = [code_markdown(line.tag)] if line.tag else []
        after += [self._place(line.place)] if line.place else []
        end = f" ({', '.join(after)})" if after else ""
        return f"{indent}- {_lead(line)}{_text(line.text)}{end}"

    def _place(self, place: Location) -> str:
        """Return the line of a blueprint, as a link where there is a harmless address."""
        shown = _shortened(said_place(place))
        address = self._link(place)
        if address is None or not _ADDRESS.fullmatch(address):
            return code_markdown(shown)
        return f"[{plain_markdown(shown)}]({address})"


def _lead(line: Line) -> str:
    """Return what stands before a text; an address is known by its form."""
    if line.label in SEVERITIES:
        return f"**{line.label}**: "
    sign = f"**{MARKS[line.kind].sign}** " if line.kind in MARKS else ""
    if not line.label or line.label == "at":
        return sign
    return f"{sign}{line.label} " if line.kind in ACTIONS else f"{sign}{line.label}: "


def _text(text: Text) -> str:
    """Return words as they are written, and names as code; neither does anything."""
    parts = enumerate(map(_shortened, text))
    return "".join(code_markdown(each) if odd % 2 else plain_markdown(each) for odd, each in parts)


def _folded(title: str, units: Sequence[str], what: str) -> Block:
    # GitHub and GitLab read Markdown in it only after an empty line.
    summary = html_markdown(_shortened(title))
    opening = f"<details>\n<summary>{summary}</summary>\n"
    return Block(opening, units, what, "\n</details>")


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"


def _fitting(text: str, write: Callable[[str], str], most: int) -> str:
    """Return as much of a text as has room when it is written."""
    written = write(text)
    while size(written) > most:
        text = text[: len(text) * 3 // 4]
        written = write(f"{text}…")
    return written
