"""The review for a terminal; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.cli.review_formats.sections import WAYS_OUT, Item, Section, place_text, sections
from gateprint.cli.text import visible
from gateprint.review.review import Review

_MOST_DETAILS = 12


def review_text(found: Review) -> str:
    """Return the report for a terminal."""
    parts = [visible(found.headline), *(_section(each) for each in sections(found))]
    if found.verdict == "refused":
        parts.append(f"      = fix: {WAYS_OUT}")
    elif not found.is_offline:
        parts.append(f"apply it: gateprint apply RUN, with the folder of {visible(found.subject)}")
    return "\n\n".join(parts)


def _section(each: Section) -> str:
    lines = (f"  {visible(line)}" for item in each.items for line in _lines(item))
    return "\n".join([each.title, *lines])


def _lines(item: Item) -> Iterator[str]:
    where = f" ({place_text(item.place)})" if item.place else ""
    yield item.text + where
    yield from (f"  {line}" for line in item.details[:_MOST_DETAILS])
    if len(item.details) > _MOST_DETAILS:
        yield f"  and {len(item.details) - _MOST_DETAILS:,} more"
