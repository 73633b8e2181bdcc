"""What two sides of the blueprints differ in about API keys: routes, keys, limits; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from gateprint.access.changes.wording import name, places
from gateprint.model.resolved import Environment, Plan, PlanQuota, ResolvedBlueprint, Throttle

Kind = Literal["needed", "dropped", "key-added", "key-removed", "raised", "lowered"]
_DAYS: Mapping[str, int] = {"DAY": 1, "WEEK": 7, "MONTH": 30}


@dataclass(frozen=True, slots=True)
class KeyChange:
    """Something about keys that is not the same on both sides, never a key's value.

    `subject` is a route where a key is needed now, or not any more; else a plan, whose `key` comes
    or goes, or whose limits are `before` and `after`, of a `route` or of all. `is_open` tells that
    nobody is checked there.
    """

    environment: str
    blueprint: str
    api: str
    stages: tuple[str, ...]
    kind: Kind
    subject: str
    key: str = ""
    before: str = ""
    after: str = ""
    route: str = ""
    is_open: bool = False

    @property
    def sentence(self) -> str:
        """Say it, with what users wrote marked."""
        return _SENTENCES[self.kind](self)

    @property
    def on(self) -> str:
        """Return where it is, with what users wrote marked."""
        return places(self.api, tuple((self.environment, each) for each in self.stages))


def _limits(change: KeyChange) -> str:
    plan = f"each key of the plan {name(change.subject)}"
    where = f"for {name(change.route)} on {change.on}" if change.route else f"on {change.on}"
    return f"{plan} has {change.after} {where}; until now {change.before}"


_SENTENCES: Mapping[Kind, Callable[[KeyChange], str]] = {
    "needed": lambda one: f"{name(one.subject)} on {one.on} needs an API key as well",
    "dropped": lambda one: f"{name(one.subject)} on {one.on} needs no API key any more",
    "key-added": lambda one: (
        f"the key {name(one.key)} of the plan {name(one.subject)} opens what needs one on {one.on}"
    ),
    "key-removed": lambda one: (
        f"the key {name(one.key)} of the plan {name(one.subject)} no longer opens anything "
        f"on {one.on}"
    ),
    "raised": _limits,
    "lowered": _limits,
}


def key_changes(
    before: Sequence[ResolvedBlueprint], after: Sequence[ResolvedBlueprint]
) -> Iterator[KeyChange]:
    """Yield what differs: routes first, then keys, then limits."""
    yield from _routes(before, after)
    yield from _keys(before, after)
    yield from _other_limits(before, after)


_Place = tuple[str, str, str, str]


def _place(where: Environment, api: str) -> _Place:
    cloud = "embedded" if where.endpoint is not None else where.partition
    return cloud, where.account, where.name, api


def _routes(
    before: Sequence[ResolvedBlueprint], after: Sequence[ResolvedBlueprint]
) -> Iterator[KeyChange]:
    known = {
        (*_place(each.environment, api.name), route.key): route.needs_key
        for each in before
        for api, route in each.routes()
    }
    for each in after:
        stages = tuple(stage.name for stage in each.stages)
        for api, route in each.routes():
            was = known.get((*_place(each.environment, api.name), route.key))
            if was not in {None, route.needs_key}:
                kind: Kind = "dropped" if was else "needed"
                where = (each.environment.name, each.name, api.name, stages)
                yield KeyChange(*where, kind, route.key, is_open=route.auth == "none")


_Opened = tuple[_Place, str, str]


def _opened(sides: Sequence[ResolvedBlueprint]) -> dict[_Opened, tuple[str, str, tuple[str, ...]]]:
    """Return what opens on which stages: place, plan and key → environment, blueprint, stages."""
    return {
        (_place(each.environment, plan.api), plan.name, key): (
            each.environment.name,
            each.name,
            plan.stages,
        )
        for each in sides
        for plan in each.plans
        for key in plan.keys
    }


def _keys(
    before: Sequence[ResolvedBlueprint], after: Sequence[ResolvedBlueprint]
) -> Iterator[KeyChange]:
    old, new = _opened(before), _opened(after)
    for kind, has, lacks in (("key-added", new, old), ("key-removed", old, new)):
        for found, (environment, blueprint, stages) in has.items():
            there = lacks[found][2] if found in lacks else ()
            left = tuple(each for each in stages if each not in there)
            if left:
                place, plan, key = found
                said: Kind = "key-added" if kind == "key-added" else "key-removed"
                yield KeyChange(environment, blueprint, place[3], left, said, plan, key)


def _other_limits(
    before: Sequence[ResolvedBlueprint], after: Sequence[ResolvedBlueprint]
) -> Iterator[KeyChange]:
    known = {
        (_place(each.environment, plan.api), plan.name): plan
        for each in before
        for plan in each.plans
    }
    for each in after:
        for plan in each.plans:
            was = known.get((_place(each.environment, plan.api), plan.name))
            for old, new, is_raised, key in _differing(was, plan) if was else ():
                kind: Kind = "raised" if is_raised else "lowered"
                where = (each.environment.name, each.name, plan.api, plan.stages)
                yield KeyChange(*where, kind, plan.name, before=old, after=new, route=key)


def _differing(was: Plan, now: Plan) -> Iterator[tuple[str, str, bool, str]]:
    """Yield the limits that differ, as words, whether there is more of it now, and the route."""
    if was.throttle != now.throttle:
        yield _pace(was.throttle), _pace(now.throttle), _is_faster(was.throttle, now.throttle), ""
    if was.quota != now.quota:
        yield _amount(was.quota), _amount(now.quota), _is_more(was.quota, now.quota), ""
    old, new = dict(was.limits), dict(now.limits)
    for key in dict.fromkeys((*old, *new)):
        one, other = old.get(key), new.get(key)
        if one != other:
            is_faster = _is_faster(one or was.throttle, other or now.throttle)
            yield _pace(one), _pace(other), is_faster, key


def _pace(throttle: Throttle | None) -> str:
    if throttle is None:
        return "no throttle of its own"
    return f"{throttle.rate:g} requests per second and {throttle.burst} at once"


def _amount(quota: PlanQuota | None) -> str:
    return f"{quota.requests:,} requests a {quota.period.lower()}" if quota else "no quota"


def _is_faster(was: Throttle | None, now: Throttle | None) -> bool:
    if was is None or now is None:
        return now is None
    return now.rate > was.rate or now.burst > was.burst


def _is_more(was: PlanQuota | None, now: PlanQuota | None) -> bool:
    if was is None or now is None:
        return now is None
    return now.requests * _DAYS[was.period] > was.requests * _DAYS[now.period]
