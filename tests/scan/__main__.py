"""Lets checkov look at the examples' Terraform: `python -m tests.scan [PLAN_JSON]...`.

At what is synthesized, and at plans of it; each way has checks that the other has not. The goldens
are what synth writes, which other tests see to. Further plans are those of a run:
stacks/*/plan.json.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.scan.findings import Finding, complaints, read_report, read_waivers
from tests.scan.planning import plans

ROOT = Path(__file__).parents[2]
CHECKOV = ROOT / ".gateprint" / "scan" / "bin" / "checkov"
WAIVERS = Path(__file__).with_name("waivers.yaml")
GOLDEN = ROOT / "tests" / "golden"
PLANS = ROOT / ".gateprint" / "scan-plans"
_PLANNED = ("pets-nonprod", "orders-nonprod")
# A plan of resources that were there before.
_ADOPTED = ROOT / "tests" / "terraform" / "plans" / "documents" / "adopted.json"
# It passes every method but those of OPTIONS, and fails on JSON with an error of its own.
_BROKEN = "CKV2_AWS_70"
# A stack that has nothing.
_EMPTY = "retired"
# What checkov calls a file's kind, and what the file has to be called.
_NAMES = {"terraform_json": "cdk.tf.json", "terraform_plan": "plan.json"}


def main(further: Sequence[Path]) -> int:
    """Print what is not waived; return 1 if there is anything."""
    with tempfile.TemporaryDirectory(prefix="scan-") as name:
        found = scan(Path(name), further)
    for each in found:
        sys.stderr.write(f"{each}\n")
    return 1 if found else 0


def scan(folder: Path, further: Sequence[Path]) -> list[str]:
    """Return what there is to complain about; works in an empty folder.

    The plans are made while checkov looks at what is synthesized.
    """
    with ThreadPoolExecutor() as pool:
        jobs = [
            pool.submit(_look, folder / "synthesized", "terraform_json", _synthesized),
            pool.submit(_look, folder / "planned", "terraform_plan", lambda: _plans(further)),
        ]
        looks = [each.result() for each in jobs]
    waivers = read_waivers(yaml.safe_load(WAIVERS.read_text(encoding="utf-8")))
    findings = [found for each in looks for found in each.findings]
    expected = [name for each in looks for name in each.expected]
    return list(complaints(findings, waivers, expected, {*looks[0].seen, *looks[1].seen}))


@dataclass(frozen=True, slots=True)
class _Look:
    """What checkov said of some files, those that it was given, and those that it looked at."""

    findings: list[Finding]
    expected: list[str]
    seen: set[str]


def _look(folder: Path, framework: str, files: Callable[[], Iterable[Path]]) -> _Look:
    expected = _copied(files(), folder, _NAMES[framework])
    findings, seen = read_report(_checkov(framework, folder))
    return _Look(findings, expected, seen)


def _synthesized() -> list[Path]:
    return [each for each in sorted(GOLDEN.glob("*.tf.json")) if _EMPTY not in each.name]


def _plans(further: Sequence[Path]) -> list[Path]:
    configurations = [GOLDEN / f"{name}.tf.json" for name in _PLANNED]
    return [*plans(ROOT, configurations, PLANS), _ADOPTED, *further]


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
