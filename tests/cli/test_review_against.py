"""`review --against`: what the blueprints change since a revision, with git and nothing else."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from gateprint.cli.main import run
from gateprint.errors import InputRejected
from gateprint.review.finding import Severity
from gateprint.review.review import Review
from gateprint.workflow.git import UnknownRevision
from gateprint.workflow.review import review_since
from tests.cli.small_project import PETS, SmallProject, make_small_project

ENVIRON = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "HOME": "/nonexistent",
}
OPEN = PETS.replace(
    "GET /pets: {mock", "GET /pets: {auth: none, public: the catalogue, mock"
).replace("routes: [GET /pets]", "routes: [POST /pets]")
FASTER = PETS.replace("rate: 100", "rate: 200")
WAIVED = """\
waivers:
  - rule: auth-weakened
    address: pets-nonprod/route GET /pets of pets
    reason: the catalogue is printed in every newspaper
    until: @until@
"""


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose last commit has the blueprint; beside it a folder with git alone."""
    root = tmp_path_factory.mktemp("repository")
    make_small_project(root)
    who = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
    for words in (["init", "--quiet"], ["add", "."], [*who, "commit", "--quiet", "-m", "first"]):
        subprocess.run(["git", *words], cwd=root, env={**os.environ, **ENVIRON}, check=True)
    git = shutil.which("git")
    assert git is not None
    (root / "git-alone").mkdir()
    (root / "git-alone" / "git").symlink_to(git)
    return root


@pytest.fixture
def project(committed: Path) -> SmallProject:
    found = SmallProject(committed)
    for each in (committed / "blueprints").iterdir():
        each.unlink()
    found.says(PETS)
    (committed / "config" / "review.yaml").unlink(missing_ok=True)
    return found


def told(project: SmallProject, threshold: Severity = "high", revision: str = "HEAD") -> Review:
    """Review without Node, Terraform and AWS's variables."""
    environ = {**ENVIRON, "PATH": str(project.root / "git-alone")}
    return review_since(project.places, revision, environ, threshold)


def test_where_nothing_changes_nothing_is_said(project: SmallProject) -> None:
    found = told(project, "info")
    assert (found.verdict, found.access, found.findings) == ("passed", (), ())
    assert (found.counted.changed, found.counted.unchanged) == (0, 1)


def test_a_weakened_route_refuses_with_its_line(project: SmallProject) -> None:
    project.says(OPEN)
    found = told(project)
    assert found.verdict == "refused"
    first = found.findings[0]
    assert (first.rule.id, first.severity) == ("auth-weakened", "critical")
    assert first.location is not None
    assert Path(first.location.path).name == "pets.yaml"
    assert OPEN.splitlines()[first.location.line - 1].lstrip().startswith("GET /pets:")
    assert found.reasons[0].startswith("auth-weakened (critical): pets-nonprod: ")
    assert "everyone may call GET /pets" in found.access[0].text


def test_it_says_that_it_is_a_preview_and_that_no_plan_was_made(project: SmallProject) -> None:
    project.says(FASTER)
    found = told(project)
    assert found.is_offline
    assert found.headline.startswith("passed: offline preview of the blueprints since HEAD")
    assert "no plan was made" in found.unverified[0]
    assert (found.digest, found.stacks) == ("", {})


def test_a_blueprint_that_is_gone_is_told(project: SmallProject) -> None:
    (project.root / "blueprints" / "pets.yaml").unlink()
    project.says(PETS.replace("pets", "cats"), "cats")
    found = told(project, "critical")
    assert found.counted.changed == 2
    assert any(each.startswith("pets-nonprod: its blueprint is gone") for each in found.unverified)
    assert any("pets-reader" in each.text for each in found.access)


@pytest.mark.parametrize(
    ("threshold", "verdict"), [("high", "passed"), ("medium", "refused"), ("low", "refused")]
)
def test_findings_as_severe_as_the_threshold_refuse(
    project: SmallProject, threshold: Severity, verdict: str
) -> None:
    project.says(PETS.replace("pets-reader", "pets-viewer"))
    found = told(project, threshold)
    assert [each.rule.id for each in found.findings if each.severity == "medium"] == ["new-trust"]
    assert found.verdict == verdict


def test_a_waived_finding_refuses_nothing(project: SmallProject) -> None:
    project.says(OPEN)
    project.waives(WAIVED.replace("@until@", "2000-01-01"))
    assert told(project).verdict == "refused"
    last = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)
    project.waives(WAIVED.replace("@until@", last.isoformat()))
    found = told(project)
    assert (found.verdict, [each.finding.rule.id for each in found.waived]) == (
        "passed",
        ["auth-weakened"],
    )


def test_wrong_waivers_reject_the_input(project: SmallProject) -> None:
    project.waives(WAIVED.replace("@until@", "tomorrow"))
    with pytest.raises(InputRejected) as caught:
        told(project)
    assert [each.code for each in caught.value.diagnostics] == ["wrong-date"]


def test_an_unknown_revision_is_told(project: SmallProject) -> None:
    with pytest.raises(UnknownRevision):
        told(project, revision="no-such-branch")


def test_nothing_is_left_behind(project: SmallProject) -> None:
    project.says(OPEN)
    told(project)
    known = {".git", "blueprints", "config", "lambdas", "git-alone"}
    assert {each.name for each in project.root.iterdir()} == known


COMMAND_LINES: dict[str, tuple[list[str], int]] = {
    "refused": (["--against", "HEAD"], 3),
    "no such revision": (["--against", "nowhere"], 2),
    "neither a run nor a revision": ([], 2),
    "both": (["blueprints", "--against", "HEAD"], 2),
    "an odd threshold": (["--against", "HEAD", "--threshold", "worst"], 2),
}


@pytest.mark.parametrize("name", COMMAND_LINES)
def test_the_exit_code_says_what_happened(
    name: str,
    project: SmallProject,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words, code = COMMAND_LINES[name]
    project.says(OPEN)
    monkeypatch.chdir(project.root)
    assert run(["review", "--environment", "nonprod", *words]) == code
    printed = capsys.readouterr()
    assert bool(printed.out) is (code == 3)
    assert bool(printed.err) is (code != 3)
