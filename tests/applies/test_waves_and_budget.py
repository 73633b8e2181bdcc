"""What a run may break at once: waves that stop, and a budget for what is destroyed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gateprint.errors import Refused
from gateprint.terraform.plans.budget import Budget
from gateprint.terraform.runs.folder import RunFolder, write_private
from gateprint.terraform.runs.record import text_digest
from gateprint.workflow.apply import Wanted
from tests.support.estate import Estate, Resources, appending, reviewed

pytestmark = pytest.mark.terraform

DELETED = "aws_api_gateway_rest_api.pets"


def _canaries(home: Path) -> dict[str, Resources]:
    broken = appending(home / "lines", "a", f"test -e {home}/mended", "[ $? = 0 ] || exit 7")
    others = {f"{name}-wave-local": {"x": appending(home / "lines", name)} for name in "bcd"}
    return {"a-wave-local": {"x": broken}, **others}


def test_a_wave_that_fails_is_the_last_one(estate: Estate, tmp_path: Path) -> None:
    run = estate.planned("waves", _canaries(tmp_path))
    first = estate.apply(run, "--waves")
    assert first.code == 4
    assert "wave 1 of 2\n· applying 1 stack\n" in first.output
    assert "1 failed, 3 skipped" in first.output
    assert "b-wave-local: an earlier wave did not end well" in first.output
    assert not (tmp_path / "lines").exists()
    (tmp_path / "mended").touch()
    second = estate.apply(run, "--waves", "--resume")
    assert second.code == 0, second.output
    lines = (tmp_path / "lines").read_text().split()
    assert (lines[0], sorted(lines)) == ("a", ["a", "b", "c", "d"])


@pytest.fixture(scope="module")
def destroying(estate: Estate, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A reviewed run whose plan says that an API goes; Terraform's own plan does not."""
    lines = tmp_path_factory.mktemp("lines") / "lines"
    run = estate.plan("destroys", {"destroys-local": {"a": appending(lines, "a")}})
    path = run.stack("destroys-local").plan_json
    plan = json.loads(path.read_text())
    own = plan["resource_changes"][0]
    change = {**own["change"], "actions": ["delete"], "before": {}, "after": None}
    gone = {**own, "address": DELETED, "type": "aws_api_gateway_rest_api", "change": change}
    plan["resource_changes"].append(gone)
    before = text_digest(path.read_bytes())
    write_private(path, json.dumps(plan))
    text = run.run_json.read_text().replace(before, text_digest(path.read_bytes()))
    write_private(run.run_json, text)
    return reviewed(run)


def test_a_run_that_destroys_more_than_its_budget_is_refused(
    estate: Estate, destroying: RunFolder
) -> None:
    done = estate.apply(destroying)
    assert done.code == 3
    assert f"destroys-local destroys or replaces {DELETED}" in done.output
    assert "raise the budget by name: --max-destroy KIND=N" in done.output
    for budget in (Budget(), Budget(kinds={"stage": 1}), Budget(total=1, everything=0)):
        with pytest.raises(Refused):
            estate.apply_here(destroying, Wanted(budget=budget))
    assert estate.state("destroys-local") == {}


def test_a_budget_that_is_raised_by_name_lets_it_be(estate: Estate, destroying: RunFolder) -> None:
    assert estate.apply(destroying, "--max-destroy", "api=1").code == 0


def test_a_budget_that_means_nothing_is_a_wrong_command_line(
    estate: Estate, destroying: RunFolder
) -> None:
    done = estate.apply(destroying, "--max-destroy", "apis=1")
    assert done.code == 2
    assert '"apis" is none of api, stage, role, saml-provider, all' in done.output
