"""Long commands: what they print, how they are asked to end, and what is left of them."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from gateprint.errors import ToolFailed
from gateprint.terraform.process import (
    Ended,
    Interruption,
    Running,
    is_alive,
    process_in,
    process_start,
)

STARTER = """
import os, sys
from pathlib import Path
from gateprint.terraform.process import Running
running = Running(sys.argv[3:], Path(sys.argv[1]), os.environ, Path(sys.argv[2]))
print(running.pid, flush=True)
running.follow(lambda line: None)
"""
# Counts interrupts, and ends after as many as it is told, or after a minute.
PATIENT = """
import signal, sys, time
seen = []
def note(number, frame):
    seen.append(number)
    print("interrupt", len(seen), flush=True)
signal.signal(signal.SIGINT, note)
print("ready", flush=True)
deadline = time.monotonic() + 60
while len(seen) < int(sys.argv[1]) and time.monotonic() < deadline:
    time.sleep(0.02)
sys.exit(3)
"""


@dataclass
class Place:
    """A folder for commands; collects their lines, and what is said to the user."""

    folder: Path
    lines: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @property
    def output(self) -> Path:
        return self.folder / "events.jsonl"

    def start(self, *words: str) -> Running:
        return Running(list(words), self.folder, os.environ, self.output)

    def python(self, code: str, *words: str) -> Running:
        return self.start(sys.executable, "-c", code, *words)

    def run(self, code: str) -> Ended:
        return self.python(code).follow(self.lines.append)

    def wait_for(self, line: str) -> None:
        _wait(lambda: line in self.lines)


def _wait(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_every_line_is_told_even_the_last_one_without_its_end(place: Place) -> None:
    ended = place.run("import sys; sys.stdout.write('one\\ntwo\\n\\nthree')")
    assert ended.code == 0
    assert place.lines == ["one", "two", "", "three"]


def test_errors_are_told_as_well_and_odd_bytes_are_replaced(place: Place) -> None:
    place.run("import os; os.write(2, b'\\xff\\n')")
    assert place.lines == ["\ufffd"]


def test_a_line_that_comes_in_parts_is_one(place: Place) -> None:
    place.run("import sys, time; w = sys.stdout; w.write('o'); w.flush(); time.sleep(.2); print()")
    assert place.lines == ["o"]


def test_the_output_is_its_owners_alone_and_an_earlier_one_stays(place: Place) -> None:
    place.run("print('one')")
    place.lines.clear()
    place.run("print('two')")
    assert place.lines == ["two"]
    assert place.output.read_text() == "one\ntwo\n"
    assert stat.S_IMODE(place.output.stat().st_mode) == 0o600


def test_the_exit_code_tells_of_a_signal(place: Place) -> None:
    assert place.run("raise SystemExit(7)").code == 7
    assert place.run("import os; os.kill(os.getpid(), 9)").code == -signal.SIGKILL


def test_a_program_that_is_not_there_is_said(place: Place) -> None:
    with pytest.raises(ToolFailed, match="cannot be started"):
        place.start("/nowhere/terraform", "plan")


def test_the_peak_memory_counts_all_below_the_command(place: Place) -> None:
    code = "import time; kept = b'x' * (80 << 20); time.sleep(1.2)"
    ended = place.run(f"import subprocess, sys; subprocess.run([sys.executable, '-c', {code!r}])")
    assert 80 << 20 < ended.peak_bytes < 400 << 20
    assert ended.seconds > 1


def test_a_command_goes_on_when_gateprint_is_killed(place: Place) -> None:
    code = "import time; print('one', flush=True); time.sleep(1); print('two')"
    words = [sys.executable, "-c", STARTER, str(place.folder), str(place.output)]
    starter = subprocess.Popen(
        [*words, sys.executable, "-c", code], stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout is not None
    child = psutil.Process(int(starter.stdout.readline()))
    _wait(lambda: place.output.read_text() == "one\n")
    starter.kill()
    starter.communicate()
    assert child.is_running()
    _wait(lambda: place.output.read_text() == "one\ntwo\n")


def test_what_a_command_leaves_behind_is_ended(place: Place) -> None:
    code = "import subprocess; print(subprocess.Popen(['sleep', '60']).pid)"
    assert place.run(code).code == 0
    left = int(place.lines[0])
    _wait(lambda: not is_alive(left, process_start(left)))


def test_an_interrupt_reaches_the_command_and_not_its_plugins(place: Place) -> None:
    plugin = [sys.executable, "-c", PATIENT, "1"]
    ending = PATIENT.replace("sys.exit(3)", "plugin.terminate()\nsys.exit(3)")
    code = f"import subprocess\nplugin = subprocess.Popen({plugin!r})\n{ending}"
    with Patient(place, code) as patient:
        _wait(lambda: place.lines.count("ready") == 2)
        patient.interruption.ask()
    assert patient.ended is not None
    assert patient.ended.code == 3
    assert place.lines.count("interrupt 1") == 1


class Patient:
    """A command in a thread, as gateprint has it."""

    def __init__(self, place: Place, code: str, interrupts: int = 1) -> None:
        self.place = place
        self.interruption = Interruption(place.said.append)
        self.running = place.python(code, str(interrupts))
        self.ended: Ended | None = None
        self._thread = threading.Thread(target=self._follow)

    def __enter__(self) -> Patient:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(30)

    def _follow(self) -> None:
        with self.interruption.watching(self.running, "applying pets-prod"):
            self.ended = self.running.follow(self.place.lines.append)


def test_the_second_interrupt_warns_and_the_third_one_ends(place: Place) -> None:
    with Patient(place, PATIENT, interrupts=2) as patient:
        place.wait_for("ready")
        patient.interruption.ask()
        place.wait_for("interrupt 1")
        patient.interruption.ask()
        time.sleep(0.2)
        assert "interrupt 2" not in place.lines
        patient.interruption.ask()
    assert place.lines == ["ready", "interrupt 1", "interrupt 2"]
    assert patient.ended is not None
    assert patient.ended.code == 3
    warning = (
        "Terraform is still at work (applying pets-prod). Ending it now can lose what it has just "
        "made from the state, and leaves the state locked. Press Ctrl-C once more to do that"
    )
    assert place.said == [
        "stopping: waiting for Terraform to end (applying pets-prod)",
        warning,
        "ending Terraform now, as asked",
    ]


def test_a_command_that_does_not_end_then_is_killed(place: Place) -> None:
    with Patient(place, PATIENT, interrupts=99) as patient:
        place.wait_for("ready")
        for _ in range(3):
            patient.interruption.ask()
    assert patient.ended is not None
    assert patient.ended.code == -signal.SIGKILL


def test_a_command_that_starts_after_the_question_is_asked_at_once(place: Place) -> None:
    interruption = Interruption(place.said.append)
    interruption.ask()
    running = place.python(PATIENT.replace("while", "time.sleep(0.5)\nwhile", 1), "1")
    _wait(lambda: place.output.read_text() != "")
    with interruption.watching(running, "applying pets-prod"):
        assert running.follow(place.lines.append).code == 3
    assert place.said == ["stopping: nothing is running"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_are_taken_while_gateprint_listens(number: signal.Signals, place: Place) -> None:
    before = signal.getsignal(number)
    with Interruption(place.said.append).listening() as interruption:
        assert not interruption.is_asked
        signal.raise_signal(number)
        assert interruption.is_asked
    assert signal.getsignal(number) is before


def test_a_process_is_found_by_the_folder_in_which_it_works(place: Place) -> None:
    assert process_in(place.folder) == 0
    with subprocess.Popen(["sleep", "60"], cwd=place.folder) as working:
        _wait(lambda: process_in(place.folder) != 0)
        assert process_in(place.folder) == working.pid
        working.kill()


def test_a_process_is_known_by_when_it_began() -> None:
    own = os.getpid()
    assert is_alive(own, process_start(own))
    assert not is_alive(own, process_start(own) - 60)


def test_a_process_that_ended_is_not_alive_even_if_nobody_has_asked_how() -> None:
    with subprocess.Popen(["true"]) as ended:
        began = process_start(ended.pid)
        os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
        assert not is_alive(ended.pid, began)
    assert not is_alive(ended.pid, began)
    assert process_start(ended.pid) == 0.0
