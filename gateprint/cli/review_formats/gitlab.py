"""The review in the two formats that GitLab shows on merge requests; pure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from gateprint.cli.review_formats.inert import inert_json
from gateprint.cli.review_formats.told import place_of, told_findings
from gateprint.cli.text import visible
from gateprint.review.finding import Finding, Severity
from gateprint.review.review import Review

_SEVERITIES: Mapping[Severity, str] = {
    "critical": "blocker",
    "high": "critical",
    "medium": "major",
    "low": "minor",
    "info": "info",
}


def terraform_report(found: Review) -> str:
    """Return how many resources are made, changed and deleted, for `artifacts:reports:terraform`.

    A replacement is made and deleted, as with GitLab's own `gitlab-terraform`. GitLab's reader is
    lib/gitlab/ci/parsers/terraform/tfplan.rb.
    """
    counted = found.counted
    return inert_json(
        {"create": counted.to_add, "update": counted.to_change, "delete": counted.to_destroy}
    )


def code_quality_report(found: Review, nowhere: str = "blueprints") -> str:
    """Return the findings that stand, for `artifacts:reports:codequality`.

    `nowhere` is the path for what no line caused. The fields are those of docs.gitlab.com, "Code
    Quality", "Code Quality report format"; of two with the same fingerprint GitLab shows one.
    """
    told = told_findings(found.findings)
    return inert_json([_issue(each, fingerprint, nowhere) for each, fingerprint in told])


def _issue(each: Finding, fingerprint: str, nowhere: str) -> dict[str, Any]:
    where = place_of(each, nowhere)
    return {
        "type": "issue",
        "check_name": each.rule.id,
        "description": visible(f"{each.stack}: {each.sentence}. Fix: {each.remedy}"),
        "categories": ["Security"],
        "severity": _SEVERITIES[each.severity],
        "fingerprint": fingerprint,
        # Without ./ at its beginning, which PurePath drops.
        "location": {"path": PurePath(where.path).as_posix(), "lines": {"begin": where.line}},
    }
