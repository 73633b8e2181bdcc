"""What the review of a run found, as far as a comment keeps it; reads files."""

from __future__ import annotations

from gateprint.terraform.runs.folder import RunFolder
from gateprint.terraform.runs.verdict import read_verdict
from gateprint.workflow.comments.state import Review


def review_of_run(folder: RunFolder) -> Review:
    """Return the verdict on a run and the digests of its plans.

    Raises:
        ToolFailed: the folder holds no finished plan.
    """
    run, verdict, digest = folder.read(), read_verdict(folder), folder.digest()
    is_of_it = verdict is not None and verdict.digest == digest
    stacks = {each.stack: each.digest for each in run.planned}
    words = verdict.verdict if verdict is not None and is_of_it else "not reviewed"
    return Review(run.name, digest, words, stacks)
