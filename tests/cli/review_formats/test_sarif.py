"""The review in SARIF: what GitHub's code scanning asks for, and results that stay the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from gateprint.cli.review_formats.sarif import review_sarif
from gateprint.errors import Location
from gateprint.review.finding import Finding
from gateprint.review.review import Review
from gateprint.review.rules import RULES
from gateprint.review.waivers import WAIVER_RULES
from tests.cli.review_formats.readers import sarif_problems
from tests.support.reviews import PETS, calm, empty, everything, finding, offline, review, waived


def run_of(found: Review) -> Any:
    (run,) = json.loads(review_sarif(found))["runs"]
    return run


def results(*findings: Finding, **more: Any) -> list[Any]:
    return list(run_of(review(*findings, **more))["results"])


def fingerprints(*findings: Finding) -> list[str]:
    found = results(*findings)
    return [each["partialFingerprints"]["gateprint/review/v1"] for each in found]


def test_a_finding_is_a_result_at_its_line() -> None:
    run = run_of(review(finding()))
    (result,) = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert result["ruleId"] == "auth-weakened"
    assert result["message"]["text"].startswith("pets-prod: a route asks its callers for less")
    (place,) = result["locations"]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": PETS, "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 10, "startColumn": 5, "endLine": 10, "endColumn": 10},
    }
    assert place["logicalLocations"] == [
        {"fullyQualifiedName": "pets-prod/route GET /pets of pets"}
    ]


@pytest.mark.parametrize(
    ("severity", "level", "score"),
    [
        ("critical", "error", "9.5"),
        ("high", "error", "8.0"),
        ("medium", "warning", "5.5"),
        ("low", "note", "2.0"),
        ("info", "note", None),
    ],
)
def test_a_severity_is_a_level_and_a_score_of_github(
    severity: Any, level: str, score: str | None
) -> None:
    known = replace(finding().rule, id="made-up", severity=severity)
    run = run_of(review(replace(finding(), rule=known, severity=severity)))
    (result,) = run["results"]
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert (result["level"], rule["defaultConfiguration"]["level"]) == (level, level)
    assert rule["properties"].get("security-severity") == score
    assert ("security" in rule["properties"]["tags"]) == (score is not None)


def test_a_finding_may_be_worse_than_its_rule() -> None:
    (result,) = results(finding("no-throttle", severity="critical"))
    assert (result["level"], result["properties"]["severity"]) == ("error", "critical")


def test_every_log_has_all_rules_so_that_results_alone_differ() -> None:
    rules = run_of(empty())["tool"]["driver"]["rules"]
    assert [each["id"] for each in rules] == [each.id for each in (*RULES, *WAIVER_RULES)]
    assert rules == run_of(everything())["tool"]["driver"]["rules"]


def test_a_rule_has_what_github_demands_and_shows() -> None:
    for rule in run_of(empty())["tool"]["driver"]["rules"]:
        assert 0 < len(rule["name"]) <= 255
        for name in ("shortDescription", "fullDescription", "help"):
            assert 0 < len(rule[name]["text"]) <= 1024
        assert f"docs/review-rules.md#{rule['id']}" in rule["help"]["text"]
        assert "**Remedy:** " in rule["help"]["markdown"]


def test_what_no_line_caused_is_shown_with_the_folder_of_the_blueprints() -> None:
    log = review_sarif(review(finding(line=None)), "apis")
    (result,) = json.loads(log)["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("apis", 1)


def test_what_is_waived_is_suppressed_with_its_reason() -> None:
    standing, suppressed = results(finding(), waived=(waived(),))
    assert standing["suppressions"] == []
    (found,) = suppressed["suppressions"]
    assert (found["kind"], found["status"]) == ("external", "accepted")
    assert found["justification"] == "reports use it, until 2027-03-31"
    where = found["location"]["physicalLocation"]
    assert where["artifactLocation"]["uri"] == "config/review.yaml"


def moved(found: Finding, line: int) -> Finding:
    return replace(found, location=Location("blueprints/elsewhere.yaml", line, 1, 1, "x"))


def test_a_fingerprint_outlives_a_move_and_another_wording() -> None:
    one = finding()
    assert fingerprints(one) == fingerprints(moved(one, 99))
    assert fingerprints(one) == fingerprints(replace(one, sentence="it is open", remedy="shut it"))


@pytest.mark.parametrize(
    "other",
    [finding("no-throttle"), finding(stack="cats-prod"), finding(subject="route GET /cats")],
    ids=["rule", "stack", "subject"],
)
def test_another_finding_has_another_fingerprint(other: Finding) -> None:
    assert fingerprints(finding()) != fingerprints(other)


def test_two_findings_of_a_rule_at_one_address_are_told_apart() -> None:
    one = finding()
    first, second = fingerprints(one, replace(one, sentence="and once more"))
    assert first != second


def test_its_category_is_not_that_of_validate() -> None:
    assert run_of(calm())["automationDetails"]["id"] == "gateprint-review/monday"
    run = run_of(offline())
    assert run["automationDetails"]["id"] == "gateprint-review/the blueprints since origin-main"


@pytest.mark.parametrize(
    ("break_it", "expected"),
    [
        pytest.param(lambda log: log.pop("version"), "'version' is a required", id="a field"),
        pytest.param(
            lambda log: log["runs"][0]["results"][0].update(level="bad"), "one of", id="a level"
        ),
        pytest.param(
            lambda log: log["runs"][0]["results"][-1]["suppressions"][0].update(kind="mine"),
            "one of",
            id="a suppression",
        ),
    ],
)
def test_the_schema_notices_what_is_wrong(break_it: Callable[[Any], object], expected: str) -> None:
    log = json.loads(review_sarif(everything()))
    assert sarif_problems(log) == []
    break_it(log)
    (problem,) = sarif_problems(log)
    assert expected in problem


def test_a_text_of_a_stranger_is_no_link() -> None:
    (result,) = results(finding(sentence="see [this](http://owned.example)"))
    assert r"see \[this\](http" in result["message"]["text"]
