"""A report as JUnit's XML: a suite for each environment, a test for each stack; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.terraform.runs.junit import Case, Suite, Verdict, junit_xml
from gateprint.terraform.runs.report import Outcome, Report, StackReport

_VERDICTS: dict[Outcome, Verdict] = {
    "failed": "failure",
    "refused": "failure",
    "interrupted": "error",
    "skipped": "skipped",
    "pending": "skipped",
}
_REASONS: dict[Outcome, str] = {
    "interrupted": "nothing says how its apply ended",
    "skipped": "a stack that it needs did not end well",
    "pending": "the apply has not come to it",
}


def junit_report(report: Report) -> str:
    """Return a failure for what failed or was refused, an error for what has no known end.

    What was skipped or is pending was skipped. Where drift was asked for, drift is a failure.
    """
    return junit_xml(_title(report), _suites(report))


def _title(report: Report) -> str:
    return f"gateprint {report.kind} {report.environment or ''}".rstrip()


def _suites(report: Report) -> Iterator[Suite]:
    for name in sorted({each.environment for each in report.stacks}):
        own = [each for each in report.stacks if each.environment == name]
        yield Suite(name, tuple(_case(each, is_drift=report.kind == "drift") for each in own))
    if report.missing:
        cases = (
            Case("shards", _shard(report, each), "error", "no report") for each in report.missing
        )
        yield Suite("missing shards", tuple(cases))
    if report.orphans:
        reason = "it has a state, and no blueprint"
        cases = (Case(each.environment, each.stack, "skipped", reason) for each in report.orphans)
        yield Suite("orphans", tuple(cases))


def _shard(report: Report, index: int) -> str:
    return f"shard {index}/{report.shards}"


def _case(stack: StackReport, *, is_drift: bool) -> Case:
    verdict, message = _VERDICTS.get(stack.outcome), _REASONS.get(stack.outcome, "")
    if is_drift and verdict is None and stack.drifted:
        verdict, message = "failure", f"{stack.drifted:,} resources were changed outside"
    group = f"{stack.account}.{stack.region}"
    seconds = stack.plan_seconds + stack.apply_seconds
    return Case(group, stack.stack, verdict, stack.problem or message, seconds)
