"""`plan` on the command line, as far as neither Node nor Terraform is needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateprint.cli.main import run
from tests.support.project import make_project

HCP = "state: {hcp: {organization: acme, project: apis}}\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project, as the current folder."""
    root = make_project(tmp_path / "project").root
    for name in ("GATEPRINT_ENVIRONMENT", "GATEPRINT_BLUEPRINTS", "GATEPRINT_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(root)
    return root


def test_what_hcp_terraform_applies_is_left_to_it(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = project / "config" / "nonprod.yaml"
    text = path.read_text(encoding="utf-8")
    first, _, rest = text.partition("state:")
    path.write_text(first + HCP + rest[rest.index("identity_providers") :], encoding="utf-8")
    code = run(["plan", "--environment", "nonprod"])
    assert (code, capsys.readouterr().err) == (
        4,
        (
            "gateprint: HCP Terraform plans and applies the stacks of nonprod\n"
            "      = fix: push the commit, or run npx cdktf deploy; "
            "--environment names another environment\n"
        ),
    )
    assert not (project / "runs").exists()


def test_a_cloud_that_does_not_run_is_said_before_anything_is_made(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(["plan", "--environment", "local"])
    told = capsys.readouterr().err
    assert (code, "the embedded cloud of local does not run" in told) == (4, True)
    assert not (project / "runs").exists()


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--format", "github"), "--format github prints the jobs of shards: add --shards N"),
        (("pets-prod", "--shard", "1/2"), "--shard says which stacks: name none beside it"),
        (("--shard", "3/2"), "shards are counted from 1/2 to 2/2"),
        (("--parallel", "0"), "0 is not in the range 1<=x<=64"),
    ],
)
def test_a_wrong_command_line_is_refused(
    words: tuple[str, ...], problem: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["plan", "--environment", "local", *words]) == 2
    assert problem in capsys.readouterr().err


def test_shards_are_divided_without_a_cloud(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["plan", "--environment", "local", "--shards", "2", "--format", "github"]) == 0
    assert capsys.readouterr().out.startswith('matrix={"include":[{"shard":"1/2"')
    assert (project / "shards.json").is_file()
