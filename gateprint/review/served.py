"""What callers meet beside access, read from a state: throttles and CORS; pure.

Completes a `deployed_blueprint`, so that two blueprints can be compared whatever they come from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateprint.access.proof.applied import Resource
from gateprint.model.resolved import Api, Cors, ResolvedBlueprint, Stage, Throttle
from gateprint.review.planned import attribute, text
from gateprint.review.served_plans import with_limits

_ORIGIN = "method.response.header.Access-Control-Allow-Origin"
# As a deployment chooses between several origins; see gateprint.stack.cors.
_CHOICE = re.compile(r'\$origin == "([^"]+)"')


def with_service(blueprint: ResolvedBlueprint, resources: Sequence[Resource]) -> ResolvedBlueprint:
    """Return the blueprint with what a state says of its stages and APIs."""
    found = _Served(resources, blueprint.stack)
    return replace(
        blueprint,
        stages=tuple(found.stage(each) for each in blueprint.stages),
        apis=tuple(found.api(each) for each in blueprint.apis),
        plans=with_limits(blueprint, resources),
    )


def ways_to(resources: Sequence[Resource]) -> dict[str, tuple[str, ...]]:
    """Return the VPC endpoints of private APIs, by the APIs' names in AWS."""
    found = {
        text(each.values, "name"): tuple(sorted(_vpc_endpoints(each.values)))
        for each in resources
        if each.type == "aws_api_gateway_rest_api"
    }
    return {name: ways for name, ways in found.items() if ways}


@dataclass(frozen=True, slots=True)
class _Served:
    resources: Sequence[Resource]
    stack: str

    def of(self, kind: str) -> Iterator[Mapping[str, Any]]:
        return (each.values for each in self.resources if each.type == kind)

    def stage(self, stage: Stage) -> Stage:
        """Return a stage with its throttle; of several APIs' the lowest."""
        found = [
            throttle
            for values in self.of("aws_api_gateway_method_settings")
            if text(values, "stage_name") == stage.name and text(values, "method_path") == "*/*"
            for throttle in _throttles(values)
        ]
        return replace(stage, throttle=min(found, key=lambda each: each.rate, default=None))

    def api(self, api: Api) -> Api:
        for values in self.of("aws_api_gateway_rest_api"):
            if text(values, "name") == f"{self.stack}-{api.name}":
                return replace(api, cors=self._cors(text(values, "id")))
        return api

    def _cors(self, api_id: str) -> Cors | None:
        origins: dict[str, None] = {}
        for values in self.of("aws_api_gateway_integration_response"):
            is_preflight = text(values, "http_method") == "OPTIONS"
            if is_preflight and text(values, "rest_api_id") == api_id:
                origins |= dict.fromkeys(_origins(values))
        return Cors(tuple(origins), 0, is_preflight_function=False) if origins else None


def _throttles(values: Mapping[str, Any]) -> Iterator[Throttle]:
    for each in values.get("settings") or ():
        rate = attribute(each, "throttling_rate_limit")
        burst = attribute(each, "throttling_burst_limit")
        # -1 and null are no limit (Terraform registry, aws_api_gateway_method_settings).
        if isinstance(rate, int | float) and rate >= 0:
            yield Throttle(rate, burst if isinstance(burst, int) else -1)


def _vpc_endpoints(values: Mapping[str, Any]) -> Iterator[str]:
    for each in values.get("endpoint_configuration") or ():
        if "PRIVATE" in (attribute(each, "types") or ()):
            yield from attribute(each, "vpc_endpoint_ids") or ()


def _origins(values: Mapping[str, Any]) -> tuple[str, ...]:
    templates = values.get("response_templates") or {}
    chosen = [each for one in templates.values() for each in _CHOICE.findall(str(one))]
    static = text(values.get("response_parameters"), _ORIGIN).strip("'")
    return tuple(chosen) or ((static,) if static else ())
