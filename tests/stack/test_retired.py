"""The stack of a retired blueprint: provider, backend and tags as always, and nothing else."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from gateprint.model.resolved import Retired
from gateprint.stack.bootstrap import activate
from tests.model.made import SMALL, edited, environment_of, resolved_of
from tests.support.golden import assert_golden
from tests.support.project import ROOT

pytestmark = pytest.mark.cdktf
HOSTILE = '${aws_iam_role.x.arn} %{ if true } "quoted" \\ <b>'
RETIRED = "owner: team-pets\nretired: {reason: it moved, by: team-pets}\n"


@pytest.fixture(scope="module")
def outdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two retired blueprints, the second of which added to the first one's role."""
    activate(dict(os.environ))
    from gateprint.stack.app import synthesize  # noqa: PLC0415

    pets = resolved_of(edited(SMALL, {"name: pets\n": f"name: pets\n{RETIRED}"}))
    said = Retired(HOSTILE, HOSTILE, adds_to=("pets-reader",))
    cats = replace(pets, name="cats", retired=said)
    outdir = tmp_path_factory.mktemp("retired")
    synthesize([environment_of()], [pets, cats], {}, outdir)
    return outdir


def test_golden_stack_is_empty(outdir: Path) -> None:
    text = (outdir / "stacks/pets-nonprod/cdk.tf.json").read_text(encoding="utf-8")
    assert_golden(ROOT / "tests/golden/retired.tf.json", text + "\n")


def test_there_is_nothing_else_in_its_folder(outdir: Path) -> None:
    assert [each.name for each in (outdir / "stacks/pets-nonprod").iterdir()] == ["cdk.tf.json"]


def test_reason_and_person_stay_in_the_file(outdir: Path) -> None:
    pets, cats = (
        (outdir / f"stacks/{name}-nonprod/cdk.tf.json").read_text(encoding="utf-8")
        for name in ("pets", "cats")
    )
    assert cats == pets.replace("pets-nonprod", "cats-nonprod").replace('"pets"', '"cats"')


def test_what_added_to_its_role_is_destroyed_first(outdir: Path) -> None:
    text = (outdir / "manifest.json").read_text(encoding="utf-8")
    before = {name: each["dependencies"] for name, each in json.loads(text)["stacks"].items()}
    assert before == {"account-nonprod": [], "cats-nonprod": [], "pets-nonprod": ["cats-nonprod"]}
