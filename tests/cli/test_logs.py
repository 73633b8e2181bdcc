"""`logs`: the embedded cloud's access log, and what follows while it is rotated."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateprint.cli.logs import line_of
from gateprint.workflow.logs import Record, follow, read
from tests.cli.conftest import Cli

RECORD = {
    "time": "2026-11-22T16:20:31.123+00:00",
    "request_id": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
    "api": "a1b2c3d4e5",
    "stage": "dev",
    "role": "pets-auditor",
    "session": "auditor@shop.example.com",
    "method": "GET",
    "path": "/pets/7",
    "route": "GET /pets/{id}",
    "status": 200,
    "decision": "allow",
    "statement": "api-gateway-policy, statement 1",
    "latency_ms": 3.1,
}


def line(number: int) -> str:
    return json.dumps({"number": number}) + "\n"


def numbers(records: list[Record]) -> list[Any]:
    return [each.fields["number"] for each in records]


def test_a_request_is_shown_with_who_made_it_and_why_it_was_decided() -> None:
    assert line_of(Record(RECORD)) == (
        "16:20:31  200  GET /pets/{id}  a1b2c3d4e5/dev\n"
        "              pets-auditor: allow by api-gateway-policy, statement 1"
    )


@pytest.mark.parametrize(
    ("changed", "second"),
    [
        ({"role": "", "decision": "", "statement": ""}, "nobody signed: IAM is not asked"),
        (
            {"role": "", "decision": "", "error": "Missing Authentication Token", "statement": ""},
            "nobody signed: Missing Authentication Token",
        ),
        ({"decision": "implicit-deny", "statement": None}, "pets-auditor: implicit-deny"),
    ],
)
def test_where_no_statement_decides_none_is_named(changed: dict[str, Any], second: str) -> None:
    assert line_of(Record(RECORD | changed)).splitlines()[1].strip() == second


def test_no_line_is_wider_than_80_columns_or_moves_the_cursor() -> None:
    long = {"route": "", "path": "/\x1b[2J" + "x" * 200, "statement": "word " * 60}
    shown = line_of(Record(RECORD | long))
    assert max(map(len, shown.splitlines())) <= 80
    assert "\x1b" not in shown


def test_the_rotated_file_comes_first_and_what_is_no_record_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "access.log.1").write_text(line(1) + "half a line\n")
    (tmp_path / "access.log").write_text(line(2) + "[3]\n" + line(4))
    assert numbers(read(tmp_path / "access.log")) == [1, 2, 4]
    assert numbers(read(tmp_path / "access.log", last=2)) == [2, 4]


def test_a_log_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert read(tmp_path / "access.log") == []


def acting(*actions: Callable[[], object]) -> Callable[[], bool]:
    """Wait by doing the next thing; after the last one nobody waits any more."""
    left = iter(actions)

    def wait() -> bool:
        for action in left:
            action()
            return True
        return False

    return wait


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "access.log"


def append(path: Path, text: str) -> Callable[[], object]:
    def act() -> None:
        with path.open("a") as file:
            file.write(text)

    return act


def rotate(path: Path) -> Callable[[], object]:
    return lambda: path.replace(path.with_name("access.log.1"))


def test_following_shows_whole_lines_as_they_come(log: Path) -> None:
    log.write_text(line(1))
    half = line(2)[:7]
    waits = acting(append(log, half), append(log, line(2)[7:] + line(3)))
    assert numbers(list(follow(log, waits))) == [1, 2, 3]


def test_following_waits_for_a_log_that_is_not_there_yet(log: Path) -> None:
    assert numbers(list(follow(log, acting(lambda: None, append(log, line(1)))))) == [1]


def test_following_survives_rotation_and_loses_nothing(log: Path) -> None:
    log.write_text(line(1))

    def fill_and_rotate() -> None:
        append(log, line(2))()
        rotate(log)()
        append(log, line(3))()

    waits = acting(fill_and_rotate, rotate(log), append(log, line(4)))
    assert numbers(list(follow(log, waits))) == [1, 2, 3, 4]


def test_following_begins_anew_where_the_log_was_emptied(log: Path) -> None:
    log.write_text(line(1) + line(2))
    waits = acting(lambda: log.write_text(""), append(log, line(3)))
    assert numbers(list(follow(log, waits, last=1))) == [2, 3]


def test_the_verb_prints_text_or_a_record_per_line(cli: Cli, project: Path) -> None:
    home = project / ".gateprint" / "local"
    home.mkdir(parents=True)
    (home / "access.log").write_text(json.dumps(RECORD) + "\n")
    assert "pets-auditor: allow" in cli("logs").out
    assert json.loads(cli("logs", "--format", "json").out) == RECORD
    assert cli("logs", "--last", "0").out == ""


def test_before_the_first_request_there_is_nothing(cli: Cli) -> None:
    ran = cli("logs")
    assert (ran.code, ran.out) == (0, "")
    assert "there has been no request yet" in ran.err


def test_a_real_account_has_no_such_log(cli: Cli) -> None:
    ran = cli("logs", "--environment", "nonprod")
    assert ran.code == 4
    assert "is a real account" in ran.err


def test_ctrl_c_ends_the_following_without_complaint(project: Path) -> None:
    home = project / ".gateprint" / "local"
    home.mkdir(parents=True)
    (home / "access.log").write_text(json.dumps(RECORD) + "\n")
    words = [sys.executable, "-m", "gateprint", "logs", "--follow"]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, cwd=project, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("16:20:31")
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=20)
    assert (process.returncode, rest[1]) == (0, "")
