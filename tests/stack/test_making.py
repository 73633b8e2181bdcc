"""Many stacks are made by several processes, and are the same as one process makes them."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from gateprint.access.order import prerequisites
from gateprint.errors import ToolFailed
from gateprint.workflow import making
from gateprint.workflow.inputs import Inputs, load
from gateprint.workflow.making import AT_MOST, FEW, make, parts_of, start_cdktf
from gateprint.workflow.packing import archives_of
from gateprint.workflow.places import Places
from gateprint.workflow.synth import manifest_json
from tests.support.project import ROOT

PLACES = Places(ROOT, ROOT / "blueprints", ROOT / "config", ROOT / "lambdas", environment="nonprod")


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return load(PLACES)


def many(inputs: Inputs, count: int) -> Inputs:
    """So many blueprints, without an account's own stack."""
    return replace(inputs, environments=(), blueprints=inputs.blueprints[:1] * count)


@pytest.mark.parametrize(
    ("count", "processors", "sizes"),
    [
        (FEW, 2, [FEW]),
        (FEW + 2, 2, [FEW // 2 + 1] * 2),
        (FEW + 2, 1, [FEW + 2]),
        (AT_MOST + 1, 1, [63, 63]),
        (1000, 2, [125] * 8),
        (1001, 2, [101] + [100] * 9),
    ],
)
def test_parts_are_alike_and_keep_each_processor_busy(
    inputs: Inputs, count: int, processors: int, sizes: list[int]
) -> None:
    parts = parts_of(many(inputs, count), processors)
    assert [len(each.blueprints) for each in parts] == sizes


def test_every_stack_is_in_one_part(inputs: Inputs) -> None:
    parts = parts_of(replace(inputs, blueprints=inputs.blueprints * 10), 3)
    assert len(parts) > 1
    assert sum(len(each.blueprints) for each in parts) == len(inputs.blueprints) * 10
    assert [one for each in parts for one in each.environments] == list(inputs.environments)


def test_a_failure_of_another_process_comes_with_its_words() -> None:
    with pytest.raises(ToolFailed) as failed:
        making._result(("CDKTF cannot", "do this", "because"))
    assert (failed.value.problem, failed.value.remedy, failed.value.detail) == (
        "CDKTF cannot",
        "do this",
        "because",
    )


@pytest.mark.cdktf
def test_other_processes_make_the_same(inputs: Inputs) -> None:
    own = replace(inputs, blueprints=inputs.blueprints[:3], documents={})
    archives = archives_of(own, PLACES)
    here = make(own, archives, os.environ)
    parts = (
        replace(own, blueprints=own.blueprints[:1]),
        replace(own, environments=(), blueprints=own.blueprints[1:]),
    )
    apart = [each.texts for each in making._made(parts, archives, os.environ)]
    assert len(apart) == len(parts)
    assert {name: text for each in apart for name, text in each.items()} == here.texts
    assert "PYTHONOPTIMIZE" not in os.environ


@pytest.mark.cdktf
def test_the_manifest_is_the_one_that_cdktf_writes(tmp_path: Path) -> None:
    inputs = load(replace(PLACES, environment="prod"))
    needed = prerequisites(inputs.blueprints)
    concerned = {*(name for name, first in needed.items() if first), *sum(needed.values(), ())}
    own = replace(
        inputs, blueprints=tuple(each for each in inputs.blueprints if each.stack in concerned)
    )
    names = start_cdktf(os.environ)(
        own.environments, own.blueprints, archives_of(own, PLACES), tmp_path
    )
    of_cdktf = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert any(each["dependencies"] for each in of_cdktf["stacks"].values())
    assert json.loads(manifest_json({name: needed.get(name, ()) for name in names})) == of_cdktf
