"""What two sides of the blueprints differ in about identity tokens beside signatures; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gateprint.access.changes.wording import name, places
from gateprint.model.resolved import (
    Environment,
    FunctionBackend,
    IdentityToken,
    ResolvedBlueprint,
    Route,
)


@dataclass(frozen=True, slots=True)
class IdentityChange:
    """A signed route on both sides whose identity token is not the same; None where none is asked.

    `stages` are those of the later side.
    """

    environment: str
    blueprint: str
    api: str
    route: str
    stages: tuple[str, ...]
    before: IdentityToken | None
    after: IdentityToken | None

    @property
    def is_weakened(self) -> bool:
        """Tell whether a token that was not enough until now may be: anything but a first one."""
        return self.before is not None

    @property
    def sentence(self) -> str:
        """Say it, with what users wrote marked."""
        on = places(self.api, tuple((self.environment, each) for each in self.stages))
        where = f"signed requests to {name(self.route)} on {on}"
        if self.after is None:
            return f"{where} need no identity token any more; until now {_words(self.before)}"
        said = f"{where} need {_words(self.after)}"
        if self.before is None:
            return f"{said}; until now a signature alone"
        differs = _words(self.before) != _words(self.after)
        return f"{said}; until now {_words(self.before) if differs else 'under other terms'}"


def identity_changes(
    before: Sequence[ResolvedBlueprint], after: Sequence[ResolvedBlueprint]
) -> Iterator[IdentityChange]:
    """Yield what differs. What is deployed does not tell of functions, and so of no token."""
    old = dict(_routes(before))
    for key, (blueprint, route) in _routes(after):
        was = old.get(key, (None, None))[1]
        if was is None or not (_is_known(was) and _is_known(route)):
            continue
        if was.identity_token != route.identity_token:
            stages = tuple(each.name for each in blueprint.stages)
            found = (was.identity_token, route.identity_token)
            place = (blueprint.environment.name, blueprint.name, key[2], route.key)
            yield IdentityChange(*place, stages, *found)


_Key = tuple[tuple[str, str], str, str, str]


def _routes(
    blueprints: Sequence[ResolvedBlueprint],
) -> Iterator[tuple[_Key, tuple[ResolvedBlueprint, Route]]]:
    for blueprint in blueprints:
        where = blueprint.environment
        for api, route in blueprint.routes():
            yield (_cloud(where), where.name, api.name, route.key), (blueprint, route)


def _cloud(where: Environment) -> tuple[str, str]:
    return ("embedded" if where.endpoint is not None else where.partition, where.account)


def _is_known(route: Route) -> bool:
    return route.auth == "iam" and isinstance(route.backend, FunctionBackend)


def _words(token: IdentityToken | None) -> str:
    if token is None:
        return "none"
    issuer, claim = name(token.issuer.issuer), name(token.claim)
    return f"a token of {issuer} whose claim {claim} is the session's name"


def plain_change(change: IdentityChange) -> Mapping[str, object]:
    """Return a change for JSON: of a token, what the blueprint says of it."""
    place = (change.environment, change.blueprint, change.api, change.route)
    keys = ("environment", "blueprint", "api", "route")
    sides = {"before": _plain(change.before), "after": _plain(change.after)}
    return {**dict(zip(keys, place, strict=True)), "stages": list(change.stages), **sides}


def _plain(token: IdentityToken | None) -> Mapping[str, str] | None:
    if token is None:
        return None
    return {"issuer": token.issuer.issuer, "claim": token.claim, "header": token.header}
