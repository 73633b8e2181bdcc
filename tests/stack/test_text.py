"""Text reaches AWS as written; nothing below interprets it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateprint.stack.text import literal, literals, optional, verbatim_template

WRITTEN = (
    ("plain", "plain"),
    ("${file(1)}", "$${file(1)}"),
    ("%{ if true }", "%%{ if true }"),
    ("$${x}", "$$${x}"),
    ("100 % {x} $ {y}", "100 % {x} $ {y}"),
)


@pytest.mark.parametrize(("text", "expected"), WRITTEN)
def test_templates_of_terraform_are_literal(text, expected):
    assert literal(text) == expected


def read_by_terraform(written: str) -> str:
    """Read a template as Terraform does: `$${` is `${`, and `${` alone would open one."""
    read, rest = "", written
    while rest:
        if rest[:3] in {"$${", "%%{"}:
            read, rest = read + rest[1:3], rest[3:]
        else:
            assert rest[:2] not in {"${", "%{"}, f"{written} opens a template"
            read, rest = read + rest[0], rest[1:]
    return read


@given(st.text(alphabet="$%{}ab", max_size=12))
def test_terraform_reads_back_what_was_written(text):
    assert read_by_terraform(literal(text)) == text


def test_keys_are_literal_too_and_sorted():
    assert literals({"b": "${x}", "${a}": "y"}) == {"$${a}": "y", "b": "$${x}"}
    assert list(literals({"b": "", "a": ""})) == ["a", "b"]


def test_nothing_stays_nothing():
    assert optional(None) is None


@pytest.mark.parametrize("text", ["{}", "", "a'b"])
def test_a_body_without_signs_is_its_own_template(text):
    assert verbatim_template(text) == text


def test_a_body_with_signs_is_spelled_for_the_template_language():
    expected = "#set($dollar = '$')#set($hash = '#'){\"a\": \"${dollar}5 ${hash}1\"}"
    assert verbatim_template('{"a": "$5 #1"}') == expected


BACKSLASHES = ((r"\$", r"\\${dollar}"), (r"\\#", r"\\\\${hash}"), (r"\n $", r"\n ${dollar}"))


@pytest.mark.parametrize(("text", "expected"), BACKSLASHES)
def test_a_backslash_quotes_no_sign_of_the_template_language(text, expected):
    assert verbatim_template(text).partition("#set($hash = '#')")[2] == expected
