"""The review as Markdown for a comment, within a number of bytes; pure."""

from __future__ import annotations

from gateprint.cli.review_formats.sections import Item, place_text, sections
from gateprint.cli.text import plain_markdown
from gateprint.review.review import Review

# The comment needs the rest of the 65,536 characters that GitHub allows.
ROOM = 42_000
_ROOM_FOR_REST = 500
_MOST_DETAILS = 12


def review_markdown(found: Review, room: int = ROOM) -> str:
    """Return the report for a comment, within so many bytes: what does not fit is said."""
    parts = [f"## {plain_markdown(found.headline)}"]
    left = room - len(parts[0].encode()) - _ROOM_FOR_REST
    untold: list[str] = []
    for section in sections(found):
        head, shown = f"### {section.title}\n", list[str]()
        left -= len(head.encode()) + 2
        for item in section.items:
            text = _item(item)
            left -= len(text.encode()) + 1
            if left < 0:
                break
            shown.append(text)
        if len(shown) < len(section.items):
            missing = len(section.items) - len(shown)
            untold.append(f"{missing:,} of {len(section.items):,} under {section.title}")
        if shown:
            parts.append("\n".join([head, *shown]))
    if untold:
        parts.append(f"There was no room for {', '.join(untold)}: see the review itself.")
    return "\n\n".join(parts)


def _item(item: Item) -> str:
    where = f" ({place_text(item.place)})" if item.place else ""
    lines = [f"- {plain_markdown(item.text + where)}"]
    lines += [f"  - {plain_markdown(each)}" for each in item.details[:_MOST_DETAILS]]
    if len(item.details) > _MOST_DETAILS:
        lines.append(f"  - and {len(item.details) - _MOST_DETAILS:,} more")
    return "\n".join(lines)
