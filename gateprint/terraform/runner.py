"""Terraform's commands on one stack, in its workspace."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateprint.errors import ToolFailed
from gateprint.terraform.command import Option, command_line, run
from gateprint.terraform.events import Event, errors_in, plain_text, read_event
from gateprint.terraform.initialised import Initialised
from gateprint.terraform.led import Gate
from gateprint.terraform.process import Ended, Interrupted, Interruption, Running
from gateprint.terraform.workspace import EVENTS, Tools

PLAN = "plan.tfplan"
_SHOW_SECONDS = 600

OnEvent = Callable[[Event], None]
OnStart = Callable[[Running], None]


class Killed(ToolFailed):
    """Terraform was killed, most likely by a system that has no memory left."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A command that has ended, and the events that it printed."""

    ended: Ended
    events: tuple[Event, ...]

    @property
    def errors(self) -> str:
        """Return what Terraform says is wrong; else what it printed that is no event."""
        return "\n".join(errors_in(self.events)) or plain_text(self.events)


def _nothing(_: object) -> None:
    """Take note of nothing."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Who is told of an apply's events, and who lets it go on after each; None lets it run."""

    on_event: OnEvent = _nothing
    gate: Gate | None = None


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs commands on one stack, one after another; each stack has its own.

    `before_start` gets the word of a command that is about to start, `on_start` the command as it
    starts: so it can be found again after a crash, whenever that comes.
    """

    tools: Tools
    stack: str
    folder: Path
    interruption: Interruption
    on_event: OnEvent = _nothing
    on_start: OnStart = _nothing
    before_start: Callable[[str], None] = _nothing

    @property
    def events_file(self) -> Path:
        """Everything that Terraform printed here, in clear."""
        return self.folder / EVENTS

    def init(self) -> None:
        """Prepare the folder: no provider is copied or asked for, the lock file stays as it is.

        Where init has already been for the same stack and backend, what it left is taken.
        """
        known = Initialised.of(self.tools, self.stack, self.folder)
        if known is not None and known.restore(self.folder):
            return
        options: dict[str, Option] = {"json": True, "input": False, "lockfile": "readonly"}
        done = self._run("init", "preparing", options)
        if done.ended.code != 0:
            remedy = "see Terraform's message; gateprint doctor shows what is missing here"
            raise self._failed("prepare", done, remedy)
        if known is not None:
            known.keep(self.folder)

    def plan(self, *, refresh_only: bool = False, replace: Sequence[str] = ()) -> Finished:
        """Save a plan as `plan.tfplan`; takes no lock. What is at `replace` is made anew."""
        options: dict[str, Option] = {
            "json": True,
            "out": PLAN,
            "lock": False,
            "input": False,
            "refresh_only": refresh_only or None,
            "replace": list(replace) or None,
        }
        done = self._run("plan", "planning", options)
        if done.ended.code != 0:
            raise self._failed("plan", done, "see Terraform's message; then plan again")
        return done

    def show(self, plan: str = PLAN) -> dict[str, Any]:
        """Return a saved plan as Terraform's JSON; sensitive values are in clear."""
        return self._shown(f"the plan of {self.stack}", plan)

    def show_state(self) -> dict[str, Any]:
        """Return the state as Terraform's JSON; sensitive values are in clear."""
        return self._shown(f"the state of {self.stack}")

    def forget(self, address: str) -> None:
        """Take a resource out of the state, which is written; what it stands for stays."""
        words = command_line(self.tools.terraform.path, "state", "rm", address)
        environ = self.tools.inherited
        outcome = run(words, self.folder, environ, timeout_seconds=_SHOW_SECONDS)
        if outcome.code != 0:
            problem = f"Terraform cannot take {address} out of the state of {self.stack}"
            raise ToolFailed(problem, "see Terraform's message", outcome.stderr.strip())

    def apply(self, plan: str, lock_seconds: int, gate: Gate | None = None) -> Finished:
        """Apply a saved plan; wait for the state's lock so long. Any exit code is an outcome.

        With a gate, each change waits until it returns.
        """
        options: dict[str, Option] = {
            "json": True,
            "input": False,
            "lock_timeout": f"{lock_seconds}s",
        }
        return self._run("apply", "applying", options, plan, gate=gate)

    def _shown(self, what: str, *files: str) -> dict[str, Any]:
        words = command_line(self.tools.terraform.path, "show", *files, json=True)
        environ = self.tools.inherited
        outcome = run(words, self.folder, environ, timeout_seconds=_SHOW_SECONDS)
        if outcome.code != 0:
            raise ToolFailed(f"Terraform cannot show {what}", "try again", outcome.stderr.strip())
        found: dict[str, Any] = json.loads(outcome.stdout)
        return found

    def _run(
        self,
        command: str,
        doing: str,
        options: Mapping[str, Option],
        *arguments: str,
        gate: Gate | None = None,
    ) -> Finished:
        if self.interruption.is_asked:
            raise Interrupted
        words = command_line(self.tools.terraform.path, command, *arguments, **options)
        self.before_start(command)
        running = Running(words, self.folder, self.tools.inherited, self.events_file, gate)
        events: list[Event] = []

        def note(line: str) -> None:
            event = read_event(line)
            events.append(event)
            self.on_event(event)

        with self.interruption.watching(running, f"{doing} {self.stack}"):
            self.on_start(running)
            ended = running.follow(note)
        if ended.code != 0 and self.interruption.is_asked and command != "apply":
            raise Interrupted
        return Finished(ended, tuple(events))

    def _failed(self, what: str, done: Finished, remedy: str) -> ToolFailed:
        if done.ended.code == -signal.SIGKILL:
            problem = f"the system killed Terraform while it should {what} {self.stack}"
            return Killed(problem, "free memory, or run fewer at once: --parallel", done.errors)
        return ToolFailed(f"Terraform cannot {what} {self.stack}", remedy, done.errors)
