"""The review as data, which gateprint.review.schema.json describes; pure."""

from __future__ import annotations

import json
from typing import Any

from gateprint.cli.review_formats.sections import changes_of
from gateprint.review.finding import Finding
from gateprint.review.review import Review


def review_json(found: Review) -> str:
    """Return the review as a JSON text."""
    return json.dumps(review_data(found), indent=2, sort_keys=True)


def review_data(found: Review) -> dict[str, Any]:
    """Return the review as data."""
    return {
        "run": found.subject,
        "digest": found.digest,
        "verdict": found.verdict,
        "reasons": list(found.reasons),
        "stacks": dict(found.stacks),
        "changed": found.counted.changed,
        "unchanged": found.counted.unchanged,
        "actions": dict(found.counted.actions),
        "access": [{"kind": each.kind, "sentence": each.text} for each in found.access],
        "destroyed": [
            {"stack": each.stack, "kind": each.kind, "address": each.address}
            for each in found.destroyed
        ],
        "findings": [_finding(each) for each in found.findings],
        "waived": [
            {**_finding(each.finding), "reason": each.waiver.reason} for each in found.waived
        ],
        "clusters": [
            {"stacks": list(each.stacks), "changes": list(changes_of(each))}
            for each in found.clusters
        ],
        "unverified": list(found.unverified),
    }


def _finding(each: Finding) -> dict[str, Any]:
    place = each.location
    return {
        "rule": each.rule.id,
        "severity": each.severity,
        "stack": each.stack,
        "subject": each.subject,
        "sentence": each.sentence,
        "remedy": each.remedy,
        "path": place.path if place else None,
        "line": place.line if place else None,
    }
