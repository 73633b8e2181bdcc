"""What was applied: the outputs of a stack, read from its state by Terraform."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gateprint.errors import ToolFailed
from gateprint.terraform.binary import TerraformBinary
from gateprint.terraform.command import command_line, run
from gateprint.terraform.environment import clean_environment

_SECONDS = 120


def is_initialised(directory: Path) -> bool:
    """Tell whether Terraform has worked in this folder, and so can read its state."""
    return (directory / ".terraform").is_dir()


def read_outputs(
    directory: Path, binary: TerraformBinary, environ: Mapping[str, str]
) -> dict[str, Any]:
    """Return the output values of the stack in `directory`, by name; none before the first apply.

    Sensitive values are left out.

    Raises:
        ToolFailed: the state cannot be read.
    """
    stack = directory.name
    words = command_line(binary.path, "output", json=True, no_color=True)
    outcome = run(words, directory, clean_environment(environ), timeout_seconds=_SECONDS)
    if outcome.code != 0:
        raise ToolFailed(
            f"Terraform cannot read the state of {stack}",
            "see Terraform's message above; is what keeps the state running?",
            outcome.stderr or outcome.stdout,
        )
    found: dict[str, Any] = json.loads(outcome.stdout[outcome.stdout.index("{") :])
    return {name: each["value"] for name, each in found.items() if not each["sensitive"]}
