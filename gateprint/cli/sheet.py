"""The access of one blueprint in one environment, arranged for readers; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from gateprint.access.identities import IdentityRoute
from gateprint.access.keys import KeyRoute
from gateprint.access.matrix import Access, PublicRoute, RestrictedApi, Row, TokenRoute
from gateprint.access.overreach import Reached
from gateprint.access.pinned import PinnedStage
from gateprint.cli.pinned import SIGN
from gateprint.model.resolved import BY_TOKEN, Retired

Mark = Literal["yes", "-", "public", "token", "reach", "denied"]


class Place(NamedTuple):
    """A route of an API."""

    api: str
    route: str


@dataclass(frozen=True, slots=True)
class Line:
    """What one role may call: for each place a mark per stage."""

    role: str
    marks: Mapping[Place, Sequence[Mark]]


@dataclass(frozen=True, slots=True)
class Exposure:
    """A route that everybody may call, and why."""

    place: Place
    stages: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Taking:
    """A route that takes tokens: whose, and with which scopes."""

    place: Place
    stages: tuple[str, ...]
    authorizer: str
    scopes: tuple[str, ...]
    auth: str = "jwt"

    def words(self, name: Callable[[str], str] = str) -> str:
        """Return what a token needs; `name` writes one scope. Of Cognito's any one is enough."""
        told = [name(each) for each in self.scopes]
        if self.auth == "cognito":
            return " or ".join(told) or "any ID token of it"
        return ", ".join(told) or "any token of it"


@dataclass(frozen=True, slots=True)
class Keyed:
    """A route that needs an API key as well, and the plans whose keys open it."""

    place: Place
    stages: tuple[str, ...]
    plans: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """From where alone an API may be called; what is empty is not asked."""

    api: str
    addresses: tuple[str, ...]
    networks: tuple[str, ...]
    organization: str


@dataclass(frozen=True, slots=True)
class Showing:
    """A signed route that asks for an identity token: whose, and the claim that counts."""

    place: Place
    stages: tuple[str, ...]
    issuer: str
    claim: str


