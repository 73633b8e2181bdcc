"""What two sides of the blueprints differ in: who gains and who loses access; pure.

The sides are compared by what a caller and IAM see: account, API, stage, route and role. So a
blueprint may move to another file, an API to another blueprint and an environment may take another
name without anybody gaining or losing. Another account is another place, though: its roles and
APIs are others, whatever their names. IAM compares role names without case, and so does this.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, fields, replace
from typing import Literal

from gateprint.access.changes.identities import IdentityChange, identity_changes
from gateprint.access.changes.keys import KeyChange, key_changes
from gateprint.access.changes.restrictions import RestrictionChange, restriction_changes
from gateprint.access.changes.tokens import TokenChange, token_changes
from gateprint.access.changes.trust import Trust, trust_of
from gateprint.access.changes.wording import unique
from gateprint.access.matrix import PublicRoute, Row, matrix, public_routes
from gateprint.access.overreach import reached_routes
from gateprint.model.resolved import Api, Environment, ResolvedBlueprint

# What is on one side alone and so explains the difference; `grant` where all of it is on both,
# `retired` where one side retires the blueprint that has the API.
Cause = Literal["environment", "retired", "api", "stage", "route", "role", "grant"]
# The embedded cloud has accounts too, and no two partitions share one.
_Account = tuple[str, str]
_Place = tuple[_Account, str, str, str]
_Caller = tuple[_Place, str]


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that one side allows and the other does not, as the side has it that allows it.

    `where` is the environment's name, with the account where the name stands for two. `reason`
    says why an overreach is accepted; it is None where the route is granted.
    `signed_count` is the number of the API's routes that need a signature; `is_complete` tells that
    the role may call all of them on that stage.
    """

    environment: str
    where: str
    row: Row
    cause: Cause
    reason: str | None
    signed_count: int
    is_complete: bool


