"""Authorizers, checks, limits, plans and domains of an account that a stack takes over; pure.

The ids are those of `terraform.plans.import_ids`. What another name would replace is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gateprint.model.resolved import Api, ResolvedBlueprint
from gateprint.openapi.account import AccountApi
from gateprint.openapi.account_plans import Places
from gateprint.stack import address
from gateprint.stack.published import PublishedApi
from gateprint.terraform.plans.adoption import Adoption

_JSON = "application/json"
# What a validator of each name checks: bodies, parameters.
_VALIDATORS = {
    "body": (True, False),
    "parameters": (False, True),
    "body-and-parameters": (True, True),
}


def checks_adopted(published: PublishedApi, found: AccountApi) -> Iterator[Adoption]:
    """Yield the authorizers, models and validators that are there already."""
    pools = {_pools(each): str(each["id"]) for each in reversed(found.authorizers)}
    for authorizer in published.pool_authorizers:
        if identity := pools.get(tuple(sorted(authorizer.user_pools))):
            yield _of_api(published, found, "authorizer", authorizer.name, identity)
    models = {str(each["name"]) for each in found.models if each.get("contentType") == _JSON}
    for model in published.models:
        # Another name would replace the model; the one that is there stays then.
        if model.name in models:
            yield _of_api(published, found, "model", model.name, model.name)
    for name in published.validators:
        if identity := _validator(found, _VALIDATORS[name]):
            yield _of_api(published, found, "request_validator", name, identity)


def _of_api(
    published: PublishedApi, found: AccountApi, kind: str, name: str, identity: str
) -> Adoption:
    where = address.joined(published.name, name)
    return Adoption(f"aws_api_gateway_{kind}.{where}", f"{found.id}/{identity}")


def _pools(authorizer: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(sorted(str(each) for each in authorizer.get("providerARNs") or ()))


def _validator(found: AccountApi, checked: tuple[bool, bool]) -> str:
    """Return the id of a validator that checks the same, one in use rather than another."""
    used = {
        method.get("requestValidatorId")
        for resource in found.resources
        for method in resource.get("resourceMethods", {}).values()
    }
    fitting = [
        str(each["id"])
        for each in found.validators
        if (bool(each.get("validateRequestBody")), bool(each.get("validateRequestParameters")))
        == checked
    ]
    return min(fitting, key=lambda each: (each not in used, each), default="")


def settings_adopted(api: Api, found: AccountApi) -> Iterator[Adoption]:
    """Yield the settings of single methods that are there already.

    Addresses and paths are those of `stack.stages`.
    """
    for stage in found.stages:
        there = {each.replace("~1", "/").strip("/") for each in stage.get("methodSettings") or {}}
        for route in api.routes:
            path = route.path.strip("/")
            if route.throttle is None or f"{path}/{route.method}".strip("/") not in there:
                continue
            name = str(stage["stageName"])
            where = address.method(name, route.method, route.segments)
            yield Adoption(
                f"aws_api_gateway_method_settings.{address.part(api.name)}_{where}",
                f"{found.id}/{name}/{path or '~1'}/{route.method}",
            )


def places_adopted(blueprint: ResolvedBlueprint, places: Places) -> Iterator[Adoption]:
    """Yield the plans, keys and base paths that are there already."""
    for name in blueprint.keys:
        if name in places.key_ids:
            yield Adoption(f"aws_api_gateway_api_key.{address.part(name)}", places.key_ids[name])
    for plan in blueprint.plans:
        identity = places.plan_ids.get(plan.name)
        if identity is None:
            continue
        yield Adoption(f"aws_api_gateway_usage_plan.{address.part(plan.name)}", identity)
        for key in plan.keys:
            yield Adoption(
                f"aws_api_gateway_usage_plan_key.{address.joined(plan.name, key)}",
                f"{identity}/{places.key_ids[key]}",
            )
    for domain in blueprint.domains:
        for base in domain.base_paths:
            parts = [domain.name, *([base.path] if base.path else [])]
            yield Adoption(
                f"aws_api_gateway_base_path_mapping.{address.joined(*parts)}",
                f"{domain.name}/{base.path}",
            )
