"""What is said of several stacks in the same words is said once, with all of them."""

from __future__ import annotations

import pytest

from gateprint.review.finding import Finding, Severity
from gateprint.review.grouping import Said, grouped, grouped_destroyed, grouped_noticed, told_once
from gateprint.review.plain import own_names
from gateprint.review.review import Destroyed, Noticed, reasons_against
from gateprint.review.rules import RULES

NO_LOG, OTHER = RULES[0], RULES[1]


def finding(stack: str, sentence: str, severity: Severity = "high") -> Finding:
    return Finding(NO_LOG, severity, stack, "stage prod", sentence, NO_LOG.remedy)


def told(*findings: Finding) -> list[tuple[str, str]]:
    return [(each.where, each.sentence) for each in grouped(findings)]


def test_the_same_finding_of_many_stacks_is_one_group_without_their_own_names():
    found = [finding(f"shop-{each}-prod", f"prod of shop-{each} has no log") for each in range(500)]
    assert told(*found) == [("500 stacks, such as shop-0-prod", "prod of {blueprint} has no log")]
    (group,) = grouped(found)
    assert (len(group.items), group.first) == (500, found[0])


@pytest.mark.parametrize(
    "other",
    [
        finding("b-prod", "test of b has no log"),
        finding("b-prod", "prod of b has no log", "low"),
        Finding(OTHER, "high", "b-prod", "stage prod", "prod of b has no log", ""),
    ],
    ids=["sentence", "severity", "rule"],
)
def test_what_differs_is_another_group(other: Finding):
    first = finding("a-prod", "prod of a has no log")
    assert [each.stacks for each in grouped([first, other])] == [("a-prod",), ("b-prod",)]


def test_a_stack_that_is_alone_keeps_its_names():
    assert told(finding("a-prod", "prod of a")) == [("a-prod", "prod of a")]


def test_a_sentence_that_is_the_same_anyway_keeps_what_looks_like_a_name():
    found = [finding(each, "stage prod has no log") for each in ("a-prod", "b-prod")]
    assert told(*found) == [("2 stacks, such as a-prod", "stage prod has no log")]


def test_several_findings_of_one_stack_are_one_group_with_one_stack():
    found = [finding("a-prod", "no log"), finding("a-prod", "no log")]
    assert told(*found) == [("a-prod", "no log")]


def test_names_that_are_known_are_not_guessed():
    # From its name alone the environment could be `prod`.
    names = {f"{each}-us-prod": own_names(each, "us-prod", "1") for each in ("shop", "pets")}
    found = [finding(each, f"role of {each.removesuffix('-us-prod')}") for each in names]
    assert [len(each.stacks) for each in grouped(found, names)] == [2]
    assert [len(each.stacks) for each in grouped(found)] == [1, 1]


def test_what_callers_notice_and_what_is_destroyed_is_grouped_too():
    noticed = [Noticed(f"{each}-prod", "route-removed", f"GET /{each}x of {each}") for each in "ab"]
    assert len(grouped_noticed(noticed)) == 2
    noticed = [Noticed(f"{each}-prod", "route-removed", f"GET /x of {each}") for each in "ab"]
    (group,) = grouped_noticed(noticed)
    assert (group.where, group.sentence) == ("2 stacks, such as a-prod", "GET /x of {blueprint}")
    gone = [Destroyed(f"{each}-prod", "role", f"aws_iam_role.{each}") for each in "ab"]
    assert [each.sentence for each in grouped_destroyed(gone)] == ["aws_iam_role.{blueprint}"]


def test_reasons_and_what_is_said_of_stacks_come_once():
    found = [finding(f"{each}-prod", f"prod of {each}") for each in "ab"]
    reason = f"{NO_LOG.id} (high): 2 stacks, such as a-prod: prod of {{blueprint}}"
    assert reasons_against(found, "high") == (reason,)
    failed = [Said(f"{each}-prod", "could not be planned") for each in "ab"]
    assert told_once(failed, link=" ") == ["2 stacks, such as a-prod, could not be planned"]
