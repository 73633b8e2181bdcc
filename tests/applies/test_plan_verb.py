"""`gateprint plan` from the blueprints on, with the AWS provider: what it says, and its codes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from gateprint.terraform.runs.folder import RunFolder
from tests.applies.tiny import Tiny, tiny_estate
from tests.support.estate import BUCKET, Estate
from tests.support.project import Finished

pytestmark = [pytest.mark.terraform, pytest.mark.cdktf]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tiny]:
    with tiny_estate(tmp_path_factory.mktemp("tiny") / "project", "pets") as tiny:
        yield tiny


@dataclass(frozen=True, slots=True)
class First:
    """The first plan: an account's own stack, one of a blueprint, and one without."""

    estate: Estate
    done: Finished
    run: RunFolder


@pytest.fixture(scope="module")
def first(tiny: Tiny) -> First:
    estate = tiny.estate
    _put(estate, "old-local", "{}")
    done = estate.gateprint("plan", "--out", "runs/first", "--parallel", "1")
    return First(estate, done, RunFolder(estate.root / "runs" / "first"))


def _put(estate: Estate, stack: str, text: str) -> str:
    """Write a stack's state; return its ETag."""
    s3 = estate.project.client("s3")
    key = f"gateprint/{stack}.tfstate"
    etag: str = s3.put_object(Bucket=BUCKET, Key=key, Body=text.encode())["ETag"]
    return etag.strip('"')


def test_stacks_that_were_never_applied_are_planned(first: First) -> None:
    assert first.done.code == 0, first.done.output
    found = {each.stack: each for each in first.run.read().stacks}
    assert {name: each.decision for name, each in found.items()} == {
        "account-local": "planned",
        "pets-local": "planned",
    }
    assert found["pets-local"].needs == ("account-local",)
    assert found["pets-local"].changes["aws_api_gateway_rest_api"] == {"create": 1}


def test_the_text_says_what_is_to_be_done_and_what_comes_next(first: First) -> None:
    lines = [line.strip() for line in first.done.output.splitlines()]
    assert "pets-local      9 to create" in lines
    assert lines[-1] == "review it: gateprint review runs/first"


def test_a_stack_without_a_blueprint_is_said_to_be_an_orphan(first: First) -> None:
    assert "old-local has state, but no blueprint in local" in first.done.output
    assert [each.stack for each in first.run.read().orphans] == ["old-local"]


def test_a_run_names_no_folder_of_this_machine(first: First) -> None:
    text = first.run.run_json.read_text() + first.run.report.read_text()
    assert str(first.estate.root) not in text


def test_what_was_applied_is_unchanged_and_costs_no_terraform(first: First) -> None:
    for each in first.run.read().stacks:
        etag = _put(first.estate, each.stack, f'{{"version": 4, "lineage": "{each.stack}"}}')
        _record(first.estate, each.stack, each.configuration, etag)
    before = len(first.estate.terraform.commands)
    # What was synthesized and proved before needs neither Node nor git.
    bare = replace(first.estate, more={**first.estate.more, "PATH": ""})
    done = bare.gateprint("plan", "--format", "json", "--out", "runs/second")
    assert done.code == 0, done.output
    found = json.loads(done.output[done.output.index("{") :])
    assert {each["stack"]: each["outcome"] for each in found["stacks"]} == {
        "account-local": "unchanged",
        "pets-local": "unchanged",
    }
    assert "synthesizing" not in done.output
    assert len(first.estate.terraform.commands) == before
    text = first.estate.gateprint("plan").output
    assert "2 unchanged: what was applied last is what is wanted" in text
    assert "nothing to apply" in text


def _record(estate: Estate, stack: str, digest: str, etag: str) -> None:
    key = f"gateprint/applied/{stack}/{digest}-{etag}"
    estate.project.client("s3").put_object(Bucket=BUCKET, Key=key, Body=b"")


def test_one_stack_is_chosen_by_its_name(first: First) -> None:
    done = first.estate.gateprint("plan", "account-local", "--out", "runs/one")
    assert done.code == 0, done.output
    run = RunFolder(first.estate.root / "runs" / "one").read()
    assert [each.stack for each in run.stacks] == ["account-local"]


def test_a_stack_that_there_is_not_is_a_wrong_command_line(first: First) -> None:
    done = first.estate.gateprint("plan", "pet-local")
    assert done.code == 2
    assert 'there is no stack "pet-local"' in done.output
    assert "did you mean pets-local?" in done.output


def test_a_folder_that_is_there_is_not_written_into(first: First) -> None:
    done = first.estate.gateprint("plan", "--all", "account-local", "--out", "runs/first")
    assert done.code == 4
    assert "runs/first is there already" in done.output


def test_a_bucket_that_is_not_there_is_said(first: First) -> None:
    config = first.estate.root / "config" / "local.yaml"
    text = config.read_text()
    try:
        config.write_text(text.replace(BUCKET, "no-such-bucket"))
        done = first.estate.gateprint("plan", "--out", "runs/no-bucket")
    finally:
        config.write_text(text)
    assert done.code == 4
    assert "no-such-bucket" in done.output
    assert "gateprint state init" in done.output
    assert not (first.estate.root / "runs" / "no-bucket").exists()


def test_a_review_refuses_what_is_too_severe_unless_the_threshold_is_higher(first: First) -> None:
    refused = first.estate.gateprint("review", "runs/first")
    assert refused.code == 3
    assert "[public-route-added]" in refused.output
    assert "      = fix: mend it and plan again; or accept a finding" in refused.output
    passed = first.estate.gateprint("review", "runs/first", "--threshold", "critical")
    assert passed.code == 0, passed.output
    assert json.loads(first.run.review.read_text())["verdict"] == "passed"


def test_a_review_refuses_plans_of_blueprints_that_have_changed_since(first: First) -> None:
    path = first.estate.root / "blueprints" / "pets.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("pong", "pang"), encoding="utf-8")
    done = first.estate.gateprint("review", "runs/first", "--threshold", "critical")
    path.write_text(text, encoding="utf-8")
    assert done.code == 3
    said = " ".join(done.output.split())
    assert "pets-local: its blueprint has changed since it was planned; plan again" in said
    assert json.loads(first.run.review.read_text())["verdict"] == "refused"
