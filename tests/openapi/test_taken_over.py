"""A REST API in the embedded cloud becomes a blueprint, and its stack takes it over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.openapi.made_by_hand import ByHand, make_prices
from tests.support.project import Project, make_project

pytestmark = [pytest.mark.terraform, pytest.mark.cdktf]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    project = make_project(tmp_path_factory.mktemp("project"))
    for name in ("orders", "pets"):
        (project.root / "blueprints" / f"{name}.yaml").unlink()
    project.gateprint("local", "start")
    yield project
    project.gateprint("local", "stop")


@pytest.fixture(scope="module")
def prices(project: Project) -> ByHand:
    """The API, imported: its blueprint is in the project, and the import blocks beside it."""
    api = make_prices(project.client("apigateway"))
    words = ("--environment", "local", "--name", "prices", "--out", "blueprints/prices.yaml")
    project.gateprint("import", "aws", api.id, *words, "--imports", "imports.tf.json")
    return api


def test_it_is_the_same_api(project: Project, prices: ByHand):
    project.gateprint("validate", "--environment", "local")
    assert project.read("prices") == {}


def _planned(project: Project) -> Iterator[tuple[str, str]]:
    with project.made_quick("prices-local") as quick:
        text = (project.root / "imports.tf.json").read_text()
        (quick.stack("prices-local") / "imports.tf.json").write_text(text)
        done = quick.terraform("prices-local", "plan", "-out=plan", "-input=false", "-lock=false")
        assert done.code == 0, done.output
        shown = quick.terraform("prices-local", "show", "-json", "plan")
        plan: dict[str, Any] = json.loads(shown.output)
        for each in plan["resource_changes"]:
            yield (
                each["address"],
                each["change"]["actions"],
                "importing" in each["change"],
                each["change"],
            )


def test_its_stack_makes_nothing_that_exists(project: Project, prices: ByHand):
    for each in _planned(project):
        print(
            each[:3],
            {
                k: (v, each[3]["after"].get(k))
                for k, v in (each[3]["before"] or {}).items()
                if each[3]["after"].get(k) != v
            }
            if each[1] != ["no-op"]
            else "",
        )
    assert 0


_ = Path
