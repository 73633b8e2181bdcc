"""What two sides of the blueprints differ in about where callers must come from; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gateprint.access.changes.wording import joined, name, names
from gateprint.model.resolved import Api, Environment, ResolvedBlueprint
from gateprint.model.restriction import Restriction

NOTHING = Restriction()


@dataclass(frozen=True, slots=True)
class RestrictionChange:
    """An API that is on both sides, and asks its callers to come from elsewhere than before.

    `doors` are what a private API is reached through on the later side.
    """

    environment: str
    api: str
    before: Restriction
    after: Restriction
    doors: tuple[str, ...] = ()

    @property
    def is_loosened(self) -> bool:
        """Tell whether somebody is let in who was kept out."""
        return not self.after.is_within(self.before)

    @property
    def sentence(self) -> str:
        """Say it, with what users wrote marked."""
        api = f"{name(self.api)} ({name(self.environment)})"
        return told(self, api, names(self.doors) if self.doors else "")


def told(change: RestrictionChange, api: str, doors: str) -> str:
    """Say a change of an API, of which both are written as its reader wants it."""
    before, after = words_of(change.before), words_of(change.after)
    if not change.after:
        who = f"everybody behind {doors}" if doors else "everybody on the internet"
        return f"{who} can reach {api}; until now only {before}"
    if change.is_loosened:
        return f"{api} can be reached {after}; until now only {before}"
    return f"{api} can only be reached {after} now{f'; until now {before}' if before else ''}"


def words_of(restriction: Restriction) -> str:
    """Say where callers must come from; what users wrote is marked."""
    parts = []
    if restriction.source_ips:
        parts.append(f"from {names(restriction.source_ips, 'or')}")
    if restriction.vpcs:
        parts.append(f"from {names(restriction.vpcs, 'or')}")
    if restriction.organization:
        parts.append(f"by {name(restriction.organization)}")
    return joined(parts, "and") if parts else ""


_Key = tuple[str, str, str]


def restriction_changes(
    before: Sequence[ResolvedBlueprint], after: Sequence[ResolvedBlueprint]
) -> Iterator[RestrictionChange]:
    """Yield what differs of APIs that are on both sides."""
    old = dict(_apis(before))
    for key, (environment, api) in _apis(after):
        was = _asked(old[key][1]) if key in old else None
        now = _asked(api)
        # In another order it is the same.
        if was is not None and not (now.is_within(was) and was.is_within(now)):
            yield RestrictionChange(environment, api.name, was, now, api.doors)


def _apis(blueprints: Sequence[ResolvedBlueprint]) -> Iterator[tuple[_Key, tuple[str, Api]]]:
    for blueprint in blueprints:
        where = blueprint.environment
        for api in blueprint.apis:
            yield (_cloud(where), where.account, api.name), (where.name, api)


def _asked(api: Api) -> Restriction:
    """Return what is asked beside the ways to a private API, which are told by themselves."""
    found = api.only_from or NOTHING
    return found if api.vpc_endpoints else replace(found, vpcs=())


def _cloud(where: Environment) -> str:
    return "embedded" if where.endpoint is not None else where.partition


def as_data(change: RestrictionChange) -> Mapping[str, object]:
    """Return a change as the documented JSON has it."""
    sides = {"before": change.before, "after": change.after}
    return {
        "environment": change.environment,
        "api": change.api,
        **{side: data_of(each) for side, each in sides.items()},
        "is_loosened": change.is_loosened,
    }


def data_of(restriction: Restriction) -> Mapping[str, object]:
    """Return a restriction as the documented JSON has it."""
    return {
        "source_ips": list(restriction.source_ips),
        "vpcs": list(restriction.vpcs),
        "organization": restriction.organization,
    }
