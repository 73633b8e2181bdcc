"""Applies one stack's saved plan, and tells the journal each step before it is taken."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from gateprint.errors import ToolFailed
from gateprint.terraform.configuration import configuration_digest
from gateprint.terraform.events import LOCKED, STALE, Event, has_error
from gateprint.terraform.planning import keep_log, scrubbed_failure, secrets_in
from gateprint.terraform.plans.masking import secrets_of
from gateprint.terraform.plans.plan import TerraformPlan
from gateprint.terraform.plans.republishing import to_republish
from gateprint.terraform.plans.scrubbing import scrubber
from gateprint.terraform.process import Interrupted, Interruption, Running
from gateprint.terraform.runner import PLAN, Finished, Pace, Runner
from gateprint.terraform.runs.folder import RunFolder, StackFolder
from gateprint.terraform.runs.journal import Journal, now
from gateprint.terraform.runs.record import PlannedStack, Run, text_digest
from gateprint.terraform.workspace import EVENTS, Tools, make_workspace, remove_workspace

Outcome = Literal["applied", "nothing", "failed", "interrupted", "refused", "skipped"]
_MASKED = '"(sensitive)"'
# From here on Terraform holds the state's lock.
_LOCKED_EVENTS = {"planned_change", "apply_start", "change_summary"}


@dataclass(frozen=True, slots=True)
class Applied:
    """How the apply of a stack ended, and when; `problem` is empty if well."""

    outcome: Outcome
    seconds: float = 0.0
    problem: str = ""
    at: datetime = field(default_factory=now, compare=False)

    @property
    def is_well(self) -> bool:
        """Tell whether what needs this stack may go on."""
        return self.outcome in {"applied", "nothing"}


@dataclass(slots=True)
class Place:
    """Where Terraform works on a stack, and the secrets that its output may repeat."""

    folder: Path
    secrets: set[str]


@dataclass(frozen=True, slots=True)
class Applier:
    """Applies stacks of one run; may be used by several threads.

    `lock_of` returns the id of the lock that is on a stack's state, empty if there is none.
    """

    tools: Tools
    folder: RunFolder
    run: Run
    journal: Journal
    interruption: Interruption
    lock_seconds: int
    lock_of: Callable[[PlannedStack], str]

    def apply(self, stack: PlannedStack, pace: Pace) -> Applied:
        """Apply the stack's own saved plan, if it is still the one that was reviewed."""
        fault = tampered(self.run, self.folder.stack(stack.stack), stack)
        if fault:
            return self.end(stack, Applied("refused", problem=fault))
        try:
            with self.place(stack) as place:
                runner = self.runner(stack, place.folder, pace)
                runner.init()
                shutil.copyfile(self.folder.stack(stack.stack).saved_plan, place.folder / PLAN)
                place.secrets |= self._plan_secrets(stack, runner)
                return self.finish(stack, runner, place.secrets, pace)
        except ToolFailed as error:
            problem = "\n".join(filter(None, (error.problem, error.detail)))
            return self.end(stack, Applied("failed", problem=problem))
        except Interrupted:
            return Applied("interrupted")

    @contextlib.contextmanager
    def place(self, stack: PlannedStack, name: str = "") -> Iterator[Place]:
        """Yield a fresh workspace with the configuration that was planned.

        If a command fails before the apply begins, its output is kept, and the folder goes.
        """
        folder = self.folder.stack(stack.stack)
        path = make_workspace(self.tools, self.run.name, name or stack.stack, folder.configuration)
        place = Place(path, set(secrets_in(self.tools.environ)))
        try:
            yield place
        except (ToolFailed, Interrupted) as error:
            keep_log(path / EVENTS, folder, place.secrets)
            remove_workspace(path)
            if isinstance(error, ToolFailed):
                raise scrubbed_failure(error, place.secrets) from None
            raise

    def runner(self, stack: PlannedStack, place: Path, pace: Pace) -> Runner:
        """Return what runs commands in a workspace."""
        watch = _LockWatch(self, stack, place)

        def note(event: Event) -> None:
            if watch.is_applying:
                watch.note(event)
                pace.on_event(event)

        return Runner(
            self.tools, stack.stack, place, self.interruption, note, watch.start, watch.prepare
        )

    def finish(
        self, stack: PlannedStack, runner: Runner, secrets: Collection[str], pace: Pace
    ) -> Applied:
        """Apply the plan in a workspace, tell the journal, and remove the workspace."""
        found = self.carry_out(stack, runner, secrets, pace)
        self.end(stack, found)
        if found.outcome != "interrupted":
            remove_workspace(runner.folder)
        return found

    def carry_out(
        self, stack: PlannedStack, runner: Runner, secrets: Collection[str], pace: Pace
    ) -> Applied:
        """Apply the plan in a workspace; the end is not in the journal yet."""
        started = time.monotonic()
        done = runner.apply(PLAN, self.lock_seconds, pace.gate)
        keep_log(runner.events_file, self.folder.stack(stack.stack), secrets)
        return self._judged(done, time.monotonic() - started, secrets)

    def _judged(self, done: Finished, seconds: float, secrets: Collection[str]) -> Applied:
        took = round(seconds, 3)
        if done.ended.code == 0:
            return Applied("applied", took)
        errors = scrubber(secrets)(done.errors)
        if has_error(done.events, STALE):
            problem = "the state has changed since this was planned; plan again"
            return Applied("refused", took, problem)
        if has_error(done.events, LOCKED):
            return Applied("failed", took, f"somebody else holds the state's lock\n{errors}")
        if done.ended.code < 0:
            problem = f"Terraform was killed (signal {-done.ended.code}), perhaps for its memory"
            return Applied("interrupted", took, "\n".join(filter(None, (problem, errors))))
        if self.interruption.is_asked:
            return Applied("interrupted", took, errors or "Terraform was ended")
        return Applied("failed", took, errors)

    def end(self, stack: PlannedStack, found: Applied) -> Applied:
        """Tell the journal how an apply has ended, and what is left to be published; return it."""
        left = self.unpublished(stack) if found.is_well else ()
        self.journal.add(
            "applied",
            stack=stack.stack,
            outcome=found.outcome,
            seconds=found.seconds,
            problem=found.problem,
            **({"unpublished": list(left)} if left else {}),
        )
        return found

    def unpublished(self, stack: PlannedStack) -> tuple[str, ...]:
        """Return the deployments that the stack's plan makes too early."""
        text = self.folder.stack(stack.stack).plan_json.read_text(encoding="utf-8")
        return to_republish(TerraformPlan.of(json.loads(text)))

    def _plan_secrets(self, stack: PlannedStack, runner: Runner) -> frozenset[str]:
        """Return what no log may show; the plan is read only where it has something to hide."""
        if _MASKED in self.folder.stack(stack.stack).plan_json.read_text(encoding="utf-8"):
            return secrets_of(runner.show())
        return frozenset()


