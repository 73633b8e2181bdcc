"""One process of the AWS provider for all commands of a project, whatever their stack."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from gateprint.terraform.binary import find_terraform
from gateprint.terraform.environment import clean_environment
from gateprint.terraform.provider import CONFIGURATION, attach_provider
from tests.support.project import ROOT
from tests.support.quick_terraform import quick_environment, standing_provider


@contextmanager
def served_provider(root: Path, endpoint: str) -> Iterator[Mapping[str, str]]:
    """Yield the variables with which gateprint's commands use it, and the cloud at `endpoint`.

    `quick_terraform` says what a stack's configuration must not have then, and that commands have
    to follow one another.
    """
    folder = root / "served"
    folder.mkdir()
    (folder / "main.tf.json").write_text(json.dumps(CONFIGURATION), encoding="utf-8")
    environ = clean_environment(quick_environment(os.environ, endpoint))
    attach_provider([folder], ROOT, environ)
    words = [str(find_terraform(ROOT, environ).path), "init", "-input=false"]
    subprocess.run(words, cwd=folder, env=environ, capture_output=True, check=True)
    with standing_provider(folder, environ) as served:
        reattach = {"TF_REATTACH_PROVIDERS": served["TF_REATTACH_PROVIDERS"]}
        yield {**reattach, "AWS_ENDPOINT_URL": endpoint}
