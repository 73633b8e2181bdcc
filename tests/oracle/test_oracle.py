"""gateprint decides as a simulator does that somebody else wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateprint.access.iam.request import session
from tests.oracle.cases import case_of
from tests.oracle.comparison import compare, minimised
from tests.oracle.simulator import Case, Oracle, decided, oracle

CASES = 20_000
SEED = 1
DIFFERENCES = json.loads(Path(__file__).with_name("differences.json").read_text("utf-8"))
OUTCOMES = {"allow", "implicit-deny", "explicit-deny"}


@pytest.fixture(scope="module")
def simulator() -> Iterator[Oracle]:
    with oracle() as running:
        yield running


def test_both_decide_twenty_thousand_random_cases_alike(simulator: Oracle) -> None:
    found = compare(simulator, SEED, CASES)
    assert found.differing == [], "python -m tests.oracle shows them"
    assert found.count == CASES
    assert set(found.outcomes) == OUTCOMES
    assert min(found.outcomes.values()) > CASES / 8, found.outcomes
    assert found.outcomes["allow"] > CASES / 3, found.outcomes


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda each: each["name"])
def test_where_they_differ_the_documentation_decides(
    simulator: Oracle, difference: dict[str, Any]
) -> None:
    case = Case(
        session("arn:aws:iam::123456789012:role/reader"),
        difference["resource"],
        identity=(difference["policy"],),
        context={key: tuple(each) for key, each in difference["context"].items()},
    )
    assert decided(case) == difference["documented"], difference["reason"]
    assert simulator.decide(case) == difference["simulator"], "it is mended: try it in the fuzz"


def test_a_seed_gives_the_same_case_again() -> None:
    assert case_of("1:7") == case_of("1:7") != case_of("1:8")


def test_the_simulator_refuses_what_is_no_policy(simulator: Oracle) -> None:
    case = next(each for each in map(case_of, map(str, range(100))) if each.identity)
    wrong = case.without(identity=({"Version": "2012-10-17", "Statement": [{"Effect": "Allow"}]},))
    assert simulator.decide(wrong).startswith("refused: ")


class Contrary(Oracle):
    """A simulator that never allows."""

    def __init__(self) -> None:
        pass

    def decide(self, case: Case) -> str:
        return "implicit-deny"


def test_a_case_that_differs_is_made_small() -> None:
    arn = "arn:aws:execute-api:us-east-2:123456789012:a1b2/dev/GET/pets"
    odd = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    guilty = {
        "Sid": "guilty",
        "Effect": "Allow",
        "Action": ["s3:*", "execute-api:Invoke"],
        "Resource": ["arn:aws:s3:::x", arn],
        "Condition": {"StringEquals": {"aws:username": ["anna", "bert"]}},
    }
    case = Case(
        session("arn:aws:iam::123456789012:role/reader"),
        arn,
        identity=({"Statement": [odd]}, {"Statement": [odd, guilty, odd]}),
        boundary={"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}},
        context={"aws:username": ("anna",)},
    )
    small = minimised(Contrary(), case)
    least = {"Effect": "Allow", "Action": ["execute-api:Invoke"], "Resource": [arn]}
    assert small.identity == ({"Statement": [least]},)
    assert small.boundary is None
    assert small.context == {"aws:username": ()}
