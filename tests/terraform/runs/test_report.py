"""What became of a run, as its journal tells it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from gateprint.terraform.runs.junit_report import junit_report
from gateprint.terraform.runs.report import OUTCOMES, Outcome, Part, Report, StackReport, report_of
from gateprint.terraform.runs.report_json import read_report, report_data, report_json
from gateprint.terraform.runs.report_schema import report_schema
from tests.terraform.runs.made import (
    PLANNED,
    applied,
    applying,
    begun,
    ended,
    events,
    made_run,
    planned,
    republished,
    shard,
    unpublished,
)

Said = tuple[str, Mapping[str, Any]]
A, B = "a-prod", "b-prod"


def outcome_of(*said: Said, decision: Any = "planned") -> tuple[Outcome, int]:
    stack = report_of(made_run([planned(A, decision)]), events(*PLANNED, *said)).stacks[0]
    return stack.outcome, stack.attempts


@pytest.mark.parametrize("decision", ["planned", "empty", "unchanged", "failed"])
def test_without_an_apply_the_outcome_is_the_plans(decision: str) -> None:
    assert outcome_of(decision=decision) == (decision, 0)


CASES: dict[str, tuple[tuple[Said, ...], tuple[Outcome, int]]] = {
    "the apply has not come to it": ((begun(),), ("pending", 0)),
    "it was applied": ((begun(), applying(A), applied(A), ended()), ("applied", 1)),
    "it failed": ((begun(), applying(A), applied(A, "failed"), ended(4)), ("failed", 1)),
    "it was refused before it began": ((begun(), applied(A, "refused")), ("refused", 0)),
    "what it needs had failed": ((begun(), applied(A, "skipped")), ("skipped", 0)),
    "the machine lost power": ((begun(), applying(A)), ("interrupted", 1)),
    "somebody pressed Ctrl-C": (
        (begun(), applying(A), applied(A, "interrupted")),
        ("interrupted", 1),
    ),
    "a resume has not come to what was cut off": (
        (begun(), applying(A), begun(resume=True)),
        ("interrupted", 1),
    ),
    "a resume applied what was cut off": (
        (begun(), applying(A), begun(resume=True), applying(A), applied(A)),
        ("applied", 2),
    ),
    "a resume found done what was cut off": (
        (begun(), applying(A), begun(resume=True), applied(A, "nothing")),
        ("applied", 1),
    ),
    "there was nothing to do from the beginning": (
        (begun(), applying(A), applied(A, "nothing")),
        ("nothing", 1),
    ),
    "what failed is not touched by a resume that was cut off": (
        (begun(), applying(A), applied(A, "failed"), ended(4), begun(resume=True)),
        ("failed", 1),
    ),
    "what was applied stays applied": (
        (begun(), applying(A), applied(A), begun(resume=True), ended()),
        ("applied", 1),
    ),
    "it was published anew": (
        (begun(), applying(A), unpublished(A), applying(A), republished(A), ended()),
        ("applied", 1),
    ),
    "it was cut off before it was published anew": (
        (begun(), applying(A), unpublished(A)),
        ("interrupted", 1),
    ),
    "it was cut off while it was published anew": (
        (begun(), applying(A), unpublished(A), applying(A)),
        ("interrupted", 1),
    ),
    "it could not be published anew": (
        (begun(), applying(A), unpublished(A), applying(A), republished(A, "failed"), ended(4)),
        ("failed", 1),
    ),
    "a resume published anew what was cut off": (
        (begun(), applying(A), unpublished(A), begun(resume=True), applying(A), republished(A)),
        ("applied", 1),
    ),
    "a resume has not come to publishing anew": (
        (begun(), applying(A), unpublished(A), begun(resume=True)),
        ("interrupted", 1),
    ),
    "a later gateprint says what this one does not know": (
        (begun(), applied(A, "evaporated")),
        ("failed", 0),
    ),
    "another stack's events are about that stack": (
        (begun(), applying(B), applied(B)),
        ("pending", 0),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_last_word_on_a_stack_is_its_outcome(case: str) -> None:
    said, expected = CASES[case]
    assert outcome_of(*said) == expected


@pytest.mark.parametrize("decision", ["empty", "unchanged", "failed"])
def test_an_apply_leaves_alone_what_has_no_plan(decision: str) -> None:
    assert outcome_of(begun(), ended(), decision=decision) == (decision, 0)


def test_seconds_of_all_attempts_are_added_up() -> None:
    said = [begun(), applied(A, "failed", 3.0), begun(resume=True), applied(A, seconds=4.5)]
    stack = report_of(made_run([planned(A, seconds=2.0)]), events(*said)).stacks[0]
    assert (stack.plan_seconds, stack.apply_seconds) == (2.0, 7.5)


def test_what_is_not_published_anew_yet_is_told_until_it_is() -> None:
    cut = [begun(), applying(A), unpublished(A)]
    cured = [*cut, begun(resume=True), republished(A)]
    told = [
        report_of(made_run([planned(A)]), events(*said)).stacks[0].problem for said in (cut, cured)
    ]
    assert told == ["it was not published anew yet: what it removes is still served", ""]


def test_a_problem_is_told_until_it_is_cured() -> None:
    failed = [begun(), applied(A, "failed", problem="TooManyRequests")]
    cured = [*failed, begun(resume=True), applied(A)]
    run = made_run([planned(A)])
    assert [report_of(run, events(*each)).stacks[0].problem for each in (failed, cured)] == [
        "TooManyRequests",
        "",
    ]


def test_a_secret_in_a_problem_is_masked() -> None:
    token = "ghp_" + "x" * 36
    run = made_run([planned(A, "failed", problem=f"git clone https://{token}@host")])
    assert token not in report_json(report_of(run, events(*PLANNED)))


ENDINGS: dict[str, tuple[tuple[Said, ...], tuple[int | None, bool]]] = {
    "a plan ended": (PLANNED, (0, True)),
    "a plan was killed": (PLANNED[:1], (None, False)),
    "an apply ended": ((*PLANNED, begun(), ended(4)), (4, True)),
    "an apply was killed": ((*PLANNED, begun()), (None, False)),
    "a resume was killed": ((*PLANNED, begun(), ended(4), begun(resume=True)), (None, False)),
    "a resume ended": ((*PLANNED, begun(), begun(resume=True), ended(0)), (0, True)),
    "there is no journal": ((), (None, False)),
}


@pytest.mark.parametrize("case", ENDINGS)
def test_the_last_phase_decides_how_the_run_ended(case: str) -> None:
    said, (code, has_ended) = ENDINGS[case]
    report = report_of(made_run([planned(A)]), events(*said))
    assert (report.exit_code, bool(report.ended)) == (code, has_ended)


@pytest.mark.parametrize(
    ("codes", "worst"), [([0, 3], 3), ([3, 4], 4), ([4, 130], 130), ([0, None], None), ([0], 0)]
)
def test_the_worst_exit_code_counts(codes: list[int | None], worst: int | None) -> None:
    report = report_of(made_run([]), ())
    parts = tuple(Part("run", "", "", exit_code=each) for each in codes)
    assert replace(report, runs=parts).exit_code == worst


def test_stacks_and_sums_are_told() -> None:
    stacks = [planned(B, "unchanged"), planned(A, drifted=2)]
    report = report_of(made_run(stacks), events(*PLANNED))
    assert [each.stack for each in report.stacks] == [A, B]
    assert report.outcomes == {"planned": 1, "unchanged": 1}
    assert (report.counts, report.drifted) == ({"create": 1}, 2)


# --- report.json


def a_report() -> Report:
    said = [begun(), applying(A), applied(A), applied(B, "failed", problem="no"), ended(4)]
    stacks = [planned(A), planned(B), planned("c-prod", "unchanged")]
    return report_of(made_run(stacks, shard(1)), events(*PLANNED, *said), "d" * 64)


def test_the_schema_is_a_schema_and_describes_the_report() -> None:
    Draft202012Validator.check_schema(report_schema())
    Draft202012Validator(report_schema()).validate(json.loads(report_json(a_report())))


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        (Report, ()),
        (Part, ("runs", "items")),
        (StackReport, ("stacks", "items")),
    ],
)
def test_every_field_is_in_the_schema(kind: type[Any], place: tuple[str, ...]) -> None:
    found: Any = report_schema()
    for step in place:
        found = found["properties"][step] if step != "items" else found[step]
    assert {each.name for each in fields(kind)} <= set(found["properties"])
    assert set(found["required"]) == set(found["properties"])


def test_a_report_survives_its_file() -> None:
    assert read_report(report_json(a_report())) == a_report()


def changed(**values: Any) -> str:
    return json.dumps({**report_data(a_report()), **values})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "Expecting"),
        ("[]", "not a report"),
        ("[" * 100_000, "not a report"),
        ('{"format": 2}', "another version"),
        (changed(kind="destroy"), r"\$\.kind"),
        (changed(lock="../../etc"), r"\$\.lock"),
        (changed(more=1), "more"),
        (changed(stacks=[{}]), r"\$\.stacks"),
    ],
)
def test_what_is_no_report_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        read_report(text)


# --- JUnit


def junit(report: Report) -> dict[str, str]:
    """The element below each test case, if there is one."""
    root = fromstring(junit_report(report))
    return {
        case.attrib["name"]: next((each.tag for each in case), "passed")
        for case in root.iter("testcase")
    }


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ("planned", "passed"),
        ("empty", "passed"),
        ("unchanged", "passed"),
        ("applied", "passed"),
        ("nothing", "passed"),
        ("failed", "failure"),
        ("refused", "failure"),
        ("interrupted", "error"),
        ("skipped", "skipped"),
        ("pending", "skipped"),
    ],
)
def test_junit_tells_what_failed(outcome: Outcome, expected: str) -> None:
    report = report_of(made_run([planned(A)]), ())
    report = replace(report, stacks=(replace(report.stacks[0], outcome=outcome),))
    assert junit(report)[A] == expected


def test_every_outcome_has_a_place() -> None:
    assert len(set(OUTCOMES)) == 10


def test_junit_counts_and_tells_orphans_and_missing_shards() -> None:
    report = a_report()
    assert junit(report) | {"c-prod": "passed"} == {
        A: "passed",
        B: "failure",
        "c-prod": "passed",
        "shard 2/2": "error",
        "old-prod": "skipped",
    }
    root = fromstring(junit_report(report))
    sums = {name: root.attrib[name] for name in ("tests", "failures", "errors", "skipped")}
    assert sums == {"tests": "5", "failures": "1", "errors": "1", "skipped": "1"}


def test_drift_that_was_looked_for_is_a_failure_in_junit() -> None:
    run = made_run([planned(A, drifted=1), planned(B)], kind="drift", orphans=())
    assert junit(report_of(run, events(*PLANNED))) == {A: "failure", B: "passed"}


@settings(max_examples=50)
@given(st.text())
def test_any_problem_fits_into_xml(problem: str) -> None:
    run = made_run([planned(A, "failed", problem=problem)])
    fromstring(junit_report(report_of(run, ())))
