"""Plans what is synthesized without a cloud, and keeps the plans until it changes; runs Terraform.

Nothing is deployed, so Terraform asks nobody: AWS's address is one at which nobody listens.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gateprint.terraform.binary import find_terraform
from gateprint.terraform.environment import detached_environment
from gateprint.terraform.provider import LOCK_FILE
from gateprint.terraform.store import ProviderStore, command_settings, prepare_store
from tests.support.quick_terraform import quick_environment, standing_provider

_NOBODY = "http://127.0.0.1:9"
# registry.terraform.io/providers/hashicorp/aws/5.100.0/docs, "Argument Reference".
_WITHOUT_AWS = {
    "access_key": "none",
    "secret_key": "none",
    "skip_credentials_validation": True,
    "skip_metadata_api_check": True,
    "skip_requesting_account_id": True,
}
_KEPT = ("resource", "data", "provider", "terraform")


def plans(project: Path, configurations: Sequence[Path], folder: Path) -> list[Path]:
    """Return the plan of each configuration, as JSON; those in `folder` if nothing has changed.

    Raises:
        SystemExit: Terraform fails.
    """
    store = prepare_store(project, find_terraform(project, os.environ), os.environ, print)
    stamp, digest = folder / "digest", _digest(store, configurations)
    paths = [folder / f"{_name(each)}.json" for each in configurations]
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == digest:
        return paths
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="scan-plan-") as name:
        made = _planned(project, store, configurations, Path(name))
    for path, text in zip(paths, made, strict=True):
        path.write_text(text, encoding="utf-8")
    stamp.write_text(digest, encoding="utf-8")
    return paths


def _digest(store: ProviderStore, configurations: Sequence[Path]) -> str:
    parts = [Path(__file__).read_bytes(), store.version.encode()]
    parts += [each.read_bytes() for each in configurations]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _name(configuration: Path) -> str:
    return configuration.name.partition(".")[0]


def _planned(
    project: Path, store: ProviderStore, configurations: Sequence[Path], work: Path
) -> list[str]:
    """Plan one after the other in one folder: it is initialized once, for one provider."""
    terraform = str(find_terraform(project, os.environ).path)
    inherited = detached_environment(os.environ) | command_settings(store, project)
    environ = quick_environment(inherited, _NOBODY)
    shutil.copyfile(store.lock, work / LOCK_FILE)
    write_offline(configurations[0], work)
    _run([terraform, "init", "-input=false"], work, environ)
    found = []
    with standing_provider(work, environ) as quick:
        for each in configurations:
            write_offline(each, work)
            _run([terraform, "plan", "-input=false", "-out=saved"], work, quick)
            found.append(_run([terraform, "show", "-json", "saved"], work, quick))
    return found


def write_offline(configuration: Path, work: Path) -> None:
    """Write what was synthesized so that Terraform plans it without a state and without AWS."""
    document = json.loads(configuration.read_text(encoding="utf-8"))
    kept: dict[str, Any] = {name: document[name] for name in _KEPT if name in document}
    kept["terraform"].pop("backend")
    for each in kept["provider"]["aws"]:
        each.pop("allowed_account_ids")
        each.update(_WITHOUT_AWS)
    (work / "cdk.tf.json").write_text(json.dumps(kept), encoding="utf-8")


def _run(words: Sequence[str], work: Path, environ: Mapping[str, str]) -> str:
    done = subprocess.run(
        words, cwd=work, env={**environ}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr[-2000:]
        raise SystemExit(f"terraform {words[1]} ended with {done.returncode}:\n{said}")
    return done.stdout
