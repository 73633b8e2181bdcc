"""Terraform command lines, built by python-terraform, and the short ones run to their end."""

from __future__ import annotations

import functools
import logging
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from gateprint.errors import ToolFailed

Option = str | bool | list[str] | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended: its exit code and everything it printed."""

    code: int
    stdout: str
    stderr: str


def command_line(binary: Path, command: str, *arguments: str, **options: Option) -> list[str]:
    """Return the arguments of one Terraform command, the binary first.

    An option that is True becomes a bare flag (`-json`), False becomes `-input=false`, None is
    left out. No variable is ever passed, so python-terraform writes no temporary variable file.
    The directory that it searches for a state file is the binary's own, which has none.
    """
    package = _python_terraform()
    builder = package.Terraform(working_dir=str(binary.parent), terraform_bin_path=str(binary))
    flagged = {k: package.IsFlagged if v is True else v for k, v in options.items()}
    return [str(word) for word in builder.generate_cmd_string(command, *arguments, **flagged)]


def run(
    words: list[str], directory: Path, environ: Mapping[str, str], *, timeout_seconds: float
) -> Outcome:
    """Run a command that needs no streaming; a non-zero exit code is an outcome, not an error.

    python-terraform's own `cmd` knows neither time limits nor an environment other than the
    process's, hence the standard library here. Raises ToolFailed if the program cannot be
    started or takes longer than `timeout_seconds`.
    """
    try:
        done = subprocess.run(
            words,
            cwd=directory,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ToolFailed(
            f"{' '.join(words[:2])} did not end within {timeout_seconds:g} seconds",
            "run it by hand to see what it waits for",
        ) from error
    except OSError as error:
        raise ToolFailed(f"{words[0]} cannot be started", "run make setup", str(error)) from error
    return Outcome(done.returncode, done.stdout, done.stderr)


@functools.cache
def _python_terraform() -> ModuleType:
    """Import python-terraform when first needed, with its loggers silenced.

    It logs whole command lines and outputs, which may hold secrets.
    """
    import python_terraform  # noqa: PLC0415

    logging.getLogger("python_terraform").setLevel(logging.CRITICAL + 1)
    module: ModuleType = python_terraform
    return module
