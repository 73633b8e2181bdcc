"""What a blueprint says is never code in a client, whatever it says."""

from __future__ import annotations

import ast
import builtins
import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateprint.model.visible import visible
from gateprint.sdk.text import comment, docstring, literal
from tests.sdk.made import HOSTILE, Given, blueprint, client, hostile_client, imported, route, texts

MODULE = "shop_client/__init__.py"


def python_of(text: str) -> str:
    """Return the Python of a client whose descriptions and reason are a text."""
    routes = [
        route("GET /pets/{id}", Given("none", text, text)),
        route("ANY /a", Given("iam", None, text)),
    ]
    return texts(client(blueprint(routes, description=text)), "python")[MODULE]


def shape_of(source: str) -> str:
    """Return the syntax of a module with all its docstrings and constants made the same."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


PLAIN = shape_of(python_of("plain"))


@given(st.text(max_size=40) | st.lists(st.sampled_from(HOSTILE), max_size=3).map("".join))
@settings(max_examples=60, deadline=None)
@example("")
@example(HOSTILE[2])
@example('"')
@example("\\")
@example("\\N{no such name} \\x \\u12")
def test_no_text_changes_the_syntax_of_the_python_client(text: str):
    assert shape_of(python_of(text)) == PLAIN


def test_the_hostile_python_client_runs_and_breaks_nothing(tmp_path: Path):
    module = imported(tmp_path, hostile_client())
    assert module.ShopClient("https://api.example.com/prod")
    assert not hasattr(builtins, "broken")


@given(st.text())
@example("*/")
@example("**//")
@example("*\u2028/")
@example("*\n/")
def test_no_text_ends_a_comment_or_its_line(text: str):
    found = comment(text)
    assert "*/" not in found
    assert found.splitlines() in ([found], [])


@given(st.text())
def test_a_docstring_says_what_the_text_says_on_one_line(text: str):
    found = ast.literal_eval(f'"""{docstring(text)}"""')
    assert found == visible(" ".join(text.split()))
    assert found.splitlines() in ([found], [])


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_literal_is_the_text_in_python_toml_and_json(text: str):
    written = literal(text)
    assert written.isascii()
    assert json.loads(written) == text
    if text.isascii() and text.isprintable():
        assert tomllib.loads(f"a = {written}") == {"a": text}
        assert ast.literal_eval(written) == text


@pytest.mark.parametrize("language", ["javascript", "typescript", "python"])
def test_metadata_is_what_its_format_reads(language):
    found = texts(hostile_client(), language)
    if language == "python":
        assert tomllib.loads(found["pyproject.toml"])["project"]["name"] == "shop-client"
    else:
        assert json.loads(found["package.json"])["name"] == "shop-client"


@pytest.mark.parametrize("language", ["javascript", "typescript", "python"])
def test_no_line_of_a_client_turns_the_direction_of_writing(language):
    whole = "".join(texts(hostile_client(), language).values())
    assert [each for each in whole if each in "\u202e\u2066\x1b\x00\r\u2028"] == []


def test_the_same_client_gives_the_same_bytes():
    assert texts(hostile_client(), "python") == texts(hostile_client(), "python")
