"""The review as data, which gateprint.review.schema.json describes; pure."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from gateprint.access.changes.sentences import Sentence
from gateprint.cli.review_formats.inert import inert_json
from gateprint.cli.review_formats.review_schema import VERSION
from gateprint.errors import Location
from gateprint.review.clusters import Cluster, Difference, SameChange
from gateprint.review.finding import Finding
from gateprint.review.review import Destroyed, Noticed, Review
from gateprint.review.waivers import Waived

Data = dict[str, Any]


def review_json(found: Review) -> str:
    """Return the review as a JSON text."""
    return inert_json(review_data(found))


def review_data(found: Review) -> Data:
    """Return the review as data, in the order in which it is told."""
    return {
        "version": VERSION,
        "run": found.subject,
        "offline": found.is_offline,
        "verdict": found.verdict,
        "headline": found.headline,
        "reasons": list(found.reasons),
        "digest": found.digest,
        "stacks": dict(sorted(found.stacks.items())),
        "counts": _counts(found),
        "access": [_access(each) for each in found.access],
        "destroyed": [_destroyed(each) for each in found.destroyed],
        "noticed": [_noticed(each) for each in found.noticed],
        "findings": [_finding(each) for each in found.findings],
        "waived": [_waived(each) for each in found.waived],
        "clusters": [_cluster(each) for each in found.clusters],
        "unverified": list(found.unverified),
    }


def docs_of(rule_id: str) -> str:
    """Return where the documentation explains a rule."""
    return f"docs/review-rules.md#{rule_id}"


def _counts(found: Review) -> Data:
    counted = found.counted
    terraform = {
        "add": counted.to_add,
        "change": counted.to_change,
        "destroy": counted.to_destroy,
    }
    return {
        "changed": counted.changed,
        "unchanged": counted.unchanged,
        "terraform": None if found.is_offline else terraform,
        "actions": dict(sorted(counted.actions.items())),
    }


def _access(each: Sentence) -> Data:
    # Within a sentence, our words and the names of users take turns.
    return {"kind": each.kind, "sentence": each.text, "names": list(each.parts[1::2])}


def _destroyed(each: Destroyed) -> Data:
    return {"stack": each.stack, "kind": each.kind, "address": each.address}


def _noticed(each: Noticed) -> Data:
    told = {"stack": each.stack, "kind": each.kind, "sentence": each.sentence}
    return {**told, "breaking": each.is_breaking, **_place(each.location)}


def _finding(each: Finding) -> Data:
    return {
        "rule": each.rule.id,
        "severity": each.severity,
        "stack": each.stack,
        "subject": each.subject,
        "address": each.address,
        "sentence": each.sentence,
        "why": each.rule.why,
        "remedy": each.remedy,
        "source": each.rule.source,
        "docs": docs_of(each.rule.id),
        **_place(each.location),
    }


def _waived(each: Waived) -> Data:
    waiver = each.waiver
    return {**_finding(each.finding), "reason": waiver.reason, "until": waiver.until.isoformat()}


def _cluster(each: Cluster) -> Data:
    return {
        "stacks": list(each.stacks),
        "summary": each.summary,
        "changes": [
            {**_change(change), **_place(place)}
            for change, place in zip_longest(each.changes, each.origins)
        ],
        "difference": None if each.difference is None else _difference(each.difference),
    }


def _difference(each: Difference) -> Data:
    more, less = ([_change(one) for one in changes] for changes in (each.more, each.less))
    return {"example": each.example, "more": more, "less": less}


def _change(each: SameChange) -> Data:
    attributes = [
        {"path": one.path, "before": one.before, "after": one.after} for one in each.attributes
    ]
    return {"action": each.action, "address": each.address, "attributes": attributes}


def _place(where: Location | None) -> Data:
    if where is None:
        return {"path": None, "line": None, "column": None}
    return {"path": where.path, "line": where.line, "column": where.column}