@dataclass(frozen=True, slots=True)
class Reach:
    """A route that IAM reaches from granted ones, `by`, though nobody granted it."""

    place: Place
    by: tuple[str, ...]
    stages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overreach:
    """What becomes of the overreach of one role: closed, or accepted for a reason."""

    role: str
    mark: Literal["reach", "denied"]
    reason: str
    reached: tuple[Reach, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Roles down, routes across, a mark per stage; and apart what no grant explains."""

    stages: tuple[str, ...]
    places: tuple[Place, ...]
    lines: tuple[Line, ...]
    public: tuple[Exposure, ...]
    overreach: tuple[Overreach, ...]
    blueprint: str
    environment: str
    has_several_apis: bool
    retired: Retired | None = None
    tokens: tuple[Taking, ...] = ()
    keys: tuple[Keyed, ...] = ()
    restricted: tuple[Way, ...] = ()
    identities: tuple[Showing, ...] = ()
    pinned: tuple[PinnedStage, ...] = ()

    @property
    def heads(self) -> tuple[str, ...]:
        """Return the stages, those that serve a release with a sign."""
        pinned = {each.stage for each in self.pinned}
        return tuple(f"{each}{SIGN}" if each in pinned else each for each in self.stages)

    def count(self, mark: Mark) -> int:
        """Return how many pairs of role and route on a stage have this mark."""
        return sum(found.count(mark) for line in self.lines for found in line.marks.values())

    def name_of(self, place: Place) -> str:
        """Return the route, with its API where there are several."""
        return f"{place.api}: {place.route}" if self.has_several_apis else place.route


def sheet_of(access: Access) -> Sheet:
    """Return the access of a blueprint, arranged."""
    title = (access.blueprint, access.environment)
    sheet = arranged(access.rows, access.public, access.reached, title)
    tokens, keys = _taking(access.tokens), _keyed(access.keys)
    apis = {each.place.api for each in tokens} | {each.api for each in access.rows}
    apis |= {each.place.api for each in keys}
    is_several = sheet.has_several_apis or len(apis) > 1
    return replace(
        sheet,
        retired=access.retired,
        tokens=tokens,
        keys=keys,
        identities=_showing(access.identities),
        has_several_apis=is_several,
        restricted=tuple(_way(each) for each in access.restricted),
        pinned=access.pinned,
    )


def _way(found: RestrictedApi) -> Way:
    networks = (*found.vpc_endpoints, *found.vpcs)
    return Way(found.api, found.source_ips, networks, found.organization or "")


def arranged(
    rows: Sequence[Row],
    public: Sequence[PublicRoute],
    reached: Sequence[Reached] = (),
    title: tuple[str, str] = ("", ""),
) -> Sheet:
    """Return the rows of one blueprint, and what stands apart, under (blueprint, environment)."""
    lines = _lines(rows, reached)
    apis = {each.api for each in rows} | {each.api for each in public}
    return Sheet(
        stages=tuple(dict.fromkeys(row.stage for row in rows)),
        places=tuple(next(iter(lines.values()), {})),
        lines=tuple(Line(role, marks) for role, marks in lines.items()),
        public=_exposures(public),
        overreach=_overreach(reached),
        blueprint=title[0],
        environment=title[1],
        has_several_apis=len(apis) > 1,
    )


def _lines(
    rows: Iterable[Row], reached: Iterable[Reached]
) -> Mapping[str, Mapping[Place, Sequence[Mark]]]:
    """Return the marks by role and place; there is a row for each, per stage in one order."""
    decided: dict[tuple[str, str, str, str], Mark] = {
        (each.role, each.api, each.stage, each.route): "denied" if each.is_denied else "reach"
        for each in reached
    }
    lines: dict[str, dict[Place, list[Mark]]] = {}
    for row in rows:
        found = decided.get((row.role, row.api, row.stage, row.route)) if decided else None
        marks = lines.setdefault(row.role, {}).setdefault(Place(row.api, row.route), [])
        marks.append(found or _mark(row))
    return lines


def _mark(row: Row) -> Mark:
    if row.auth == "none":
        return "public"
    if row.auth in BY_TOKEN:
        return "token"
    return "yes" if row.decision == "allow" else "-"


def _exposures(public: Iterable[PublicRoute]) -> tuple[Exposure, ...]:
    found: dict[tuple[Place, str], list[str]] = {}
    for each in public:
        found.setdefault((Place(each.api, each.route), each.reason), []).append(each.stage)
    return tuple(Exposure(place, tuple(on), reason) for (place, reason), on in found.items())


def _taking(tokens: Iterable[TokenRoute]) -> tuple[Taking, ...]:
    found: dict[tuple[Place, str, tuple[str, ...], str], list[str]] = {}
    for each in tokens:
        key = (Place(each.api, each.route), each.authorizer, each.scopes, each.auth)
        found.setdefault(key, []).append(each.stage)
    return tuple(
        Taking(place, tuple(on), authorizer, scopes, auth)
        for (place, authorizer, scopes, auth), on in found.items()
    )


def _keyed(keys: Iterable[KeyRoute]) -> tuple[Keyed, ...]:
    found: dict[tuple[Place, tuple[str, ...]], list[str]] = {}
    for each in keys:
        found.setdefault((Place(each.api, each.route), each.plans), []).append(each.stage)
    return tuple(Keyed(place, tuple(on), plans) for (place, plans), on in found.items())


def _showing(identities: Iterable[IdentityRoute]) -> tuple[Showing, ...]:
    found: dict[tuple[Place, str, str], list[str]] = {}
    for each in identities:
        key = (Place(each.api, each.route), each.issuer, each.claim)
        found.setdefault(key, []).append(each.stage)
    return tuple(
        Showing(place, tuple(on), issuer, claim) for (place, issuer, claim), on in found.items()
    )


def _overreach(reached: Iterable[Reached]) -> tuple[Overreach, ...]:
    found: dict[tuple[str, bool, str], dict[tuple[Place, tuple[str, ...]], list[str]]] = {}
    for each in reached:
        routes = found.setdefault((each.role, each.is_denied, each.reason), {})
        routes.setdefault((Place(each.api, each.route), each.by), []).append(each.stage)
    return tuple(
        Overreach(
            role,
            "denied" if is_denied else "reach",
            "an explicit Deny closes it" if is_denied else reason,
            tuple(Reach(place, by, tuple(on)) for (place, by), on in routes.items()),
        )
        for (role, is_denied, reason), routes in found.items()
    )
