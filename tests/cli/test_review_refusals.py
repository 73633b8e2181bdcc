"""`review` refuses a run that is not what was planned, or not what the blueprints say any more."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateprint.cli.main import run as run_verb
from gateprint.errors import ToolFailed
from gateprint.review.finding import Severity
from gateprint.review.review import Review
from gateprint.terraform.runs.folder import RunFolder
from gateprint.terraform.runs.journal import read_journal
from gateprint.terraform.runs.review_reports import SHORT, current_verdict, kept_report
from gateprint.terraform.runs.verdict import objection, read_verdict
from gateprint.workflow.comments.of_run import review_of_run
from gateprint.workflow.inputs import load
from gateprint.workflow.progress import Silent
from gateprint.workflow.review import review
from gateprint.workflow.synthesis import Synthesized, synthesized
from tests.cli.small_project import PETS, STACK, SmallProject, make_small_project
from tests.support.planned_run import NOTHING, Planned, write_run

pytestmark = pytest.mark.cdktf
FASTER = PETS.replace("rate: 100", "rate: 200")
RENAMED = PETS.replace("pets", "cats")


@dataclass(frozen=True, slots=True)
class Shop(SmallProject):
    """The project, which is synthesized once for each text that its blueprint gets."""

    def planned(self, name: str, problem: str = "") -> RunFolder:
        """Write a run in which the stack is new; with a `problem`, one that failed."""
        made = synthesized(load(self.places), self.places, dict(os.environ), lambda _: None)
        stacks = [self._planned(each, problem) for each in made]
        return write_run(self.root / "runs" / name, stacks, "nonprod")

    @staticmethod
    def _planned(made: Synthesized, problem: str) -> Planned:
        is_it, where = made.stack.name == STACK, made.stack.environment
        before = NOTHING if is_it else None
        what = problem if is_it else ""
        place = (where.name, where.account, where.region)
        return Planned(made.stack.name, *place, made.files, before, what)

    def review(self, run: RunFolder, threshold: Severity = "critical") -> Review:
        """Review a run."""
        return review(run, self.places, dict(os.environ), Silent(), threshold)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_small_project(tmp_path_factory.mktemp("shop")).root


@pytest.fixture
def shop(prepared: Path) -> Iterator[Shop]:
    found = Shop(prepared)
    found.says(PETS)
    yield found
    shutil.rmtree(prepared / "runs", ignore_errors=True)


def _append(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


def _other_configuration(run: RunFolder, _shop: Shop) -> None:
    _append(run.stack(STACK).configuration / "cdk.tf.json")


def _other_saved_plan(run: RunFolder, _shop: Shop) -> None:
    run.stack(STACK).saved_plan.write_bytes(b"another plan")


def _other_masked_plan(run: RunFolder, _shop: Shop) -> None:
    _append(run.stack(STACK).plan_json)


def _other_lock(run: RunFolder, _shop: Shop) -> None:
    _append(run.stack(STACK).lock_file)


def _no_saved_plan(run: RunFolder, _shop: Shop) -> None:
    run.stack(STACK).saved_plan.unlink()


def _other_blueprint(_run: RunFolder, shop: Shop) -> None:
    shop.says(FASTER)


def _no_blueprint(_run: RunFolder, shop: Shop) -> None:
    shop.says(RENAMED)


FAULTS: dict[str, tuple[Callable[[RunFolder, Shop], None], str]] = {
    "its configuration": (
        _other_configuration,
        "pets-nonprod: its configuration was edited after it was planned",
    ),
    "its saved plan": (
        _other_saved_plan,
        "pets-nonprod: its saved plan is not the one that was made",
    ),
    "its masked plan": (
        _other_masked_plan,
        "pets-nonprod: its masked plan is not the one that was made",
    ),
    "its lock file": (
        _other_lock,
        "pets-nonprod: its lock file is not the one that it was planned with",
    ),
    "a file that is gone": (
        _no_saved_plan,
        "pets-nonprod: a file of the run cannot be read: No such file or directory",
    ),
    "the blueprint": (
        _other_blueprint,
        "pets-nonprod: its blueprint has changed since it was planned; plan again",
    ),
    "a blueprint that is gone": (
        _no_blueprint,
        "pets-nonprod is no longer in the blueprints; plan again",
    ),
}


def test_a_run_as_it_was_planned_passes_and_may_be_applied(shop: Shop) -> None:
    run = shop.planned("sound")
    found = shop.review(run)
    assert (found.verdict, found.reasons, found.counted.changed) == ("passed", (), 1)
    assert objection(run) == ""


@pytest.mark.parametrize("name", FAULTS)
def test_a_change_since_the_plan_refuses_the_run(name: str, shop: Shop) -> None:
    act, reason = FAULTS[name]
    run = shop.planned("changed")
    act(run, shop)
    found = shop.review(run)
    assert (found.verdict, found.reasons) == ("refused", (reason,))
    assert objection(run) == f"the review refused this run: {reason}"


def test_a_run_with_a_stack_that_could_not_be_planned_is_refused(shop: Shop) -> None:
    run = shop.planned("failed", problem="Error: no credentials")
    assert shop.review(run).reasons == ("pets-nonprod could not be planned",)


def test_a_masked_plan_that_nobody_can_read_ends_the_review_without_a_verdict(shop: Shop) -> None:
    run = shop.planned("torn")
    run.stack(STACK).plan_json.write_text('{"resource_changes": [', encoding="utf-8")
    with pytest.raises(ToolFailed, match=r"the plan of pets-nonprod in .* cannot be read"):
        shop.review(run)
    assert read_verdict(run) is None


def test_a_refusal_replaces_the_verdict_that_passed(shop: Shop) -> None:
    run = shop.planned("again")
    shop.review(run)
    _other_lock(run, shop)
    shop.review(run)
    assert "its lock file" in objection(run)
    told = [each["verdict"] for each in read_journal(run.journal)]
    assert told == ["passed", "refused"]


# What it finds in a new stack that outsiders may sign in to.
@pytest.mark.parametrize(
    ("threshold", "verdict"), [("high", "passed"), ("medium", "refused"), ("info", "refused")]
)
def test_findings_as_severe_as_the_threshold_refuse_the_run(
    shop: Shop, threshold: Severity, verdict: str
) -> None:
    found = shop.review(shop.planned("findings"), threshold)
    assert {each.rule.id for each in found.findings} >= {"new-trust"}
    assert found.verdict == verdict
    told = [each for each in found.reasons if each.startswith("new-trust (medium): pets-nonprod: ")]
    assert len(told) == (verdict == "refused")


def test_what_the_verb_says_is_kept_for_the_comment(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shop.planned("kept")
    monkeypatch.chdir(shop.root)
    words = ["--environment", "nonprod", "--format", "markdown"]
    assert run_verb(["review", str(folder.path), *words]) == 0
    printed = capsys.readouterr().out
    assert printed.rstrip() == kept_report(folder, current_verdict(folder), SHORT).rstrip()
    assert review_of_run(folder).review.verdict == "passed"
