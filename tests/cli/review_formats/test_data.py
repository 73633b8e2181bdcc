"""The review as data: what each part says, and that the published schema is about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gateprint.cli.review_formats.data import review_data, review_json
from gateprint.cli.review_formats.review_schema import review_schema
from gateprint.workflow.comments.state import read_review
from tests.cli.review_formats.readers import schema_problems
from tests.support.reviews import (
    DIGEST,
    PETS,
    calm,
    cluster,
    empty,
    everything,
    finding,
    offline,
    review,
    rule,
    waived,
)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(review_schema())


def test_the_first_lines_say_how_it_ended() -> None:
    found = review_data(everything())
    assert list(found)[:5] == ["version", "run", "offline", "verdict", "headline"]
    assert (found["version"], found["run"], found["offline"]) == (1, "monday", False)
    assert found["headline"].startswith("refused: monday")


def test_a_finding_says_where_why_and_what_helps() -> None:
    (found,) = review_data(review(finding()))["findings"]
    known = rule("auth-weakened")
    assert found == {
        "rule": "auth-weakened",
        "severity": "critical",
        "stack": "pets-prod",
        "subject": "route GET /pets of pets",
        "address": "pets-prod/route GET /pets of pets",
        "sentence": "a route asks its callers for less, as it is on live of pets",
        "why": known.why,
        "remedy": known.remedy,
        "source": known.source,
        "docs": "docs/review-rules.md#auth-weakened",
        "path": PETS,
        "line": 10,
        "column": 5,
    }


def test_what_no_line_caused_has_none() -> None:
    (found,) = review_data(review(finding(line=None)))["findings"]
    assert (found["path"], found["line"], found["column"]) == (None, None, None)


def test_what_is_waived_has_its_reason_and_its_last_day() -> None:
    (found,) = review_data(review(waived=(waived(),)))["waived"]
    assert (found["reason"], found["until"]) == ("reports use it", "2027-03-31")
    assert found["rule"] == "gateway-trust"


def test_access_names_whom_it_is_about() -> None:
    found = review_data(everything())["access"][1]
    assert found == {
        "kind": "gain",
        "sentence": "clerk gains POST /pets on pets/live",
        "names": ["clerk", "POST /pets", "pets/live"],
    }


def test_terraform_counts_a_replacement_twice() -> None:
    counts = review_data(everything())["counts"]
    assert counts["terraform"] == {"add": 4, "change": 22, "destroy": 3}
    assert (counts["changed"], counts["unchanged"]) == (20, 480)


def test_without_a_plan_terraform_has_counted_nothing() -> None:
    found = review_data(offline())
    assert (found["offline"], found["counts"]["terraform"]) == (True, None)


def test_what_callers_notice_says_whether_it_breaks_calls() -> None:
    first, second = review_data(everything())["noticed"]
    assert (first["kind"], first["breaking"], first["line"]) == ("stage-removed", True, None)
    assert (second["kind"], second["breaking"], second["line"]) == ("stricter", False, 7)


def test_stacks_that_change_alike_lead_to_the_lines_of_one() -> None:
    (found,) = review_data(calm())["clusters"]
    assert found == {
        "stacks": ["pets-prod"],
        "summary": "throttle 100 → 200",
        "changes": [
            {
                "action": "update",
                "address": "aws_api_gateway_method_settings.{blueprint}_live",
                "attributes": [
                    {
                        "path": "settings[0].throttling_rate_limit",
                        "before": "100",
                        "after": "200",
                    }
                ],
                "path": PETS,
                "line": 6,
                "column": 5,
            }
        ],
        "difference": None,
    }


def test_an_outlier_says_how_it_differs() -> None:
    outlier = review_data(everything())["clusters"][1]["difference"]
    assert outlier["example"] == "pets-01-prod"
    assert [each["action"] for each in outlier["more"]] == ["create"]
    assert outlier["less"] == []


def test_changes_without_known_lines_have_none() -> None:
    (found,) = review_data(review(clusters=(cluster("pets-prod", origins=()),)))["clusters"]
    assert [each["line"] for each in found["changes"]] == [None]


def test_a_comment_can_remember_it() -> None:
    found = read_review(review_json(everything()))
    assert (found.run, found.digest, found.verdict) == ("monday", DIGEST, "refused")
    assert found.stacks is not None
    assert len(found.stacks) == 20


@pytest.mark.parametrize(
    ("break_it", "expected"),
    [
        pytest.param(lambda data: data.pop("verdict"), "'verdict' is a required", id="a field"),
        pytest.param(lambda data: data.update(version=2), "1 was expected", id="a version"),
        pytest.param(lambda data: data.update(verdict="maybe"), "not one of", id="a verdict"),
        pytest.param(
            lambda data: data["waived"][0].update(until="soon"), "not a 'date'", id="a day"
        ),
        pytest.param(lambda data: data["findings"][0].update(line=0), "minimum", id="a line"),
        pytest.param(
            lambda data: data["clusters"][0]["changes"][0].pop("action"), "'action'", id="a change"
        ),
    ],
)
def test_the_schema_notices_what_is_wrong(break_it: Callable[[Any], object], expected: str) -> None:
    data = review_data(everything())
    assert schema_problems(data) == []
    break_it(data)
    (problem,) = schema_problems(data)
    assert expected in problem


def test_a_run_that_changes_nothing_says_so() -> None:
    found = review_data(empty())
    assert (found["stacks"], found["clusters"], found["findings"]) == ({}, [], [])
    assert found["counts"]["terraform"] == {"add": 0, "change": 0, "destroy": 0}
