"""How tables are drawn: they fit, they fold, and nothing in a cell reaches the terminal."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from gateprint.cli.tables import draw

ROUTE = "GET /orders/{order}/shipments/{shipment}/position"


def lines(*rows: tuple[str, ...], width: int) -> list[str]:
    head = ("role", "may call", "prod")[: len(rows[0])]
    return draw("", head, rows, width).splitlines()


def test_a_table_is_as_wide_as_its_cells() -> None:
    assert lines(("reader", "GET /pets", "yes"), width=80) == [
        " role     may call    prod",
        " ─────────────────────────",
        " reader   GET /pets   yes",
    ]


def test_a_title_stands_above() -> None:
    assert draw("Pets", ["role"], [["reader"]], 80).splitlines()[:2] == ["Pets", " role"]


def test_a_route_is_folded_between_its_segments() -> None:
    assert lines(("reader", ROUTE, "yes"), width=50)[2:] == [
        " reader   GET /orders/{order}/shipments       yes",
        "          /{shipment}/position",
    ]


def test_words_are_kept_whole_where_they_fit() -> None:
    assert lines(("a reason of several words",), width=14)[2:] == [
        " a reason of",
        " several words",
    ]


def test_a_word_that_is_too_long_is_cut() -> None:
    assert lines(("x" * 25,), width=11)[2:] == [" " + "x" * 10, " " + "x" * 10, " " + "x" * 5]


def test_what_is_folded_keeps_its_indent() -> None:
    assert lines(("routes\n  one two three",), width=10)[2:] == [
        " routes",
        "   one two",
        "   three",
    ]


def test_wide_characters_take_two_cells() -> None:
    drawn = lines(("日本", "GET /pets", "yes"), ("reader", "GET /pets", "-"), width=80)
    assert drawn[2:] == [" 日本     GET /pets   yes", " reader   GET /pets   -"]


LONG = {"word": "x" * 2000, "path": "/a" * 1000, "wide": "日本語" * 300, "words": "a " * 500}


@pytest.mark.parametrize("width", [24, 40, 80, 120])
@pytest.mark.parametrize("cell", LONG.values(), ids=LONG)
def test_no_line_is_wider_than_the_terminal_and_nothing_is_lost(width: int, cell: str) -> None:
    assert max(map(cell_len, lines(("reader", cell, "yes"), width=width))) <= width
    body = "".join(lines((cell,), width=width)[2:])
    assert body.replace(" ", "") == cell.replace(" ", "")


def test_control_characters_and_marks_of_direction_are_shown() -> None:
    assert lines(("a\x1b[31m\u202eb",), width=40)[2:] == [" a\\u001b[31m\\u202eb"]
