"""Text from outside, so that it shows as text and does nothing; pure."""

from __future__ import annotations

import html
import re

# Control characters, the marks that turn the direction of writing, and halves of a character.
_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
# What Markdown or HTML would take for more than text.
_MARKUP = re.compile(r"[\\`*_\[\]<>|&~$#]")
# At the beginning of a line it would be a list.
_LIST = re.compile(r"\A( *)(?=[-+=])|\A( *\d{1,9})(?=[.)])")
# What GitHub and GitLab make a link, a mention or a reference of after Markdown was read, so that
# a backslash does not help: @name, #1 and GH-1; GitLab's !1, $1, &1, ~label and %milestone;
# addresses with a scheme, and those that begin with www.
_LINKED = re.compile(
    r'[@#](?=\S)|[!$&](?=\d)|[~%](?=[\w"])|\bGH(?=-\d)|:(?=//)|\b(?:mailto|xmpp)(?=:)|\bwww(?=\.)',
    re.IGNORECASE,
)
_NOTHING_WIDE = "\u200b"


def visible(text: str, keep: str = "") -> str:
    """Escape control characters and marks of direction, except those to keep."""
    return _CONTROL.sub(
        lambda found: found[0] if found[0] in keep else f"\\u{ord(found[0]):04x}", text
    )


def plain_markdown(text: str) -> str:
    """Return free text so that Markdown shows it as it was written, and notifies nobody.

    A space without width stands after what would become a mention, a reference or a link: GitHub
    and GitLab look for these in the text that Markdown leaves (github/markup issue 1168, GitLab
    issue 16827).
    """
    escaped = _MARKUP.sub(lambda found: f"\\{found[0]}", _unlinked(text))
    return _LIST.sub(lambda found: f"{found[1] or found[2] or ''}\\", escaped)


def html_markdown(text: str) -> str:
    """Return free text for within an HTML tag in Markdown, such as `<summary>`."""
    return html.escape(_unlinked(text))


def _unlinked(text: str) -> str:
    return _LINKED.sub(rf"\g<0>{_NOTHING_WIDE}", visible(text))


def code_markdown(text: str) -> str:
    """Return a code span (CommonMark 6.1) that ends where the text does; nothing links in it."""
    # A runner of GitHub Actions obeys ##[command] wherever it reads it (ActionCommand.cs).
    shown = visible(text).replace("##", f"#{_NOTHING_WIDE}#")
    longest = max((len(each) for each in re.findall("`+", shown)), default=0)
    fence, space = "`" * (longest + 1), " " if longest else ""
    return f"{fence}{space}{shown}{space}{fence}" if shown else ""
