"""The ready pipelines hold to the rules for pipelines with credentials, and know the verbs."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from gateprint.cli.main import gateprint
from gateprint.cli.review_formats.forms import FORMS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))
GITLAB = ROOT / "docs" / "ci" / "gitlab.yml"
PINNED = re.compile(r"uses: [a-z-]+(?:/[a-z-]+){1,2}@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
COMMAND = re.compile(r"(?:^|[\s(])(?:\.venv/bin/)?gateprint ([a-z][^\n|<>)]*)", re.MULTILINE)
IDS = pytest.mark.parametrize("path", FILES, ids=lambda each: each.stem)


def read(path: Path) -> dict[Any, Any]:
    # YAML 1.1 reads the key `on` as true.
    found: dict[Any, Any] = yaml.safe_load(path.read_text("utf-8"))
    return found


def jobs_of(path: Path) -> Iterator[dict[str, Any]]:
    yield from read(path)["jobs"].values()


def steps_of(path: Path) -> Iterator[dict[str, Any]]:
    for job in jobs_of(path):
        yield from job.get("steps", ())


def test_there_are_workflows() -> None:
    assert {each.stem for each in FILES} == {
        "apply",
        "apply-environment",
        "check",
        "drift",
        "plan",
    }


@IDS
def test_every_action_is_pinned_by_its_commit_with_the_version_beside_it(path: Path) -> None:
    used = [line.strip() for line in path.read_text("utf-8").splitlines() if "uses:" in line]
    outside = [line.removeprefix("- ") for line in used if "uses: ./" not in line]
    assert [line for line in outside if not PINNED.fullmatch(line)] == []


def test_an_action_has_the_same_commit_everywhere() -> None:
    found = re.findall(r"uses: (\S+)@(\S+)", "".join(each.read_text("utf-8") for each in FILES))
    assert len(dict(found)) == len(set(found))


@IDS
def test_a_workflow_has_no_rights_but_those_of_each_job(path: Path) -> None:
    assert read(path)["permissions"] == {}
    assert all("permissions" in each for each in jobs_of(path))


@IDS
def test_no_job_has_both_credentials_of_aws_and_the_right_to_write_to_github(path: Path) -> None:
    for job in jobs_of(path):
        writes = {name for name, right in job["permissions"].items() if right == "write"}
        assert writes <= {"id-token"} or writes <= {"pull-requests", "security-events"}, job


@IDS
def test_a_checkout_leaves_no_token_behind(path: Path) -> None:
    checkouts = [each for each in steps_of(path) if "checkout@" in each.get("uses", "")]
    assert all(each["with"]["persist-credentials"] is False for each in checkouts)


@IDS
def test_no_script_has_an_expression_in_it(path: Path) -> None:
    assert [each["run"] for each in steps_of(path) if "${{" in each.get("run", "")] == []


@IDS
def test_nothing_runs_with_the_rights_of_the_branch_that_a_fork_wants_to_change(
    path: Path,
) -> None:
    text = path.read_text("utf-8")
    assert "pull_request_target" not in text
    assert "workflow_run" not in text
    assert "secrets." not in text


@IDS
def test_every_job_ends_some_time(path: Path) -> None:
    assert all("timeout-minutes" in each or "uses" in each for each in jobs_of(path))


def test_forks_get_a_job_without_credentials_and_no_other() -> None:
    jobs = read(FOLDER / "plan.yml")["jobs"]
    own, other = " ".join(jobs["plan"]["if"].split()), " ".join(jobs["offline"]["if"].split())
    assert own == (
        "github.event.pull_request.head.repo.full_name == github.repository && "
        "github.event.pull_request.user.login != 'dependabot[bot]'"
    )
    opposite = own.replace("!=", "X").replace("==", "!=").replace("X", "==").replace("&&", "||")
    assert other == opposite
    assert jobs["offline"]["permissions"] == {"contents": "read"}


def environments() -> set[tuple[str, str, str]]:
    files = (ROOT / "config").glob("*.yaml")
    found = [yaml.safe_load(each.read_text("utf-8")) for each in files]
    return {
        (each["environment"], each["account"], each["region"])
        for each in found
        if "endpoint" not in each
    }


@pytest.mark.parametrize("name", ["plan", "drift"])
def test_a_matrix_has_the_environments_with_their_accounts(name: str) -> None:
    (matrix,) = [
        each["strategy"]["matrix"]["include"]
        for each in jobs_of(FOLDER / f"{name}.yml")
        if "include" in each.get("strategy", {}).get("matrix", {})
    ]
    assert {tuple(each.values()) for each in matrix} == environments()


def test_the_apply_has_the_environments_with_their_accounts() -> None:
    given = [each["with"] for each in jobs_of(FOLDER / "apply.yml")]
    found = {(each["environment"], each["account"], each["region"]) for each in given}
    assert found == environments()


def test_gitlab_has_the_environments_with_their_accounts() -> None:
    found = yaml.safe_load(GITLAB.read_text("utf-8"))
    rows = [
        *found["plan"]["parallel"]["matrix"],
        *(found[f"apply {each}"]["variables"] for each in ("nonprod", "prod")),
    ]
    names = ("GATEPRINT_ENVIRONMENT", "ACCOUNT", "AWS_REGION")
    assert {tuple(each[name] for name in names) for each in rows} == environments()


def commands() -> Iterator[tuple[str, str]]:
    for path in (*FILES, GITLAB):
        text = path.read_text("utf-8")
        lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
        for found in COMMAND.findall(lines.replace("\\\n", " ")):
            yield path.name, found


def words_of(command: str) -> list[str]:
    """The words that are no shell: what would be replaced is a word, whatever it becomes."""
    bare = re.sub(r"\$\{[A-Z_]+:\+(--[a-z-]+) [^}]*\}", r"\1 X", command.partition(";")[0])
    return [each for each in shlex.split(bare.replace('"$(', '"'), posix=False) if each]


def test_every_format_that_a_pipeline_writes_is_one_of_the_reviews() -> None:
    words = [word for _, each in commands() for word in words_of(each)]
    written = [
        words[number + 1].strip('"') for number, each in enumerate(words) if each == "--write"
    ]
    found = {each.partition("=")[0] for each in written}
    assert found <= FORMS.keys()
    assert {"html", "json", "markdown", "sarif"} <= found
    assert {"gitlab-codequality", "gitlab-terraform", "junit"} <= found


def test_gitlab_collects_each_report_that_a_job_writes() -> None:
    jobs = yaml.safe_load(GITLAB.read_text("utf-8"))
    for name in ("plan", "offline review"):
        script = "\n".join(jobs[name]["script"]).replace("$to", "reviewed/$GATEPRINT_ENVIRONMENT")
        reports = jobs[name]["artifacts"]["reports"].values()
        assert [each for each in reports if f"={each}" not in script] == []


@pytest.mark.parametrize(("file", "command"), sorted(set(commands())))
def test_every_command_is_one_that_the_program_knows(file: str, command: str) -> None:
    words = words_of(command)
    verb: click.Command = gateprint
    while isinstance(verb, click.Group):
        name = words.pop(0)
        assert name in verb.commands, f"{file}: there is no verb {name}"
        verb = verb.commands[name]
    known = {option for each in verb.params for option in each.opts}
    assert {each for each in words if each.startswith("--")} <= known
