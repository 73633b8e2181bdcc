"""Which signed routes ask for an identity token as well: whose, and which claim counts; pure.

No role gains or loses a route by it: IAM decides as before, and the function asks afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateprint.model.resolved import ResolvedBlueprint, Route


@dataclass(frozen=True, slots=True, order=True)
class IdentityRoute:
    """A route of a stage, the issuer by its name, and the claim that is the session's name."""

    blueprint: str
    api: str
    stage: str
    route: str
    issuer: str
    claim: str
    header: str


def identity_routes(blueprint: ResolvedBlueprint) -> tuple[IdentityRoute, ...]:
    """Return the routes that ask for an identity token, per stage."""
    return tuple(
        IdentityRoute(
            blueprint.name,
            api.name,
            stage.name,
            route.key,
            token.issuer.name,
            token.claim,
            token.header,
        )
        for stage in blueprint.stages
        for api, route in blueprint.routes()
        if (token := route.identity_token) is not None
    )


def identity_note(route: Route | None) -> str | None:
    """Say what a signed request to a route needs beside its signature."""
    token = route.identity_token if route is not None else None
    if token is None:
        return None
    return (
        f"beside the signature it needs a token of {token.issuer.name} in {token.header}, whose "
        f"claim {token.claim} is the session's name: the function asks for it"
    )
