"""The review as JUnit's XML: what refuses the run fails, all else is seen and fails nothing."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from gateprint.cli.review_formats.junit import review_junit
from gateprint.review.review import Review
from tests.support.reviews import calm, everything, finding, review, waived


def read(found: Review) -> Any:
    return fromstring(review_junit(found))


def outcomes(found: Review) -> dict[str, list[tuple[str, str]]]:
    """Return the tests of each suite: their names, and what became of them."""
    return {
        str(suite.get("name")): [(str(case.get("name")), _outcome(case)) for case in suite]
        for suite in read(found)
    }


def _outcome(case: Element) -> str:
    return case[0].tag if len(case) else "passed"


def test_a_stack_without_findings_passes() -> None:
    assert outcomes(calm()) == {
        "review": [("verdict", "passed")],
        "pets-prod": [("no findings", "passed")],
    }


def test_what_refuses_the_run_fails_and_so_does_the_verdict() -> None:
    found = outcomes(review(finding(), finding("no-throttle", subject="stage live")))
    assert found["review"] == [("verdict", "failure")]
    assert found["pets-prod"] == [
        ("auth-weakened: route GET /pets of pets", "failure"),
        ("no-throttle: stage live", "skipped"),
    ]


def test_what_the_threshold_tolerates_fails_nothing() -> None:
    found = outcomes(review(finding("trust-loosened"), threshold="critical"))
    assert {outcome for cases in found.values() for _, outcome in cases} == {"passed", "skipped"}


def test_what_is_waived_is_skipped_with_its_reason() -> None:
    (skipped,) = read(review(waived=(waived(),))).iter("skipped")
    assert skipped.get("message").startswith("waived until 2027-03-31: reports use it")


def test_a_failure_says_where_it_comes_from_and_what_helps() -> None:
    failures = [str(each.get("message")) for each in read(review(finding())).iter("failure")]
    assert f"(blueprints/pets.yaml:10). Fix: {finding().remedy}" in failures[-1]


def test_a_run_that_was_refused_for_something_else_says_why() -> None:
    reason = "pets-prod could not be planned"
    found = read(review(verdict="refused", reasons=(reason,)))
    (failure,) = found.iter("failure")
    assert failure.get("message").endswith(reason)


def test_findings_of_one_name_are_told_apart() -> None:
    found = outcomes(review(finding(), finding(sentence="and once more")))
    names = [name for name, _ in found["pets-prod"]]
    assert names == [
        "auth-weakened: route GET /pets of pets",
        "auth-weakened: route GET /pets of pets (2)",
    ]


def test_the_sums_are_those_of_the_tests() -> None:
    root = read(everything())
    cases = list(root.iter("testcase"))
    assert int(root.get("tests")) == len(cases)
    assert int(root.get("failures")) == len(list(root.iter("failure"))) == 3
    assert int(root.get("skipped")) == len(list(root.iter("skipped"))) == 6
