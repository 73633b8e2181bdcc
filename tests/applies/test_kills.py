"""kill -9 of gateprint, of Terraform and of both, at every step of an apply; then a resume.

`terraform_data` cannot be imported, so what Terraform had made and not yet written into the state
when it was killed is made once more: `LOST` says of each point what that is. What is imported
instead, with the AWS provider, is in `test_kills_with_aws.py`.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateprint.terraform.runs.folder import RunFolder
from gateprint.terraform.runs.journal import read_journal
from gateprint.workflow.apply import Wanted
from gateprint.workflow.progress import Silent
from tests.support.estate import Applying, Estate, Resources, appending, waiting_for
from tests.support.held_terraform import wait_for

pytestmark = pytest.mark.terraform

LINES = ["first", "second", "third"]


@dataclass(frozen=True, slots=True)
class Scene:
    """An apply of one stack, and the folder of what its resources do."""

    estate: Estate
    name: str
    home: Path

    @property
    def stack(self) -> str:
        return f"{self.name}-local"

    @property
    def state_key(self) -> str:
        return f"/gateprint/{self.stack}.tfstate"

    def stacks(self) -> dict[str, Resources]:
        """Three resources, one after the other; the second one waits for a file `go`."""
        wait = waiting_for(self.home / "go", self.home / "begun")
        lines = self.home / "lines"
        second = {**appending(lines, "second", wait), "depends_on": ["terraform_data.first"]}
        third = {**appending(lines, "third"), "depends_on": ["terraform_data.second"]}
        return {self.stack: {"first": appending(lines, "first"), "second": second, "third": third}}

    def go(self) -> None:
        """Let the second resource be made."""
        (self.home / "go").touch()

    def lines(self) -> list[str]:
        """Return what was done."""
        path = self.home / "lines"
        return path.read_text().split() if path.exists() else []


Reached = Callable[[Applying], None]


@dataclass(frozen=True, slots=True)
class Held:
    """An apply that stands still at a point: how to wait for it, and what comes afterwards.

    `go_on` is for a Terraform that lives, `forget` for one that is dead.
    """

    wait: Reached
    go_on: Callable[[], None]
    forget: Callable[[], None]


Point = Callable[[Scene], AbstractContextManager[Held]]


@contextmanager
def _command(scene: Scene, word: str) -> Iterator[Held]:
    terraform = scene.estate.terraform
    terraform.hold(word)
    scene.go()

    def let_go() -> None:
        terraform.let_go(word)

    def wait(applying: Applying) -> None:
        terraform.wait(word)
        if word == "apply":
            applying.wait_for_event("applying")

    yield Held(wait, let_go, let_go)
    let_go()


@contextmanager
def _request(scene: Scene, method: str, ending: str, *, after: bool = False) -> Iterator[Held]:
    scene.go()
    with scene.estate.cloud.gate(method, ending, is_answered=after) as gate:
        yield Held(lambda _: gate.wait(), gate.open, gate.drop)


def before_init(scene: Scene) -> AbstractContextManager[Held]:
    """Terraform is there, and has done nothing."""
    scene.estate.forget_init()
    return _command(scene, "init")


def during_init(scene: Scene) -> AbstractContextManager[Held]:
    """Terraform asks the bucket for its workspaces while it prepares."""
    scene.estate.forget_init()
    return _request(scene, "GET", "prefix=env:/")


def before_the_plan(scene: Scene) -> AbstractContextManager[Held]:
    """A resume is about to plan what is left."""
    return _command(scene, "plan")


def before_the_lock(scene: Scene) -> AbstractContextManager[Held]:
    """The journal says `applying`; Terraform has not begun."""
    return _command(scene, "apply")


def asking_for_the_lock(scene: Scene) -> AbstractContextManager[Held]:
    """The request that takes the lock is on its way."""
    return _request(scene, "PUT", f"{scene.state_key}.tflock")


def taking_the_lock(scene: Scene) -> AbstractContextManager[Held]:
    """The lock is there, nothing is changed, and not even Terraform knows yet."""
    return _request(scene, "PUT", f"{scene.state_key}.tflock", after=True)


@contextmanager
def in_a_resource(scene: Scene) -> Iterator[Held]:
    """The first resource is made, the second one is being made."""
    begun = scene.home / "begun"
    yield Held(lambda _: wait_for(begun.exists, "the second resource"), scene.go, scene.go)


def before_the_state(scene: Scene) -> AbstractContextManager[Held]:
    """All resources are made, the state is not written."""
    return _request(scene, "PUT", scene.state_key)


def after_the_state(scene: Scene) -> AbstractContextManager[Held]:
    """The state is written, and Terraform does not know yet."""
    return _request(scene, "PUT", scene.state_key, after=True)


def before_the_unlock(scene: Scene) -> AbstractContextManager[Held]:
    """The state is written, the lock still there."""
    return _request(scene, "DELETE", f"{scene.state_key}.tflock")


def after_the_unlock(scene: Scene) -> AbstractContextManager[Held]:
    """The lock is gone, and Terraform does not know yet; the journal does not say `applied`."""
    return _request(scene, "DELETE", f"{scene.state_key}.tflock", after=True)


def before_the_record(scene: Scene) -> AbstractContextManager[Held]:
    """The journal says `applied`; the state bucket has no record of it."""
    return _request(scene, "PUT", f"/gateprint/applied/{scene.stack}/")


def after_the_record(scene: Scene) -> AbstractContextManager[Held]:
    """The state bucket has the record; the journal does not say so."""
    return _request(scene, "PUT", f"/gateprint/applied/{scene.stack}/", after=True)


# What is made once more, as Terraform was killed before it wrote it into the state.
NOTHING: tuple[str, ...] = ()
LOST: Mapping[Point, tuple[str, ...]] = {
    in_a_resource: ("first",),
    before_the_state: ("first", "second", "third"),
}
WITH_TERRAFORM: tuple[Point, ...] = (
    before_init,
    during_init,
    before_the_lock,
    asking_for_the_lock,
    taking_the_lock,
    in_a_resource,
    before_the_state,
    after_the_state,
    before_the_unlock,
    after_the_unlock,
)
OF_GATEPRINT: tuple[Point, ...] = (
    before_init,
    before_the_lock,
    in_a_resource,
    before_the_state,
    after_the_unlock,
    before_the_record,
    after_the_record,
)
OF_TERRAFORM: tuple[Point, ...] = (before_init, taking_the_lock, in_a_resource, before_the_unlock)
IN_A_RESUME: tuple[Point, ...] = (before_the_plan, taking_the_lock, after_the_state)


def _scene(estate: Estate, home: Path, point: Point, victim: str) -> Scene:
    return Scene(estate, f"{victim}-{point.__name__.replace('_', '-')}", home)


def _names(points: Sequence[Point]) -> list[str]:
    return [each.__name__ for each in points]


@pytest.mark.parametrize("point", WITH_TERRAFORM, ids=_names(WITH_TERRAFORM))
def test_gateprint_and_terraform_are_killed(point: Point, estate: Estate, tmp_path: Path) -> None:
    scene = _scene(estate, tmp_path, point, "both")
    run = estate.planned(scene.name, scene.stacks())
    _kill_both(scene, estate.start(run), point)
    _is_completed(scene, run, LOST.get(point, NOTHING))


@pytest.mark.parametrize("point", OF_GATEPRINT, ids=_names(OF_GATEPRINT))
def test_gateprint_is_killed_and_terraform_goes_on(
    point: Point, estate: Estate, tmp_path: Path
) -> None:
    scene = _scene(estate, tmp_path, point, "gateprint")
    run = estate.planned(scene.name, scene.stacks())
    applying = estate.start(run)
    with point(scene) as held:
        held.wait(applying)
        applying.kill()
        held.go_on()
        _is_completed(scene, run, NOTHING)


@pytest.mark.parametrize("point", OF_TERRAFORM, ids=_names(OF_TERRAFORM))
def test_terraform_is_killed_and_gateprint_says_so(
    point: Point, estate: Estate, tmp_path: Path
) -> None:
    scene = _scene(estate, tmp_path, point, "terraform")
    run = estate.planned(scene.name, scene.stacks())
    applying = estate.start(run)
    with point(scene) as held:
        held.wait(applying)
        os.kill(estate.terraform.commands[-1].pid, signal.SIGKILL)
        done = applying.finish() if point is in_a_resource else None
        held.forget()
        done = done or applying.finish()
    assert done.code == 4, done.output
    assert "killed" in done.output
    _is_completed(scene, run, LOST.get(point, NOTHING))


@pytest.mark.parametrize("point", IN_A_RESUME, ids=_names(IN_A_RESUME))
def test_a_resume_is_killed_as_well(point: Point, estate: Estate, tmp_path: Path) -> None:
    scene = _scene(estate, tmp_path, point, "resume")
    run = estate.planned(scene.name, scene.stacks())
    _kill_both(scene, estate.start(run), in_a_resource)
    _kill_both(scene, estate.start(run, "--resume"), point)
    _is_completed(scene, run, LOST[in_a_resource])


def _kill_both(scene: Scene, applying: Applying, point: Point) -> None:
    with point(scene) as held:
        held.wait(applying)
        applying.kill()
        scene.estate.terraform.kill(scene.estate.terraform.commands[-1].pid)
        held.forget()


def _is_completed(scene: Scene, run: RunFolder, lost: Sequence[str]) -> None:
    """See that the state can be read, and that a resume ends the work and leaves nothing."""
    estate = scene.estate
    assert estate.state(scene.stack).get("version", 4) == 4
    done = estate.apply_here(run, Wanted(is_resumed=True, lock_seconds=20))
    assert done.code == 0, done.outcomes
    assert not estate.is_locked(scene.stack)
    assert sorted(scene.lines()) == sorted([*LINES, *lost])
    assert len(estate.state(scene.stack)["resources"]) == len(LINES)
    assert not (estate.root / ".gateprint" / "work" / run.path.name).exists()
    assert estate.is_planned_empty(f"{scene.name}-next", scene.stacks())
    ends = [each for each in read_journal(run.journal) if each["event"] == "apply-ended"]
    assert ends[-1]["code"] == 0


class _Told(Silent):
    """Keeps what is said."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, text: str) -> None:
        self.lines.append(text)


