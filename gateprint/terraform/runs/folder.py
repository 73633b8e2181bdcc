"""Where everything of a run lies; names only, relative to the run's folder.

| file | holds |
|---|---|
| `run.json` | what was planned; never changes afterwards |
| `journal.jsonl` | what happened, as it happened |
| `review.json` | the verdict on exactly this run.json |
| `review.md`, `review-long.md` | the review for people, as long as GitHub and GitLab take it |
| `report.json`, `report.xml` | what became of it; the same for JUnit's readers |
| `drift.json` | of a run that only looked for drift: what was changed outside |
| `stacks/S/configuration/` | the synthesized folder that was planned |
| `stacks/S/terraform.lock.hcl` | the lock file that it was planned with |
| `stacks/S/plan.tfplan` | Terraform's saved plan, 0600: it holds the state in clear |
| `stacks/S/plan.json` | the same for readers, sensitive values masked |
| `stacks/S/log.jsonl` | Terraform's own events, masked |
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gateprint.errors import ToolFailed
from gateprint.terraform.runs.record import Run, read_run, text_digest

RUNS = Path("runs")


@dataclass(frozen=True, slots=True)
class StackFolder:
    """The files of one stack in a run."""

    path: Path

    @property
    def configuration(self) -> Path:
        """The synthesized folder, as it was planned."""
        return self.path / "configuration"

    @property
    def saved_plan(self) -> Path:
        """Terraform's own plan; it holds the state in clear."""
        return self.path / "plan.tfplan"

    @property
    def lock_file(self) -> Path:
        """Terraform's dependency lock file, as it was when this was planned."""
        return self.path / "terraform.lock.hcl"

    @property
    def plan_json(self) -> Path:
        """The plan for readers, masked."""
        return self.path / "plan.json"

    @property
    def log(self) -> Path:
        """Terraform's events of every command for this stack, masked."""
        return self.path / "log.jsonl"


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The folder of one run."""

    path: Path

    @property
    def run_json(self) -> Path:
        """What was planned."""
        return self.path / "run.json"

    @property
    def journal(self) -> Path:
        """What happened."""
        return self.path / "journal.jsonl"

    @property
    def review(self) -> Path:
        """The verdict."""
        return self.path / "review.json"

    @property
    def report(self) -> Path:
        """What became of it."""
        return self.path / "report.json"

    @property
    def junit(self) -> Path:
        """The same for JUnit's readers."""
        return self.path / "report.xml"

    def stack(self, name: str) -> StackFolder:
        """Return the folder of a stack."""
        return StackFolder(self.path / "stacks" / name)

    def read(self) -> Run:
        """Return what was planned.

        Raises:
            ToolFailed: there is no finished plan in this folder.
        """
        try:
            return read_run(self.run_json.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise _no_run(self.path, "it has no run.json") from None
        except (OSError, UnicodeDecodeError, ValueError) as error:
            raise _no_run(self.path, str(error)) from None

    def digest(self) -> str:
        """Return what identifies the run: the digest of its run.json."""
        return text_digest(self.run_json.read_bytes())


def new_run_name(now: dt.datetime) -> str:
    """Return a name for a run: its time in UTC and four random characters."""
    return f"{now.astimezone(dt.UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


def make_run(path: Path) -> RunFolder:
    """Make the folder of a new run, open to its owner alone.

    Raises:
        ToolFailed: there is something already, or it cannot be made.
    """
    try:
        if not _is_empty_folder(path):
            path.mkdir(parents=True, mode=0o700)
        # An empty folder may have been made before, open to others.
        path.chmod(0o700)
    except FileExistsError:
        remedy = "name a folder that is not there yet"
        raise ToolFailed(f"{path} is there already", remedy) from None
    except OSError as error:
        raise ToolFailed(f"{path} cannot be made", "name another folder", str(error)) from error
    return RunFolder(path)


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def runs_in(path: Path = RUNS) -> Iterator[RunFolder]:
    """Yield the runs of a folder, the oldest first."""
    if path.is_dir():
        for each in sorted(path.iterdir()):
            if (each / "journal.jsonl").is_file():
                yield RunFolder(each)


def write_private(path: Path, content: str | bytes) -> None:
    """Write a file that its owner alone can read; it appears in one step, or not at all."""
    data = content.encode() if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}-{os.getpid()}-{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def _no_run(path: Path, reason: str) -> ToolFailed:
    return ToolFailed(
        f"{path} holds no finished plan: {reason}",
        f"plan again: gateprint plan --out {path.with_name(path.name + '-2')}",
    )
