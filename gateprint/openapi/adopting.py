"""Which of an account's things the stack of a blueprint takes over, as import blocks; pure.

The ids are those of `terraform.plans.import_ids`, which has its sources. Deployments are left out:
an imported one has no triggers, and would be replaced at once. What served before stays in the API.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from gateprint.model.resolved import Api, ResolvedBlueprint
from gateprint.openapi.account import AccountApi
from gateprint.openapi.account_plans import Places
from gateprint.openapi.adopting_more import checks_adopted, places_adopted, settings_adopted
from gateprint.stack import address
from gateprint.stack.publish import publish
from gateprint.stack.published import Method, PublishedApi
from gateprint.terraform.plans.adoption import Adoption


def adoptions_of(
    blueprint: ResolvedBlueprint, api: Api, found: AccountApi, places: Places | None = None
) -> tuple[Adoption, ...]:
    """Return what exists already of everything that the stack of the blueprint would make.

    `places` are the plans, keys and domains that lead to the API.
    """
    published = publish(blueprint, api, found.id)
    beside = (
        checks_adopted(published, found),
        settings_adopted(api, found),
        places_adopted(blueprint, places or Places()),
    )
    return tuple(sorted([*_Adopted(published, found).every(), *chain(*beside)]))


class _Adopted:
    def __init__(self, published: PublishedApi, found: AccountApi) -> None:
        self._published, self._found = published, found
        self._resources = {str(each["path"]): each for each in found.resources}

    def every(self) -> Iterator[Adoption]:
        api, own = self._found.id, address.part(self._published.name)
        yield Adoption(f"aws_api_gateway_rest_api.{own}", api)
        if self._published.resource_policy is not None and self._found.api.get("policy"):
            yield Adoption(f"aws_api_gateway_rest_api_policy.{own}", api)
        yield from self._paths()
        for method in self._published.methods:
            yield from self._method(method)
        yield from self._gateway_responses()
        yield from self._stages()

    def _paths(self) -> Iterator[Adoption]:
        for segments in self._published.paths:
            resource = self._resources.get("/" + "/".join(segments))
            if resource is not None:
                name = address.path_resource(self._published.name, segments)
                yield self._adoption("resource", name, resource["id"])

    def _method(self, method: Method) -> Iterator[Adoption]:
        resource = self._resources.get("/" + "/".join(method.segments), {})
        there: Mapping[str, Any] = resource.get("resourceMethods", {}).get(method.verb)
        if there is None:
            return
        name = address.method(self._published.name, method.verb, method.segments)
        at = (resource["id"], method.verb)
        yield self._adoption("method", name, *at)
        integration = there.get("methodIntegration") or {}
        if integration:
            yield self._adoption("integration", name, *at)
        for response in method.responses:
            own, status = f"{name}_{response.status}", response.status
            if status in (there.get("methodResponses") or {}):
                yield self._adoption("method_response", own, *at, status)
            if status in (integration.get("integrationResponses") or {}):
                yield self._adoption("integration_response", own, *at, status)

    def _gateway_responses(self) -> Iterator[Adoption]:
        there = {str(each["responseType"]) for each in self._found.gateway_responses}
        for each in self._published.gateway_responses:
            if each.kind in there:
                kind = each.kind.lower().replace("_", "-")
                name = address.joined(self._published.name, kind)
                yield self._adoption("gateway_response", name, each.kind)

    def _stages(self) -> Iterator[Adoption]:
        for each in self._found.stages:
            stage = str(each["stageName"])
            name = address.joined(self._published.name, stage)
            yield self._adoption("stage", name, stage)
            if "*/*" in (each.get("methodSettings") or {}):
                yield self._adoption("method_settings", name, stage, "*/*")

    def _adoption(self, kind: str, name: str, *parts: str) -> Adoption:
        return Adoption(f"aws_api_gateway_{kind}.{name}", "/".join([self._found.id, *parts]))
