"""Publishing anew without Terraform: what is applied, what is refused, and what is written down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from gateprint.errors import ToolFailed
from gateprint.terraform.applying import Applied, Applier, Place
from gateprint.terraform.process import Interrupted
from gateprint.terraform.republishing import Republication
from gateprint.terraform.runner import Pace
from gateprint.terraform.runs.folder import RunFolder
from gateprint.terraform.runs.standing import Standing
from tests.terraform.plans.documents import change, document
from tests.terraform.runs.made import planned

DEV = "aws_api_gateway_deployment.a_dev"
API = {"rest_api_id": "a1"}
RENEWED = change(DEV, ["create", "delete"], before=API, after=API)
APPROVED = document(RENEWED, change("aws_api_gateway_method.a", ["delete"], before=API))
NARROW = document(RENEWED)
WIDE = document(RENEWED, change("aws_iam_role.b", ["update"], before={}, after={}))


@dataclass
class FakeRunner:
    """Terraform that plans what it is told, and remembers for what it was asked."""

    fresh: dict[str, Any]
    failure: Exception | None = None
    replaced: list[Sequence[str]] = field(default_factory=list)

    def init(self) -> None:
        """Do nothing."""

    def show(self, plan: str = "") -> dict[str, Any]:
        return APPROVED if plan else self.fresh

    def plan(self, *, replace: Sequence[str]) -> None:
        self.replaced.append(replace)
        if self.failure:
            raise self.failure


@dataclass
class FakeApplier:
    """Applies nothing, and remembers what happened; it is its own journal."""

    folder: RunFolder
    terraform: FakeRunner
    outcome: Applied = field(default_factory=lambda: Applied("applied", 2.0))
    events: list[dict[str, Any]] = field(default_factory=list)
    applied: int = 0
    settled: int = 0

    @property
    def journal(self) -> FakeApplier:
        return self

    def add(self, event: str, **fields: Any) -> None:
        self.events.append({"event": event, **fields})

    def unpublished(self, _stack: object) -> tuple[str, ...]:
        return (DEV,)

    @contextmanager
    def place(self, _stack: object, name: str) -> Iterator[Place]:
        yield Place(self.folder.path / name, set())

    def runner(self, *_: object) -> FakeRunner:
        return self.terraform

    def carry_out(self, *_: object) -> Applied:
        self.applied += 1
        return self.outcome

    def settle(self, *_: object) -> None:
        self.settled += 1


@dataclass
class Scene:
    applier: FakeApplier
    said: list[str] = field(default_factory=list)

    def complete(self, standing: Standing, found: Applied) -> Applied:
        fake = self.applier
        work = Republication(cast("Applier", fake), fake.settle, self.said.append)
        return work.complete(planned("a-prod"), standing, found, Pace())


def scene(path: Path, fresh: dict[str, Any] = NARROW, **more: Any) -> Scene:
    return Scene(FakeApplier(RunFolder(path), FakeRunner(fresh), **more))


DONE = Applied("applied", 3.0)
CUT_OFF = Standing("applied", unpublished=(DEV,))


def test_deployments_are_made_anew_right_after_an_apply(tmp_path: Path) -> None:
    at = scene(tmp_path)
    found = at.complete(Standing(), DONE)
    assert (found.outcome, found.seconds) == ("applied", 5.0)
    assert (at.applier.terraform.replaced, at.applier.applied) == ([(DEV,)], 1)
    assert [(each["event"], each["outcome"]) for each in at.applier.events] == [
        ("republished", "applied")
    ]
    assert at.said == ["a-prod: published anew (a_dev): what was removed is out of it"]
    assert at.applier.settled == 0


def test_a_resume_first_waits_for_what_was_left(tmp_path: Path) -> None:
    at = scene(tmp_path)
    assert at.complete(CUT_OFF, Applied("nothing")).is_well
    assert (at.applier.settled, at.applier.applied) == (1, 1)


@pytest.mark.parametrize(
    ("standing", "found"),
    [
        (Standing("applied"), Applied("nothing")),
        (Standing(), Applied("failed", problem="AWS says no")),
        (Standing(), Applied("interrupted")),
        (Standing("refused"), Applied("refused", problem="no")),
    ],
)
def test_otherwise_nothing_is_done(standing: Standing, found: Applied, tmp_path: Path) -> None:
    at = scene(tmp_path)
    assert at.complete(standing, found) is found
    assert (at.applier.events, at.applier.applied, at.said) == ([], 0, [])


def test_a_plan_that_would_do_more_is_not_applied(tmp_path: Path) -> None:
    at = scene(tmp_path, WIDE)
    found = at.complete(Standing(), DONE)
    assert (found.outcome, at.applier.applied, at.said) == ("failed", 0, [])
    assert found.problem == (
        "what was removed is still served, until gateprint apply --resume has gone on: publishing "
        "it anew would do more than was approved: aws_iam_role.b: update was not approved"
    )
    (event,) = at.applier.events
    assert (event["outcome"], event["problem"]) == ("failed", found.problem)


@pytest.mark.parametrize(
    ("failure", "outcome", "problem"),
    [
        (ToolFailed("Terraform cannot plan a-prod", "", "throttled"), "failed", "throttled"),
        (Interrupted(), "interrupted", ""),
    ],
)
def test_what_goes_wrong_before_the_apply_is_told(
    failure: Exception, outcome: str, problem: str, tmp_path: Path
) -> None:
    at = scene(tmp_path)
    at.applier.terraform.failure = failure
    found = at.complete(CUT_OFF, Applied("nothing"))
    assert (found.outcome, found.problem.endswith(problem)) == (outcome, True)
    assert at.applier.applied == 0


@pytest.mark.parametrize("outcome", ["failed", "refused"])
def test_an_apply_that_does_not_end_well_says_what_is_still_served(
    outcome: Any, tmp_path: Path
) -> None:
    at = scene(tmp_path, outcome=Applied(outcome, 1.0, "throttled"))
    found = at.complete(Standing(), DONE)
    assert found.outcome == "failed"
    assert found.problem.startswith("what was removed is still served")
