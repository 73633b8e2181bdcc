"""The review as a SARIF 2.1.0 log, with what GitHub's code scanning shows of one; pure.

The properties are those of docs.github.com, "SARIF support for code scanning".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gateprint.cli.review_formats.data import docs_of
from gateprint.cli.review_formats.inert import inert_json_text
from gateprint.cli.review_formats.told import place_of, told_findings
from gateprint.cli.sarif_parts import Part, message, physical_location, rule_name, sarif_log
from gateprint.cli.text import plain_markdown, visible
from gateprint.review.finding import Finding, Rule, Severity
from gateprint.review.review import Review
from gateprint.review.rules import RULES
from gateprint.review.waivers import WAIVER_RULES, Waived

_LEVELS: Mapping[Severity, str] = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "note",
    "info": "note",
}
# GitHub: over 9.0 is critical, from 7.0 high, from 4.0 medium, all else low. Where a review could
# not look (`info`) nothing is known to be insecure.
_SCORES: Mapping[Severity, str] = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}


def review_sarif(found: Review, nowhere: str = "blueprints") -> str:
    """Return the log; what is waived is suppressed.

    `nowhere` is the path for what no line caused: GitHub shows no result without one.
    """
    rules = tuple(_rules(found))
    index = {each.id: number for number, each in enumerate(rules)}
    results = [
        _result(each, index[each.rule.id], fingerprint, waiver, nowhere)
        for each, fingerprint, waiver in _told(found)
    ]
    # Its category, before the last slash, keeps it apart from the log of gateprint validate.
    run = {"id": f"gateprint-review/{visible(found.subject).replace('/', '-')}"}
    log = sarif_log([_rule(each) for each in rules], results, automationDetails=run)
    return inert_json_text(log)


def _rules(found: Review) -> Iterator[Rule]:
    """Yield all rules of gateprint, so that two logs differ in results alone."""
    yield from RULES
    yield from WAIVER_RULES
    known = {each.id for each in (*RULES, *WAIVER_RULES)}
    yield from _foreign((each for each, _, _ in _told(found)), known)


def _foreign(findings: Iterable[Finding], known: set[str]) -> Iterator[Rule]:
    others = {each.rule.id: each.rule for each in findings if each.rule.id not in known}
    return (rule for _, rule in sorted(others.items()))


def _told(found: Review) -> Iterator[tuple[Finding, str, Waived | None]]:
    waivers = (*(None for _ in found.findings), *found.waived)
    findings = (*found.findings, *(each.finding for each in found.waived))
    for (finding, fingerprint), waiver in zip(told_findings(findings), waivers, strict=True):
        yield finding, fingerprint, waiver


def _rule(rule: Rule) -> Part:
    return {
        "id": rule.id,
        "name": rule_name(rule.id),
        "shortDescription": {"text": f"{rule.title[:1].upper()}{rule.title[1:]}."},
        "fullDescription": {"text": rule.why},
        "help": _help(rule),
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": _properties(rule),
    }


def _help(rule: Rule) -> Part:
    # There is no helpUri: the documentation has no public address.
    parts = {"Remedy": rule.remedy, "Source": rule.source, "More": docs_of(rule.id)}
    markdown = (f"**{name}:** {plain_markdown(text)}" for name, text in parts.items())
    return {
        "text": "\n".join([rule.why, *(f"{name}: {text}" for name, text in parts.items())]),
        "markdown": "\n\n".join([plain_markdown(rule.why), *markdown]),
    }


def _properties(rule: Rule) -> Part:
    found: Part = {"tags": ["gateprint", "security"], "severity": rule.severity}
    if rule.severity in _SCORES:
        return {**found, "security-severity": _SCORES[rule.severity]}
    return {**found, "tags": ["gateprint"], "problem.severity": "recommendation"}


def _result(one: Finding, rule: int, fingerprint: str, waived: Waived | None, nowhere: str) -> Part:
    place = {
        "physicalLocation": physical_location(place_of(one, nowhere)),
        "logicalLocations": [{"fullyQualifiedName": visible(one.address)}],
    }
    return {
        "ruleId": one.rule.id,
        "ruleIndex": rule,
        "level": _LEVELS[one.severity],
        "message": message(f"{one.stack}: {one.sentence}", one.remedy),
        "locations": [place],
        "partialFingerprints": {"gateprint/review/v1": fingerprint},
        # All results of a log have them, or none has (3.27.23).
        "suppressions": [] if waived is None else [_suppression(waived)],
        "properties": {"severity": one.severity, "stack": visible(one.stack)},
    }


def _suppression(waived: Waived) -> Part:
    waiver = waived.waiver
    return {
        "kind": "external",
        "status": "accepted",
        "justification": visible(f"{waiver.reason}, until {waiver.until.isoformat()}"),
        "location": {"physicalLocation": physical_location(waiver.location)},
    }
