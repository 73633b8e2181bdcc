"""Terraform itself reads back what was written, for hundreds of hostile texts."""

from __future__ import annotations

import json
import os
import random
import subprocess
from pathlib import Path

import pytest

from gateprint.stack.text import literal, literals
from gateprint.terraform.binary import find_terraform
from gateprint.terraform.environment import clean_environment
from tests.support.project import ROOT

pytestmark = pytest.mark.terraform

COUNT = 600
PIECES = (
    *("${", "%{", "$${", "%%{", "}", "$", "%", "{", '"', "'", "\\", "\n", "\t", "~}", "${~"),
    *('${file("/etc/hostname")}', "%{ if true }x%{ endif }", "${var.x}", "<<EOT", "#", "//"),
    *("ü", "€", "😀", "a", " ", "\u2028", "TOKEN.0", "${path.module}"),
)


def hostile_texts() -> list[str]:
    chosen = random.Random(20261122)  # noqa: S311
    return ["".join(chosen.choices(PIECES, k=chosen.randint(1, 9))) for _ in range(COUNT)]


def read_back(folder: Path, outputs: dict[str, object]) -> dict[str, object]:
    """Return the outputs' values after an apply, as Terraform reports them."""
    document = {"output": {name: {"value": value} for name, value in outputs.items()}}
    (folder / "main.tf.json").write_text(json.dumps(document), encoding="utf-8")
    program = str(find_terraform(ROOT, os.environ).path)
    for words in (["init"], ["apply", "-auto-approve"]):
        subprocess.run(
            [program, *words, "-input=false", "-no-color"],
            cwd=folder,
            env=clean_environment(os.environ),
            check=True,
            capture_output=True,
        )
    done = subprocess.run(
        [program, "output", "-json"],
        cwd=folder,
        env=clean_environment(os.environ),
        check=True,
        capture_output=True,
    )
    return {name: each["value"] for name, each in json.loads(done.stdout).items()}


def test_every_text_comes_back_as_value_and_as_key(tmp_path: Path) -> None:
    texts = hostile_texts()
    values: dict[str, object] = {f"v{index}": literal(each) for index, each in enumerate(texts)}
    found = read_back(tmp_path, {**values, "keys": literals(dict.fromkeys(texts, "x"))})
    assert [found[f"v{index}"] for index in range(COUNT)] == texts
    assert found["keys"] == dict.fromkeys(texts, "x")
