"""Waivers: how they are written, what they cover, and what is said about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest

from gateprint.errors import InputRejected, Location
from gateprint.model import source
from gateprint.model.waivers import Waiver, waivers_of
from gateprint.review.rules import RULES, findings
from gateprint.review.waivers import apply_waivers
from gateprint.workflow.waivers import known_stacks, read_waivers
from tests.review.rules.cases import LIVE
from tests.review.rules.made import TODAY, Review

IDS = [each.id for each in RULES]
PLACE = Location("config/review.yaml", 2, 5)
UNLOGGED = Review({LIVE: LIVE.replace(", access_log: {}", "")})
ADDRESS = "pets-nonprod/stage live"
FOUND = ("no-access-log", ADDRESS)
DAY = dt.timedelta(days=1)
WRITTEN = """\
waivers:
  - rule: no-access-log
    address: pets-nonprod/stage live
    reason: the shop in front of it writes one
    until: 2026-12-31
"""


def waiver(rule: str = FOUND[0], address: str = ADDRESS, until: dt.date = TODAY) -> Waiver:
    return Waiver(rule, address, "the shop in front of it writes one", until, PLACE)


def applied(
    *waivers: Waiver, review: Review = UNLOGGED, known: tuple[str, ...] = ()
) -> tuple[list[str], list[str]]:
    """Return the rules of what stands, and of what is waived."""
    subject = review.subject()
    outcome = apply_waivers(findings(subject), waivers, subject, known)
    standing = [f"{each.rule.id} {each.address}" for each in outcome.standing]
    return standing, [f"{each.finding.rule.id} {each.waiver.until}" for each in outcome.waived]


STANDS = f"no-access-log {ADDRESS}"
# What is written, what stands, and what is waived.
CASES: Mapping[str, tuple[Waiver, list[str], list[str]]] = {
    "its last day": (waiver(), [], [f"no-access-log {TODAY}"]),
    "a year ahead": (
        waiver(until=TODAY + 366 * DAY),
        [],
        [f"no-access-log {TODAY + 366 * DAY}"],
    ),
    "a day too late": (
        waiver(until=TODAY - DAY),
        [f"expired-waiver {ADDRESS}", STANDS],
        [],
    ),
    "for more than a year": (
        waiver(until=TODAY + 367 * DAY),
        [f"long-waiver {ADDRESS}", STANDS],
        [],
    ),
    "another rule": (
        waiver(rule="no-throttle"),
        [STANDS, f"unused-waiver {ADDRESS}"],
        [],
    ),
    "another stage": (
        waiver(address="pets-nonprod/stage dev"),
        [STANDS, "unused-waiver pets-nonprod/stage dev"],
        [],
    ),
    "a beginning of the address": (
        waiver(address="pets-nonprod/stage"),
        [STANDS, "unused-waiver pets-nonprod/stage"],
        [],
    ),
    "a wildcard": (
        waiver(address="pets-nonprod/*"),
        [STANDS, "unused-waiver pets-nonprod/*"],
        [],
    ),
    "a stack that is not looked at": (
        waiver(address="account-nonprod/stage live"),
        [STANDS],
        [],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_waiver_covers_exactly_what_it_names_until_its_day(case: str):
    written, standing, waived = CASES[case]
    assert applied(written) == (standing, waived)


def test_a_waiver_of_a_stack_that_does_not_change_is_not_called_unused():
    assert applied(waiver(), review=Review(planned=None)) == ([], [])


def test_a_waiver_of_a_stack_that_is_not_there_is_unused_if_all_stacks_are_known():
    lost = waiver(address="cats-nonprod/stage live")
    assert applied(lost, waiver(), known=("pets-nonprod",)) == (
        ["unused-waiver cats-nonprod/stage live"],
        [f"no-access-log {TODAY}"],
    )


def test_of_two_waivers_the_first_counts_and_the_second_is_unused():
    found = applied(waiver(until=TODAY + DAY), waiver())
    assert found == ([f"unused-waiver {ADDRESS}"], [f"no-access-log {TODAY + DAY}"])


def test_the_finding_about_a_waiver_leads_to_its_line():
    subject = Review().subject()
    (found,) = apply_waivers((), [waiver()], subject).standing
    assert (found.location, found.sentence) == (
        PLACE,
        "no-access-log finds nothing at this address, or no longer",
    )


def test_a_file_is_read_with_its_lines():
    (found,) = waivers_of(source.read("config/review.yaml", WRITTEN), IDS)
    assert (found.rule, found.stack, found.subject) == (FOUND[0], "pets-nonprod", "stage live")
    assert (found.until, found.location.line) == (dt.date(2026, 12, 31), 2)


WRONG = """\
waivers:
  - rule: no-access-logs
    address: stage live
    reason: ""
    until: 2026-02-30
  - rule: unused-waiver
    address: pets-nonprod/stage live
    until: 20261231
    because: it is so
"""


def test_all_problems_of_a_file_are_told_at_once():
    with pytest.raises(InputRejected) as caught:
        waivers_of(source.read("config/review.yaml", WRONG), IDS)
    told = [(each.location.line, each.code) for each in caught.value.diagnostics]
    assert told == [
        (2, "unknown-rule"),
        (3, "wrong-form"),
        (4, "wrong-size"),
        (5, "wrong-date"),
        (6, "missing-field"),
        (6, "unknown-rule"),
        (8, "wrong-date"),
        (9, "unknown-field"),
    ]
    assert caught.value.diagnostics[0].remedy == "did you mean no-access-log?"


def test_a_project_without_the_file_has_no_waivers(tmp_path: Path):
    assert read_waivers(tmp_path) == ()


def test_the_file_of_a_project_is_read_with_the_rules_that_there_are(tmp_path: Path):
    (tmp_path / "review.yaml").write_text(WRITTEN, encoding="utf-8")
    assert [each.address for each in read_waivers(tmp_path)] == [ADDRESS]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path):
    (tmp_path / "config").mkdir()
    (tmp_path / "other.yaml").write_text(WRITTEN, encoding="utf-8")
    (tmp_path / "config" / "review.yaml").symlink_to(tmp_path / "other.yaml")
    with pytest.raises(InputRejected) as caught:
        read_waivers(tmp_path / "config")
    assert [each.code for each in caught.value.diagnostics] == ["link-outside"]


def test_stacks_of_environments_that_were_not_read_may_be_there():
    found = known_stacks(
        (), "nonprod", [waiver(address=f"cats-{each}/x") for each in ("prod", "nonprod")]
    )
    assert found == {"cats-prod"}
    assert known_stacks((), None, [waiver()]) == set()
