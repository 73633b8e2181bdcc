"""Starting, stopping and asking the embedded cloud; its state lives as long as its process."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from botocore.exceptions import BotoCoreError, ClientError

from gateprint.errors import ToolFailed
from gateprint.local import health, process
from gateprint.local.client import client
from gateprint.local.endpoint import Endpoint, parse
from gateprint.local.process import Record

Progress = Callable[[str], None]

SECONDS_TO_START = 60
SECONDS_TO_LET_GO = 2
SECONDS_BETWEEN_QUESTIONS = 0.1
NEEDS_NO_CONSTRAINT = "us-east-1"


@dataclass(frozen=True, slots=True)
class CloudSettings:
    """Where the cloud listens, whom it plays, and the folder of its record and log."""

    endpoint: str
    account: str
    region: str
    bucket: str
    home: Path


@dataclass(frozen=True, slots=True)
class CloudStatus:
    """What is known of the cloud: `since` is in UTC, `problem` is empty where all is well.

    `site` is the address of the sign-in page and the pets page.
    """

    running: bool
    endpoint: str
    site: str
    pid: int | None = None
    since: datetime | None = None
    problem: str = ""


def start(settings: CloudSettings, progress: Progress) -> CloudStatus:
    """Start the cloud, unless it runs already, and see to its state bucket.

    Raises ToolFailed where the endpoint is no loopback address or is taken, where the cloud that
    runs plays another account or region, and where the server ends or stays silent.
    """
    endpoint = parse(settings.endpoint)
    process.prepare_home(settings.home)
    with _lock(settings.home):
        record = process.read_record(settings.home)
        if record is None or process.find(record) is None:
            _launch(settings, endpoint, progress)
        else:
            _require_same(settings, record)
            _require_answer(settings, record)
            _create_bucket(settings)
            progress(f"the embedded cloud runs already on {settings.endpoint}")
    return status(settings)


def stop(settings: CloudSettings, progress: Progress) -> bool:
    """End the cloud that `start` started, and nothing else; False where none runs."""
    if not settings.home.is_dir():
        return False
    with _lock(settings.home):
        record = process.read_record(settings.home)
        found = process.find(record) if record else None
        if found is not None:
            progress(f"stopping the embedded cloud, process {found.pid}")
            process.end(found)
        process.remove_record(settings.home)
    return found is not None


def status(settings: CloudSettings) -> CloudStatus:
    """What the record, the process and the endpoint say; changes nothing."""
    record = process.read_record(settings.home)
    if record is None:
        return CloudStatus(running=False, endpoint=settings.endpoint, site=_site(settings.endpoint))
    found = process.find(record)
    if found is None:
        problem = f"process {record.pid} ended without `stop`; its state is gone"
        return CloudStatus(
            running=False,
            endpoint=record.endpoint,
            site=_site(record.endpoint),
            problem=problem,
        )
    answers = health.is_healthy(parse(record.endpoint), record.token)
    return CloudStatus(
        running=True,
        endpoint=record.endpoint,
        site=_site(record.endpoint),
        pid=record.pid,
        since=datetime.fromtimestamp(record.created, UTC),
        problem="" if answers else f"process {record.pid} does not answer on {record.endpoint}",
    )


def _site(endpoint: str) -> str:
    return parse(endpoint).site.url


def _launch(settings: CloudSettings, endpoint: Endpoint, progress: Progress) -> None:
    _require_free(endpoint, "")
    _require_free(endpoint.site, ", where the sign-in page is to be, on the port after the cloud's")
    progress(f"starting the embedded cloud on {settings.endpoint}")
    token = secrets.token_hex()
    environment = process.child_environment(os.environ, settings.account, settings.region, token)
    child = process.spawn(settings.endpoint, environment, settings.home)
    try:
        process.write_record(settings.home, _record(settings, child, token))
        _await_health(settings, endpoint, token, child)
        _create_bucket(settings)
    except BaseException:  # Ctrl+C too leaves no process behind
        process.end(child)
        process.remove_record(settings.home)
        raise


def _record(settings: CloudSettings, child: psutil.Popen, token: str) -> Record:
    return Record(
        pid=child.pid,
        created=child.create_time(),
        endpoint=settings.endpoint,
        account=settings.account,
        region=settings.region,
        token=token,
    )


def _await_health(
    settings: CloudSettings, endpoint: Endpoint, token: str, child: psutil.Popen
) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while not health.is_healthy(endpoint, token):
        if child.poll() is not None:
            raise _failed(settings, "the embedded cloud ended while it started")
        if time.monotonic() > deadline:
            raise _failed(settings, f"the embedded cloud is silent after {SECONDS_TO_START} s")
        time.sleep(SECONDS_BETWEEN_QUESTIONS)


def _failed(settings: CloudSettings, problem: str) -> ToolFailed:
    log = settings.home / process.LOG_NAME
    return ToolFailed(problem, f"read {log}", process.log_tail(settings.home))


def _require_free(endpoint: Endpoint, purpose: str) -> None:
    """Wait a little first: a process that was just killed lets go of its port some time later."""
    deadline = time.monotonic() + SECONDS_TO_LET_GO
    while health.is_busy(endpoint):
        if time.monotonic() > deadline:
            raise ToolFailed(
                f"port {endpoint.port} is taken: something else listens on {endpoint.url}{purpose}",
                "stop what listens there, or change `endpoint` in config/local.yaml",
            )
        time.sleep(SECONDS_BETWEEN_QUESTIONS)


def _require_same(settings: CloudSettings, record: Record) -> None:
    for name in ("endpoint", "account", "region"):
        runs, asked = getattr(record, name), getattr(settings, name)
        if runs != asked:
            raise ToolFailed(
                f"the embedded cloud runs already, with {name} {runs} and not {asked}",
                "run `gateprint local stop` first; the running cloud's state will be gone",
            )


def _require_answer(settings: CloudSettings, record: Record) -> None:
    if not health.is_healthy(parse(record.endpoint), record.token):
        problem = f"process {record.pid} does not answer on {record.endpoint}"
        remedy = "run `gateprint local stop` and start it again"
        raise ToolFailed(problem, remedy, process.log_tail(settings.home))


def _create_bucket(settings: CloudSettings) -> None:
    """Create the state bucket, versioned, unless it is there."""
    s3 = client("s3", settings.endpoint, settings.region)
    place = {"LocationConstraint": settings.region}
    more: dict[str, Any] = {"CreateBucketConfiguration": place}
    if settings.region == NEEDS_NO_CONSTRAINT:
        more = {}
    try:
        with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou):
            s3.create_bucket(Bucket=settings.bucket, **more)
        versioning = {"Status": "Enabled"}
        s3.put_bucket_versioning(Bucket=settings.bucket, VersioningConfiguration=versioning)
    except (BotoCoreError, ClientError) as failure:
        problem = f"the embedded cloud could not create the state bucket {settings.bucket}"
        raise ToolFailed(problem, "choose another `bucket`", str(failure)) from failure


@contextlib.contextmanager
def _lock(home: Path) -> Iterator[None]:
    """Let one start or stop at a time touch the record; the others wait."""
    with process.open_private(home / "lock") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
