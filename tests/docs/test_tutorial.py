"""The tutorial does what it says, from the first command to the last."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.docs.pages import Block
from tests.docs.tutorial import MARKER, STEPS, Reader, is_shown_in, make_reader, rewrite, steady


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    reader = make_reader(tmp_path_factory.mktemp("tutorial") / "project")
    yield reader
    # Where a step failed, the embedded cloud may still run.
    reader.project.gateprint("local", "stop")


@pytest.mark.terraform
@pytest.mark.parametrize("step", STEPS, ids=str)
def test_each_step_works_and_prints_what_is_shown_golden(reader: Reader, step: Block) -> None:
    """The steps follow one another in one project; after one that fails, the others are skipped."""
    if reader.is_lost:
        pytest.skip("an earlier step failed")
    if step.marker != f"{MARKER}prints":
        reader.follow(step)
    elif os.environ.get("GATEPRINT_GOLDEN") and "\n…\n" not in f"\n{step.text}":
        rewrite(step, reader.printed)
    else:
        assert is_shown_in(step.text, reader.printed), reader.printed


def test_no_command_of_the_tutorial_is_left_out() -> None:
    assert [str(each) for each in STEPS if not each.marker.startswith(MARKER)] == []


def test_what_differs_from_run_to_run_is_shown_always_the_same() -> None:
    assert steady("\n\x1b[1mruns\x1b[0m on http://127.0.0.1:3081 (process 7)  \nin 1.52s\n\n") == (
        "runs on http://127.0.0.1:4599 (process 12345)\nin 0.05s\n"
    )


@pytest.mark.parametrize(
    ("shown", "is_shown"),
    [
        ("a\nb\nc\n", True),
        ("a\n…\nc\n", True),
        ("a\n…\n", True),
        ("…\nc\n", True),
        ("a\nb\n…\nc\n", True),
        ("a\nc\n", False),
        ("b\n…\n", False),
        ("…\nb\n", False),
        ("…\nbb\n…\n", False),
    ],
)
def test_a_line_of_dots_stands_for_any_lines(shown: str, *, is_shown: bool) -> None:
    assert is_shown_in(shown, "a\nb\nc\n") is is_shown
