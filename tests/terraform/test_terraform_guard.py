"""The guard lets an interrupted Terraform end properly."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gateprint.terraform import guard

FAKE = """\
import os, signal, sys, time
log = open(sys.argv[1], "a", buffering=1)
def interrupted(*_):
    log.write("interrupted\\n")
signal.signal(signal.SIGINT, interrupted)
log.write(f"started {os.environ.get('TF_CLI_CONFIG_FILE')}\\n")
end = time.monotonic() + 1.5
while time.monotonic() < end:
    time.sleep(0.05)
log.write("ended\\n")
sys.exit(3)
"""


@pytest.fixture
def fake(tmp_path: Path) -> Path:
    path = tmp_path / "fake.py"
    path.write_text(FAKE)
    return path


def start(fake: Path, log: Path, **environ: str) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-I", "-S", guard.__file__, sys.executable, str(fake), str(log)]
    process = subprocess.Popen(
        words, env={**os.environ, **environ}, start_new_session=True, stdin=subprocess.DEVNULL
    )
    end = time.monotonic() + 20
    while not log.exists() or "started" not in log.read_text():
        assert time.monotonic() < end
        time.sleep(0.02)
    return process


def lines(log: Path) -> list[str]:
    return log.read_text().splitlines()[1:]


def test_the_exit_code_is_terraforms(fake: Path, tmp_path: Path) -> None:
    assert start(fake, tmp_path / "log").wait(20) == 3
    assert lines(tmp_path / "log") == ["ended"]


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_hangup_or_an_end_is_one_interrupt(fake: Path, tmp_path: Path, number: int) -> None:
    process = start(fake, tmp_path / "log")
    process.send_signal(number)
    time.sleep(0.2)
    process.send_signal(number)
    assert process.wait(20) == 3
    assert lines(tmp_path / "log") == ["interrupted", "ended"]


def test_ctrl_c_and_a_closed_terminal_are_one_interrupt(fake: Path, tmp_path: Path) -> None:
    """The terminal interrupts every process of its group, then hangs up on all of them."""
    process = start(fake, tmp_path / "log")
    os.killpg(process.pid, signal.SIGINT)
    time.sleep(0.2)
    os.killpg(process.pid, signal.SIGHUP)
    assert process.wait(20) == 3
    assert lines(tmp_path / "log") == ["interrupted", "ended"]


@pytest.mark.parametrize(("exists", "seen"), [(False, "None"), (True, "config")])
def test_a_configuration_that_is_not_there_is_dropped(
    fake: Path, tmp_path: Path, exists: bool, seen: str
) -> None:
    path = tmp_path / "config"
    if exists:
        path.write_text("")
    start(fake, tmp_path / "log", TF_CLI_CONFIG_FILE=str(path)).wait(20)
    assert (tmp_path / "log").read_text().splitlines()[0].endswith(seen)