@dataclass(frozen=True, slots=True)
class PublicChange:
    """A route on which no caller is checked on one side alone.

    `roles` are those that may call it on the other side. `vpc_endpoints` are the only ways to a
    private API; none where it is on the internet.
    """

    environment: str
    where: str
    route: PublicRoute
    cause: Cause
    roles: tuple[str, ...]
    vpc_endpoints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NetworkChange:
    """An API that is reached in another way: through VPC endpoints, or from the internet: none."""

    environment: str
    where: str
    api: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignInChange:
    """A role that others may assume, or under other terms.

    A side is None where the role is not there, is `existing: true` there (`is_elsewhere`), or goes
    away with a blueprint that is retired there.
    """

    environment: str
    where: str
    role: str
    before: Trust | None
    after: Trust | None
    is_elsewhere: bool
    is_retired: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """All that two sides differ in.

    A gain or a loss is of a role and a signed route. What everybody may call on the other side is
    none: it was theirs already, or still is.
    """

    gains: tuple[RowChange, ...]
    losses: tuple[RowChange, ...]
    public_gains: tuple[PublicChange, ...]
    public_losses: tuple[PublicChange, ...]
    networks: tuple[NetworkChange, ...]
    sign_in: tuple[SignInChange, ...]
    tokens: tuple[TokenChange, ...] = ()
    keys: tuple[KeyChange, ...] = ()
    restrictions: tuple[RestrictionChange, ...] = ()
    identities: tuple[IdentityChange, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anybody gains or loses anything."""
        return any(getattr(self, each.name) for each in fields(self))


def changes(before: Sequence[ResolvedBlueprint], after: Sequence[ResolvedBlueprint]) -> Changes:
    """Return who gains and who loses what, from the one side to the other.

    Both have passed their checks.
    """
    twofold = _twofold([each.environment for each in (*before, *after)])
    old, new = _side(before, twofold), _side(after, twofold)
    return Changes(
        gains=tuple(_gained(old, new)),
        losses=tuple(_gained(new, old)),
        public_gains=tuple(_opened(old, new)),
        public_losses=tuple(_opened(new, old)),
        networks=tuple(_networks(old, new)),
        sign_in=tuple(_sign_ins(old, new)),
        tokens=tuple(token_changes(before, after)),
        keys=tuple(key_changes(before, after)),
        restrictions=tuple(restriction_changes(before, after)),
        identities=tuple(identity_changes(before, after)),
    )


@dataclass(frozen=True, slots=True)
class _Side:
    """One side, by what is compared; each dictionary is in the order of the blueprints.

    `known` holds everything that is there, as `_Here.known` writes it.
    """

    rows: dict[_Caller, RowChange] = field(default_factory=dict)
    public: dict[_Place, PublicChange] = field(default_factory=dict)
    apis: dict[tuple[_Account, str], NetworkChange] = field(default_factory=dict)
    trusts: dict[tuple[_Account, str], SignInChange] = field(default_factory=dict)
    callers: dict[_Place, list[str]] = field(default_factory=dict)
    known: set[tuple[object, ...]] = field(default_factory=set)


def _side(blueprints: Sequence[ResolvedBlueprint], twofold: AbstractSet[str]) -> _Side:
    side = _Side()
    for each in sorted(blueprints, key=lambda one: (one.environment.name, one.name)):
        here = _Here(each, _where(each.environment, twofold), _account(each.environment))
        side.known.update(here.known())
        side.trusts.update(here.trusts())
        side.apis.update(here.apis())
        side.public.update(here.public())
        for (place, role), change in here.rows():
            side.rows[place, role] = change
            side.callers.setdefault(place, []).append(change.row.role)
    return side


@dataclass(frozen=True, slots=True)
class _Here:
    """A blueprint in an account: what it adds to a side."""

    blueprint: ResolvedBlueprint
    where: str
    account: _Account

    def known(self) -> Iterator[tuple[object, ...]]:
        yield "environment", self.account
        if (retired := self.blueprint.retired) is not None:
            yield from (("retired", self.account, name) for name in retired.apis)
            yield from (("retired role", self.account, name.lower()) for name in retired.roles)
        for role in self.blueprint.roles:
            yield "role", self.account, role.name.lower()
        for api in self.blueprint.apis:
            here = (self.account, api.name)
            yield "api", *here
            yield from (("stage", *here, stage.name) for stage in self.blueprint.stages)
        for stage in self.blueprint.stages:
            for api, route in self.blueprint.routes_on(stage):
                yield "route", self.account, api.name, stage.name, route.key

    def rows(self) -> Iterator[tuple[_Caller, RowChange]]:
        signed = {
            api.name: sum(each.auth != "none" for each in api.routes) for api in self.blueprint.apis
        }
        reasons = {
            (each.api, each.stage, each.route, each.role): each.reason
            for each in reached_routes(self.blueprint)
        }
        allowed = [
            row for row in matrix(self.blueprint) if row.auth != "none" and row.decision == "allow"
        ]
        count = Counter((row.api, row.stage, row.role) for row in allowed)
        for row in allowed:
            reason = reasons.get((row.api, row.stage, row.route, row.role))
            most = signed[row.api]
            is_complete = count[row.api, row.stage, row.role] == most
            change = RowChange(self._name, self.where, row, "grant", reason, most, is_complete)
            yield ((self.account, row.api, row.stage, row.route), row.role.lower()), change

    def public(self) -> Iterator[tuple[_Place, PublicChange]]:
        ways = {api.name: _ways(api) for api in self.blueprint.apis}
        for route in public_routes(self.blueprint):
            change = PublicChange(self._name, self.where, route, "grant", (), ways[route.api])
            yield (self.account, route.api, route.stage, route.route), change

    def apis(self) -> Iterator[tuple[tuple[_Account, str], NetworkChange]]:
        for api in self.blueprint.apis:
            ways = _ways(api)
            change = NetworkChange(self._name, self.where, api.name, ways, ways)
            yield (self.account, api.name), change

    def trusts(self) -> Iterator[tuple[tuple[_Account, str], SignInChange]]:
        for role in self.blueprint.roles:
            trust = trust_of(role)
            if trust is not None:
                change = SignInChange(
                    self._name, self.where, role.name, trust, trust, is_elsewhere=False
                )
                yield (self.account, role.name.lower()), change

    @property
    def _name(self) -> str:
        return self.blueprint.environment.name


def _ways(api: Api) -> tuple[str, ...]:
    return tuple(sorted(set(api.doors)))


def _account(environment: Environment) -> _Account:
    """Return what makes an account: the embedded cloud stays the same on another port."""
    cloud = "embedded" if environment.endpoint is not None else environment.partition
    return cloud, environment.account


def _twofold(environments: Sequence[Environment]) -> AbstractSet[str]:
    """Return the names that stand for another account on the other side."""
    accounts = {(each.name, _account(each)) for each in environments}
    count = Counter(name for name, _ in accounts)
    return {name for name, often in count.items() if often > 1}


def _where(environment: Environment, twofold: AbstractSet[str]) -> str:
    if environment.name not in twofold:
        return environment.name
    cloud, number = _account(environment)
    return f"{environment.name}, {'embedded ' if cloud == 'embedded' else ''}account {number}"


def _gained(old: _Side, new: _Side) -> Iterator[RowChange]:
    for (place, role), each in new.rows.items():
        if (place, role) not in old.rows and place not in old.public:
            yield replace(each, cause=_cause(old, place, role))


def _opened(old: _Side, new: _Side) -> Iterator[PublicChange]:
    for place, each in new.public.items():
        if place not in old.public:
            yield replace(each, cause=_cause(old, place), roles=tuple(old.callers.get(place, ())))


def _cause(other: _Side, place: _Place, role: str | None = None) -> Cause:
    """Return the largest thing that the other side does not have."""
    here, api, stage, route = place
    if ("retired", here, api) in other.known:
        return "retired"
    parts: Mapping[Cause, tuple[object, ...]] = {
        "environment": (here,),
        "api": (here, api),
        "stage": (here, api, stage),
        "route": (here, api, stage, route),
        **({} if role is None else {"role": (here, role)}),
    }
    return next((each for each, key in parts.items() if (each, *key) not in other.known), "grant")


def _networks(old: _Side, new: _Side) -> Iterator[NetworkChange]:
    for key, each in new.apis.items():
        known = old.apis.get(key)
        if known is not None and known.after != each.after:
            yield replace(each, before=known.after)


def _sign_ins(old: _Side, new: _Side) -> Iterator[SignInChange]:
    for key in unique((*new.trusts, *old.trusts)):
        known, found = old.trusts.get(key), new.trusts.get(key)
        if found is None and known is not None:
            gone = replace(known, after=None, is_elsewhere=_has_role(new, key))
            yield replace(gone, is_retired=("retired role", *key) in new.known)
        elif known is None and found is not None:
            yield replace(found, before=None, is_elsewhere=_has_role(old, key))
        elif known is not None and found is not None and known.before != found.after:
            yield replace(found, before=known.before)


def _has_role(side: _Side, key: tuple[_Account, str]) -> bool:
    account, role = key
    return ("role", account, role) in side.known
