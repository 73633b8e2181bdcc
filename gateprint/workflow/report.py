"""`report`: what became of runs, from their folders or from the reports that machines sent."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gateprint.errors import ToolFailed
from gateprint.terraform.runs.folder import RunFolder, write_private
from gateprint.terraform.runs.journal import read_journal
from gateprint.terraform.runs.merge import merge
from gateprint.terraform.runs.report import Report, report_of
from gateprint.terraform.runs.report_json import read_report

_LARGEST_BYTES = 1 << 28


def report_of_folder(folder: RunFolder) -> Report:
    """Return what became of a run, as far as it has come.

    Raises:
        ToolFailed: there is no finished plan in this folder.
    """
    return report_of(folder.read(), read_journal(folder.journal), folder.digest())


def write_text(path: Path, text: str) -> None:
    """Write a file in one step.

    Raises:
        ToolFailed: it cannot be written.
    """
    try:
        write_private(path, text)
    except OSError as error:
        raise ToolFailed(f"{path} cannot be written", "name another file", str(error)) from error


def reports(paths: Sequence[Path], *, is_merged: bool = False) -> tuple[Report, ...]:
    """Return the reports of runs: of their folders, or of files as report.json; one if merged.

    Raises:
        ToolFailed: one cannot be read, or they cannot be merged.
    """
    found = tuple(_report_at(each) for each in paths)
    return (merge(found),) if is_merged else found


def _report_at(path: Path) -> Report:
    if (path / "run.json").is_file():
        return report_of_folder(RunFolder(path))
    file = path / "report.json" if path.is_dir() else path
    try:
        with file.open(encoding="utf-8") as opened:
            return read_report(opened.read(_LARGEST_BYTES))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        problem = f"{path} has no report: {reason}"
        raise ToolFailed(problem, "name the folder of a run, or its report.json") from error
