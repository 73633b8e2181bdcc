"""The review for a terminal: what matters is on the first screen, and nothing in it acts."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import click
import pytest

from gateprint.cli.review_formats.text import Look, look_of, review_text
from gateprint.review.clusters import Cluster
from tests.support.golden import assert_golden
from tests.support.reviews import (
    HOSTILE_REVIEWS,
    REVIEWS,
    crowd,
    everything,
    finding,
    review,
    same,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "review"
FIRST_SCREEN = 40
ESCAPE = re.compile(r"[^\n -\x7e\xa0-\U0010ffff]")
HEADINGS = [
    "Access",
    "Destroyed or replaced",
    "What callers notice",
    "Findings",
    "Changes",
    "Not verified before the apply",
    "Waived",
    "Details",
]


class Terminal(io.StringIO):
    """A stream that says that somebody is looking at it."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("name", ["everything", "offline and refused", "calm"])
def test_golden_texts(name: str) -> None:
    file = f"{name.replace(' ', '-')}.txt"
    assert_golden(GOLDEN / file, review_text(REVIEWS[name]) + "\n")


def test_golden_text_of_many_stacks() -> None:
    assert_golden(GOLDEN / "crowd.txt", review_text(crowd(60)) + "\n")


def test_the_parts_stand_in_the_order_in_which_they_matter() -> None:
    lines = review_text(everything()).splitlines()
    assert [each for each in lines if each in HEADINGS] == HEADINGS
    assert lines[0].startswith("refused: monday, 20 stacks change")


def test_the_outliers_of_500_stacks_are_on_the_first_screen() -> None:
    screen = "\n".join(review_text(crowd(500)).splitlines()[:FIRST_SCREEN])
    assert "  changes    498 of 500 stacks in the same way: throttle 100 → 200\n" in screen
    assert "  outlier    zebra-prod: throttle 100 → 300\n" in screen
    assert "  outlier    yak-prod: throttle 100 → 50\n" in screen


def test_a_finding_that_500_stacks_share_is_one() -> None:
    told = review_text(crowd(500))
    assert told.count("[no-access-log]") == 1
    assert "    500 stacks, such as shop-000-prod/stage live\n" in told
    assert "    and 488 more lines: --format html has them" in told


def test_a_finding_is_followed_by_line_address_and_remedy() -> None:
    told = review_text(review(finding("no-throttle")))
    assert (
        "  low: a stage has no throttle of its own, as it is on live of pets\n"
        "    [no-throttle]\n"
        "    blueprints/pets.yaml:10:5\n"
        "    pets-prod/route GET /pets of pets\n"
        "    fix: set throttle: {rate: …, burst: …} on the stage\n"
    ) in told


@pytest.mark.parametrize("name", REVIEWS)
def test_no_line_is_wider_than_a_terminal(name: str) -> None:
    assert [each for each in review_text(REVIEWS[name]).splitlines() if len(each) > 80] == []


@pytest.mark.parametrize("name", HOSTILE_REVIEWS)
def test_no_text_reaches_the_terminal_as_a_command(name: str) -> None:
    assert ESCAPE.findall(review_text(HOSTILE_REVIEWS[name])) == []


@pytest.mark.parametrize("name", [*REVIEWS, *HOSTILE_REVIEWS])
def test_colours_change_no_word(name: str) -> None:
    found = {**REVIEWS, **HOSTILE_REVIEWS}[name]
    coloured = review_text(found, Look(is_coloured=True))
    assert coloured != review_text(found)
    assert click.unstyle(coloured) == review_text(found)


def test_a_severity_has_its_colour() -> None:
    coloured = review_text(everything(), Look(is_coloured=True))
    assert "\x1b[31m\x1b[1mcritical: \x1b[0ma route" in coloured
    assert "\x1b[33mmedium: \x1b[0man overreach" in coloured
    assert "\x1b[32m+ \x1b[0mclerk gains" in coloured


@pytest.mark.parametrize(
    ("stream", "environ", "is_coloured"),
    [
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": ""}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (io.StringIO(), {}, False),
    ],
)
def test_colours_are_for_terminals_that_want_them(
    stream: io.StringIO, environ: dict[str, str], *, is_coloured: bool
) -> None:
    assert look_of(stream, environ).is_coloured is is_coloured


def test_the_details_of_500_ways_to_change_are_a_few_screens() -> None:
    names = tuple(f"pets-{number:03}" for number in range(500))
    changes = tuple(same(rate=rate) for rate in range(6))
    found = replace(everything(), clusters=tuple(Cluster(changes, (each,)) for each in names))
    details = review_text(found).split("\nDetails\n")[1]
    assert "\n  and 480 more parts: --format html has them\n" in details
    assert len(details.splitlines()) < 300
