"""What a review looks at: the stacks of a run, what changes between them, and the day; pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from gateprint.access.changes.comparison import Changes
from gateprint.model.document import Document, KeyPath
from gateprint.model.naming import stack_name
from gateprint.model.resolved import Environment, ResolvedBlueprint, Route, Stage
from gateprint.review.finding import Finding, Rule
from gateprint.terraform.plans.plan import TerraformPlan


@dataclass(frozen=True, slots=True)
class Place:
    """Where findings are made: a stack, and the file that it comes from."""

    stack: str
    document: Document | None = None

    def finding(
        self, rule: Rule, subject: str, sentence: str, path: KeyPath | None = None
    ) -> Finding:
        """Return a finding; `path` is what caused it in the file, or the nearest that is there."""
        where = None
        if self.document is not None and path is not None:
            where = self.document.locate(path, key=True)
        return Finding(rule, rule.severity, self.stack, subject, sentence, rule.remedy, where)


@dataclass(frozen=True, slots=True)
class StackSubject:
    """A stack of the run: what its blueprint says now, and what Terraform plans.

    `blueprint` is None for the account's own stack, whose `document` is the environment's file.
    `plan` is masked; it is None where the stack does not change, and without the cloud.
    """

    stack: str
    environment: Environment
    blueprint: ResolvedBlueprint | None = None
    document: Document | None = None
    plan: TerraformPlan | None = None

    @property
    def place(self) -> Place:
        """Return where findings about the stack are made."""
        return Place(self.stack, self.document)

    @property
    def is_changing(self) -> bool:
        """Tell whether applying its plan changes something."""
        return self.plan is not None and not self.plan.is_empty


@dataclass(frozen=True, slots=True)
class Subject:
    """All that the rules see. `changes` are those of the blueprints that the stacks come from.

    `is_offline` tells that there are no plans; then rules about how things are speak of all
    `stacks`. Whoever knows which blueprints changed gives these alone. `before` are the blueprints
    of then, which are known without the cloud alone.
    """

    stacks: tuple[StackSubject, ...]
    changes: Changes
    today: dt.date
    is_offline: bool = False
    before: tuple[ResolvedBlueprint, ...] = ()

    def standing(self) -> Iterator[StackSubject]:
        """Yield the stacks of which rules about how things are speak."""
        for each in self.stacks:
            if self.is_offline or each.is_changing:
                yield each

    def blueprints(self) -> Iterator[tuple[Place, ResolvedBlueprint]]:
        """Yield the blueprints of the standing stacks, and where findings about them are made."""
        for each in self.standing():
            if each.blueprint is not None:
                yield each.place, each.blueprint

    def stages(self) -> Iterator[tuple[Place, Stage]]:
        """Yield the stages of these blueprints, and where findings about them are made."""
        for place, blueprint in self.blueprints():
            yield from ((place, each) for each in blueprint.stages)

    def plans(self) -> Iterator[tuple[StackSubject, TerraformPlan]]:
        """Yield the stacks that have a plan which changes something, and that plan."""
        for each in self.stacks:
            if each.plan is not None and each.is_changing:
                yield each, each.plan

    def routes_on_both(self) -> Iterator[tuple[StackSubject, str, Route, Route]]:
        """Yield each route that was there before, as it was and as it is, with its API's name."""
        old = {
            (each.stack, api.name, route.key): route
            for each in self.before
            for api, route in each.routes()
        }
        for stack in self.stacks:
            for api, route in stack.blueprint.routes() if stack.blueprint is not None else ():
                was = old.get((stack.stack, api.name, route.key))
                if was is not None:
                    yield stack, api.name, was, route

    def place_of(self, environment: str, blueprint: str) -> Place:
        """Return the place of a blueprint in an environment; without a file if it is not here."""
        return self._place(stack_name(blueprint, environment))

    def place_of_account(self, environment: Environment) -> Place:
        """Return the place of an account's own stack."""
        return self._place(environment.account_stack)

    def place_of_api(self, environment: str, api: str) -> Place:
        """Return the place of the blueprint that has the API."""
        return self._holding(environment, api, "")

    def place_of_role(self, environment: str, role: str) -> Place:
        """Return the place of the blueprint that makes the role."""
        return self._holding(environment, "", role)

    def _place(self, stack: str) -> Place:
        found = (each.place for each in self.stacks if each.stack == stack)
        return next(found, Place(stack))

    def _holding(self, environment: str, api: str, role: str) -> Place:
        for each in self.stacks:
            blueprint = each.blueprint
            if blueprint is not None and each.environment.name == environment:
                names = [one.name for one in blueprint.apis]
                own = [one.name for one in blueprint.roles if one.identity_provider is not None]
                if api in names or role in own:
                    return each.place
        # What changes elsewhere is said all the same; nothing is passed over.
        return Place(environment)
