"""Starting, stopping and asking the embedded cloud."""

from __future__ import annotations

import dataclasses
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from gateprint.errors import ToolFailed
from gateprint.local import cloud, process
from gateprint.local.client import client
from gateprint.local.cloud import CloudSettings
from tests.local.conftest import Client, say_nothing, settings_in
from tests.local.one_of_each import ACCOUNT, BUCKET


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[CloudSettings]:
    settings = settings_in(tmp_path / "home")
    yield settings
    cloud.stop(settings, say_nothing)


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A process that is none of ours."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as process:
        yield process
        process.kill()


def is_alive(pid: int | None) -> bool:
    return (
        pid is not None
        and psutil.pid_exists(pid)
        and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    )


def servers_for(settings: CloudSettings) -> list[int]:
    return [
        one.pid
        for one in psutil.process_iter(["cmdline"])
        if settings.endpoint in (one.info["cmdline"] or [])
    ]


def test_a_cloud_has_a_whole_life(settings: CloudSettings) -> None:
    said: list[str] = []
    before = datetime.now(UTC) - timedelta(seconds=2)
    started = cloud.start(settings, said.append)

    assert (started.running, started.problem, started.endpoint) == (True, "", settings.endpoint)
    assert started.since is not None
    assert before < started.since < datetime.now(UTC) + timedelta(seconds=2)
    assert said == [f"starting the embedded cloud on {settings.endpoint}"]
    assert cloud.status(settings) == started

    assert cloud.start(settings, said.append) == started
    assert said[1:] == [f"the embedded cloud runs already on {settings.endpoint}"]

    assert cloud.stop(settings, said.append) is True
    assert not is_alive(started.pid)
    assert cloud.status(settings).running is False
    assert cloud.stop(settings, said.append) is False


def test_its_folder_is_for_its_owner_alone(running: CloudSettings) -> None:
    kept = list(running.home.iterdir())
    assert stat.S_IMODE(running.home.stat().st_mode) == 0o700
    files = {path.name: stat.S_IMODE(path.stat().st_mode) for path in kept if path.is_file()}
    names = ("access.log", "cloud.json", "cloud.log", "lock", "sign-in.pem")
    assert files == dict.fromkeys(names, 0o600)
    folders = {stat.S_IMODE(path.stat().st_mode) for path in kept if path.is_dir()}
    assert folders == {0o700}, "functions are unpacked there"


def test_it_plays_the_account_of_the_settings(aws: Client) -> None:
    assert aws("sts").get_caller_identity()["Account"] == ACCOUNT


def test_the_state_bucket_is_versioned(aws: Client) -> None:
    assert aws("s3").get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"


def test_the_bucket_is_made_in_any_region(settings: CloudSettings) -> None:
    elsewhere = dataclasses.replace(settings, region="eu-central-1")
    cloud.start(elsewhere, say_nothing)
    location = client("s3", settings.endpoint, "eu-central-1").get_bucket_location(Bucket=BUCKET)
    assert location["LocationConstraint"] == "eu-central-1"


def test_real_credentials_never_reach_it() -> None:
    users = {"AWS_PROFILE": "prod", "AWS_SESSION_TOKEN": "s", "MOTO_X": "1", "PATH": "/bin"}
    environment = process.child_environment(users, ACCOUNT, "us-east-1", "token")
    assert environment["PATH"] == "/bin"
    assert environment["AWS_ACCESS_KEY_ID"] == "gateprint-local"
    assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN", "MOTO_X"} & environment.keys()


def test_a_users_aws_settings_do_not_disturb_a_client(
    running: CloudSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    monkeypatch.setenv("AWS_USE_FIPS_ENDPOINT", "true")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert client("s3", running.endpoint, running.region).list_buckets()["Buckets"]
    assert cloud.status(running).problem == ""


@pytest.mark.parametrize("host", ["localhost", "127.0.0.2", "[::1]"])
def test_every_loopback_host_works(host: str, settings: CloudSettings) -> None:
    if host == "[::1]" and not _has_ipv6():
        pytest.skip("this machine has no IPv6")
    endpoint = settings.endpoint.replace("127.0.0.1", host)
    assert cloud.start(dataclasses.replace(settings, endpoint=endpoint), say_nothing).running


def test_a_busy_port_is_named(settings: CloudSettings) -> None:
    port = int(settings.endpoint.rpartition(":")[2])
    taken = pytest.raises(ToolFailed, match=f"port {port} is taken")
    with socket.create_server(("127.0.0.1", port)), taken as failure:
        cloud.start(settings, say_nothing)
    assert "`endpoint` in config/local.yaml" in failure.value.remedy
    assert cloud.status(settings).running is False


def test_the_port_of_the_pages_is_named_when_it_is_busy(settings: CloudSettings) -> None:
    port = int(settings.endpoint.rpartition(":")[2]) + 1
    taken = pytest.raises(ToolFailed, match=f"port {port} is taken.*where the sign-in page")
    with socket.create_server(("127.0.0.1", port)), taken:
        cloud.start(settings, say_nothing)
    assert cloud.status(settings).running is False


def test_the_pages_are_on_the_next_port(running: CloudSettings) -> None:
    port = int(running.endpoint.rpartition(":")[2]) + 1
    site = cloud.status(running).site
    assert site == f"http://127.0.0.1:{port}"
    with urllib.request.urlopen(site) as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [("account", "999999999999"), ("region", "eu-west-1"), ("endpoint", "http://127.0.0.1:1")],
)
def test_a_cloud_with_other_settings_is_not_taken_for_ours(
    running: CloudSettings, name: str, value: str
) -> None:
    other = dataclasses.replace(running, **{name: value})  # type: ignore[arg-type]
    with pytest.raises(ToolFailed, match=f"{name} .* and not {value}") as failure:
        cloud.start(other, say_nothing)
    assert "gateprint local stop" in failure.value.remedy


