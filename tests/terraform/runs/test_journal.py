"""The journal of a run: appended by many, whole after any crash."""

from __future__ import annotations

import datetime as dt
import json
import signal
import stat
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gateprint.terraform.runs.journal import Journal, read_journal

WRITER = """
import sys
from pathlib import Path
from gateprint.terraform.runs.journal import Journal
journal = Journal(Path(sys.argv[1]))
number = 0
while True:
    journal.add("planning", stack=f"pets-{number}", problem="x" * 3000)
    print(number, flush=True)
    number += 1
"""


def _noon() -> dt.datetime:
    return dt.datetime(2026, 11, 22, 13, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))


def test_an_event_is_one_line_with_its_time_in_utc(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    Journal(path, _noon).add("planning", stack="pets-prod")
    line = '{"event": "planning", "at": "2026-11-22T12:00:00.000+00:00", "stack": "pets-prod"}\n'
    assert path.read_text() == line


def test_its_owner_alone_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    Journal(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_journal_that_is_not_there_has_no_events(tmp_path: Path) -> None:
    assert read_journal(tmp_path / "journal.jsonl") == ()


@pytest.mark.parametrize(
    "torn",
    [
        b'{"event": "applying", "stack": "pe',
        b'{"event": "applying", "stack": "\xc3',
        b"\0\0\0\0",
        b'"text"',
        b"[1]",
        b'{"at": "now"}',
        b"",
    ],
)
def test_a_line_that_a_crash_has_cut_harms_no_other(torn: bytes, tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    Journal(path).add("planning", stack="a")
    with path.open("ab") as file:
        file.write(torn)
    Journal(path).add("planning", stack="b")
    assert [each["stack"] for each in read_journal(path)] == ["a", "b"]


def test_many_threads_and_journals_write_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journals = [Journal(path) for _ in range(4)]

    def write(number: int) -> None:
        journals[number % 4].add("planned", stack=str(number), problem="x" * (number * 40))

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(write, range(200)))
    found = Counter(each["stack"] for each in read_journal(path))
    assert found == Counter(str(number) for number in range(200))
    assert len(path.read_bytes().splitlines()) == 200


def test_what_was_added_is_there_after_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    words = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(20)]
        process.send_signal(signal.SIGKILL)
    found = [each["stack"] for each in read_journal(path)]
    assert found[:20] == [f"pets-{number.strip()}" for number in told]


def test_line_breaks_in_a_message_stay_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    Journal(path).add("planned", problem="one\ntwo\u2028three\r")
    assert len(path.read_bytes().split(b"\n")) == 2
    assert json.loads(path.read_text())["problem"] == "one\ntwo\u2028three\r"
    assert [each["problem"] for each in read_journal(path)] == ["one\ntwo\u2028three\r"]
