"""Makes deployments anew after an apply that removed what they publish."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from gateprint.errors import ToolFailed
from gateprint.terraform.applying import Applied, Applier
from gateprint.terraform.plans.masking import secrets_of
from gateprint.terraform.plans.plan import TerraformPlan
from gateprint.terraform.plans.republishing import beyond_republishing
from gateprint.terraform.process import Interrupted
from gateprint.terraform.runner import Pace
from gateprint.terraform.runs.record import PlannedStack
from gateprint.terraform.runs.standing import Standing
from gateprint.terraform.workspace import remove_workspace

Settle = Callable[[PlannedStack, Standing], None]
Say = Callable[[str], None]
_STILL = "what was removed is still served, until gateprint apply --resume has gone on"


@dataclass(frozen=True, slots=True)
class Republication:
    """Publishes stacks of one run anew; may be used by several threads.

    `settle` waits for what an earlier attempt has left.
    """

    applier: Applier
    settle: Settle
    say: Say

    def complete(
        self, stack: PlannedStack, standing: Standing, found: Applied, pace: Pace
    ) -> Applied:
        """Return how a stack ended, after what its plan made too early is published anew.

        `standing` is from before this apply. An attempt that was cut off is made once more, which
        does no harm if it had ended well.
        """
        is_resumed = standing.stands == "applied"
        left = standing.unpublished if is_resumed else ()
        if found.is_well and not is_resumed:
            left = self.applier.unpublished(stack)
        if not (found.is_well and left):
            return found
        return self._told(stack, left, self._tried(stack, standing, left, pace), found.seconds)

    def _tried(
        self, stack: PlannedStack, standing: Standing, left: Sequence[str], pace: Pace
    ) -> Applied:
        try:
            if standing.stands == "applied":
                self.settle(stack, standing)
            return self._published(stack, left, pace)
        except ToolFailed as error:
            problem = "\n".join(filter(None, (error.problem, error.detail)))
            return Applied("failed", problem=problem)
        except Interrupted:
            return Applied("interrupted")

    def _published(self, stack: PlannedStack, left: Sequence[str], pace: Pace) -> Applied:
        applier, folder = self.applier, self.applier.folder.stack(stack.stack)
        with applier.place(stack, f"{stack.stack}.published") as place:
            runner = applier.runner(stack, place.folder, pace)
            runner.init()
            saved = runner.show(str(folder.saved_plan.absolute()))
            place.secrets |= secrets_of(saved)
            runner.plan(replace=left)
            fresh = runner.show()
            place.secrets |= secrets_of(fresh)
            _require_narrow(TerraformPlan.of(saved), TerraformPlan.of(fresh), left)
            found = applier.carry_out(stack, runner, place.secrets, pace)
        if found.outcome != "interrupted":
            remove_workspace(place.folder)
        return found

    def _told(
        self, stack: PlannedStack, left: Sequence[str], found: Applied, before: float
    ) -> Applied:
        """Tell the journal and the user how it ended; `before` are the seconds until then."""
        if not found.is_well and found.outcome != "interrupted":
            found = replace(found, outcome="failed", problem=f"{_STILL}: {found.problem}")
        self.applier.journal.add(
            "republished",
            stack=stack.stack,
            outcome=found.outcome,
            seconds=found.seconds,
            problem=found.problem,
        )
        if found.is_well:
            names = ", ".join(each.partition(".")[2] for each in left)
            self.say(f"{stack.stack}: published anew ({names}): what was removed is out of it")
        return replace(found, seconds=round(before + found.seconds, 3))


def _require_narrow(approved: TerraformPlan, fresh: TerraformPlan, left: Sequence[str]) -> None:
    """Refuse a plan that does more than to publish what was approved.

    Raises:
        ToolFailed: it does; its addresses and attributes are named, never values.
    """
    beyond = beyond_republishing(approved, fresh, left)
    if beyond:
        problem = f"publishing it anew would do more than was approved: {'; '.join(beyond)}"
        raise ToolFailed(problem, "gateprint drift shows it; take it back, then resume")
