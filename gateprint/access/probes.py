"""The requests that show whether a deployed API admits whom its blueprint admits; pure.

A probe is one request, what is expected of it, and why. It names a route by values that no shop
has, so that a handler that runs after all finds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from gateprint.access.answers.answer import with_preflights
from gateprint.access.answers.question import Call
from gateprint.access.matrix import matrix
from gateprint.access.overreach import Reached, reached_routes
from gateprint.access.routes.routing import route_of
from gateprint.access.routes.templates import EVERY_METHOD
from gateprint.access.whereabouts import NOWHERE, Whereabouts
from gateprint.model.resolved import METHODS, Api, Cors, ResolvedBlueprint, Route

Kind = Literal[
    "signed", "unsigned", "tampered", "preflight", "malformed", "keyed", "closed", "certificate"
]
Expected = Literal[
    "let through",
    "not authorized",
    "no signature",
    "wrong signature",
    "no token",
    "no key",
    "preflight",
    "bad request",
    "closed",
    "no certificate",
]

# No parameter of anybody's has it, and no origin: RFC 2606 keeps the name out of the DNS.
VALUE = "gateprint-probe"
STRANGER = "https://gateprint-probe.invalid"
# Only asked whether a browser with any origin may read an answer.
_VISITOR = "https://visitor.example.com"
# What a browser's signed request carries, in lower case.
SIGNED_HEADERS = ("authorization", "content-type", "x-amz-date", "x-amz-security-token")
# API Gateway developer guide, "Choose an API key source in API Gateway": HEADER.
KEY_HEADER = "x-api-key"
_MOST_NAMES = 100


@dataclass(frozen=True, slots=True)
class CorsExpected:
    """What a browser must be told: the origin by `Access-Control-Allow-Origin`, None for nobody.

    `methods` and `headers` must be among the allowed ones; they are asked of preflights alone.
    """

    origin: str | None
    methods: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """The route of a stage, as the blueprint writes it."""

    blueprint: str
    api: str
    stage: str
    route: str


@dataclass(frozen=True, slots=True)
class Malformed:
    """What a request has, and the one thing that it lacks: a parameter, or a body of the form.

    `body` is JSON; None stands for the body that every probe has.
    """

    lacks: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: str | None = None

    @property
    def is_of_body(self) -> bool:
        """Tell whether it is the body that is wrong."""
        return self.body is not None


@dataclass(frozen=True, slots=True)
class Probe:
    """One request. `role` is empty where nobody signs it; `origin` is the header a browser adds.

    `cors` is what the answer must say to a browser; of other requests than preflights, only where
    API Gateway itself refuses them. `is_filtered` tells that something before IAM may refuse it
    too; `whereabouts` are from where it is sent, where that matters. `needs_identity` tells that a
    request which is let through lacks an identity token: the function has to refuse it. `key` is
    the name in AWS of an API key that it carries; `domain` the name and base path that it is sent
    to, empty for the default endpoint.
    """

    kind: Kind
    place: Place
    call: Call
    expected: Expected
    why: str
    role: str = ""
    origin: str | None = None
    cors: CorsExpected | None = None
    is_filtered: bool = False
    whereabouts: Whereabouts = NOWHERE
    needs_identity: bool = False
    malformed: Malformed | None = None
    key: str = ""
    domain: str = ""


def plan(blueprint: ResolvedBlueprint, strangers: Iterable[str] = ()) -> tuple[Probe, ...]:
    """Return all probes of a blueprint, stage by stage.

    `strangers` are the account's roles to which the blueprint grants nothing: each asks for one
    route of every stage, which a policy that says `*` would open.
    """
    stated = _stated(blueprint)
    others = sorted(set(strangers) - {each.name for each in blueprint.roles})
    return tuple(
        probe
        for stage in blueprint.stages
        for api in blueprint.apis
        for probe in _of_api(blueprint, api, stage.name, stated, others)
    )


def requests_of(api: Api, route: Route) -> tuple[Call, ...]:
    """Return a request for each method of a route, which API Gateway gives to no other route."""
    offered = with_preflights(api)
    methods = EVERY_METHOD if route.method == "ANY" else (route.method,)
    names = [VALUE, *(f"{VALUE}-{number}" for number in range(2, _MOST_NAMES))]
    return tuple(
        call for method in methods if (call := _request(offered, route, method, names)) is not None
    )


def _request(api: Api, route: Route, method: str, names: Iterable[str]) -> Call | None:
    for name in names:
        parts = [name if each.startswith("{") else each for each in route.segments]
        path = "/" + "/".join(parts)
        found = route_of(api, method, path)
        if found is not None and found.key == route.key:
            return Call(method, path)
    return None  # Other routes take all of it.


Stated = Mapping[tuple[str, str, str, str], tuple[Expected, str]]


def _stated(blueprint: ResolvedBlueprint) -> Stated:
    """Return what the blueprint says of role, API, stage and route, and why."""
    reached = {
        (each.role, each.api, each.stage, each.route): each for each in reached_routes(blueprint)
    }
    found: dict[tuple[str, str, str, str], tuple[Expected, str]] = {}
    for row in matrix(blueprint):
        place = (row.role, row.api, row.stage, row.route)
        if row.decision == "allow":
            found[place] = ("let through", _why_allowed(row.auth, reached.get(place)))
        else:
            is_denied = place in reached
            found[place] = ("not authorized", "an explicit Deny" if is_denied else "not granted")
    return found


def _why_allowed(auth: str, reached: Reached | None) -> str:
    if auth == "none":
        return "open to everybody"
    return f"not granted, but {reached.reason}" if reached else "granted"


@dataclass(frozen=True, slots=True)
class _Request:
    """What the probes of one request to one route of a stage have in common."""

    cors: Cors | None
    place: Place
    call: Call
    needs_key: bool = False
    is_filtered: bool = False

    def probe(self, kind: Kind, expected: Expected, why: str, role: str = "") -> Probe:
        origin = _first_origin(self.cors) if self.cors else None
        told = CorsExpected(_origin_of_refusals(self.cors)) if self.cors else None
        if self.needs_key and expected == "let through":
            # No probe carries a key, so that none of these reaches a backend.
            expected, why = "no key", f"{why}, and an API key is asked for"
        filtered = self.is_filtered
        return Probe(kind, self.place, self.call, expected, why, role, origin, told, filtered)


def _of_api(
    blueprint: ResolvedBlueprint, api: Api, stage: str, stated: Stated, strangers: list[str]
) -> Iterator[Probe]:
    first: _Request | None = None
    is_filtered = bool(api.vpc_endpoints) or _has_web_acl(blueprint, stage)
    for route in api.routes:
        place = Place(blueprint.name, api.name, stage, route.key)
        for call in requests_of(api, route):
            request = _Request(api.cors, place, call, route.needs_key, is_filtered)
            yield _unsigned(request, route)
            # Where a token is asked for, IAM is not: what a role signs is the same as nothing.
            if not route.is_by_token:
                yield from _signed(request, blueprint, stated, route)
            if first is None and route.auth == "iam":
                first = request
    if first is not None:
        for name in strangers:
            yield first.probe("signed", "not authorized", "of another blueprint", name)
        for role in blueprint.roles[:1]:  # One is enough: keys are not verified role by role.
            yield first.probe("tampered", "wrong signature", "signatures are verified", role.name)
    yield from _preflights(blueprint, api, stage)


def _has_web_acl(blueprint: ResolvedBlueprint, stage: str) -> bool:
    return any(each.name == stage and each.waf_acl_arn for each in blueprint.stages)


def _unsigned(request: _Request, route: Route) -> Probe:
    if route.auth == "none":
        return request.probe("unsigned", "let through", "open to everybody")
    if route.is_by_token:
        return request.probe("unsigned", "no token", "an authorizer asks for a token")
    return request.probe("unsigned", "no signature", "IAM checks every caller")


def _signed(
    request: _Request, blueprint: ResolvedBlueprint, stated: Stated, route: Route
) -> Iterator[Probe]:
    place = request.place
    for role in blueprint.roles:
        expected, why = stated[role.name, place.api, place.stage, place.route]
        found = request.probe("signed", expected, why, role.name)
        # No probe has an identity token: verify signs in to no issuer.
        is_next = route.identity_token is not None and expected == "let through"
        yield replace(found, needs_identity=True) if is_next else found


def _preflights(blueprint: ResolvedBlueprint, api: Api, stage: str) -> Iterator[Probe]:
    if api.cors is None:
        return
    verbs: dict[str, list[str]] = {}
    for route in api.routes:
        verbs.setdefault(route.path, []).append(route.method)
    keyed = {each.path for each in api.routes if each.needs_key}
    for path, found in verbs.items():
        route = Route("OPTIONS", path, api.routes[0].backend, "none")
        place = Place(blueprint.name, api.name, stage, route.key)
        for call in requests_of(api, route):
            headers = (*SIGNED_HEADERS, KEY_HEADER) if path in keyed else SIGNED_HEADERS
            yield from _preflights_of(api.cors, place, call, _methods(found), headers)


def _methods(verbs: Iterable[str]) -> tuple[str, ...]:
    given = set(verbs)
    return tuple(each for each in METHODS if each != "ANY" and (each in given or "ANY" in given))


def _preflights_of(
    cors: Cors, place: Place, call: Call, methods: tuple[str, ...], headers: tuple[str, ...]
) -> Iterator[Probe]:
    is_open = cors.origins == ("*",)
    headers = (*headers, *(each.lower() for each in cors.headers))
    for origin in [_VISITOR] if is_open else cors.origins:
        told = CorsExpected("*" if is_open else origin, methods, headers)
        why = "every origin may ask" if is_open else "this origin may ask"
        yield Probe("preflight", place, call, "preflight", why, origin=origin, cors=told)
    if not is_open:
        told = CorsExpected(None)
        why = "this origin may not read answers"
        yield Probe("preflight", place, call, "preflight", why, origin=STRANGER, cors=told)


def _first_origin(cors: Cors) -> str:
    return _VISITOR if cors.origins == ("*",) else cors.origins[0]


def _origin_of_refusals(cors: Cors) -> str:
    """Return what gateway responses carry: they cannot choose among several origins."""
    return cors.origins[0] if len(cors.origins) == 1 else "*"
