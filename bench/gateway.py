"""The embedded cloud's data plane under load: signed requests to a warm function, and a MOCK."""

from __future__ import annotations

import functools
import os
import platform
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from botocore.credentials import Credentials

from bench.load import Load, Plan, run
from bench.measure import CommandFailed
from bench.report import MIB, Report, Target
from gateprint.local import cloud
from gateprint.local.client import client
from gateprint.local.cloud import CloudSettings
from tests.support.live import Live, deploy
from tests.support.project import free_port

ACCOUNT, REGION = "000000000000", "us-east-2"
PER_SECOND, MEDIAN_SECONDS = 300, 0.020
CONNECTIONS = 16
REQUESTS_PER_RUN = 4_000  # five runs, which is what `make bench` does, are 20,000
WARM_UP = 4_000  # until the logs have all that is kept of them
MEMORY_KEPT = 0.9  # before : after; allocators keep a little
PATHS = 200


def data_plane(runs: int) -> Report:
    """Send `runs` × 4,000 signed requests, and half as many to the MOCK. Raises CommandFailed."""
    with tempfile.TemporaryDirectory(prefix="gateprint-bench-") as place:
        endpoint = f"http://127.0.0.1:{free_port()}"
        settings = CloudSettings(endpoint, ACCOUNT, REGION, "bench-state", Path(place) / "home")
        pid = cloud.start(settings, _say_nothing).pid
        try:
            return _report(settings, psutil.Process(pid), runs * REQUESTS_PER_RUN)
        except subprocess.SubprocessError as failure:
            raise CommandFailed(f"the load could not be sent: {failure}") from failure
        finally:
            cloud.stop(settings, _say_nothing)


def _report(settings: CloudSettings, server: psutil.Process, count: int) -> Report:
    clients = functools.cache(lambda name: client(name, settings.endpoint, settings.region))
    live = deploy(clients, settings.endpoint, settings.region, settings.account)
    credentials = live.assume(clients("sts"))
    run("warm-up", _signed(live, credentials, WARM_UP))
    before = _memory(server)
    loads = (
        run("unsigned, MOCK", _unsigned(live, count // 2)),
        run("signed, warm function", _signed(live, credentials, count)),
    )
    after = _memory(server)
    return Report(
        title="The data plane of the embedded cloud",
        conditions=_conditions(before, after),
        series=(),
        loads=loads,
        targets=_targets(*loads, before / after),
        failure=_failure(loads),
    )


def _targets(mock: Load, signed: Load, memory: float) -> tuple[Target, ...]:
    return (
        Target(f"signed requests/s : {PER_SECOND}", signed.per_second / PER_SECOND, 1),
        Target(f"{MEDIAN_SECONDS * 1000:g} ms : signed median", MEDIAN_SECONDS / signed.median, 1),
        Target("signed : unsigned MOCK, requests/s", signed.per_second / mock.per_second, 0.2),
        Target("memory, before : after", memory, MEMORY_KEPT),
    )


def _signed(live: Live, credentials: Credentials, count: int) -> Plan:
    """Requests for many pets; each is signed once, and sent again while the signature is young."""
    paths = [f"/pets/{number}" for number in range(PATHS)]
    return _plan(
        live, {path: live.signed_headers(credentials, "GET", path) for path in paths}, count
    )


def _unsigned(live: Live, count: int) -> Plan:
    return _plan(live, {"/health": {}}, count)


def _plan(live: Live, paths: dict[str, dict[str, str]], count: int) -> Plan:
    requests = tuple(
        ("GET", urlsplit(live.url(path)).path, headers) for path, headers in paths.items()
    )
    where = urlsplit(live.endpoint)
    return Plan(where.hostname or "", where.port or 0, CONNECTIONS, count, requests)


def _memory(server: psutil.Process) -> int:
    """The resident bytes of the server itself; its functions' processes come and go."""
    return int(server.memory_info().rss)


def _failure(loads: tuple[Load, ...]) -> str:
    wrong = {kind: count for load in loads for kind, count in load.errors.items()}
    return "; ".join(f"{count} × {kind}" for kind, count in wrong.items())


def _conditions(before: int, after: int) -> tuple[str, ...]:
    return (
        f"{CONNECTIONS} connections of one process, beside the cloud and its functions' processes",
        f"the server's memory: {before / MIB:.0f} MiB before, {after / MIB:.0f} MiB after",
        f"Python {platform.python_version()}; {platform.system()}, {os.cpu_count()} CPUs",
    )


def _say_nothing(_message: str) -> None:
    """A progress that nobody watches."""
