"""docs/review-rules.md has a section for every rule, with the rule's own words."""

from __future__ import annotations

import os
import re

from gateprint.review.reference import rules_reference
from gateprint.review.rules import RULES
from gateprint.review.waivers import WAIVER_RULES
from tests.docs.pages import ROOT, headings

PAGE = ROOT / "docs" / "review-rules.md"
MARK = "<!-- rules: written by make golden from gateprint/review/rules -->\n\n"
ALL = (*RULES, *WAIVER_RULES)


def test_golden_the_page_says_of_each_rule_what_the_rule_says():
    introduction, _, _ = PAGE.read_text(encoding="utf-8").partition(MARK)
    expected = introduction + MARK + rules_reference(ALL)
    if os.environ.get("GATEPRINT_GOLDEN"):
        PAGE.write_text(expected, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == expected


def test_a_rule_has_one_section_and_a_section_has_a_rule():
    assert headings(PAGE, 2) == ["Waivers", *(each.id for each in ALL)]


def test_a_rule_says_why_what_helps_and_where_that_is_written():
    for rule in ALL:
        assert all((rule.title, rule.why, rule.remedy, rule.source)), rule.id
        assert rule.why.endswith("."), rule.id
        assert not re.search(r"\.$", rule.title + rule.remedy + rule.source), rule.id