def test_a_server_that_dies_shows_its_last_words(
    settings: CloudSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "MODULE", "gateprint.local.no_such_module")
    with pytest.raises(ToolFailed, match="ended while it started") as failure:
        cloud.start(settings, say_nothing)
    assert "no_such_module" in failure.value.detail
    assert process.read_record(settings.home) is None


def test_an_interrupted_start_leaves_no_process(
    settings: CloudSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cloud, "_await_health", interrupt)
    with pytest.raises(KeyboardInterrupt):
        cloud.start(settings, say_nothing)
    assert servers_for(settings) == []
    assert process.read_record(settings.home) is None


def test_two_starts_at_once_make_one_cloud(settings: CloudSettings) -> None:
    found: list[cloud.CloudStatus] = []
    starts = [
        threading.Thread(target=lambda: found.append(cloud.start(settings, say_nothing)))
        for _ in range(2)
    ]
    for one in starts:
        one.start()
    for one in starts:
        one.join()
    assert len(found) == 2
    assert found[0] == found[1]
    assert servers_for(settings) == [found[0].pid]


def test_a_foreign_process_is_never_killed(
    settings: CloudSettings, sleeper: subprocess.Popen[bytes]
) -> None:
    record = _record(settings, sleeper.pid, psutil.Process(sleeper.pid).create_time())
    for created in (record.created, record.created - 3600):
        process.write_record(settings.home, dataclasses.replace(record, created=created))
        assert cloud.stop(settings, say_nothing) is False
        assert sleeper.poll() is None


def test_a_later_process_with_the_same_pid_is_not_ours(running: CloudSettings) -> None:
    record = process.read_record(running.home)
    assert record is not None
    assert process.find(record) is not None
    assert process.find(dataclasses.replace(record, created=record.created - 60)) is None


def test_a_dead_process_is_reported_and_replaced(settings: CloudSettings) -> None:
    first = cloud.start(settings, say_nothing)
    assert first.pid is not None
    os.kill(first.pid, signal.SIGKILL)
    _await_end(first.pid)

    dead = cloud.status(settings)
    assert dead.running is False
    assert dead.problem == f"process {first.pid} ended without `stop`; its state is gone"

    second = cloud.start(settings, say_nothing)
    assert second.running
    assert second.pid != first.pid


def test_a_silent_process_is_reported_and_stopped(
    settings: CloudSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateprint.local.health.SECONDS_TO_ANSWER", 0.2)
    monkeypatch.setattr(process, "SECONDS_TO_END", 0.5)
    started = cloud.start(settings, say_nothing)
    assert started.pid is not None
    os.kill(started.pid, signal.SIGSTOP)

    silent = cloud.status(settings)
    assert (silent.running, silent.pid) == (True, started.pid)
    assert silent.problem == f"process {started.pid} does not answer on {settings.endpoint}"
    with pytest.raises(ToolFailed, match="does not answer"):
        cloud.start(settings, say_nothing)

    assert cloud.stop(settings, say_nothing) is True
    assert not is_alive(started.pid)


def test_a_terminated_server_ends_by_itself(settings: CloudSettings) -> None:
    server = psutil.Process(cloud.start(settings, say_nothing).pid)
    server.terminate()
    assert server.wait(3) == 0


def test_an_answer_from_another_cloud_is_no_answer(running: CloudSettings, tmp_path: Path) -> None:
    record = process.read_record(running.home)
    assert record is not None
    process.write_record(tmp_path, dataclasses.replace(record, token="another"))
    found = cloud.status(dataclasses.replace(running, home=tmp_path))
    assert "does not answer" in found.problem


@pytest.mark.parametrize("text", ["", "{}", "[]", "not json", '{"pid": 1}'])
def test_a_spoilt_record_is_no_record(settings: CloudSettings, text: str) -> None:
    process.prepare_home(settings.home)
    (settings.home / process.RECORD_NAME).write_text(text)
    assert cloud.status(settings).running is False
    assert cloud.stop(settings, say_nothing) is False


def test_the_record_outlives_whoever_started_it(settings: CloudSettings) -> None:
    """Started by a process that ends, as the command line does."""
    script = (
        "import sys; from pathlib import Path; from gateprint.local import cloud;"
        "e, a, r, b, h = sys.argv[1:];"
        "cloud.start(cloud.CloudSettings(e, a, r, b, Path(h)), print)"
    )
    values = [str(value) for value in dataclasses.astuple(settings)]
    subprocess.run([sys.executable, "-c", script, *values], check=True, timeout=60)
    found = cloud.status(settings)
    assert (found.running, found.problem) == (True, "")
    assert found.pid is not None
    assert os.getsid(found.pid) == found.pid, "a terminal's Ctrl+C would reach it"
    assert cloud.stop(settings, say_nothing) is True


def _record(settings: CloudSettings, pid: int, created: float) -> process.Record:
    process.prepare_home(settings.home)
    return process.Record(
        pid, created, settings.endpoint, settings.account, settings.region, "token"
    )


def _await_end(pid: int) -> None:
    deadline = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)


def _has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/moto-api/reset", {}),
        ("/", {"Origin": "https://evil.example.com"}),
        ("/", {"Host": "evil.example.com:80"}),
        ("/", {"Host": "localhost.evil.example.com:80"}),
    ],
)
def test_a_web_page_cannot_reach_the_cloud(
    running: CloudSettings, path: str, headers: dict[str, str]
) -> None:
    request = urllib.request.Request(running.endpoint + path, b"", headers)
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(request, timeout=10)
    assert refusal.value.code == 403
