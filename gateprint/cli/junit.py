"""The report of `verify` as JUnit's XML, which build servers read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from gateprint.terraform.runs.junit import Case, Suite, Verdict, junit_xml
from gateprint.workflow.verify_report import Report, Row


def junit(report: Report, *, allow_missing: bool) -> str:
    """Return a suite for each stage of an API: what differs failed, what is undecided is an error.

    With `allow_missing` what could not be asked was skipped.
    """
    missing: Verdict = "skipped" if allow_missing else "error"
    return junit_xml(f"gateprint verify {report.environment}", _suites(report, missing))


def _suites(report: Report, missing: Verdict) -> Iterator[Suite]:
    for (api, stage), rows in groupby(report.rows, key=lambda row: (row.api, row.stage)):
        yield Suite(f"{api}/{stage}", tuple(_case(row, missing) for row in rows))
    if report.not_asked:
        reasons = sorted(report.not_asked.items())
        cases = (Case("not asked", what, missing, why) for what, why in reasons)
        yield Suite("not asked", tuple(cases))


def _case(row: Row, missing: Verdict) -> Case:
    group = f"{row.api}.{row.stage}"
    if row.verdict == "differs":
        message = f"expected {row.expected} ({row.why}), found {row.found}"
        return Case(group, _name(row), "failure", message)
    if row.verdict == "undecided":
        return Case(group, _name(row), missing, row.found)
    return Case(group, _name(row))


def _name(row: Row) -> str:
    who = row.role or "nobody"
    check = "" if row.check == "access" else f" {row.check}"
    return f"{row.kind}{check}: {who}: {row.request} ({row.why})"
