"""API Gateway's tags on REST APIs, plans and keys; moto knows them on stages alone."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from moto.apigateway import urls
from moto.apigateway.exceptions import NotFoundException
from moto.apigateway.responses import APIGatewayResponse

from gateprint.local.additions.grafting import answer, body, wrap

ROUTE = (
    "{0}/tags/arn:(?P<partition>[^/]+):apigateway:(?P<region_name>[^/]+)::"
    "/restapis/(?P<function_id>[^/]+)$"
)
ROUTE_OF_PLANS = (
    "{0}/tags/arn:(?P<partition>[^/]+):apigateway:(?P<region_name>[^/]+)::"
    "/(?P<kind>usageplans|apikeys)/(?P<function_id>[^/]+)$"
)
# https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
_OF_PLANS = re.compile(r".*::/(?P<kind>usageplans|apikeys)/(?P<id>[^/]+)")
TAGGABLE = re.compile(r".*::/restapis/(?P<api>[^/]+)(?:/stages/(?P<stage>[^/]+))?")


def install() -> None:
    """Let the three tag operations reach REST APIs, usage plans and API keys too."""
    urls.url_paths.setdefault(ROUTE, APIGatewayResponse.dispatch)
    urls.url_paths.setdefault(ROUTE_OF_PLANS, APIGatewayResponse.dispatch)
    wrap(APIGatewayResponse, "get_tags", get_tags)
    wrap(APIGatewayResponse, "tag_resource", tag_resource)
    wrap(APIGatewayResponse, "untag_resource", untag_resource)


def get_tags(_original: Any, response: Any) -> Any:
    """GetTags."""
    return answer({"tags": _tagged(response).tags or {}})


def tag_resource(_original: Any, response: Any) -> Any:
    """TagResource: adds to the tags that are there."""
    thing = _tagged(response)
    thing.tags = {**(thing.tags or {}), **body(response)["tags"]}
    return answer({}, 204)


def untag_resource(_original: Any, response: Any) -> Any:
    """UntagResource, by the keys in the query."""
    thing = _tagged(response)
    gone = response.querystring.get("tagKeys", [])
    thing.tags = {key: value for key, value in (thing.tags or {}).items() if key not in gone}
    return answer({}, 204)


def _tagged(response: Any) -> Any:
    arn = unquote(response.path.split("/tags/")[1])
    if of_plan := _OF_PLANS.fullmatch(arn):
        backend, name = response.backend, of_plan["id"]
        is_plan = of_plan["kind"] == "usageplans"
        return backend.get_usage_plan(name) if is_plan else backend.get_api_key(name)
    match = TAGGABLE.fullmatch(arn)
    if match is None:
        raise NotFoundException("Invalid resource ARN specified")
    if match["stage"]:
        return response.backend.get_stage(match["api"], match["stage"])
    return response.backend.get_rest_api(match["api"])
