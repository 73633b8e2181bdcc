"""The review as annotations: read as GitHub's runner reads them."""

from __future__ import annotations

from typing import Any

from gateprint.cli.review_formats.annotations import review_annotations
from gateprint.errors import Location
from gateprint.review.finding import Finding
from gateprint.review.review import Noticed
from tests.cli.review_formats.readers import Command, commands_of
from tests.support.reviews import calm, crowd, everything, finding, review


def shown(*findings: Finding, **more: Any) -> list[Command]:
    return commands_of(review_annotations(review(*findings, **more)))


def test_a_finding_is_shown_at_its_line() -> None:
    (found,) = shown(finding())
    assert found.name == "error"
    assert found.properties == {
        "file": "blueprints/pets.yaml",
        "line": "10",
        "endLine": "10",
        "col": "5",
        "endColumn": "9",
        "title": "critical: auth-weakened",
    }
    assert found.data == (
        "pets-prod: a route asks its callers for less, as it is on live of pets\n"
        f"fix: {finding().remedy}"
    )


def test_where_nothing_is_found_nothing_is_said() -> None:
    assert review_annotations(calm()) == ""


def test_the_most_severe_come_first() -> None:
    found = commands_of(review_annotations(everything()))
    assert [(each.name, each.properties["title"]) for each in found] == [
        ("error", "critical: auth-weakened"),
        ("error", "high: trust-loosened"),
        ("warning", "medium: overreach-accepted"),
        ("warning", "breaking: stage-removed"),
        ("notice", "low: no-throttle"),
        ("notice", "low: unused-waiver"),
        ("notice", "info: unverified-policy"),
        ("notice", "callers notice: stricter"),
    ]


def test_what_the_threshold_tolerates_is_no_error() -> None:
    (found,) = shown(finding("trust-loosened"), threshold="critical")
    assert found.name == "warning"


def test_a_run_that_was_refused_for_something_else_says_why() -> None:
    (found,) = shown(verdict="refused", reasons=("pets-prod could not be planned",))
    assert (found.name, found.data) == ("error", "pets-prod could not be planned")
    assert "file" not in found.properties


def test_what_no_line_caused_has_no_line() -> None:
    (found,) = shown(finding(line=None))
    assert list(found.properties) == ["title"]


def test_a_path_with_the_characters_of_a_command_is_read_as_it_is() -> None:
    (found,) = shown(finding(location=Location("a,line=1::b%3A=.yaml", 3)))
    assert found.properties["file"] == "a,line=1::b%3A=.yaml"
    assert found.properties["line"] == "3"


def numbered(number: int, rule: str) -> list[Finding]:
    return [finding(rule, subject=f"route {each}", sentence=f"{each:02}") for each in range(number)]


def test_ten_of_a_kind_are_shown() -> None:
    assert len(shown(*numbered(10, "auth-weakened"))) == 10


def test_of_more_the_last_one_says_how_many_there_are() -> None:
    found = shown(*numbered(15, "auth-weakened"), *numbered(11, "overreach-accepted"))
    errors = [each for each in found if each.name == "error"]
    warnings = [each for each in found if each.name == "warning"]
    assert (len(errors), len(warnings)) == (10, 10)
    assert errors[-1].properties["title"] == "and 6 more"
    assert warnings[-1].properties["title"] == "and 2 more"


def test_the_same_in_many_stacks_is_said_once() -> None:
    (found,) = commands_of(review_annotations(crowd()))
    assert found.data.startswith("500 stacks, such as ")


def test_what_callers_notice_is_shown_too() -> None:
    where = Location("blueprints/pets.yaml", 7)
    (found,) = shown(
        noticed=(Noticed("pets-prod", "route-removed", "GET /pets is gone", location=where),)
    )
    assert (found.name, found.properties["line"]) == ("warning", "7")
    assert found.data == "pets-prod: GET /pets is gone"


def test_much_text_is_shortened() -> None:
    (found,) = shown(finding(sentence="long " * 1_000))
    assert len(found.data) < 2_100
