"""The requests that show by which addresses a deployed stage is reached, and by which not; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from gateprint.access.answers.answer import with_preflights
from gateprint.access.answers.question import Call
from gateprint.access.probes import VALUE, Place, Probe
from gateprint.access.routes.routing import route_of
from gateprint.model.resolved import Api, BasePath, Domain, MockBackend, ResolvedBlueprint

_NOWHERE = (f"/{VALUE}", "/")


def call_of_nobody(api: Api) -> Call | None:
    """Return a request that no route takes, so that it is harmless; None where routes take all."""
    offered = with_preflights(api)
    calls = (Call("GET", path) for path in _NOWHERE)
    return next((each for each in calls if route_of(offered, each.method, each.path) is None), None)


def addresses_of(
    blueprint: ResolvedBlueprint, api: str, stage: str
) -> Iterator[tuple[Domain, BasePath]]:
    """Yield the domains and base paths that lead to a stage of an API."""
    for domain in blueprint.domains:
        for base in domain.base_paths:
            if (base.api, base.stage) == (api, stage):
                yield domain, base


def front_probes(
    blueprint: ResolvedBlueprint,
    api: Api,
    stage: str,
    probes: Sequence[Probe],
    guarded: Collection[str],
) -> Iterator[Probe]:
    """Yield requests to the addresses of a stage; `probes` are those of it at its own address.

    `guarded` are the names of domains that ask for certificates. What a web ACL or a private API's
    door may refuse is not asked: both answer in the same words.
    """
    if any(each.is_filtered for each in probes):
        return
    nobody = call_of_nobody(api)
    place = Place(blueprint.name, api.name, stage, str(nobody))
    if nobody is not None and not api.has_default_endpoint:
        yield Probe("closed", place, nobody, "closed", "the default endpoint is off")
    for domain, base in addresses_of(blueprint, api.name, stage):
        address = f"{domain.name}/{base.path}".rstrip("/")
        if domain.name not in guarded:
            for each in _telling(api, probes):
                yield replace(each, domain=address, cors=None)
        elif nobody is not None:
            why = f"{domain.name} asks for certificates"
            yield Probe("certificate", place, nobody, "no certificate", why, domain=address)


def _telling(api: Api, probes: Sequence[Probe]) -> Iterator[Probe]:
    """Yield the requests of which the answers tell most about where they came to.

    Somebody who is let through finds the route, and the refusal of a role names API and stage.
    """
    plain = [each for each in probes if each.kind in {"signed", "unsigned"}]
    yield from sorted(
        (each for each in plain if each.expected == "let through"),
        key=lambda each: not isinstance(api.route(each.place.route).backend, MockBackend),
    )[:1]
    yield from [each for each in plain if each.role and each.expected == "not authorized"][:1]
    kept = ("no signature", "no token")
    yield from [each for each in plain if not each.role and each.expected in kept][:1]
