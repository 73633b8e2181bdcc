"""Exit codes, help, and that no traceback ever reaches the user."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from gateprint.cli.main import gateprint
from gateprint.cli.verbs import VERBS
from gateprint.errors import ToolFailed
from tests.cli.conftest import Cli

PATHS = sorted(
    [(verb.name or "",) for verb in VERBS]
    + [
        (verb.name or "", name)
        for verb in VERBS
        if isinstance(verb, click.Group)
        for name in verb.commands
    ]
)


@pytest.mark.parametrize("path", [(), *PATHS], ids=" ".join)
def test_every_verb_explains_itself_within_80_columns(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, path: tuple[str, ...]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    ran = cli(*path, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Usage: gateprint")
    assert max(len(line) for line in ran.out.splitlines()) <= 80
    assert cli(*path, "-h") == ran


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("valdate",),
        ("validate", "--format", "xml"),
        ("validate", "--zz"),
        ("access", "surplus"),
        ("schema", "stage"),
        ("validate", "--config", "config/prod.yaml"),
        ("local",),
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_exits_with_2(cli: Cli, arguments: tuple[str, ...]) -> None:
    ran = cli(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "Usage: gateprint" in ran.err


def fake(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Add a verb `fake` that raises `error`."""

    @click.command("fake")
    def verb() -> None:
        raise error

    monkeypatch.setitem(gateprint.commands, "fake", verb)


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        pytest.param(KeyboardInterrupt(), 130, "\ninterrupted\n", id="interrupted"),
        pytest.param(
            ToolFailed("terraform failed", "run it again", "line 1\nline 2\n"),
            4,
            "gateprint: terraform failed\n      | line 1\n      | line 2\n"
            "      = fix: run it again\n",
            id="a tool failed",
        ),
        pytest.param(
            ToolFailed("node is missing", "install node"),
            4,
            "gateprint: node is missing\n      = fix: install node\n",
            id="a tool without a message",
        ),
        pytest.param(click.exceptions.Exit(3), 3, "", id="click's own exit"),
    ],
)
def test_what_a_verb_raises_becomes_an_exit_code(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, said: str
) -> None:
    fake(monkeypatch, error)
    ran = cli("fake")
    assert (ran.code, ran.out, ran.err) == (code, "", said)


def test_a_mistake_of_gateprints_own_is_kept_in_a_file(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, project: Path
) -> None:
    secret = "-".join(("a", "secret"))  # not in this line of the traceback
    fake(monkeypatch, RuntimeError(secret))
    ran = cli("fake")
    assert (ran.code, ran.out) == (4, "")
    assert secret not in ran.err
    assert "mistake of gateprint's own (RuntimeError)" in ran.err
    kept = project / ".gateprint/crash.log"
    text = kept.read_text(encoding="utf-8")
    assert text.endswith("RuntimeError\n")
    assert "test_exit_codes.py" in text
    assert secret not in text
    assert kept.stat().st_mode & 0o077 == 0


def test_the_version_is_printed(cli: Cli) -> None:
    ran = cli("--version")
    assert ran.code == 0
    assert ran.out.startswith("gateprint, version ")


@pytest.mark.parametrize("kind", ["blueprint", "environment"])
def test_the_schema_is_printed(cli: Cli, kind: str) -> None:
    ran = cli("schema", kind)
    assert ran.code == 0
    assert ran.out.startswith('{\n  "$schema": "https://json-schema.org/draft/2020-12/schema"')


HEAVY = ("cdktf", "cdktf_cdktf_provider_aws", "constructs", "jsii", "boto3", "botocore", "moto")
SPY = f"""
import sys
from gateprint.cli.main import run
code = run(sys.argv[1:])
found = [each for each in {HEAVY!r} if each in sys.modules]
sys.exit(f"imported {{found}}" if found else code)
"""


@pytest.mark.parametrize(
    "arguments", [("validate",), ("access",), ("--help",), ("schema",)], ids=" ".join
)
def test_reading_verbs_import_no_cdktf_and_no_aws(
    project: Path, arguments: tuple[str, ...]
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SPY, *arguments], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_reader_that_goes_early_is_no_failure(project: Path) -> None:
    program = [sys.executable, "-m", "gateprint", "schema"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (0, b"")
