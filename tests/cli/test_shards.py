"""The stacks of real inputs as shards, with and without earlier runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from gateprint.cli.shards import shards
from gateprint.errors import ToolFailed
from gateprint.terraform.runs.folder import make_run, write_private
from gateprint.terraform.runs.record import run_json
from gateprint.terraform.shards.manifest import manifest_json
from gateprint.workflow.inputs import Inputs, load
from gateprint.workflow.places import Places
from gateprint.workflow.shards import (
    manifest_for,
    past_seconds,
    read_shards,
    shard_of,
    shards_of,
)
from tests.terraform.runs.made import made_run, planned


def printed(*words: str) -> str:
    """Run `shards`, which must succeed."""
    done = CliRunner().invoke(shards, words, standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done.stdout


@pytest.fixture
def inputs(project: Path) -> Inputs:
    return load(Places())


def a_run(path: Path, **seconds: float) -> None:
    folder = make_run(path)
    stacks = [planned(name.replace("_", "-"), seconds=each) for name, each in seconds.items()]
    write_private(folder.journal, "")
    write_private(folder.run_json, run_json(made_run(stacks)))


def test_all_stacks_are_divided_and_what_needs_another_is_beside_it(inputs: Inputs) -> None:
    manifest = shards_of(inputs, 3)
    assert manifest.first == ("account-nonprod", "account-prod")
    assert manifest.stacks == (
        *manifest.first,
        *("orders-nonprod", "orders-prod", "pets-nonprod", "pets-prod"),
    )
    # In prod, orders adds a policy to a role that pets has.
    places = {name: each.index for each in manifest.shards for name in each.stacks}
    assert places["orders-prod"] == places["pets-prod"]


def test_every_machine_makes_the_same_shards_without_a_file(inputs: Inputs) -> None:
    assert manifest_for(inputs, "1/3") == manifest_for(inputs, "2/3") == shards_of(inputs, 3)


def test_a_manifest_is_written_and_read(inputs: Inputs, tmp_path: Path) -> None:
    file = tmp_path / "shards.json"
    written = shards_of(inputs, 2, file=file)
    assert manifest_for(inputs, "2/2", file) == read_shards(file) == written
    assert shard_of(written, "2/2").manifest == written.digest


@pytest.mark.parametrize("choice", ["1/3", "4/4"])
def test_a_shard_of_another_manifest_is_refused(
    choice: str, inputs: Inputs, tmp_path: Path
) -> None:
    shards_of(inputs, 2, file=tmp_path / "shards.json")
    with pytest.raises(ValueError, match="and the manifest has 2"):
        manifest_for(inputs, choice, tmp_path / "shards.json")


def test_a_manifest_of_other_stacks_is_refused(inputs: Inputs, tmp_path: Path) -> None:
    fewer = Inputs(inputs.environments, inputs.blueprints[1:])
    file = tmp_path / "shards.json"
    file.write_text(manifest_json(shards_of(fewer, 2)), encoding="utf-8")
    with pytest.raises(ToolFailed, match="made for other stacks"):
        manifest_for(inputs, "1/2", file)


@pytest.mark.parametrize("text", [None, "{}"])
def test_what_is_no_manifest_is_said(text: str | None, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "shards.json").write_text(text, encoding="utf-8")
    with pytest.raises(ToolFailed, match=r"shards\.json"):
        read_shards(tmp_path / "shards.json")


def test_the_newest_run_of_a_stack_tells_how_long_it_takes(tmp_path: Path) -> None:
    a_run(tmp_path / "20260101-000000-aaaa", pets_prod=5.0, orders_prod=1.0)
    a_run(tmp_path / "20260102-000000-aaaa", pets_prod=7.0, orders_prod=0.0)
    write_private(tmp_path / "20260103-000000-aaaa" / "journal.jsonl", "")
    assert past_seconds(tmp_path) == {"pets-prod": 7.0, "orders-prod": 1.0}
    assert past_seconds(tmp_path / "none") == {}


def test_the_verb_makes_a_manifest_once_and_reads_it_for_every_engine(project: Path) -> None:
    made = printed("--number", "2", "--format", "json")
    assert made == (project / "shards.json").read_text(encoding="utf-8")
    assert printed("--format", "json") == made
    jobs = printed("--format", "kubernetes", "--jobs", "apply", "--environment", "prod")
    assert "gateprint apply /runs/run" in jobs
    assert "--environment prod" in jobs


def test_the_verb_reads_no_manifest_that_is_not_there(project: Path) -> None:
    with pytest.raises(ToolFailed, match=r"shards\.json cannot be read"):
        printed()
