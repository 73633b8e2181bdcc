"""The reader of YAML: where everything stands, what is text, and what is left out."""

from __future__ import annotations

from typing import Any

import pytest

from gateprint.model.document import KeyPath, Scalar, walk
from gateprint.model.source import DEPTH_LIMIT, SIZE_LIMIT_BYTES, read
from tests.model.made import rejected


def place(text: str, path: KeyPath, *, key: bool = False) -> tuple[int, int, int]:
    where = read("a.yaml", text).locate(path, key=key)
    return where.line, where.column, where.length


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        pytest.param("a: b\n", ("a",), (1, 4, 1), id="a plain value"),
        pytest.param("a: 'b c'\n", ("a",), (1, 4, 5), id="a quoted value with its quotes"),
        pytest.param("a:\n  b: cde\n", ("a", "b"), (2, 6, 3), id="a nested value"),
        pytest.param("- x\n- yz\n", (1,), (2, 3, 2), id="a list item"),
        pytest.param("a: [x, yz]\n", ("a", 1), (1, 8, 2), id="a flow list item"),
        pytest.param("a: {b: c, d: ef}\n", ("a", "d"), (1, 14, 2), id="a flow mapping's value"),
        pytest.param("a: [x]\n", ("a",), (1, 4, 1), id="a whole flow list"),
        pytest.param("a: |\n  x\n  y\n", ("a",), (1, 4, 1), id="a text of several lines"),
        pytest.param("a: b\r\nc: d\r\n", ("c",), (2, 4, 1), id="Windows line ends"),
        pytest.param("a: b\rc: d\r", ("c",), (2, 4, 1), id="old Macintosh line ends"),
        pytest.param("größe: 'é'\n", ("größe",), (1, 8, 3), id="characters, not bytes"),
        pytest.param("🐕: 🐈 # 🐟\n", ("🐕",), (1, 4, 1), id="characters beyond 16 bits"),
        pytest.param("# x\u2028# y\na: b\n", ("a",), (3, 4, 1), id="a Unicode line separator"),
        pytest.param("a:\t\tb\n", ("a",), (1, 5, 1), id="a tab is one character"),
        pytest.param("\ufeffa: b\n", ("a",), (1, 4, 1), id="a byte order mark is no character"),
        pytest.param("a:\nb: c\n", ("a",), (1, 3, 1), id="nothing, behind its colon"),
    ],
)
def test_a_value_is_located(text: str, path: KeyPath, expected: tuple[int, int, int]) -> None:
    assert place(text, path) == expected


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        pytest.param("a: b\n", ("a",), (1, 1, 1), id="a key"),
        pytest.param("a: {bcd: e}\n", ("a", "bcd"), (1, 5, 3), id="a flow key"),
        pytest.param("a:\n  - b: c\n", ("a", 0, "b"), (2, 5, 1), id="a key in a list item"),
        pytest.param("GET /pets/{id}: x\n", ("GET /pets/{id}",), (1, 1, 14), id="a route"),
        pytest.param("- x\n", (0,), (1, 3, 1), id="a list item has no key, so its value"),
        pytest.param("a:\n  b: c\n", ("a", "x", "y"), (1, 1, 1), id="the nearest parent's key"),
        pytest.param("", (), (1, 1, 1), id="an empty file"),
    ],
)
def test_a_key_is_located(text: str, path: KeyPath, expected: tuple[int, int, int]) -> None:
    assert place(text, path, key=True) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x: y\r\nname: Pets\r\n", id="Windows line ends"),
        pytest.param("\ufeffname: Pets\n", id="a byte order mark"),
        pytest.param("# x\u2028# y\x85name: Pets", id="Unicode line ends"),
    ],
)
def test_a_location_carries_its_line_without_the_line_end(text: str) -> None:
    where = read("a.yaml", text).locate(("name",))
    assert (where.path, where.source_line) == ("a.yaml", "name: Pets")


@pytest.mark.parametrize(
    "text",
    ["NO", "on", "yes", "True", "1.10", "0123", "0x7f", "1e3", "~", "null", "12:30", "2024-01-01"],
)
def test_a_scalar_stays_the_text_that_was_written(text: str) -> None:
    assert read("a.yaml", f"{text}: {text}\n").data == {text: text}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\n", False),
        ("a: '1'\n", True),
        ('a: "1"\n', True),
        ("a: |\n  1\n", True),
        ("a: [1]\n", False),
    ],
)
def test_a_quoted_scalar_is_told_from_a_plain_one(text: str, expected: bool) -> None:
    value: Any = read("a.yaml", text).data["a"]
    scalar = value[0] if isinstance(value, list) else value
    assert isinstance(scalar, Scalar)
    assert scalar.quoted is expected


@pytest.mark.parametrize("text", ["a:\n", "a: # comment\n", "{a: }\n", "{a}\n"])
def test_only_nothing_is_nothing(text: str) -> None:
    assert read("a.yaml", text).data == {"a": None}


