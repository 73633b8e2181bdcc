"""Which throttles of stages and routes let more through than until now; pure.

A method has the settings of its own path, or else those of `*/*`; a limit that is not there, or is
-1, is the account's (Terraform registry, aws_api_gateway_method_settings).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

from gateprint.model.resolved import Throttle
from gateprint.review.planned import attribute, text
from gateprint.review.subject import StackSubject, Subject
from gateprint.terraform.plans.plan import ResourceChange, TerraformPlan

_KIND = "aws_api_gateway_method_settings"
_LIMITS = ("throttling_rate_limit", "throttling_burst_limit")


@dataclass(frozen=True, slots=True)
class Pace:
    """Requests per second, and at once; infinite where the account's limit is the only one."""

    rate: float = inf
    burst: float = inf

    @property
    def words(self) -> str:
        """Return the pace in words, after "takes"."""
        if self == Pace():
            return "as many requests as the account allows"
        rate, burst = (
            f"{each:g}" if each < inf else "as many as the account allows"
            for each in (self.rate, self.burst)
        )
        return f"{rate} requests per second and {burst} at once"

    def is_looser_than(self, other: Pace) -> bool:
        """Tell whether more comes through, be it for a second or for longer."""
        return self.rate > other.rate or self.burst > other.burst


@dataclass(frozen=True, slots=True)
class Loosened:
    """A stage that takes more than until now, or a `route` of an `api` there."""

    stage: str
    before: Pace
    after: Pace
    api: str = ""
    route: str = ""


def planned(stack: StackSubject, plan: TerraformPlan) -> Iterator[Loosened]:
    """Yield what a plan loosens, whose settings have the addresses that gateprint gives them."""
    yield from _Settings.of(plan).loosened(stack.stack)


def stated(subject: Subject, stack: StackSubject) -> Iterator[Loosened]:
    """Yield what a blueprint loosens in stages that were there before."""
    old = [each for each in subject.before if each.stack == stack.stack]
    paces = {stage.name: _of(stage.throttle) for each in old for stage in each.stages}
    if stack.blueprint is None:
        return
    there = [each for each in stack.blueprint.stages if each.name in paces]
    for each in there:
        if _of(each.throttle).is_looser_than(paces[each.name]):
            yield Loosened(each.name, paces[each.name], _of(each.throttle))
    for found, api, was, now in subject.routes_on_both():
        if found is stack and was.throttle != now.throttle:
            for each in there:
                before = _of(was.throttle) if was.throttle else paces[each.name]
                after = _of(now.throttle or each.throttle)
                if after.is_looser_than(before):
                    yield Loosened(each.name, before, after, api, now.key)


@dataclass(frozen=True, slots=True)
class _Settings:
    """The settings of a plan by name, and what it makes and deletes, by type and name."""

    changes: Mapping[str, ResourceChange]
    apis: Mapping[str, str]
    created: frozenset[tuple[str, str]]
    deleted: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, plan: TerraformPlan) -> _Settings:
        there = [each for each in plan.changes if each.deposed is None]
        return cls(
            {each.name: each for each in there if each.type == _KIND},
            {
                each.name: text(each.after, "name")
                for each in there
                if each.type == "aws_api_gateway_rest_api"
            },
            frozenset((each.type, each.name) for each in there if each.action == "create"),
            frozenset((each.type, each.name) for each in there if each.action == "delete"),
        )

    def loosened(self, stack: str) -> Iterator[Loosened]:
        for each in self.changes.values():
            if each.is_nothing or each.action == "forget" or self._is_of_no_route(each):
                continue
            was, now = self._pace(each, "before"), self._pace(each, "after")
            if now.is_looser_than(was):
                yield self._told(each, stack, was, now)

    def _told(self, change: ResourceChange, stack: str, was: Pace, now: Pace) -> Loosened:
        side = change.before if change.after is None else change.after
        path, stage = text(side, "method_path"), text(side, "stage_name")
        if path == "*/*":
            return Loosened(stage, was, now)
        api = self.apis.get(change.name.partition("_")[0], "")
        return Loosened(stage, was, now, api.removeprefix(f"{stack}-"), _route(path))

    def _is_of_no_route(self, change: ResourceChange) -> bool:
        """Tell whether the stage or the route goes with its settings, or comes with them."""
        api, stage, *method = change.name.split("_")
        if ("aws_api_gateway_stage", f"{api}_{stage}") in self.deleted:
            return True
        found = ("aws_api_gateway_method", "_".join((api, *method)))
        return found in (self.created if change.action == "create" else self.deleted)

    def _pace(self, change: ResourceChange, side: str) -> Pace:
        """Return the pace on one side: without settings of its own a route has its stage's."""
        values = getattr(change, side)
        whole = self.changes.get("_".join(change.name.split("_")[:2]))
        if values is None and whole is not None:
            values = getattr(whole, side)
        found = attribute(values, "settings") or [{}]
        return Pace(*(_limit(attribute(found[0], name)) for name in _LIMITS))


def _limit(value: Any) -> float:
    return value if isinstance(value, int | float) and value >= 0 else inf


def _of(throttle: Throttle | None) -> Pace:
    return Pace(throttle.rate, throttle.burst) if throttle else Pace()


def _route(method_path: str) -> str:
    """Return `GET /pets` for `pets/GET`, and `GET /` for `~1/GET`."""
    path, _, method = method_path.rpartition("/")
    return f"{method} /{'' if path == '~1' else path}"
