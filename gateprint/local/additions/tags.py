"""API Gateway's tags on REST APIs; moto knows them on stages alone."""

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
# https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
TAGGABLE = re.compile(r".*::/restapis/(?P<api>[^/]+)(?:/stages/(?P<stage>[^/]+))?")


def install() -> None:
    """Let the three tag operations reach REST APIs too."""
    urls.url_paths.setdefault(ROUTE, APIGatewayResponse.dispatch)
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
    match = TAGGABLE.fullmatch(unquote(response.path.split("/tags/")[1]))
    if match is None:
        raise NotFoundException("Invalid resource ARN specified")
    if match["stage"]:
        return response.backend.get_stage(match["api"], match["stage"])
    return response.backend.get_rest_api(match["api"])
