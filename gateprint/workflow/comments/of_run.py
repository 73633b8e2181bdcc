"""What the review of a run wrote for a comment, and its digests; reads files."""

from __future__ import annotations

from dataclasses import dataclass

from gateprint.terraform.runs.folder import RunFolder
from gateprint.terraform.runs.review_reports import LONG, SHORT, current_verdict, kept_report
from gateprint.workflow.comments.state import Review


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review as Markdown, in both lengths, and what a comment keeps of it."""

    report: str
    longer: str
    review: Review


def review_of_run(folder: RunFolder) -> Reviewed:
    """Return what the review of a run said.

    Raises:
        ToolFailed: there is no finished plan, nobody has reviewed it, or it or the review has
            changed since.
    """
    run, verdict = folder.read(), current_verdict(folder)
    stacks = {each.stack: each.digest for each in run.planned}
    report, longer = (kept_report(folder, verdict, name) for name in (SHORT, LONG))
    return Reviewed(report, longer, Review(run.name, verdict.digest, verdict.verdict, stacks))
