"""Every format of every review: it is well-formed, the same each time, and does nothing by itself.

What a format says is in the tests beside this one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring

from gateprint.cli.review_formats.forms import FORMS, rendered
from gateprint.cli.review_formats.inert import (
    inert_html,
    inert_json,
    inert_markdown,
    inert_text,
)
from tests.cli.review_formats.readers import commands_of, sarif_problems, schema_problems
from tests.support.reviews import HOSTILE, HOSTILE_REVIEWS, REVIEWS, SECRETS, saying

ALL = {**REVIEWS, **HOSTILE_REVIEWS}
# Escapes for terminals, what ends a line elsewhere, and marks of direction.
OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
RENDERED: dict[tuple[str, str], str] = {}

for_all = pytest.mark.parametrize("name", ALL)
for_hostile = pytest.mark.parametrize("name", HOSTILE)
for_forms = pytest.mark.parametrize("form", FORMS)


def written(name: str, form: str) -> str:
    """Return a review in a format; each is made once."""
    key = (name, form)
    if key not in RENDERED:
        RENDERED[key] = rendered(ALL[name], form)
    return RENDERED[key]


def is_page(text: str) -> None:
    HTMLParser().feed(text)
    assert text.lower().startswith("<!doctype html>")


def is_text(text: str) -> None:
    assert "passed" in text or "refused" in text


def is_terraform_report(text: str) -> None:
    assert list(json.loads(text)) == ["create", "update", "delete"]


CHECKS: dict[str, Callable[[str], Any]] = {
    "text": is_text,
    "markdown": is_text,
    "html": is_page,
    "json": lambda text: schema_problems(json.loads(text)) == [] or pytest.fail(text),
    "sarif": lambda text: sarif_problems(json.loads(text)) == [] or pytest.fail(text),
    "github": commands_of,
    "gitlab-terraform": is_terraform_report,
    "gitlab-codequality": json.loads,
    "junit": fromstring,
}


def test_every_format_is_looked_at() -> None:
    assert set(CHECKS) == set(FORMS)


@for_forms
@for_all
def test_a_format_is_well_formed(name: str, form: str) -> None:
    CHECKS[form](written(name, form))


@for_forms
@pytest.mark.parametrize("name", REVIEWS)
def test_a_review_is_written_the_same_each_time(name: str, form: str) -> None:
    assert rendered(ALL[name], form) == written(name, form)


@for_forms
@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_in_the_texts_of_a_blueprint_is_in_no_format(secret: str, form: str) -> None:
    text = SECRETS[secret]
    shown = rendered(saying(f"it is {text}"), form)
    plain = re.sub(r"[^A-Za-z0-9]", "", shown)
    assert re.sub(r"[^A-Za-z0-9]", "", text) not in plain
    if form != "gitlab-terraform":
        assert "it is" in shown or "itis" in plain


@for_hostile
def test_nothing_is_written_that_a_terminal_obeys(name: str) -> None:
    assert [form for form in FORMS if OBEYED.search(written(name, form))] == []


@for_hostile
def test_no_line_is_a_command_to_what_runs_a_build(name: str) -> None:
    found = {form: commands_of(written(name, form)) for form in FORMS if form != "github"}
    assert {form: commands for form, commands in found.items() if commands} == {}


@pytest.mark.parametrize(
    ("make", "text", "expected"),
    [
        (inert_text, "a\n  ::error::b", "a\n  \\u003a:error::b"),
        (inert_text, "a ##[b]", r"a #\u0023[b]"),
        (inert_text, "a::b # c", "a::b # c"),
        (inert_markdown, "::error::b", r"\::error::b"),
        (inert_markdown, "## a ##[b] `##vso[c]`", "## a #\u200b#[b] `#\u200b#vso[c]`"),
        (inert_html, "<p>##[b] ##teamcity[c] a##b", "<p>#&#35;[b] #&#35;teamcity[c] a##b"),
        (inert_json, {"a": "##[b]"}, '{\n  "a": "#\\u0023[b]"\n}'),
    ],
)
def test_a_command_is_taken_apart(make: Callable[[Any], str], text: Any, expected: str) -> None:
    assert make(text) == expected
    assert commands_of(make(text)) == []


@for_hostile
def test_every_line_of_the_annotations_is_a_command_of_ours(name: str) -> None:
    text = written(name, "github")
    commands = commands_of(text)
    assert len(commands) == len(text.splitlines())
    assert {each.name for each in commands} <= {"error", "warning", "notice"}


@for_hostile
def test_a_page_has_no_element_that_a_text_has_brought(name: str) -> None:
    assert elements(name) <= elements("everything")


def elements(name: str) -> set[tuple[str, tuple[str, ...]]]:
    found = Tags()
    found.feed(written(name, "html"))
    return set(found.seen)


class Tags(HTMLParser):
    """The elements of a page, with the names of their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, tuple(name for name, _ in attrs)))


@for_hostile
def test_texts_reach_a_program_whole(name: str) -> None:
    """Programs get what was written: data is data. What has no form in UTF-8 is escaped."""
    text = HOSTILE[name].replace("\ud800", r"\ud800")
    data = json.loads(written(name, "json"))
    assert data["waived"][-1]["reason"] == text
    assert data["unverified"][-1] == text
