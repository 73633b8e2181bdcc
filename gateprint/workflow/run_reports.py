"""Writes what became of a run beside it, for programs: report.json and report.xml."""

from __future__ import annotations

from gateprint.terraform.runs.folder import RunFolder
from gateprint.terraform.runs.journal import read_journal
from gateprint.terraform.runs.junit_report import junit_report
from gateprint.terraform.runs.report import Report, report_of
from gateprint.terraform.runs.report_json import report_json
from gateprint.workflow.report import write_text


def write_reports(folder: RunFolder) -> Report:
    """Write the reports of a run as it is now, and return what they say."""
    report = report_of(folder.read(), read_journal(folder.journal), folder.digest())
    write_text(folder.report, report_json(report))
    write_text(folder.junit, junit_report(report))
    return report
