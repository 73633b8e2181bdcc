"""Lets checkov look at the examples' Terraform: `python -m tests.scan [PLAN_JSON]...`.

At what is synthesized, and at plans; each way has checks that the other has not. The goldens are
what synth writes, which other tests see to. Further plans are those of a run: stacks/*/plan.json.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import yaml

from tests.scan.findings import complaints, read_report, read_waivers

ROOT = Path(__file__).parents[2]
CHECKOV = ROOT / ".gateprint" / "scan" / "bin" / "checkov"
WAIVERS = Path(__file__).with_name("waivers.yaml")
GOLDEN = ROOT / "tests" / "golden"
PLANS = ROOT / "tests" / "terraform" / "plans" / "documents"
# It passes every method but those of OPTIONS, and fails on JSON with an error of its own.
_BROKEN = "CKV2_AWS_70"
# A stack that has nothing.
_EMPTY = "retired"


def main(plans: Sequence[Path]) -> int:
    """Print what is not waived; return 1 if there is anything."""
    with tempfile.TemporaryDirectory(prefix="scan-") as name:
        found = scan(Path(name), [*_documents(), *plans])
    for each in found:
        sys.stderr.write(f"{each}\n")
    return 1 if found else 0


def _documents() -> list[Path]:
    return [PLANS / f"{name}.json" for name in ("create", "adopted")]


def scan(folder: Path, plans: Sequence[Path]) -> list[str]:
    """Return what there is to complain about; works in an empty folder."""
    synthesized = [each for each in sorted(GOLDEN.glob("*.tf.json")) if _EMPTY not in each.name]
    parts = {
        "terraform_json": _copied(synthesized, folder / "synthesized", "cdk.tf.json"),
        "terraform_plan": _copied(plans, folder / "plans", "plan.json"),
    }
    with ThreadPoolExecutor() as pool:
        reports = list(pool.map(_checkov, parts, (folder / "synthesized", folder / "plans")))
    found, seen = [], set[str]()
    for findings, files in map(read_report, reports):
        found += findings
        seen |= files
    waivers = read_waivers(yaml.safe_load(WAIVERS.read_text(encoding="utf-8")))
    expected = [name for names in parts.values() for name in names]
    return list(complaints(found, waivers, expected, seen))


def _copied(files: Iterable[Path], folder: Path, name: str) -> list[str]:
    """Give each document a folder of its own; return the names that checkov will have for them."""
    names = []
    for number, each in enumerate(files, start=1):
        place = folder / f"{number}-{each.name.partition('.')[0]}"
        place.mkdir(parents=True)
        shutil.copy(each, place / name)
        names.append(f"{place.name}/{name}")
    return names


def _checkov(framework: str, folder: Path) -> Any:
    command = [
        *(str(CHECKOV), "--directory", ".", "--framework", framework, "--output", "json"),
        *("--skip-download", "--skip-check", _BROKEN),
    ]
    # It asks nobody: neither for a newer version nor for its vendor's opinion.
    environ = {**os.environ, "CHECKOV_RUN_SCA_PACKAGE_SCAN_V2": "false", "LOG_LEVEL": "ERROR"}
    done = subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode not in {0, 1}:
        raise SystemExit(f"checkov ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)


if __name__ == "__main__":
    sys.exit(main([Path(each) for each in sys.argv[1:]]))
