"""What tokens open: the table of routes and scopes that an authorizer's function decides by; pure.

API Gateway remembers the policy that the function returns, for all methods of a stage (API Gateway
developer guide, "Configure a Lambda authorizer"). So the policy names everything that the token may
call, and what one route's pattern reaches of another must be right for every token.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gateprint.access.arn import path_pattern
from gateprint.access.policy import API_ID, UNASKED, api_arn
from gateprint.access.routes.reach import reach_of, reaches
from gateprint.access.routes.templates import EVERY_METHOD
from gateprint.errors import Diagnostic
from gateprint.model.document import Document, KeyPath
from gateprint.model.issuers import TokenIssuer
from gateprint.model.resolved import Api, ResolvedBlueprint, Route
from gateprint.model.words import listed

# API Gateway developer guide, "Output from a Lambda authorizer": the longest resource.
LONGEST_RESOURCE = 512


@dataclass(frozen=True, slots=True)
class Entry:
    """One method on one path that tokens with all `scopes` open; `route` is the blueprint's."""

    method: str
    path: str
    scopes: tuple[str, ...]
    route: str

    @property
    def key(self) -> str:
        """Return it as a route."""
        return f"{self.method} {self.path}"

    @property
    def pattern(self) -> str:
        """Return `METHOD/path` as IAM matches it.

        A parameter at the end is `?*`: `GET/pets/*` would fit `GET/pets/` as well, which may be
        how API Gateway asks about `GET /pets`.
        """
        pattern = f"{self.method}/{path_pattern(self.path)}"
        return f"{pattern[:-1]}?*" if pattern.endswith("*") else pattern


def entries_of(api: Api, authorizer: str) -> tuple[Entry, ...]:
    """Return what an authorizer's tokens open, ANY spelled out without what others answer."""
    return tuple(
        Entry(method, route.path, route.scopes, route.key)
        for route in api.routes
        if route.authorizer == authorizer
        for method in _methods(api, route)
    )


def _methods(api: Api, route: Route) -> Iterator[str]:
    if route.method != "ANY":
        yield route.method
        return
    others = {each.method for each in api.routes if each.path == route.path}
    preflight = {"OPTIONS"} if api.cors else set()
    yield from (each for each in EVERY_METHOD if each not in others | preflight)


def settings_of(api: Api, issuer: TokenIssuer) -> Mapping[str, Any]:
    """Return what the function is told: the issuer, and which scopes open which requests."""
    return {
        "issuer": issuer.issuer,
        "audience": list(issuer.audiences),
        "algorithms": list(issuer.algorithms),
        "jwks": issuer.jwks,
        "leeway": issuer.leeway_seconds,
        "routes": [
            {"pattern": each.pattern, "scopes": list(each.scopes)}
            for each in sorted(entries_of(api, issuer.name), key=lambda one: one.pattern)
        ],
    }


def check_tokens(document: Document, blueprint: ResolvedBlueprint) -> Iterator[Diagnostic]:
    """Yield a diagnostic for every route that tokens would open without its scopes."""
    for api in blueprint.apis:
        for issuer in api.authorizers:
            entries = entries_of(api, issuer.name)
            yield from _reached(document, api, entries)
            yield from _too_long(document, blueprint, api, entries)
        yield from _reached_by_public(document, api)


def _reached(document: Document, api: Api, entries: tuple[Entry, ...]) -> Iterator[Diagnostic]:
    by_key = {each.key: each for each in entries}
    reached = reach_of(tuple((each, "iam") for each in by_key))
    told: dict[str, dict[str, None]] = {}
    for entry in entries:
        for other in (by_key[each] for each in reached[entry.key]):
            if not set(other.scopes) <= set(entry.scopes):
                told.setdefault(entry.route, {})[other.route] = None
    for key, others in told.items():
        problem = f'"{key}" reaches {listed(sorted(others))} too, which needs other scopes'
        remedy = "ask for these scopes here too, rename its path, or give it another authorizer"
        path: KeyPath = ("apis", api.name, "routes", key)
        yield document.reject(path, "overreach", problem, remedy, key=True)


def _reached_by_public(document: Document, api: Api) -> Iterator[Diagnostic]:
    """Within an account an Allow of the resource policy is enough, whatever the authorizer says.

    API Gateway developer guide, "API Gateway authorization flow": Lambda authorizer and resource
    policy, table A.
    """
    if not api.has_policy:
        return
    tokens = [each for each in api.routes if each.auth == "jwt"]
    for public in (each for each in api.routes if each.auth in UNASKED):
        found = [each.key for each in tokens if reaches(public.key, each.key)]
        if found:
            problem = f'the resource policy for "{public.key}" reaches {listed(found)} too'
            kind = "private" if api.is_private else "restricted"
            remedy = f"rename its path: on a {kind} API that opens them without a token's scopes"
            path: KeyPath = ("apis", api.name, "routes", public.key)
            yield document.reject(path, "overreach", problem, remedy, key=True)


def _too_long(
    document: Document, blueprint: ResolvedBlueprint, api: Api, entries: tuple[Entry, ...]
) -> Iterator[Diagnostic]:
    stage = max((len(each.name) for each in blueprint.stages), default=0)
    front = len(f"{api_arn(blueprint.environment, API_ID)}/") + stage + 1
    for each in {each.route: each for each in entries}.values():
        size = front + len(each.pattern)
        if size > LONGEST_RESOURCE:
            problem = f"its ARN in a token's policy has {size:,} characters; {LONGEST_RESOURCE} is"
            path: KeyPath = ("apis", api.name, "routes", each.route)
            yield document.reject(
                path, "over-quota", f"{problem} the limit", "shorten the path", key=True
            )
