"""The verdict of a review, bound to exactly one run.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal

from gateprint.terraform.runs.folder import RunFolder, write_private

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a review said of the run with this digest, and when; `reasons` are those against.

    `reports` are the digests of what was written for people, by file name.
    """

    run: str
    digest: str
    verdict: Literal["passed", "refused"]
    at: str
    reasons: tuple[str, ...] = ()
    reports: Mapping[str, str] = field(default_factory=dict)


def write_verdict(folder: RunFolder, verdict: Verdict) -> None:
    """Record a verdict in the run; an earlier one is replaced."""
    text = json.dumps({"format": FORMAT, **asdict(verdict)}, indent=2, sort_keys=True)
    write_private(folder.review, text + "\n")


def read_verdict(folder: RunFolder) -> Verdict | None:
    """Return the verdict on a run; None where there is none that can be read."""
    try:
        found = json.loads(folder.review.read_text(encoding="utf-8"))
        if found.pop("format") != FORMAT:
            return None
        return Verdict(**{**found, "reasons": tuple(found["reasons"])})
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def objection(folder: RunFolder) -> str:
    """Return why a run may not be applied, as far as its review goes; empty if it may."""
    found = read_verdict(folder)
    if found is None:
        return "nobody has reviewed this run"
    if found.digest != folder.digest():
        return "the review is of another plan than the one in this run"
    if found.verdict != "passed":
        return "the review refused this run: " + ("; ".join(found.reasons) or "without a reason")
    return ""
