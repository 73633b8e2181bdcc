"""Blueprint × environment → `ResolvedBlueprint`: every default and every name final; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from gateprint.model import resolved, written
from gateprint.model.blueprint import Blueprint, Retired
from gateprint.model.rehearsed_issuers import with_own_issuer
from gateprint.model.resolve_api import resolve_api, resolve_stage
from gateprint.model.resolve_domains import resolve_domains
from gateprint.model.resolve_functions import resolve_functions
from gateprint.model.resolve_plans import resolve_plans
from gateprint.model.resolve_pools import resolve_pools

# The routes of each API on which callers are checked.
_Signed = Mapping[str, tuple[str, ...]]


def resolve(
    blueprint: Blueprint,
    environment: resolved.Environment,
    *,
    all_stages: bool,
    schemas: Mapping[str, str] = MappingProxyType({}),
) -> resolved.ResolvedBlueprint:
    """Return the blueprint as it is in `environment`.

    `all_stages` puts every stage there, whatever environment it names: a rehearsal. A retired one
    offers nothing there and grants nothing. `schemas` are the files that bodies are checked by.

    Both have passed their checks.
    """
    blueprint = with_own_issuer(blueprint, environment.own_issuer)
    stages = {
        name: stage
        for name, stage in blueprint.stages.items()
        if all_stages or stage.environment == environment.name
    }
    signed = {
        name: tuple(key for key, route in api.routes.items() if route.auth == "iam")
        for name, api in blueprint.apis.items()
    }
    whole = resolved.ResolvedBlueprint(
        name=blueprint.name,
        owner=blueprint.owner,
        description=blueprint.description,
        environment=environment,
        stages=tuple(resolve_stage(name, stage) for name, stage in stages.items()),
        apis=tuple(
            resolve_api(name, api, blueprint, schemas) for name, api in blueprint.apis.items()
        ),
        functions=tuple(resolve_functions(blueprint, environment)),
        roles=tuple(
            _role(name, role, environment, tuple(stages), signed)
            for name, role in blueprint.roles.items()
        ),
        plans=tuple(resolve_plans(blueprint, tuple(stages))),
        user_pools=resolve_pools(blueprint, environment.name),
        domains=tuple(resolve_domains(blueprint, stages)),
    )
    return _without_contents(whole, blueprint.retired) if blueprint.retired else whole


def _without_contents(
    whole: resolved.ResolvedBlueprint, said: Retired
) -> resolved.ResolvedBlueprint:
    """Return a blueprint without all that it would offer and grant."""
    added = [each for each in whole.roles if each.identity_provider is None]
    retired = resolved.Retired(
        reason=said.reason,
        by=said.by,
        apis=tuple(each.name for each in whole.apis),
        roles=tuple(each.name for each in whole.roles if each not in added),
        adds_to=tuple(each.name for each in added if any(one.stages for one in each.grants)),
    )
    return replace(
        whole, apis=(), functions=(), roles=(), plans=(), user_pools=(), domains=(), retired=retired
    )


def _role(
    name: str,
    role: written.Role,
    environment: resolved.Environment,
    stages: tuple[str, ...],
    signed: _Signed,
) -> resolved.Role:
    providers = {each.name: each for each in environment.identity_providers}
    return resolved.Role(
        name=name,
        grants=tuple(_grant(grant, stages, signed) for grant in role.allow),
        identity_provider=providers.get(role.identity_provider or ""),
        description=role.description,
        max_session_seconds=role.max_session,
        is_assumed_by_gateway=role.assumed_by_gateway,
        when={key: tuple(values) for key, values in sorted(role.when.items())},
    )


def _grant(grant: written.Grant, stages: tuple[str, ...], signed: _Signed) -> resolved.Grant:
    name = grant.api or next(iter(signed))
    chosen = stages if grant.stages is None else [each for each in stages if each in grant.stages]
    return resolved.Grant(
        api=name,
        stages=tuple(chosen),
        routes=signed[name] if grant.routes is None else tuple(grant.routes),
        overreach=grant.overreach,
    )