@dataclass(slots=True)
class _LockWatch:
    """Tells the journal which process applies, and which lock it took."""

    applier: Applier
    stack: PlannedStack
    place: Path
    is_applying: bool = False
    _is_told: bool = False

    def prepare(self, command: str) -> None:
        """Note that an apply is about to start; init and show take no lock."""
        if command == "apply":
            self._tell("starting", pid=0, process=time.time())

    def start(self, running: Running) -> None:
        """Note the process of an apply that has started."""
        if running.is_applying:
            self.is_applying = True
            self._tell("applying", pid=running.pid, process=running.began)

    def _tell(self, event: str, **process: float) -> None:
        work = self.place.relative_to(self.applier.tools.project.absolute())
        self.applier.journal.add(
            event,
            stack=self.stack.stack,
            host=socket.gethostname(),
            **process,
            work=work.as_posix(),
            digest=self.stack.digest,
        )

    def note(self, event: Event) -> None:
        """Ask for the lock once, while it is held."""
        if not self._is_told and event.get("type") in _LOCKED_EVENTS:
            self._is_told = True
            lock = self.applier.lock_of(self.stack)
            if lock:
                self.applier.journal.add("lock", stack=self.stack.stack, id=lock)


def tampered(run: Run, folder: StackFolder, stack: PlannedStack) -> str:
    """Return what differs from what was planned; empty if nothing does."""
    try:
        if configuration_digest(folder.configuration) != stack.configuration:
            return "its configuration was edited after it was planned"
        if text_digest(folder.saved_plan.read_bytes()) != stack.saved_plan:
            return "its saved plan is not the one that was made"
        if text_digest(folder.plan_json.read_bytes()) != stack.masked_plan:
            return "its masked plan is not the one that was made"
        if text_digest(folder.lock_file.read_bytes()) != run.lock:
            return "its lock file is not the one that it was planned with"
    except OSError as error:
        return f"a file of the run cannot be read: {error.strerror}"
    return ""
