"""Finishes a stack whose apply was cut off or failed: what is left of the approved plan."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateprint.errors import ToolFailed
from gateprint.terraform.applying import Applied, Applier, tampered
from gateprint.terraform.events import Event, read_event
from gateprint.terraform.planning import keep_log
from gateprint.terraform.plans.adoption import (
    Adoption,
    Adoptions,
    Doubt,
    adoptions,
    import_blocks,
)
from gateprint.terraform.plans.digest import plan_digest
from gateprint.terraform.plans.masking import secrets_of
from gateprint.terraform.plans.plan import TerraformPlan
from gateprint.terraform.plans.remaining import remaining
from gateprint.terraform.process import Interrupted, is_alive, process_in, process_start
from gateprint.terraform.runner import Pace, Runner
from gateprint.terraform.runs.record import PlannedStack
from gateprint.terraform.runs.standing import Attempt, Standing
from gateprint.terraform.workspace import EVENTS, remove_workspace

_LOOK_SECONDS = 0.5
_ADOPTED = "gateprint-adopted.tf.json"
_NOT_THERE = "Cannot import non-existent remote object"
_MOST_SEARCHES = 20

Say = Callable[[str], None]
# Asks AWS for what it alone knows of resources that exist: their values, by address.
LookUp = Callable[[PlannedStack, Adoptions], Mapping[str, Mapping[str, Any]]]
# Releases the lock of a stack if it is one of these; returns its id.
Release = Callable[[PlannedStack, frozenset[str]], str]


@dataclass(frozen=True, slots=True)
class Recovery:
    """Recovers stacks of one run; may be used by several threads."""

    applier: Applier
    look_up: LookUp
    release: Release
    say: Say

    def recover(self, stack: PlannedStack, standing: Standing, pace: Pace) -> Applied:
        """Bring a stack to where the approved plan would have brought it.

        A Terraform that outlived gateprint is waited for. A lock that this run left is released.
        What was made and not recorded is imported. Then what is left is planned, and applied if
        the approved plan holds all of it.
        """
        applier = self.applier
        fault = tampered(applier.run, applier.folder.stack(stack.stack), stack)
        if fault:
            return applier.end(stack, Applied("refused", problem=fault))
        try:
            self._outwait(stack, standing.attempts)
            events = [event for each in standing.attempts for event in self._events(each)]
            self._unlock(stack, standing)
            return self._finish(stack, standing, events, pace)
        except ToolFailed as error:
            problem = "\n".join(filter(None, (error.problem, error.detail)))
            return applier.end(stack, Applied("failed", problem=problem))
        except Interrupted:
            return Applied("interrupted")

    def settle(self, stack: PlannedStack, standing: Standing) -> None:
        """Wait for a Terraform that outlived gateprint, and release the lock that this run left.

        Raises:
            Interrupted: somebody asked to stop.
        """
        self._outwait(stack, standing.attempts)
        self._unlock(stack, standing)

    def _outwait(self, stack: PlannedStack, attempts: Iterable[Attempt]) -> None:
        here = [each for each in attempts if each.host == socket.gethostname()]
        for pid, began in map(self._process, here):
            if is_alive(pid, began):
                self.say(f"{stack.stack}: Terraform (process {pid}) still works; waiting")
            while is_alive(pid, began):
                if self.applier.interruption.is_asked:
                    raise Interrupted
                time.sleep(_LOOK_SECONDS)

    def _process(self, attempt: Attempt) -> tuple[int, float]:
        """Return an attempt's process; one that could not be noted any more is looked for."""
        pid = attempt.pid or process_in((self.applier.tools.project / attempt.work).absolute())
        return pid, attempt.began if attempt.pid else process_start(pid)

    def _events(self, attempt: Attempt) -> list[Event]:
        """Return what a cut-off Terraform printed, as far as its workspace is still there."""
        path = self.applier.tools.project / attempt.work / EVENTS
        if not attempt.work or not path.is_file():
            return []
        text = path.read_text(encoding="utf-8", errors="replace")
        return [read_event(line) for line in text.splitlines()]

    def _unlock(self, stack: PlannedStack, standing: Standing) -> None:
        released = self.release(stack, standing.locks)
        if released:
            self.say(f"{stack.stack}: released the lock that this run left")
            self.applier.journal.add("unlocked", stack=stack.stack, id=released)

    def _finish(
        self, stack: PlannedStack, standing: Standing, events: list[Event], pace: Pace
    ) -> Applied:
        name = f"{stack.stack}.{len(standing.attempts) + 1}"
        with self.applier.place(stack, name) as place:
            runner = self.applier.runner(stack, place.folder, pace)
            runner.init()
            saved = runner.show(self._saved_plan(stack))
            place.secrets |= secrets_of(saved)
            approved = TerraformPlan.of(saved)
            document = self._left(stack, runner, approved, events)
            place.secrets |= secrets_of(document)
            fresh = TerraformPlan.of(document)
            beyond = remaining(approved, fresh)
            self.applier.journal.add(
                "replanned", stack=stack.stack, digest=plan_digest(document), beyond=list(beyond)
            )
            found = self._applied(stack, runner, fresh, beyond, place.secrets, pace)
        if found.is_well:
            self._forget_workspaces(standing)
        return found

    def _applied(
        self,
        stack: PlannedStack,
        runner: Runner,
        fresh: TerraformPlan,
        beyond: tuple[str, ...],
        secrets: Collection[str],
        pace: Pace,
    ) -> Applied:
        if not beyond and not fresh.is_empty:
            return self.applier.finish(stack, runner, secrets, pace)
        keep_log(runner.events_file, self.applier.folder.stack(stack.stack), secrets)
        remove_workspace(runner.folder)
        if beyond:
            problem = "what is left is not only what was approved: " + "; ".join(beyond)
            return self.applier.end(stack, Applied("refused", problem=problem))
        return self.applier.end(stack, Applied("nothing"))

    def _left(
        self, stack: PlannedStack, runner: Runner, approved: TerraformPlan, events: list[Event]
    ) -> dict[str, Any]:
        """Return the plan of what is left; what AWS has and the state lacks is imported by it."""
        state = runner.show_state()
        known = _values(state)
        found = adoptions(approved, events, known.keys(), known)
        if not found.is_empty:
            found = self._searched(stack, approved, events, known, found)
        for lost in found.lost:
            self.say(f"{stack.stack}: {lost.address} ({lost.identity}): {lost.reason}")
        return self._planned_with(stack, runner, found)

    def _searched(
        self,
        stack: PlannedStack,
        approved: TerraformPlan,
        events: list[Event],
        known: dict[str, Mapping[str, Any]],
        found: Adoptions,
    ) -> Adoptions:
        """Ask AWS for what it alone knows, and again for what becomes computable by that."""
        recorded = frozenset(known)
        for _ in range(_MOST_SEARCHES):
            values = self.look_up(stack, found)
            if not values.keys() - known.keys():
                break
            known |= values
            found = adoptions(approved, events, recorded, known)
        return found

    def _planned_with(
        self, stack: PlannedStack, runner: Runner, found: Adoptions
    ) -> dict[str, Any]:
        guesses = {each.address: each for each in found.uncertain if each.import_id}
        certain = list(found.certain)
        for _ in range(len(guesses) + 1):
            adopted = [*certain, *(_guess(each) for each in guesses.values())]
            self._adopt(runner, adopted)
            try:
                runner.plan()
            except ToolFailed as error:
                absent = [each for each in guesses if _is_named(each, error.detail)]
                if _NOT_THERE not in error.detail or not absent:
                    raise
                for each in absent:
                    del guesses[each]
                continue
            for one in adopted:
                self._tell(stack, one)
            return runner.show()
        raise ToolFailed(f"Terraform cannot plan what is left of {stack.stack}", "plan again")

    def _adopt(self, runner: Runner, adopted: list[Adoption]) -> None:
        for each in adopted:
            if each.forget:
                runner.forget(each.address)
        path = runner.folder / _ADOPTED
        if adopted:
            path.write_text(json.dumps(import_blocks(adopted)), encoding="utf-8")
        else:
            path.unlink(missing_ok=True)

    def _tell(self, stack: PlannedStack, adoption: Adoption) -> None:
        self.say(f"{stack.stack}: adopting {adoption.address}, which the state does not know yet")
        self.applier.journal.add(
            "adopted", stack=stack.stack, address=adoption.address, id=adoption.import_id
        )

    def _saved_plan(self, stack: PlannedStack) -> str:
        return str(self.applier.folder.stack(stack.stack).saved_plan.absolute())

    def _forget_workspaces(self, standing: Standing) -> None:
        for each in standing.attempts:
            if each.work:
                remove_workspace(self.applier.tools.project.absolute() / Path(each.work))


def _guess(doubt: Doubt) -> Adoption:
    return Adoption(doubt.address, doubt.import_id, doubt.forget)


def _is_named(address: str, text: str) -> bool:
    """Tell whether a message is about an address, and not about a longer one."""
    return re.search(rf"(?<![\w.-]){re.escape(address)}(?![\w.\[-])", text) is not None


def _values(state: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the values of a state's resources, by address, of `terraform show -json`."""
    module = (state.get("values") or {}).get("root_module") or {}
    return {each["address"]: each.get("values") or {} for each in module.get("resources", ())}
