"""Where a stack stands, from every sequence of events that a run can leave."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateprint.terraform.runs.standing import Standing, standings
from tests.terraform.runs.made import made_run, planned

Said = dict[str, Any]

APPLYING: Said = {"event": "applying", "pid": 7, "process": 1.5, "work": "work/a"}
STARTING: Said = {"event": "starting", "pid": 0, "process": 1.0, "work": "work/a"}
LOCK: Said = {"event": "lock", "id": "L1"}


def ended(outcome: str) -> Said:
    return {"event": "applied", "outcome": outcome}


RECORDED: Said = {"event": "recorded"}
SEQUENCES: list[tuple[list[Said], str]] = [
    ([], "pending"),
    ([{"event": "planned"}, {"event": "apply-started"}], "pending"),
    ([APPLYING], "begun"),
    ([APPLYING, LOCK], "begun"),
    ([STARTING], "begun"),
    ([STARTING, ended("failed")], "failed"),
    ([APPLYING, LOCK, ended("applied")], "applied"),
    ([APPLYING, LOCK, ended("applied"), RECORDED], "recorded"),
    ([APPLYING, LOCK, ended("failed")], "failed"),
    ([APPLYING, LOCK, ended("interrupted")], "begun"),
    ([ended("refused")], "refused"),
    ([APPLYING, ended("refused")], "refused"),
    ([ended("skipped")], "pending"),
    ([APPLYING, ended("failed"), ended("skipped")], "failed"),
    ([ended("failed")], "failed"),
    ([ended("nothing")], "applied"),
    ([ended("nothing"), RECORDED], "recorded"),
    ([APPLYING, LOCK, ended("failed"), APPLYING], "begun"),
    ([APPLYING, LOCK, ended("failed"), APPLYING, LOCK, ended("applied"), RECORDED], "recorded"),
    ([APPLYING, ended("no such outcome")], "begun"),
]


def _standing(events: list[Said], stack: str = "a") -> Standing:
    run = made_run([planned("a"), planned("b")])
    return standings(run, [{**each, "stack": stack} for each in events])["a"]


UNPUBLISHED: Said = {**ended("applied"), "unpublished": ["aws_api_gateway_deployment.a"]}
NOTHING_LEFT: Said = {**UNPUBLISHED, "outcome": "nothing"}


def republished(outcome: str) -> Said:
    return {"event": "republished", "outcome": outcome}


# Where it stands, and whether deployments are still to be made anew.
PUBLISHING: list[tuple[list[Said], str, bool]] = [
    ([APPLYING, UNPUBLISHED], "applied", True),
    ([APPLYING, ended("interrupted"), NOTHING_LEFT], "applied", True),
    ([APPLYING, UNPUBLISHED, STARTING, APPLYING, LOCK], "applied", True),
    ([APPLYING, UNPUBLISHED, APPLYING, republished("failed")], "applied", True),
    ([APPLYING, UNPUBLISHED, APPLYING, republished("interrupted")], "applied", True),
    ([APPLYING, UNPUBLISHED, ended("skipped")], "applied", True),
    ([APPLYING, UNPUBLISHED, APPLYING, republished("applied")], "applied", False),
    ([APPLYING, UNPUBLISHED, APPLYING, republished("applied"), RECORDED], "recorded", False),
    ([APPLYING, ended("applied")], "applied", False),
]


@pytest.mark.parametrize(("events", "expected", "is_left"), PUBLISHING)
def test_a_plan_stays_applied_while_its_deployments_are_made_anew(
    events: list[Said], expected: str, is_left: bool
) -> None:
    found = _standing(events)
    assert (found.stands, bool(found.unpublished)) == (expected, is_left)


def test_a_lock_that_was_taken_to_publish_anew_is_known() -> None:
    events = [APPLYING, LOCK, UNPUBLISHED, STARTING, APPLYING, {**LOCK, "id": "L2"}]
    assert _standing(events).locks == {"L1", "L2"}


@pytest.mark.parametrize(("events", "expected"), SEQUENCES)
def test_a_stack_stands_where_its_last_event_says(events: list[Said], expected: str) -> None:
    assert _standing(events).stands == expected


@pytest.mark.parametrize(("events", "_expected"), SEQUENCES)
def test_events_of_another_stack_do_not_count(events: list[Said], _expected: str) -> None:
    assert _standing(events, "b") == Standing()


def test_every_attempt_is_known_with_its_lock() -> None:
    second = {**APPLYING, "pid": 8, "work": "work/b"}
    found = _standing([APPLYING, LOCK, ended("failed"), second, {**LOCK, "id": "L2"}])
    assert [(each.pid, each.work, each.lock) for each in found.attempts] == [
        (7, "work/a", "L1"),
        (8, "work/b", "L2"),
    ]
    assert found.locks == {"L1", "L2"}


def test_an_attempt_is_one_whether_its_process_was_noted_or_not() -> None:
    begun = [STARTING, APPLYING, LOCK, ended("failed"), STARTING]
    assert [(each.pid, each.lock) for each in _standing(begun).attempts] == [(7, "L1"), (0, "")]


def test_an_attempt_without_a_lock_has_none() -> None:
    assert _standing([APPLYING]).locks == frozenset()


def test_a_stack_that_is_not_in_the_run_is_left_out() -> None:
    run = made_run([planned("a")])
    assert standings(run, [{**APPLYING, "stack": "c"}]).keys() == {"a"}


_EVENTS = st.sampled_from(
    [APPLYING, LOCK, RECORDED, *map(ended, ("applied", "nothing", "failed", "interrupted"))]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(_EVENTS, max_size=8))
def test_what_has_begun_is_never_taken_for_untouched(events: list[Said]) -> None:
    found = _standing(events)
    assert len(found.attempts) == events.count(APPLYING)
    assert (found.stands == "pending") == all(each is LOCK for each in events)
    if events and events[-1] is APPLYING:
        assert found.stands == "begun"
