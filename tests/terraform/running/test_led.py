"""A real Terraform makes no change before it may, and ends its work when gateprint is gone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gateprint.terraform.binary import find_terraform
from gateprint.terraform.environment import detached_environment
from gateprint.terraform.events import read_event, resource_of
from gateprint.terraform.led import can_lead
from gateprint.terraform.process import Running

pytestmark = pytest.mark.skipif(not can_lead(), reason="needs pipes that hold one event: Linux")

NAMES = ("first", "second", "third")
_DRIVER = """
import os, signal, sys, time
from pathlib import Path
from gateprint.terraform.process import Running
from tests.terraform.running.test_led import apply_words, environ

def gate():
    if (Path(sys.argv[1]) / "first.stamp").exists():
        print("held", flush=True)
        time.sleep(60)

folder = Path(sys.argv[1])
Running(apply_words(), folder, environ(), folder / "events.jsonl", gate).follow(lambda line: None)
"""


def apply_words() -> list[str]:
    binary = find_terraform(Path(__file__).parents[3], os.environ)
    return [str(binary.path), "apply", "-json", "-auto-approve", "-input=false"]


def environ() -> dict[str, str]:
    return detached_environment(os.environ)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three changes, each after the one before; each leaves a stamp."""
    resources = {}
    for before, name in zip((None, *NAMES), NAMES, strict=False):
        script = {"local-exec": {"command": f"touch {name}.stamp"}}
        needs = [f"terraform_data.{before}"] if before else []
        resources[name] = {"provisioner": [script], "depends_on": needs}
    configuration = {"resource": {"terraform_data": resources}}
    (tmp_path / "main.tf.json").write_text(json.dumps(configuration), encoding="utf-8")
    binary = apply_words()[0]
    subprocess.run([binary, "init"], cwd=tmp_path, env=environ(), check=True, capture_output=True)
    return tmp_path


def stamps(folder: Path) -> list[str]:
    return [name for name in NAMES if (folder / f"{name}.stamp").exists()]


def test_no_change_is_made_before_the_gate_returns(folder: Path) -> None:
    seen: list[tuple[str, list[str]]] = []
    last = ""

    def note(line: str) -> None:
        nonlocal last
        event = read_event(line)
        address, _, _ = resource_of(event)
        last = f"{event['type']} {address.removeprefix('terraform_data.')}"

    def gate() -> None:
        if last.startswith("apply_complete"):
            time.sleep(0.5)  # long enough for Terraform to make the next change, if it could
            seen.append((last, stamps(folder)))

    events = folder / "events.jsonl"
    ended = Running(apply_words(), folder, environ(), events, gate).follow(note)
    assert ended.code == 0
    assert seen == [
        ("apply_complete first", ["first"]),
        ("apply_complete second", ["first", "second"]),
        ("apply_complete third", ["first", "second", "third"]),
    ]
    assert json.loads(events.read_text(encoding="utf-8").splitlines()[0])["type"] == "version"


def test_terraform_ends_its_work_when_gateprint_is_killed_while_it_waits(folder: Path) -> None:
    words = [sys.executable, "-c", _DRIVER, str(folder)]
    driver = subprocess.Popen(words, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3])
    assert driver.stdout is not None
    assert driver.stdout.readline() == b"held\n"
    assert stamps(folder) == ["first"]
    driver.send_signal(signal.SIGKILL)
    driver.wait()
    deadline = time.monotonic() + 20
    while "Apply complete" not in (folder / "events.jsonl").read_text(encoding="utf-8"):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert stamps(folder) == list(NAMES)
    resources = json.loads((folder / "terraform.tfstate").read_text(encoding="utf-8"))["resources"]
    assert [each["name"] for each in resources] == sorted(NAMES)
