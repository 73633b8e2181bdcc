"""Text from outside shows as it was written, notifies nobody and links to nothing."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from gateprint.model.visible import code_markdown, html_markdown, plain_markdown, visible

WIDE_NOTHING = "\u200b"
TEXTS = st.text(st.characters(), max_size=60)


def shown(markdown: str) -> str:
    """Return what a reader sees of a paragraph or a list item, as HTML."""
    return str(MarkdownIt("commonmark").render(markdown)).strip()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("@team", "@\u200bteam"),
        ("auditor@shop.example.com", "auditor@\u200bshop.example.com"),
        ("see #12", "see \\#\u200b12"),
        ("org/name#1", "org/name\\#\u200b1"),
        ("GH-1 gh-2", "GH\u200b-1 gh\u200b-2"),
        ("http://a.example", "http:\u200b//a.example"),
        ("irc://a.example", "irc:\u200b//a.example"),
        ("WWW.a.example", "WWW\u200b.a.example"),
        ("mailto:a", "mailto\u200b:a"),
        ("!7 $7 &7 ~bug %9.1", "!\u200b7 \\$\u200b7 \\&\u200b7 \\~\u200bbug %\u200b9.1"),
        ("a & b, 5 % of #", "a \\& b, 5 % of \\#"),
    ],
)
def test_what_would_link_or_notify_is_broken(text: str, written: str) -> None:
    assert plain_markdown(text) == written


@pytest.mark.parametrize("text", ["- a", "+ a", "1. a", "12) a", "=", "  - a", "--- a"])
def test_a_text_begins_no_list_and_makes_nothing_a_heading(text: str) -> None:
    assert shown(f"x\n{plain_markdown(text)}") == f"<p>x\n{text.strip()}</p>"


@given(TEXTS)
def test_a_text_shows_as_it_was_written(text: str) -> None:
    plain = visible(text).replace(WIDE_NOTHING, "")
    found = shown(f"x{plain_markdown(text)}x").replace(WIDE_NOTHING, "")
    assert html.unescape(found) == f"<p>x{plain}x</p>"


@given(TEXTS)
def test_code_shows_as_it_was_written_in_one_span(text: str) -> None:
    found = shown(f"x {code_markdown(text)} x")
    assert found.count("<code>") == (1 if text else 0)
    inside = html.unescape(found).removeprefix("<p>x ").removesuffix(" x</p>")
    code = inside.removeprefix("<code>").removesuffix("</code>").replace(WIDE_NOTHING, "")
    assert code.strip(" ") == visible(text).replace(WIDE_NOTHING, "").strip(" ")


@given(TEXTS)
def test_within_a_tag_there_is_no_other(text: str) -> None:
    found = html_markdown(text)
    assert not {"<", ">", '"', "\n"} & set(found)
    plain = visible(text).replace(WIDE_NOTHING, "")
    assert html.unescape(found).replace(WIDE_NOTHING, "") == plain


def test_halves_of_characters_are_shown_so_that_any_encoding_takes_them() -> None:
    assert visible("a\ud800b").encode() == b"a\\ud800b"
