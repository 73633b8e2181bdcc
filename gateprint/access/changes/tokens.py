"""What two sides of the blueprints differ in about tokens: whose, and which scopes; pure.

What is deployed does not tell the scopes of `jwt`: they are in the authorizer's function. They are
then `None`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gateprint.access.changes.wording import name, names, places
from gateprint.model.resolved import BY_TOKEN, Api, Environment, ResolvedBlueprint, Route


@dataclass(frozen=True, slots=True)
class Terms:
    """What a route asks of its callers; `issuer` and `scopes` are None where they are not known."""

    auth: str
    authorizer: str | None = None
    issuer: str | None = None
    scopes: tuple[str, ...] | None = None

    @property
    def words(self) -> str:
        """Return who may call, with what users wrote marked."""
        if self.auth not in BY_TOKEN:
            return "everybody" if self.auth == "none" else "the roles that are granted it"
        whose = f"{name(self.authorizer or '')}{f' ({name(self.issuer)})' if self.issuer else ''}"
        if self.scopes is None:
            return f"whoever has a token of {whose}"
        if self.auth == "cognito":
            return f"whoever has {self._of_pool} of {whose}"
        good_for = f" with {names(self.scopes)}" if self.scopes else ""
        return f"whoever has a token of {whose}{good_for}"

    @property
    def _of_pool(self) -> str:
        """Say what API Gateway takes: with scopes an access token with one of them."""
        if not self.scopes:
            return "an ID token"
        one_of = "one of " if len(self.scopes) > 1 else ""
        return f"an access token with {one_of}{names(self.scopes)}"

    def is_weaker_than(self, other: Terms) -> bool:
        """Tell whether it asks for less, as far as both are known."""
        if self.auth in BY_TOKEN and other.auth == "iam":
            return True
        if self.auth not in BY_TOKEN or other.auth not in BY_TOKEN:
            return False  # To nothing at all is a rule and a sentence of its own.
        if self.scopes is None or other.scopes is None:
            return False
        if self.auth != other.auth:
            return bool(other.scopes) and not self.scopes
        if self.auth == "cognito":
            # One of them is enough: more are weaker, and none are every user of the pools.
            return bool(other.scopes) and not (
                self.scopes and set(self.scopes) <= set(other.scopes)
            )
        return not set(other.scopes) <= set(self.scopes)

    def is_like(self, other: Terms) -> bool:
        """Tell whether nothing differs that both know."""
        known = [
            (self.issuer, other.issuer),
            (None if self.scopes is None else set(self.scopes), other.scopes and set(other.scopes)),
        ]
        same = (self.auth, self.authorizer) == (other.auth, other.authorizer)
        return same and all(one == two for one, two in known if None not in (one, two))


@dataclass(frozen=True, slots=True)
class TokenChange:
    """A route that takes tokens on one side at least, and is not the same on both.

    A side is None where the route is not there. `stages` are those of the side that it is on.
    """

    environment: str
    blueprint: str
    api: str
    route: str
    stages: tuple[str, ...]
    before: Terms | None
    after: Terms | None

    @property
    def is_weakened(self) -> bool:
        """Tell whether less is asked for than before."""
        if self.before is None or self.after is None:
            return False
        return self.after.is_weaker_than(self.before)

    @property
    def sentence(self) -> str:
        """Say it, with what users wrote marked."""
        on = places(self.api, tuple((self.environment, each) for each in self.stages))
        before = self.before.words if self.before else ""
        if self.after is None:
            return f"{before} may no longer call {name(self.route)} on {on}"
        said = f"{self.after.words} may call {name(self.route)} on {on}"
        return f"{said}; until now {before}" if before else said


def token_changes(
    before: Sequence[ResolvedBlueprint], after: Sequence[ResolvedBlueprint]
) -> Iterator[TokenChange]:
    """Yield what differs, in the order of the later side."""
    old, new = dict(_routes(before)), dict(_routes(after))
    for key in dict.fromkeys((*new, *old)):
        was, now = old.get(key), new.get(key)
        terms = [each and each[1] for each in (was, now)]
        if not any(each and each.auth in BY_TOKEN for each in terms):
            continue
        if was and now and now[1].is_like(was[1]):
            continue
        blueprint, stages = (now or was or ("", Terms(""), ()))[::2]
        yield TokenChange(key[2], str(blueprint), key[3], key[4], stages, terms[0], terms[1])


_Key = tuple[str, str, str, str, str]
_Found = tuple[str, Terms, tuple[str, ...]]


def _routes(blueprints: Sequence[ResolvedBlueprint]) -> Iterator[tuple[_Key, _Found]]:
    for blueprint in blueprints:
        where = blueprint.environment
        stages = tuple(each.name for each in blueprint.stages)
        for api, route in blueprint.routes():
            key = (_cloud(where), where.account, where.name, api.name, route.key)
            yield key, (blueprint.name, _terms(api, route), stages)


def _cloud(where: Environment) -> str:
    return "embedded" if where.endpoint is not None else where.partition


def _terms(api: Api, route: Route) -> Terms:
    issuers: Mapping[str, str] = {each.name: each.issuer for each in api.authorizers}
    issuer = issuers.get(route.authorizer or "")
    if route.auth == "cognito":
        pools = {each.name: ", ".join(each.user_pools) for each in api.pool_authorizers}
        return Terms(route.auth, route.authorizer, pools.get(route.authorizer or ""), route.scopes)
    return Terms(route.auth, route.authorizer, issuer, route.scopes if issuer else None)