def test_an_empty_text_in_quotes_is_text() -> None:
    assert read("a.yaml", "a: ''\n").data == {"a": ""}


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        pytest.param("a: &x b\n", "anchor", 1, 4, id="an anchor on a scalar"),
        pytest.param("a: &x\n  b: c\n", "anchor", 1, 4, id="an anchor on a mapping"),
        pytest.param("&x a: b\n", "anchor", 1, 1, id="an anchor on a key"),
        pytest.param("a: *x\n", "alias", 1, 4, id="an alias"),
        pytest.param("*x : b\nc: d\n", "alias", 1, 1, id="an alias as a key"),
        pytest.param("a: [b, *x]\n", "alias", 1, 8, id="an alias in a list"),
        pytest.param("a:\n  <<: {b: c}\n", "merge-key", 2, 3, id="a merge key"),
        pytest.param("a: !!str 1\n", "tag", 1, 4, id="a tag of YAML's own"),
        pytest.param("a: !Ref b\n", "tag", 1, 4, id="a tag of somebody's own"),
        pytest.param("a: ! b\n", "tag", 1, 4, id="the tag without a name"),
        pytest.param("a: !!set {b}\n", "tag", 1, 4, id="a tag on a mapping"),
        pytest.param("a: !!python/object/apply:os.system [x]\n", "tag", 1, 4, id="a Python tag"),
        pytest.param("a: b\nc: d\na: e\n", "duplicate-key", 3, 1, id="a key twice"),
        pytest.param("a: {b: c, b: c}\n", "duplicate-key", 1, 11, id="a key twice in flow style"),
        pytest.param("a: b\n'a': c\n", "duplicate-key", 2, 1, id="a key twice, once in quotes"),
        pytest.param("a: b\n---\nc: d\n", "second-document", 2, 1, id="a second document"),
        pytest.param("? [a]\n: b\n", "wrong-key", 1, 3, id="a list as a key"),
        pytest.param("{{a: b}: c}\n", "wrong-key", 1, 2, id="a mapping as a key"),
        pytest.param("a: b: c\n", "not-yaml", 1, 5, id="two colons"),
        pytest.param("a: [b\n", "not-yaml", 1, 4, id="an open bracket"),
        pytest.param("a: b\nc: 'd\n\n", "not-yaml", 2, 4, id="an open quote"),
        pytest.param("a:\n\tb: c\n", "not-yaml", 2, 1, id="a tab as indentation"),
        pytest.param("a: '\\ud800'\nb: \"\\ud800\"\n", "not-yaml", 2, 7, id="half a character"),
        pytest.param("a: b\nc: d\x00\n", "control-character", 2, 5, id="a NUL"),
        pytest.param("# é \x1b[31m\n", "control-character", 1, 5, id="an escape character"),
        pytest.param("a: \ufffe\n", "control-character", 1, 4, id="what is no character"),
    ],
)
def test_what_the_format_leaves_out_is_refused_at_its_place(
    text: str, code: str, line: int, column: int
) -> None:
    found = rejected(read, "a.yaml", text)
    assert [(one.code, one.location.line, one.location.column) for one in found] == [
        (code, line, column)
    ]


@pytest.mark.parametrize("text", ["{u:", "a: {u:\n\n", "a: b\nc: [x,\n", "- {", "{u: [\n# c\n"])
def test_a_file_that_ends_too_early_is_shown_where_it_ends(text: str) -> None:
    (found,) = rejected(read, "a.yaml", text)
    lines = text.splitlines()
    assert found.problem == "the file ends within a list or mapping in brackets"
    assert found.location.line <= len(lines)
    assert found.location.source_line == lines[found.location.line - 1] != ""


def test_a_place_has_a_length_even_where_nothing_is_to_be_seen() -> None:
    (found,) = rejected(read, "a.yaml", "s:\n\u00a0")
    assert found.location.length == 1


def test_all_that_is_left_out_is_reported_at_once() -> None:
    found = rejected(read, "a.yaml", "a: &x b\nc: *x\nd: !t e\nd: f\n<<: {}\n---\n")
    codes = ["anchor", "alias", "tag", "duplicate-key", "merge-key", "second-document"]
    assert [one.code for one in found] == codes


def test_the_character_that_is_refused_is_not_printed() -> None:
    (found,) = rejected(read, "a.yaml", "a: \x1b[31m\n")
    assert found.location.source_line == "a: \ufffd[31m"


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("a: [GET /pets/{id}]", "quote a route with a parameter inside [ ] or { }"),
        ("a: the shop: its pets", 'put what follows "a: " in quotes'),
        ("a: %b", "put it in quotes"),
        ("a: 'b", "close it: '"),
        ("\ta: b", "indent with spaces"),
        ("a: b\n c: d\n e", "indent both alike"),
    ],
)
def test_a_slip_of_syntax_has_a_remedy_of_its_own(line: str, remedy: str) -> None:
    (found,) = rejected(read, "a.yaml", f"{line}\n")
    assert remedy in found.remedy


@pytest.mark.parametrize("opening", ["[", "- ", "{a: ", "a:\n"])
def test_thousands_of_levels_are_refused_without_exhausting_the_stack(opening: str) -> None:
    text = (
        "".join(f"{' ' * level}a:\n" for level in range(600)) if "\n" in opening else opening * 5000
    )
    (found,) = rejected(read, "a.yaml", text)
    assert found.code == "too-deep"


def test_the_deepest_accepted_nesting_is_accepted() -> None:
    assert read("a.yaml", "[" * DEPTH_LIMIT + "]" * DEPTH_LIMIT).data


def test_the_largest_accepted_file_is_accepted() -> None:
    assert read("a.yaml", "#" * SIZE_LIMIT_BYTES).data is None


@pytest.mark.parametrize("text", ["#" * (SIZE_LIMIT_BYTES + 1), "é" * (SIZE_LIMIT_BYTES // 2 + 1)])
def test_a_larger_file_is_refused_by_its_bytes(text: str) -> None:
    (found,) = rejected(read, "a.yaml", text)
    assert found.code == "too-large"


def test_walking_meets_every_key_and_scalar_with_its_path() -> None:
    document = read("a.yaml", "a: [b, {c: d}]\ne:\n")
    assert list(walk(document.data)) == [
        (("a",), "a", True),
        (("a", 0), "b", False),
        (("a", 1, "c"), "c", True),
        (("a", 1, "c"), "d", False),
        (("e",), "e", True),
    ]
