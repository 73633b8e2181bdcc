"""The review as JUnit's XML: a suite for each stack, a test for each finding; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from gateprint.cli.review_formats.told import other_reasons, refusing
from gateprint.errors import Location
from gateprint.review.finding import Finding, Severity
from gateprint.review.review import Review
from gateprint.review.waivers import Waived
from gateprint.terraform.runs.junit import Case, Suite, junit_xml


def review_junit(found: Review) -> str:
    """Return a failure for each finding that refuses the run, and for the verdict where it does.

    Other findings, and what is waived, are skipped tests: they are seen, and fail nothing. A stack
    without any has one test, which passes.
    """
    return junit_xml(f"gateprint review {found.subject}", _suites(found))


def _suites(found: Review) -> Iterator[Suite]:
    yield Suite("review", (_verdict(found),))
    against = refusing(found)
    cases: dict[str, list[Case]] = {name: [] for name in found.stacks}
    for each in found.findings:
        cases.setdefault(each.stack, []).append(_case(each, against))
    for waived in found.waived:
        cases.setdefault(waived.finding.stack, []).append(_waived(waived))
    for stack, own in sorted(cases.items()):
        yield Suite(stack, tuple(_numbered(own)) or (Case(stack, "no findings"),))


def _verdict(found: Review) -> Case:
    if found.verdict == "passed":
        return Case("review", "verdict")
    return Case("review", "verdict", "failure", "; ".join([found.headline, *other_reasons(found)]))


def _case(each: Finding, against: Collection[Severity]) -> Case:
    is_against = each.severity in against
    text = f"{each.severity}: {each.sentence}{_place(each.location)}. Fix: {each.remedy}"
    return Case(each.stack, _name(each), "failure" if is_against else "skipped", text)


def _waived(each: Waived) -> Case:
    waiver = each.waiver
    text = f"waived until {waiver.until.isoformat()}: {waiver.reason}; {each.finding.sentence}"
    return Case(each.finding.stack, _name(each.finding), "skipped", text)


def _name(each: Finding) -> str:
    return f"{each.rule.id}: {each.subject}"


def _place(where: Location | None) -> str:
    return f" ({where.path}:{where.line})" if where else ""


def _numbered(cases: list[Case]) -> Iterator[Case]:
    """Yield the tests with names of their own, by which build servers tell them apart."""
    seen: Counter[str] = Counter()
    for each in cases:
        seen[each.name] += 1
        number = seen[each.name]
        name = each.name if number == 1 else f"{each.name} ({number})"
        yield Case(each.group, name, each.verdict, each.message)
