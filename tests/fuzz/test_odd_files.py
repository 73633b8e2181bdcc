"""Files that are no files, that never end, that lead elsewhere, or that have odd names."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fuzz.conftest import codes_of
from tests.fuzz.corpus import ROOT
from tests.fuzz.launcher import Cost, Launcher

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="these files are Unix's")

_SECONDS = 15.0
Spoil = Callable[[Path], None]
Validate = Callable[..., Cost]


@pytest.fixture
def validate(launcher: Launcher, project: Path) -> Validate:
    """Run `gateprint validate <words>` in the project."""

    def run(*words: str) -> Cost:
        return launcher.run(project, "validate", *words, seconds=_SECONDS)

    return run


def _socket(path: Path) -> None:
    # The name of a socket must be short, wherever the tests run.
    before = Path.cwd()
    os.chdir(path.parent)
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(before)


def _loop(path: Path) -> None:
    other = path.with_name("loop")
    other.symlink_to(path.name)
    path.symlink_to(other.name)


def _of_size(size: int) -> Spoil:
    """A file with a hole in it: large, without a byte on the disk."""

    def spoil(path: Path) -> None:
        path.touch()
        os.truncate(path, size)

    return spoil


ODD: dict[str, Spoil] = {
    "folder": lambda path: path.mkdir(),
    "pipe": os.mkfifo,
    "socket": _socket,
    "endless device": lambda path: path.symlink_to("/dev/zero"),
    "empty device": lambda path: path.symlink_to("/dev/null"),
    "terminal": lambda path: path.symlink_to("/dev/tty"),
    "unreadable memory": lambda path: path.symlink_to("/proc/self/mem"),
    "link to nothing": lambda path: path.symlink_to("gone.yaml"),
    "link to itself": lambda path: path.symlink_to(path.name),
    "loop of links": _loop,
    "link to a folder": lambda path: path.symlink_to("."),
    "2 MiB": _of_size(2 * 1024**2),
    "8 GiB": _of_size(8 * 1024**3),
}


@pytest.mark.parametrize("kind", ODD)
def test_a_blueprint_that_is_no_plain_file_is_a_diagnostic(
    kind: str, project: Path, validate: Validate
) -> None:
    path = project / "blueprints" / "odd.yaml"
    ODD[kind](path)
    answer = validate()
    assert codes_of(answer)
    assert "blueprints/odd.yaml:1:1: error: " in answer.output


@pytest.mark.parametrize("kind", ODD)
def test_an_environment_that_is_no_plain_file_is_a_diagnostic(
    kind: str, project: Path, validate: Validate
) -> None:
    path = project / "config" / "odd.yaml"
    ODD[kind](path)
    answer = validate()
    assert codes_of(answer)
    assert "config/odd.yaml:1:1: error: " in answer.output


@pytest.mark.parametrize("kind", ODD)
def test_metadata_that_is_no_plain_file_is_a_diagnostic(
    kind: str, project: Path, validate: Validate
) -> None:
    path = project / "config" / "identity" / "auth0.xml"
    path.unlink()
    ODD[kind](path)
    assert codes_of(validate())


def test_a_named_file_may_be_odd_too(project: Path, validate: Validate) -> None:
    os.mkfifo(project / "pipe.yaml")
    (project / "zero.yaml").symlink_to("/dev/zero")
    answer = validate("pipe.yaml", "zero.yaml", "gone.yaml", "blueprints", "/dev/zero")
    assert codes_of(answer)
    for name in ("pipe.yaml", "zero.yaml", "gone.yaml", "blueprints", "/dev/zero"):
        assert f"\n{name}:1:1: error: " in "\n" + answer.output


@pytest.mark.parametrize("folder", ["blueprints", "config"])
def test_a_link_that_leads_out_of_the_project_is_refused_unread(
    folder: str, project: Path, validate: Validate
) -> None:
    outside = project.parent / "secret.yaml"
    outside.write_text("password: hunter2\n")
    (project / folder / "odd.yaml").symlink_to(outside)
    answer = validate()
    assert codes_of(answer)
    assert "hunter2" not in answer.output
    assert "password" not in answer.output


def test_a_folder_that_leads_out_of_config_holds_no_metadata(
    project: Path, validate: Validate
) -> None:
    identity = project / "config" / "identity"
    shutil.move(identity, project.parent / "elsewhere")
    identity.symlink_to(project.parent / "elsewhere")
    assert codes_of(validate()) == {"unknown-metadata"}


@pytest.mark.parametrize("folder", ["blueprints", "config"])
def test_a_folder_that_is_a_loop_of_links_is_a_diagnostic(
    folder: str, project: Path, validate: Validate
) -> None:
    shutil.rmtree(project / folder)
    _loop(project / folder)
    assert "no-folder" in codes_of(validate())


def _without_rights(*words: str) -> list[str]:
    """Return the words of a command that may read only what its user may, even for root."""
    if os.geteuid() != 0:
        return list(words)
    program = shutil.which("setpriv")
    if program is None:
        pytest.skip("root reads everything, and setpriv is not there")
    return [program, "--inh-caps=-all", "--bounding-set=-all", *words]


def validate_without_rights(project: Path, place: str) -> subprocess.CompletedProcess[str]:
    path = project / place
    path.chmod(0)
    try:
        return subprocess.run(
            _without_rights(sys.executable, "-m", "gateprint", "validate"),
            cwd=project,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    finally:
        path.chmod(0o755)


@pytest.mark.parametrize("place", ["blueprints/pets.yaml", "config/prod.yaml"])
def test_a_file_that_may_not_be_read_is_a_diagnostic(place: str, project: Path) -> None:
    done = validate_without_rights(project, place)
    assert (done.returncode, done.stderr) == (1, "")
    assert f"{place}:1:1: error: " in done.stdout


@pytest.mark.parametrize("place", ["blueprints", "config", "lambdas", "lambdas/pets"])
def test_a_folder_that_may_not_be_read_is_no_crash(place: str, project: Path) -> None:
    # The command line itself refuses a folder of its options.
    done = validate_without_rights(project, place)
    assert done.returncode in {1, 2}, done.stderr
    assert place in done.stdout + done.stderr


# What a name may hold on Unix; the folder and the renderers have to bear it.
ODD_NAMES = (
    b"a\nb.yaml",
    b"a\rb.yaml",
    b"\x1b[31mred.yaml",
    b"\xff\xfe.yaml",
    b"\xed\xa0\x80.yaml",
    b" .yaml",
    b"-h.yaml",
    b"%0A::error::a.yaml",
    b"a,b:c=d.yaml",
    "\u202elmay.yaml".encode(),
    "\U0001f600é.yaml".encode(),
    b"a" * 250 + b".yaml",
    b"'\"\\$(id)`id`.yaml",
)
FORMATS = ("text", "json", "github", "sarif")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("folder", ["blueprints", "config"])
def test_odd_names_are_shown_so_that_they_do_no_harm(
    folder: str, form: str, project: Path, validate: Validate
) -> None:
    for name in ODD_NAMES:
        Path(os.fsdecode(bytes(project / folder) + b"/" + name)).write_text("a: b\n")
    answer = validate("--format", form)
    assert (answer.code, answer.errors) == (1, "")
    assert not set(answer.output) & {"\x1b", "\r"}
    assert sum(
        f"{chr(0x1F600)}" in line or "%F0%9F%98%80" in line for line in answer.output.split("\n")
    )
    if form == "text":
        assert "\u202e" not in answer.output
        assert "\nb.yaml" not in answer.output
    elif form == "github":
        assert all(line.startswith("::") for line in answer.output.splitlines())
    else:
        assert json.loads(answer.output)


@pytest.mark.parametrize("form", FORMATS)
def test_a_right_blueprint_may_have_an_odd_name(
    form: str, project: Path, validate: Validate
) -> None:
    (project / "blueprints" / "pets.yaml").rename(
        Path(os.fsdecode(bytes(project / "blueprints") + b"/\xffa\nb.yaml"))
    )
    answer = validate("--format", form)
    assert (answer.code, answer.errors) == (0, "")


def test_odd_words_on_the_command_line_are_diagnostics(project: Path, validate: Validate) -> None:
    answer = validate("--environment", "\x1b[31m\nprod\udcff", "a\nb\x1b\udcff.yaml")
    assert codes_of(answer)
    assert "\x1b" not in answer.output


ODD_SOURCES = {
    "deep operators": b"x = " + b"-" * 100_000 + b"1\n",
    "deep brackets": b"x = " + b"(" * 100_000 + b")" * 100_000,
    "deep attributes": b"x = a" + b".a" * 100_000,
    "deep calls": b"x = a" + b"()" * 100_000,
    "deep sums": b"x = 1" + b"+1" * 100_000,
    "a NUL": b"x = '\x00'\n",
    "no encoding": b"# coding: nothing\n",
    "not UTF-8": b"x = '\xff'\n",
    "a huge number": b"x = " + b"9" * 100_000,
    "UTF-16": "def list_pets(event, context): ...\n".encode("utf-16"),
}


@pytest.mark.parametrize("kind", ODD_SOURCES)
def test_a_source_that_python_cannot_read_offers_no_handler(
    kind: str, project: Path, validate: Validate
) -> None:
    (project / "lambdas" / "pets" / "app.py").write_bytes(ODD_SOURCES[kind])
    assert "unknown-handler" in codes_of(validate())


ODD_METADATA = {
    "deep elements": b"<a>" * 300_000 + b"</a>" * 100_000,
    "many attributes": b"<a " + b" ".join(b'a%d="b"' % n for n in range(80_000)) + b"/>",
    "not UTF-8": b"<a>\xff</a>" * 1_000,
    "UTF-16": ("<a>" + "b" * 2000 + "</a>").encode("utf-16"),
    "another encoding": b'<?xml version="1.0" encoding="utf-7"?><a>' + b"b" * 2000 + b"</a>",
    "an unknown encoding": b'<?xml version="1.0" encoding="none"?><a>' + b"b" * 2000 + b"</a>",
    "a NUL": b"<a>\x00</a>" * 1_000,
    "entities": b"<!DOCTYPE a [<!ENTITY a 'a'>]><a>" + b"&a;" * 2_000 + b"</a>",
}


@pytest.mark.parametrize("kind", ODD_METADATA)
def test_metadata_that_is_no_metadata_is_a_diagnostic(
    kind: str, project: Path, validate: Validate
) -> None:
    (project / "config" / "identity" / "auth0.xml").write_bytes(ODD_METADATA[kind])
    assert codes_of(validate()) & {"wrong-metadata", "unknown-metadata"}
