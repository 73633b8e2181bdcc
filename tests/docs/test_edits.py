"""What the review of an edited blueprint says is what the page says."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from gateprint.cli.main import run
from tests.docs.edits import LEFT_OUT, edited, make_edited
from tests.docs.pages import Block, blocks, pages

_MARKER = "output in part: "
SHOWN = [each for page in pages() for each in blocks(page) if each.marker.startswith(_MARKER)]


@pytest.mark.parametrize("block", SHOWN, ids=str)
def test_the_part_that_is_shown_is_of_the_real_output(
    block: Block,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.chdir(make_edited(tmp_path / "project", block))
    monkeypatch.setenv("COLUMNS", "80")

    program, *arguments = shlex.split(block.marker.removeprefix(_MARKER))
    run(arguments)

    assert program == "gateprint"
    real = rest = capsys.readouterr().out
    for part in block.text.split(LEFT_OUT):
        _, found, rest = rest.partition(part)
        assert found == part, f"{block}: the real one is\n{real}"


def test_an_edit_takes_lines_out_and_puts_lines_in():
    assert edited("a\nb\nc\nd\n", " a\n-b\n+x\n+y\n…\n d\n+e\n") == "a\nx\ny\nc\nd\ne\n"
