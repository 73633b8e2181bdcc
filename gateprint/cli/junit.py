"""The report of `verify` as JUnit's XML, which build servers read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from xml.etree import ElementTree as ET

from gateprint.cli.text import visible
from gateprint.workflow.verify_report import Report, Row


def junit(report: Report, *, allow_missing: bool) -> str:
    """Return a suite for each stage of an API: what differs failed, what is undecided is an error.

    With `allow_missing` what could not be asked was skipped.
    """
    missing = "skipped" if allow_missing else "error"
    root = ET.Element("testsuites", name=f"gateprint verify {report.environment}")
    for (api, stage), rows in groupby(report.rows, key=lambda row: (row.api, row.stage)):
        _suite(root, f"{api}/{stage}", list(rows), missing)
    if report.not_asked:
        _not_asked(root, report.not_asked, missing)
    suites = list(root)
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(each.get(name, "0")) for each in suites)))
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode")


def _suite(root: ET.Element, name: str, rows: Sequence[Row], missing: str) -> None:
    suite = ET.SubElement(root, "testsuite", name=name)
    for row in rows:
        case = ET.SubElement(suite, "testcase", classname=f"{row.api}.{row.stage}", name=_name(row))
        if row.verdict == "differs":
            _problem(case, "failure", f"expected {row.expected} ({row.why}), found {row.found}")
        elif row.verdict == "undecided":
            _problem(case, missing, row.found)
    _count(suite)


def _not_asked(root: ET.Element, not_asked: Mapping[str, str], missing: str) -> None:
    suite = ET.SubElement(root, "testsuite", name="not asked")
    for what, why in sorted(not_asked.items()):
        case = ET.SubElement(suite, "testcase", classname="not asked", name=visible(what))
        _problem(case, missing, why)
    _count(suite)


def _problem(case: ET.Element, kind: str, text: str) -> None:
    ET.SubElement(case, kind, message=visible(text))


def _count(suite: ET.Element) -> None:
    suite.set("tests", str(len(suite)))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(len(suite.findall(f"testcase/{tag}"))))


def _name(row: Row) -> str:
    who = row.role or "nobody"
    check = "" if row.check == "access" else f" {row.check}"
    return visible(f"{row.kind}{check}: {who}: {row.request} ({row.why})")
