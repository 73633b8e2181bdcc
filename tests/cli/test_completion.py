"""A shell completes commands, options and names; nothing of it fails or prints."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from gateprint.cli.main import gateprint
from gateprint.workflow.known_names import known_blueprints
from tests.cli.conftest import Cli


def completed(line: str) -> list[str]:
    """Return what the last word of a command line may become."""
    *before, begun = line.split(" ")
    found = ShellComplete(gateprint, {}, "gateprint", "_GATEPRINT_COMPLETE")
    return [each.value for each in found.get_completions(before[1:], begun)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("gateprint wh", ["who-can"]),
        ("gateprint local st", ["start", "status", "stop"]),
        ("gateprint completion ", ["bash", "zsh", "fish"]),
        ("gateprint validate --fo", ["--format"]),
        ("gateprint validate --format g", ["github"]),
        ("gateprint validate --environment ", ["local", "nonprod", "prod"]),
        ("gateprint local start --environment n", ["nonprod"]),
        ("gateprint can pets", ["pets-auditor"]),
        ("gateprint can pets-auditor ", ["dev", "prod", "test"]),
        ("gateprint who-can d", ["dev"]),
        ("gateprint sdk ", ["orders", "pets"]),
        ("gateprint export pets te", ["test"]),
        ("gateprint verify --api o", ["orders"]),
        ("gateprint plan pets-", ["pets-nonprod", "pets-prod"]),
        ("gateprint drift account-p", ["account-prod"]),
        ("gateprint can nobody-of-that-name", []),
    ],
)
def test_a_word_is_completed(project: Path, line: str, expected: list[str]) -> None:
    assert completed(line) == expected


@pytest.mark.parametrize("line", ["gateprint sdk toys ", "gateprint can toys-buyer "])
def test_only_the_stages_of_what_stands_before_are_offered(project: Path, line: str) -> None:
    text = "stages: {sale: {}}\napis: {toys: {}}\nroles: {toys-buyer: {}}\n"
    (project / "blueprints" / "toys.yaml").write_text(text, encoding="utf-8")
    assert completed(line) == ["sale"]


def test_another_folder_is_looked_at_where_one_is_named(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "blueprints").rename(project / "others")
    assert completed("gateprint sdk ") == []
    assert completed("gateprint sdk --blueprints others ") == ["orders", "pets"]
    monkeypatch.setenv("GATEPRINT_BLUEPRINTS", "others")
    assert completed("gateprint sdk ") == ["orders", "pets"]


ODD = """\
name: {}
stages: [a]
apis: 7
roles: {fine: {}, "$(touch x)": {}, "a\\e[31mb": {}, "two words": {}, "-f": {}}
"""


def test_a_name_that_is_more_than_a_word_is_not_offered(project: Path) -> None:
    before = completed("gateprint can ")
    (project / "blueprints" / "odd.yaml").write_text(ODD, encoding="utf-8")
    assert set(completed("gateprint can ")) - set(before) == {"fine"}


@pytest.mark.parametrize("text", ["[" * 50_000, "a: &b [*b]", "\x00", "x" * 100_000, "a: b: c"])
def test_a_file_that_cannot_be_read_is_left_out_in_silence(
    project: Path, capfd: pytest.CaptureFixture[str], text: str
) -> None:
    (project / "blueprints" / "a.yaml").write_text(text, encoding="utf-8")
    os.mkfifo(project / "blueprints" / "b.yaml")
    (project / "blueprints" / "c.yaml").symlink_to("/dev/zero")
    assert completed("gateprint sdk ") == ["orders", "pets"]
    assert capfd.readouterr() == ("", "")


def test_nobody_waits_for_many_blueprints(project: Path) -> None:
    asked = iter([False, True])
    found = list(known_blueprints(project / "blueprints", lambda: next(asked)))
    assert [each.name for each in found] == ["orders"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell_asks_gateprint(cli: Cli, shell: str) -> None:
    ran = cli("completion", shell)
    assert (ran.code, ran.err) == (0, "")
    assert f"_GATEPRINT_COMPLETE={shell}_complete" in ran.out


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_completes_with_its_script(project: Path) -> None:
    script = (
        "set -e; source <(gateprint completion bash); complete -p gateprint;"
        'COMP_WORDS=(gateprint can pets); COMP_CWORD=2; _gateprint_completion gateprint "";'
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    folder = Path(sys.executable).parent
    environ = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "--norc", "-c", script],
        cwd=project,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said = "complete -o nosort -F _gateprint_completion gateprint\npets-auditor\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, said, "")
