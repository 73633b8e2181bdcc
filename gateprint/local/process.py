"""The embedded cloud's process: starting it, recognizing it, ending it, and the record of it."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import psutil

from gateprint.local.client import DUMMY_ACCESS_KEY, DUMMY_SECRET_KEY

MODULE = "gateprint.local.server"
TOKEN_VARIABLE = "GATEPRINT_LOCAL_TOKEN"  # noqa: S105  # a name, not a token
RECORD_NAME = "cloud.json"
LOG_NAME = "cloud.log"
SECONDS_TO_END = 5
# psutil derives the time from the clock's offset, which a time server may move a little.
CREATED_TOLERANCE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Record:
    """What `start` leaves for `stop` and `status`; `created` is in seconds since the epoch."""

    pid: int
    created: float
    endpoint: str
    account: str
    region: str
    token: str


def prepare_home(home: Path) -> None:
    """Make the folder, for its owner's eyes only."""
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)


def open_private(path: Path, flags: int = 0) -> BinaryIO:
    """Open a file for writing, created for its owner's eyes only."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | flags, 0o600), "wb")


def read_record(home: Path) -> Record | None:
    """The record; None where there is none, or nothing that `write_record` wrote."""
    try:
        return Record(**json.loads((home / RECORD_NAME).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def write_record(home: Path, record: Record) -> None:
    """Write the record at once or not at all."""
    draft = home / f"{RECORD_NAME}.draft"
    with open_private(draft, os.O_TRUNC) as file:
        file.write(json.dumps(dataclasses.asdict(record), indent=2).encode())
    draft.replace(home / RECORD_NAME)


def remove_record(home: Path) -> None:
    """Forget the process; nothing happens where there is no record."""
    (home / RECORD_NAME).unlink(missing_ok=True)


def spawn(endpoint: str, environment: Mapping[str, str], home: Path) -> psutil.Popen:
    """Start the server in a session of its own, so that no terminal's Ctrl+C reaches it."""
    with open_private(home / LOG_NAME, os.O_TRUNC) as log:
        return psutil.Popen(
            [sys.executable, "-m", MODULE, endpoint, "--home", str(home.resolve())],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=dict(environment),
            start_new_session=True,
        )


def child_environment(
    users: Mapping[str, str], account: str, region: str, token: str
) -> dict[str, str]:
    """The user's environment without any AWS or moto setting, and with made-up credentials."""
    ours = ("AWS_", "BOTO_", "MOTO_")
    kept = {name: value for name, value in users.items() if not name.startswith(ours)}
    return {
        **kept,
        "AWS_ACCESS_KEY_ID": DUMMY_ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": DUMMY_SECRET_KEY,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_DEFAULT_REGION": region,
        "MOTO_ACCOUNT_ID": account,
        "MOTO_DISABLE_GLOBAL_CORS": "true",  # no web page may talk to it
        "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",  # roles attach AWS's own policies
        TOKEN_VARIABLE: token,
    }


def find(record: Record) -> psutil.Process | None:
    """The very process that `start` started; None where it ended, though its pid may live on."""
    try:
        process = psutil.Process(record.pid)
        is_ours = (
            abs(process.create_time() - record.created) < CREATED_TOLERANCE_SECONDS
            and MODULE in process.cmdline()
        )
    except psutil.Error:
        return None
    return process if is_ours else None


def end(process: psutil.Process) -> None:
    """Ask the process to end, and after a while insist."""
    try:
        process.terminate()
        process.wait(SECONDS_TO_END)
    except psutil.TimeoutExpired:
        process.kill()
        process.wait(SECONDS_TO_END)
    except psutil.NoSuchProcess:
        return


def log_tail(home: Path, lines: int = 15) -> str:
    """The last lines of what the server wrote."""
    try:
        text = (home / LOG_NAME).read_text(errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])
