"""The review for people, kept in the run and bound to its verdict; reads and writes files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gateprint.errors import ToolFailed
from gateprint.terraform.runs.folder import RunFolder, write_private
from gateprint.terraform.runs.record import text_digest
from gateprint.terraform.runs.verdict import Verdict, read_verdict, write_verdict

SHORT, LONG = "review.md", "review-long.md"
"""Markdown for a comment on GitHub, and for one on GitLab, which may be longer."""


def keep_reports(folder: RunFolder, texts: Mapping[str, str]) -> None:
    """Write what a review says, by file name, beside the verdict, which gets the digests.

    Raises:
        ToolFailed: there is no verdict on this run.
    """
    verdict = current_verdict(folder)
    for name, text in texts.items():
        write_private(folder.path / name, text)
    digests = {name: text_digest(text) for name, text in texts.items()}
    write_verdict(folder, replace(verdict, reports=digests))


def current_verdict(folder: RunFolder) -> Verdict:
    """Return the verdict on a run, as the run is now.

    Raises:
        ToolFailed: nobody has reviewed it, or it has changed since.
    """
    found = read_verdict(folder)
    if found is None:
        problem = f"nobody has reviewed the run in {folder.path}"
        raise ToolFailed(problem, f"gateprint review {folder.path}")
    if found.digest != folder.digest():
        problem = f"the run in {folder.path} is another than the one that was reviewed"
        raise ToolFailed(problem, f"review this one: gateprint review {folder.path}")
    return found


def kept_report(folder: RunFolder, verdict: Verdict, name: str) -> str:
    """Return a report that the review wrote.

    Raises:
        ToolFailed: it is not there, or somebody has changed it since.
    """
    again = f"review it again: gateprint review {folder.path}"
    path = folder.path / name
    try:
        content = path.read_bytes()
        if text_digest(content) != verdict.reports.get(name):
            raise ToolFailed(f"{path} is not what the review of this run wrote", again)
        return content.decode("utf-8")
    except OSError as error:
        raise ToolFailed(f"{path} cannot be read", again, type(error).__name__) from None