@pytest.mark.parametrize("is_noted", [True, False], ids=["noted", "not-noted"])
def test_a_terraform_that_still_works_is_waited_for(
    is_noted: bool, estate: Estate, tmp_path: Path
) -> None:
    """It is not noted where gateprint was killed just after it had started Terraform."""
    scene = Scene(estate, "noted" if is_noted else "not-noted", tmp_path)
    run, told = estate.planned(scene.name, scene.stacks()), _Told()
    applying = estate.start(run)
    with in_a_resource(scene) as held, ThreadPoolExecutor() as pool:
        held.wait(applying)
        applying.kill()
        if not is_noted:
            _forget(run, "applying", "lock")
        done = pool.submit(estate.apply_here, run, Wanted(is_resumed=True), told)
        wait_for(lambda: any("still works; waiting" in line for line in told.lines), "it", 20)
        begun = len(estate.terraform.commands)
        time.sleep(1)
        assert len(estate.terraform.commands) == begun
        held.go_on()
        assert done.result().outcomes[scene.stack].outcome == "nothing"
    _is_completed(scene, run, NOTHING)


def _forget(run: RunFolder, *events: str) -> None:
    lines = run.journal.read_text().splitlines(keepends=True)
    kept = [line for line in lines if json.loads(line)["event"] not in events]
    run.journal.write_text("".join(kept))


def test_somebody_elses_lock_is_not_released_after_a_kill(estate: Estate, tmp_path: Path) -> None:
    scene = Scene(estate, "foreign", tmp_path)
    run = estate.planned(scene.name, scene.stacks())
    _kill_both(scene, estate.start(run), before_the_lock)
    estate.lock(scene.stack, "11111111-2222-3333-4444-555555555555", "ci@builder")
    done = estate.apply(run, "--resume", "--lock-timeout", "1")
    assert done.code == 4
    assert "ci@builder" in done.output
    assert estate.is_locked(scene.stack)
    assert scene.lines() == []
