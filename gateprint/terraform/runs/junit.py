"""JUnit's XML, which build servers read; there is no standard, only what they have in common; pure.

Attributes and elements are those that Jenkins and GitLab read
(https://github.com/testmoapp/junitxml lists them).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree as ET

from gateprint.model.visible import visible

Verdict = Literal["failure", "error", "skipped"]
_COUNTED = (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))


@dataclass(frozen=True, slots=True)
class Case:
    """One test; `verdict` is None where all is well, `seconds` where nobody measured."""

    group: str
    name: str
    verdict: Verdict | None = None
    message: str = ""
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Suite:
    """Tests under a heading."""

    name: str
    cases: tuple[Case, ...]


def junit_xml(name: str, suites: Iterable[Suite]) -> str:
    """Return the document; what XML could not hold is escaped.

    It may be printed into a build's log, where GitHub's runner obeys `##[…]` anywhere in a line.
    """
    root = ET.Element("testsuites", name=visible(name))
    for each in suites:
        _suite(root, each)
    for attribute in ("tests", *(plural for plural, _ in _COUNTED)):
        root.set(attribute, str(sum(int(each.get(attribute, "0")) for each in root)))
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + _inert(root)


def _inert(root: ET.Element) -> str:
    return ET.tostring(root, encoding="unicode").replace("##", "#&#35;")


def _suite(root: ET.Element, suite: Suite) -> None:
    found = ET.SubElement(root, "testsuite", name=visible(suite.name))
    for each in suite.cases:
        _case(found, each)
    found.set("tests", str(len(suite.cases)))
    for plural, verdict in _COUNTED:
        found.set(plural, str(sum(each.verdict == verdict for each in suite.cases)))


def _case(suite: ET.Element, case: Case) -> None:
    found = ET.SubElement(suite, "testcase", classname=visible(case.group), name=visible(case.name))
    if case.seconds is not None:
        found.set("time", f"{case.seconds:.3f}")
    if case.verdict is not None:
        ET.SubElement(found, case.verdict, message=visible(case.message))
