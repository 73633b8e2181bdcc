"""Each rule finds what it is for, in exact words, and is silent about what only looks like it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gateprint.review.finding import SEVERITIES, Finding
from gateprint.review.rules import MODULES, RULES, findings
from gateprint.review.waivers import WAIVER_RULES
from tests.review.rules.cases import CASES
from tests.review.rules.made import Review, offline
from tests.support.golden import assert_golden

EXPECTED = Path(__file__).parent / "expected"
BY_ID = {module.RULE.id: module for module in MODULES}
SILENT = [(rule, name) for rule, case in CASES.items() for name in case.silent]
_FINGERPRINT = re.compile(r"\b[0-9a-f]{64}\b")


def shown(finding: Finding) -> str:
    where = finding.location
    line = f"{where.path}:{where.line}:{where.column}" if where else "no line of the blueprints"
    text = (
        f"{finding.severity}: {finding.sentence} [{finding.rule.id}]\n"
        f"  {finding.address}\n  {line}\n  fix: {finding.remedy}\n"
    )
    return _FINGERPRINT.sub("<fingerprint>", text)


@pytest.mark.parametrize("rule", BY_ID)
def test_golden_a_rule_says_exactly_this(rule: str):
    found = sorted(BY_ID[rule].find(CASES[rule].found.subject()))
    assert found
    assert_golden(EXPECTED / f"{rule}.txt", "".join(map(shown, found)))


@pytest.mark.parametrize(("rule", "name"), SILENT, ids=lambda each: each)
def test_a_rule_is_silent_where_it_has_nothing_to_say(rule: str, name: str):
    assert [shown(each) for each in BY_ID[rule].find(CASES[rule].silent[name].subject())] == []


def test_every_rule_has_a_case_and_every_case_a_rule():
    assert CASES.keys() == BY_ID.keys()


def test_every_module_of_the_rules_is_one_that_is_asked():
    folder = Path(__import__("gateprint.review.rules").review.rules.__file__ or "").parent
    written = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert written == {module.__name__.rpartition(".")[2] for module in MODULES}  # type: ignore[attr-defined]


def test_a_rule_has_an_id_of_its_own():
    ids = [each.id for each in (*RULES, *WAIVER_RULES)]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", each) for each in ids)


@pytest.mark.parametrize("review", [Review(), offline(Review())], ids=["plan", "offline"])
def test_nothing_is_found_where_all_is_well(review: Review):
    assert findings(review.subject()) == ()


@pytest.mark.parametrize("rule", [each.id for each in RULES if each.is_standing])
def test_a_rule_about_how_things_are_is_silent_about_a_stack_that_does_not_change(rule: str):
    case = CASES[rule].found
    unchanged = Review(case.after, planned=None, environment=case.environment)
    assert list(BY_ID[rule].find(unchanged.subject())) == []


def test_findings_come_with_the_most_severe_first():
    subjects = [case.found.subject() for case in CASES.values()]
    found = sorted(each for subject in subjects for each in findings(subject))
    ranks = [SEVERITIES.index(each.severity) for each in found]
    assert ranks == sorted(ranks)
    assert set(ranks) == set(range(len(SEVERITIES)))
