"""The committed JSON Schemas and the reference are those of the models, and can be printed."""

from __future__ import annotations

import pytest

from gateprint.cli.main import run
from tests.support.golden import assert_golden
from tests.support.project import ROOT

FILES = {
    "gateprint.schema.json": ["blueprint"],
    "gateprint.environment.schema.json": ["environment"],
    "gateprint.report.schema.json": ["report"],
    "gateprint.review.schema.json": ["review"],
    "gateprint.waivers.schema.json": ["waivers"],
    "docs/blueprint.md": ["--format", "markdown"],
}


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    code = run(["schema", *words])
    found = capsys.readouterr()
    assert (code, found.err) == (0, "")
    return found.out


@pytest.mark.parametrize("name", FILES)
def test_golden_file_is_what_gateprint_schema_prints(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert_golden(ROOT / name, printed(capsys, *FILES[name]))


def test_a_blueprint_is_what_is_meant_where_nothing_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert printed(capsys) == printed(capsys, "blueprint", "--format", "json")


@pytest.mark.parametrize("kind", ["blueprint", "environment"])
def test_the_reference_of_one_format_is_a_part_of_the_page(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    part = printed(capsys, kind, "--format", "markdown")
    assert part.startswith(f"## {kind.capitalize()}\n")
    assert part in printed(capsys, "--format", "markdown")
