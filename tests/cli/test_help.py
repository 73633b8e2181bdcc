"""Every `--help` is whole: it has an example that works; and the manual page has what they have."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from gateprint.cli.examples import EXAMPLES
from gateprint.cli.main import gateprint
from gateprint.cli.roff import manual_page
from tests.cli.conftest import Cli

WIDTH = 80


def commands(command: click.Command = gateprint, name: str = "") -> Iterator[str]:
    """Yield the names of all commands, the program's own, "", first."""
    yield name
    if isinstance(command, click.Group):
        for below, each in command.commands.items():
            yield from commands(each, f"{name} {below}".strip())


def command_of(name: str) -> click.Command:
    """Return the command of a name."""
    found: click.Command = gateprint
    for word in name.split():
        assert isinstance(found, click.Group)
        found = found.commands[word]
    return found


NAMES = list(commands())
WRITTEN = [(name, each) for name, found in EXAMPLES.items() for each in found]


@pytest.mark.parametrize("name", NAMES)
def test_the_help_of_every_command_fits_a_terminal_and_has_an_example(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    ran = cli(*name.split(), "--help")
    assert (ran.code, ran.err) == (0, "")
    assert [line for line in ran.out.splitlines() if len(line) > WIDTH] == []
    assert re.search(rf"^  Examples?:\n    gateprint {name}", ran.out, re.MULTILINE), (
        "write one into gateprint/cli/examples.py"
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_help_says_what_the_command_does_and_what_each_option_means(name: str) -> None:
    command = command_of(name)
    assert command.help
    options = [each for each in command.params if isinstance(each, click.Option)]
    assert [each.name for each in options if not each.help] == []


@pytest.mark.parametrize(("name", "line"), WRITTEN)
def test_an_example_is_of_its_command_and_is_understood(
    project: Path, name: str, line: str
) -> None:
    assert line.startswith(name)
    (project / "runs" / "first").mkdir(parents=True)
    for each in ("report.md", "response.txt", "petstore.yaml"):
        (project / each).touch()
    words, command = shlex.split(line.partition(" > ")[0]), gateprint.commands
    found: click.Command = gateprint
    while isinstance(found, click.Group):
        found = command[words.pop(0)]
        command = getattr(found, "commands", {})
    found.make_context("gateprint", words)


def test_there_are_no_examples_of_what_does_not_exist() -> None:
    assert set(EXAMPLES) - set(NAMES) == set()


def unescaped(page: str) -> str:
    return page.replace("\\-", "-").replace("\\(aq", "'").replace("\\&", "")


def test_the_manual_page_has_every_command_and_every_option(cli: Cli) -> None:
    sections = unescaped(cli("man").out).split("\n.SS ")
    parts = {part.partition("\n")[0].strip('"'): part for part in sections[1:]}
    assert set(parts) == {f"gateprint {name}" for name in NAMES if name}
    for name in filter(None, NAMES):
        part = parts[f"gateprint {name}"]
        for each in command_of(name).params:
            missing = [word for word in each.opts if word.startswith("-") and word not in part]
            assert missing == [], name
        assert "-h, --help" in part
        assert all(f"gateprint {each}" in part.replace("\\(dq", '"').replace("\\(ti", "~")
                   for each in EXAMPLES[name])  # fmt: skip


def test_the_manual_page_is_ascii_and_commands_nothing_that_a_text_says() -> None:
    @click.group(help='.so /etc/passwd\n\n\b\n\'br \\*(x\n.sp\n  café "quoted"')
    def odd() -> None:
        """Be replaced."""

    page = manual_page(odd, "odd", "1")
    assert page.isascii()
    assert "\\&.so /etc/passwd" in page
    assert "\\(aqbr \\e*(x\n\\&.sp\n  caf\\[u00E9] \\(dqquoted\\(dq\n" in page


@pytest.mark.skipif(shutil.which("man") is None, reason="man is not installed")
def test_man_shows_the_page_and_complains_of_nothing(cli: Cli, tmp_path: Path) -> None:
    page = tmp_path / "gateprint.1"
    page.write_text(cli("man").out, encoding="ascii")
    words = ["man", "--warnings", "-l", str(page)]
    done = subprocess.run(
        words, capture_output=True, text=True, env={"MANWIDTH": "80", "LC_ALL": "C"}, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    for said in ("GATEPRINT(1)", "gateprint who-can [OPTIONS] STAGE REQUEST", "--lock-timeout"):
        assert said in done.stdout
