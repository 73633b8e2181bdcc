"""The two reports of GitLab: the numbers of resources, and the findings at their lines."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from gateprint.cli.review_formats.gitlab import code_quality_report, terraform_report
from gateprint.errors import Location
from gateprint.review.finding import Finding
from gateprint.review.review import Counted
from tests.support.reviews import PETS, calm, everything, finding, review, waived


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        ({}, (0, 0, 0)),
        ({"create": 1, "update": 2, "delete": 3}, (1, 2, 3)),
        ({"replace": 2}, (2, 0, 2)),
        ({"create": 1, "replace": 1, "delete": 1}, (2, 0, 2)),
        ({"no-op": 9, "read": 8, "forget": 7, "import": 6}, (0, 0, 0)),
    ],
    ids=["nothing", "each", "replaced", "together", "nothing of these"],
)
def test_a_replacement_is_made_and_deleted(
    actions: dict[str, int], expected: tuple[int, int, int]
) -> None:
    found = json.loads(terraform_report(review(counted=Counted(1, 0, actions))))
    assert found == dict(zip(("create", "update", "delete"), expected, strict=True))


def issues(*findings: Finding, **more: Any) -> list[Any]:
    return list(json.loads(code_quality_report(review(*findings, **more))))


def test_a_finding_is_an_issue_at_its_line() -> None:
    (found,) = issues(finding())
    fingerprint = found.pop("fingerprint")
    assert found == {
        "type": "issue",
        "check_name": "auth-weakened",
        "description": "pets-prod: a route asks its callers for less, as it is on live of pets. "
        f"Fix: {finding().remedy}",
        "categories": ["Security"],
        "severity": "blocker",
        "location": {"path": PETS, "lines": {"begin": 10}},
    }
    assert len(fingerprint) > 32


def test_each_severity_has_one_of_gitlabs() -> None:
    found = json.loads(code_quality_report(everything()))
    expected = ["blocker", "critical", "major", "minor", "minor", "info"]
    assert [each["severity"] for each in found] == expected


def test_no_two_issues_have_one_fingerprint_as_gitlab_would_show_one() -> None:
    one = finding()
    found = issues(one, replace(one, sentence="and once more"), finding(stack="cats-prod"))
    assert len({each["fingerprint"] for each in found}) == 3


def test_a_path_is_as_git_has_it() -> None:
    (found,) = issues(finding(location=Location("./blueprints/pets.yaml", 3)))
    assert found["location"] == {"path": "blueprints/pets.yaml", "lines": {"begin": 3}}


def test_what_no_line_caused_is_shown_with_the_folder_of_the_blueprints() -> None:
    (found,) = json.loads(code_quality_report(review(finding(line=None)), "apis"))
    assert found["location"] == {"path": "apis", "lines": {"begin": 1}}


def test_what_is_waived_is_no_issue() -> None:
    assert issues(waived=(waived(),)) == []
    assert json.loads(code_quality_report(calm())) == []
