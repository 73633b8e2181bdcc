"""`identity`: what an identity provider must be told about a role; reads gateprint's templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from gateprint.access.saml.guides import GUIDES, Guide, guide, values_text
from gateprint.access.saml.identity import SignIn, sign_in
from gateprint.workflow.roles import PlacedRole

PROVIDERS = tuple(GUIDES)
_SUFFIX = ".template"


@dataclass(frozen=True, slots=True)
class Instructions:
    """A role's sign-in in one environment: values, Markdown with them, and guides by provider."""

    sign_in: SignIn
    values: str
    guides: Mapping[str, Guide]


def instruct(places: Iterable[PlacedRole], providers: Sequence[str]) -> tuple[Instructions, ...]:
    """Return the instructions for each environment; no guide where the role exists already."""
    return tuple(_instructions(each, providers) for each in places)


def _instructions(place: PlacedRole, providers: Sequence[str]) -> Instructions:
    found, templates = sign_in(place.role, place.environment), _templates()
    wanted = providers if found.provider else ()
    guides = {each: guide(each, found, templates) for each in wanted}
    return Instructions(found, values_text(found, templates), guides)


@cache
def _templates() -> Mapping[str, str]:
    folder = files("gateprint.workflow").joinpath("templates", "identity")
    return {
        each.name.removesuffix(_SUFFIX): each.read_text(encoding="utf-8")
        for each in folder.iterdir()
        if each.name.endswith(_SUFFIX)
    }
