"""API Gateway's quotas hold back a real apply, change by change: here, deployments of one API."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gateprint.terraform.applying import Applied, Applier
from gateprint.terraform.capacity import Capacity
from gateprint.terraform.led import can_lead
from gateprint.terraform.process import Interruption
from gateprint.terraform.runner import Pace
from gateprint.terraform.runs.journal import Journal
from gateprint.workflow.applies_at_once import apply_at_once, works_of
from gateprint.workflow.places import Places
from gateprint.workflow.plan import tools_of
from gateprint.workflow.progress import Silent
from gateprint.workflow.review import masked_plan
from tests.applies.tiny import Tiny, blueprint, in_cloud, tiny_estate

pytestmark = [
    pytest.mark.terraform,
    pytest.mark.cdktf,
    pytest.mark.skipif(not can_lead(), reason="needs pipes that hold one event: Linux"),
]

STACK = "paced-local"
_BETWEEN_SECONDS = 5


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tiny]:
    """One API with two stages, and so two deployments."""
    text = blueprint("paced").replace(
        "  dev: {environment: nonprod}\n",
        "  dev: {environment: nonprod}\n  test: {environment: nonprod}\n",
    )
    with tiny_estate(tmp_path_factory.mktemp("paced") / "project", paced=text) as tiny:
        yield tiny


def test_two_deployments_of_one_stack_are_five_seconds_apart(
    tiny: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tiny.estate.root)
    folder = tiny.plan("paced", STACK)
    run, environ = folder.read(), {**os.environ, **tiny.estate.environ}
    tools = tools_of(Places(Path()), environ, Silent())
    interruption, journal = Interruption(lambda _: None), Journal(folder.journal)
    applier = Applier(tools, folder, run, journal, interruption, 60, lambda _: "")
    plans = {STACK: masked_plan(folder, run.stack(STACK))}
    # As in a real account: the embedded cloud has no quotas, and is asked as if it had.
    works = works_of(run.planned, plans, rehearsed=())

    def act(pace: Pace) -> Applied:
        return applier.apply(run.stack(STACK), pace)

    found = dict(apply_at_once(works, {STACK: act}, Capacity(), interruption, Silent()))
    assert replace(found[STACK], seconds=0.0) == Applied("applied")
    (api,) = in_cloud(tiny.estate, STACK).apis
    gateway = tiny.estate.project.client("apigateway")
    times = sorted(each["createdDate"] for each in gateway.get_deployments(restApiId=api)["items"])
    assert len(times) == 2
    # The cloud tells whole seconds.
    assert (times[1] - times[0]).total_seconds() >= _BETWEEN_SECONDS - 1
