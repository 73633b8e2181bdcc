"""The caret of text output stands under the value, in cells of a terminal."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gateprint.cli.diagnostics import render
from gateprint.errors import Diagnostic, Location

FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"
THUMB = "\N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}"
SIGN = "\N{WARNING SIGN}\N{VARIATION SELECTOR-16}"


def drawn(line: str, value: str, number: int = 7) -> tuple[str, str]:
    """Return the source line and the caret line that are printed for a value in a line."""
    where = Location("a.yaml", number, line.index(value) + 1, len(value), line)
    text = render([Diagnostic(where, "wrong-name", "p", "r")], "text")
    _, source, carets, *_ = text.split("\n")
    return source, carets


@pytest.mark.parametrize(
    ("line", "value", "carets"),
    [
        pytest.param("a: bcd", "bcd", "   ^^^", id="plain text"),
        pytest.param("日本: x", "x", "      ^", id="two cells each"),
        pytest.param("a: 日本", "日本", "   ^^^^", id="a value of two cells each"),
        pytest.param("ﾊﾟ: x", "x", "    ^", id="narrow ones"),
        pytest.param("e\u0301e: x", "x", "    ^", id="a combining mark"),
        pytest.param("a: e\u0301", "e\u0301", "   ^", id="a value with a combining mark"),
        pytest.param("a\u200bb: x", "x", "    ^", id="a space of no width"),
        pytest.param("🐈: x", "x", "    ^", id="an emoji"),
        pytest.param("🇩🇪: x", "x", "    ^", id="a flag"),
        pytest.param(f"{THUMB}: x", "x", "    ^", id="a skin tone"),
        pytest.param(f"{FAMILY}: x", "x", "    ^", id="several emoji joined to one"),
        pytest.param(f"{SIGN}: x", "x", "    ^", id="a sign shown as an emoji"),
        pytest.param("\ta: x", "x", "\t   ^", id="a tab"),
        pytest.param("日\t本: x", "x", "  \t    ^", id="a tab between wide ones"),
        pytest.param("a: x\ty", "x\ty", "   ^\t^", id="a value with a tab"),
        pytest.param("a: \u0301", "\u0301", "   ^", id="a value of no width"),
    ],
)
def test_the_caret_stands_under_the_value(line: str, value: str, carets: str) -> None:
    assert drawn(line, value) == (f"    7 | {line}", f"      | {carets}")


def test_a_mark_of_direction_is_shown_and_the_caret_moves_along() -> None:
    assert drawn("a\u202eb: x\u200f", "x\u200f") == (
        r"    7 | a\u202eb: x\u200f",
        r"      |           ^^^^^^^",
    )


def test_a_line_number_of_many_digits_moves_the_caret_along() -> None:
    assert drawn("a: x", "x", 1_000_000) == ("1000000 | a: x", "        |    ^")


def test_a_part_of_a_long_line_has_its_caret() -> None:
    source, carets = drawn("日" * 300 + "x" + "日" * 300, "x")
    assert source == "    7 | " + "日" * 100 + "x" + "日" * 99
    assert carets == "      | " + " " * 200 + "^"


def test_a_place_behind_the_end_of_its_line_has_a_caret() -> None:
    where = Location("a.yaml", 7, 6, 1, "日本: ")
    assert "\n      |       ^\n" in render([Diagnostic(where, "not-yaml", "p", "r")], "text")


def test_plain_text_does_not_wait_for_the_tables_of_widths() -> None:
    code = (
        "import sys\n"
        "from gateprint.cli.diagnostics import render\n"
        "from gateprint.errors import Diagnostic, Location\n"
        "render([Diagnostic(Location('a', 1, 1, 1, 'a'), 'c', 'p', 'r')], 'text')\n"
        "print([name for name in sys.modules if name.startswith('rich')])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_line_that_would_wrap_is_cut_around_its_value() -> None:
    line = f"{'a' * 60}: {'b' * 60}"
    found = Diagnostic(Location("a.yaml", 7, 63, 60, line), "wrong-name", "p", "r")
    source, caret = render([found], "text", width=80).splitlines()[1:3]
    assert max(len(source), len(caret)) <= 80
    assert (source.index("b"), source.count("b")) == (caret.index("^"), caret.count("^"))
