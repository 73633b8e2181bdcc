from __future__ import annotations

import contextlib
import socket
import stat
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from gateprint.errors import ToolFailed
from gateprint.terraform.binary import own_terraform
from gateprint.terraform.download import RELEASES, SHA256, download_terraform

PLATFORM = "linux_amd64"


@contextlib.contextmanager
def release_host(files: dict[str, bytes], declared_length: int = 0) -> Iterator[str]:
    """Serve the files on the loopback interface; yields the base URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = files.get(self.path)
            self.send_response(404 if content is None else 200)
            self.send_header("Content-Length", str(declared_length or len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def files(archive):
    return {f"/terraform/1.11.4/terraform_1.11.4_{PLATFORM}.zip": archive.content}


def left_behind(project: Path) -> list[Path]:
    return [path for path in project.rglob("*") if path.is_file()]


def test_a_good_archive_becomes_an_executable_program(machine, archive, files, lines):
    sums = {PLATFORM: archive.sha256}
    with release_host(files) as url:
        binary = download_terraform(machine.project, lines.append, url, PLATFORM, sums)
    assert binary.path == own_terraform(machine.project)
    assert binary.path.read_text() == "#!/bin/sh\necho made up\n"
    assert stat.S_IMODE(binary.path.stat().st_mode) == 0o755
    assert left_behind(machine.project) == [binary.path]


def test_progress_names_the_release_and_counts_its_bytes(machine, archive, files, lines):
    with release_host(files) as url:
        download_terraform(machine.project, lines.append, url, PLATFORM, {PLATFORM: archive.sha256})
    assert lines == [
        f"downloading Terraform 1.11.4 from {url}/terraform/1.11.4/terraform_1.11.4_{PLATFORM}.zip",
        "  0 of 0 MiB",
        "Terraform 1.11.4 is verified and installed",
    ]


def test_an_archive_with_another_sum_is_refused_and_removed(machine, files, lines):
    with release_host(files) as url, pytest.raises(ToolFailed, match="is not the release"):
        download_terraform(machine.project, lines.append, url, PLATFORM)
    assert left_behind(machine.project) == []


def test_a_refused_archive_leaves_the_present_program_alone(machine, files, lines):
    own = machine.add_terraform(own_terraform(machine.project), "1.5.7")
    before = own.read_text()
    with release_host(files) as url, pytest.raises(ToolFailed):
        download_terraform(machine.project, lines.append, url, PLATFORM)
    assert own.read_text() == before


def test_a_release_that_is_not_there_is_told_with_its_address(machine, lines):
    with release_host({}) as url, pytest.raises(ToolFailed, match=rf"{url}.*Not Found"):
        download_terraform(machine.project, lines.append, url, PLATFORM)
    assert left_behind(machine.project) == []


def test_a_download_that_breaks_off_is_refused(machine, archive, files, lines):
    length = len(archive.content) + 1
    with release_host(files, length) as url, pytest.raises(ToolFailed):
        download_terraform(
            machine.project, lines.append, url, PLATFORM, {PLATFORM: archive.sha256 + "0"}
        )
    assert left_behind(machine.project) == []


def test_a_host_that_cannot_be_reached_is_told(machine, lines):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(ToolFailed, match=r"could not be downloaded: .*refused") as caught:
            download_terraform(machine.project, lines.append, url, PLATFORM)
    assert "GATEPRINT_TERRAFORM" in caught.value.remedy
    assert left_behind(machine.project) == []


def test_a_platform_without_a_pinned_sum_is_refused_before_anything_is_fetched(machine, lines):
    with pytest.raises(ToolFailed, match=r"no Terraform 1.11.4 is known for plan9_mips"):
        download_terraform(machine.project, lines.append, platform="plan9_mips")
    assert lines == []


def test_the_pinned_sums_cover_four_platforms_and_the_release_host_is_https():
    assert sorted(SHA256) == ["darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64"]
    assert all(len(value) == 64 for value in SHA256.values())
    assert len(set(SHA256.values())) == 4
    assert RELEASES.startswith("https://")
