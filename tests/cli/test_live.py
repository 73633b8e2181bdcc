"""Long operations, as a log and as a terminal of 80 columns shows them."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import termios

import pytest

from gateprint.cli.live import _Lines, duration
from gateprint.workflow.progress import Progress

OPERATION = """
import time
from gateprint.cli.live import shown_progress
progress = shown_progress()
progress.begin("applying", ["a-prod", "b-prod"])
progress.stack("b-prod", "3 done")
progress.ended("a-prod", "failed", 3.2, "x" * 200)
time.sleep(1.6)
progress.end()
"""
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\r")


@pytest.fixture
def lines() -> Progress:
    return _Lines()


def test_a_log_has_a_line_for_whatever_ends(
    lines: Progress, capsys: pytest.CaptureFixture[str]
) -> None:
    lines.begin("planning", ["a-prod", "b-prod"])
    lines.stack("a-prod", "3 read")
    lines.ended("a-prod", "planned", 3.21, "1 to create")
    lines.ended("b-prod", "failed", 75.0, "no\x1b[31m")
    lines.expect(4000, "too many calls")
    lines.end()
    written = capsys.readouterr()
    assert written.out == ""
    assert _CONTROL.sub("", written.err).splitlines() == [
        "· planning 2 stacks",
        "✓ [1/2] a-prod: planned in 3.2 s; 1 to create",
        "✗ [2/2] b-prod: failed in 75 s; no\\u001b[31m",
        "· this takes 1 h 7 min at least: too many calls",
    ]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (9.94, "9.9 s"), (119.4, "119 s"), (150, "2 min"), (30_000, "8 h 20 min")],
)
def test_times_are_told_as_people_say_them(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_clocks_go_on_while_nothing_happens() -> None:
    shown = _on_a_terminal(OPERATION)
    text = _CONTROL.sub("", shown)
    assert "✗ [1/2] a-prod: failed in 3.2 s; xxx" in text
    assert len(set(re.findall(r"b-prod +3 done +([\d.]+) s", text))) > 1
    assert len(set(re.findall(r"applying: 1/2, ([\d.]+) s", text))) > 1
    # The cursor is shown again.
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l")


def _on_a_terminal(code: str) -> str:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    environ = {**os.environ, "TERM": "xterm-256color"}
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=theirs, stdout=theirs, stderr=theirs, env=environ
    )
    os.close(theirs)
    text = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    assert process.wait(30) == 0, text.decode()
    return text.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:
        return b""
