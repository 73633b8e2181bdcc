"""`access` of stages that are pinned to a release: each format marks them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from lxml import html

from gateprint.access.matrix import Access, Row
from gateprint.access.pinned import PinnedStage
from gateprint.cli.matrices import access_json, access_markdown
from gateprint.cli.page import access_page
from gateprint.cli.sheet import sheet_of
from gateprint.cli.tables import access_tables

ROWS = tuple(
    Row("pets", "pets", stage, "GET /pets", "iam", "reader", "allow")
    for stage in ("dev", "test", "prod")
)
PINNED = (PinnedStage("pets", "test", "v2"), PinnedStage("pets", "prod", "v1"))
FOUND = Access("pets", "nonprod", ROWS, (), (), pinned=PINNED)
FREE = Access("pets", "nonprod", ROWS, (), ())
SAID = (
    "* test serves the release v2, prod serves the release v1: "
    "the matrix is the blueprint's; routes and checks there are as released."
)
TEXT = """\
 role     may call    dev   test*   prod*
 ────────────────────────────────────────
 reader   GET /pets   yes   yes     yes
 * test serves the release v2, prod serves the release v1: the matrix is the
   blueprint's; routes and checks there are as released."""
MARKDOWN = """\
## Pinned stages

| blueprint | environment | stage | serves the release |
|---|---|---|---|
| `pets` | `nonprod` | `test` | `v2` |
| `pets` | `nonprod` | `prod` | `v1` |"""


def test_the_table_has_a_sign_and_says_what_it_means() -> None:
    assert "\n".join(access_tables(sheet_of(FOUND), 80)) == TEXT


def test_a_narrow_table_has_the_sign_too() -> None:
    assert "yes: dev, test*, prod*" in " ".join(
        " ".join(access_tables(sheet_of(FOUND), 34)).split()
    )


def test_markdown_lists_them_apart() -> None:
    assert access_markdown([FOUND]).endswith(MARKDOWN)


def test_json_has_a_list_of_its_own() -> None:
    found = json.loads(access_json("nonprod", [FOUND]))["pinned"]
    where = {"environment": "nonprod", "blueprint": "pets"}
    assert found == [
        {**where, "stage": "test", "release": "v2"},
        {**where, "stage": "prod", "release": "v1"},
    ]
    assert json.loads(access_json("nonprod", [FREE]))["pinned"] == []


def test_the_page_has_the_sign_and_says_what_it_means() -> None:
    page: Any = html.fromstring(access_page([sheet_of(FOUND)]))
    heads = [each.text for each in page.xpath("//table[contains(@class, 'matrix')]//tr[2]/th")]
    assert heads == ["dev", "test*", "prod*"]
    assert SAID in [" ".join(each.text_content().split()) for each in page.xpath("//section/p")]


@pytest.mark.parametrize(
    "text",
    ["\n".join(access_tables(sheet_of(FREE), 80)), access_markdown([FREE])],
    ids=["table", "markdown"],
)
def test_without_a_release_there_is_no_sign(text: str) -> None:
    assert "*" not in text
    assert "release" not in text
