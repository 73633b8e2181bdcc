"""docs/errors.md has a section for every diagnostic code, and its examples are rejected with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import ROOT, Block, blocks, headings
from tests.docs.workspace import lay_over, make_workspace, remarks
from tests.support.codes import UnreadableCode, codes_in, emitted_codes

PAGE = ROOT / "docs" / "errors.md"
BLOCKS = blocks(PAGE)
BASE = next(each.text for each in BLOCKS if each.marker.startswith("blueprint"))
EXAMPLES = [each for each in BLOCKS if each.marker.startswith("wrong ")]
# An alias cannot be written without its anchor.
COMPANIONS = {"alias": {"anchor"}}


def test_every_code_that_the_source_can_emit_has_a_section():
    assert emitted_codes() - set(headings(PAGE, 2)) == set()


def test_every_section_is_about_a_code_that_the_source_can_emit():
    assert set(headings(PAGE, 2)) - emitted_codes() == set()


def test_no_code_has_two_sections():
    sections = headings(PAGE, 2)
    assert len(sections) == len(set(sections))


def test_every_section_has_an_example():
    assert set(headings(PAGE, 2)) - {each.heading for each in BLOCKS} == set()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda block: block.heading)
def test_an_example_is_rejected_with_its_code_alone(example: Block, tmp_path: Path):
    folder = make_workspace(tmp_path / "project")
    blueprint = folder / "blueprints" / "pets.yaml"
    environment = folder / "config" / "nonprod.yaml"
    blueprint.write_text(BASE, encoding="utf-8")
    target = blueprint if example.marker == "wrong blueprint" else environment
    base = target.read_text(encoding="utf-8")
    target.write_text(lay_over(base, example.text), encoding="utf-8")

    found = {each.code for each in remarks(folder)}

    assert found - COMPANIONS.get(example.heading, set()) == {example.heading}


def test_a_code_that_cannot_be_read_from_the_source_is_no_silence(tmp_path: Path):
    path = tmp_path / "unwritten.py"
    call = 'Diagnostic(where, "wrong-" + word, "", "")'
    path.write_text(f"def other(where, word):\n    return {call}\n", encoding="utf-8")
    with pytest.raises(UnreadableCode, match=r"unwritten\.py:2 in other"):
        list(codes_in(path))
