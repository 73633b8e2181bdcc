"""How differences between the stated access and the Terraform read; pure."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

from gateprint.cli.notice import Notice
from gateprint.cli.text import plain_markdown, visible
from gateprint.errors import Difference

_MOST = 100


def proof_text(differences: Sequence[Difference], source: Path, width: int | None) -> str:
    """Return that the Terraform gives exactly the stated access, or what it gives instead."""
    return differences_text(differences, width) if differences else f"{_proved(source)}."


def differences_text(differences: Sequence[Difference], width: int | None) -> str:
    """Return the differences, by stack, and how many there are."""
    lines = []
    for each in differences[:_MOST]:
        lines += _wrapped(f"{each.stack}: {each.sentence}", "", width)
        if each.statement:
            lines += _wrapped(each.statement, "    ", width)
    lines += [*_more(differences), "", f"{_count(differences)}; do not apply it"]
    return "\n".join(lines)


def proof_markdown(differences: Sequence[Difference], source: Path) -> str:
    """Return the same as Markdown."""
    if not differences:
        return f"{plain_markdown(_proved(source))}."
    items = [f"- {plain_markdown(_sentence(each))}" for each in differences[:_MOST]]
    return "\n".join([f"## {_count(differences)}", "", *items, *_more(differences)])


def proof_notice(differences: Sequence[Difference], source: Path) -> Notice:
    """Return the same for the top of a page."""
    if not differences:
        return Notice("Proved", f"{visible(_proved(source))}.")
    items = tuple((visible(_sentence(each)),) for each in differences[:_MOST])
    return Notice(_count(differences), "Do not apply it.", items)


def _sentence(each: Difference) -> str:
    where = f" ({each.statement})" if each.statement else ""
    return f"{each.stack}: {each.sentence}{where}"


def _proved(source: Path) -> str:
    return f"The Terraform in {source} gives exactly this access, and no other"


def _count(differences: Sequence[Difference]) -> str:
    count = len(differences)
    plural = "differences" if count != 1 else "difference"
    return f"{count:,} {plural} between the blueprints and the Terraform"


def _more(differences: Sequence[Difference]) -> list[str]:
    count = len(differences) - _MOST
    return [f"… and {count:,} more"] if count > 0 else []


def _wrapped(text: str, indent: str, width: int | None) -> list[str]:
    text = visible(text)
    if width is None:
        return [indent + text]
    return textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent + "    ",
        break_on_hyphens=False,
    )
