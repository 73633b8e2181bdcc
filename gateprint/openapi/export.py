"""One API of a resolved blueprint → an OpenAPI document with API Gateway's extensions; pure.

Methods, integrations and answers are those that a deployment publishes, from `stack.publish`. API
Gateway imports OpenAPI 2.0 and 3.0 (developer guide, "Develop REST APIs using OpenAPI in API
Gateway"), so there is a form of 3.0 for it, beside that of 3.1 for everything else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gateprint.model.document import Document
from gateprint.model.resolved import Api, ResolvedBlueprint
from gateprint.openapi import words
from gateprint.openapi.authorizers import schemes_of
from gateprint.openapi.bodies import VALIDATORS, schemas_of, validators_of
from gateprint.openapi.extension import extension_of, route_extension
from gateprint.openapi.operations import operation_of
from gateprint.stack.publish import publish
from gateprint.stack.published import PublishedApi

Version = Literal["3.1", "3.0"]
_WRITTEN: Mapping[str, str] = {"3.1": "3.1.1", "3.0": "3.0.3"}
# A resource policy names the API by an id that there is none of yet.
_ANY_API = "*"


@dataclass(frozen=True, slots=True)
class Exported:
    """Which API to describe: the blueprint as written and as it is in one environment.

    `stages` are the stages to call, the default one first.
    """

    document: Document
    blueprint: ResolvedBlueprint
    api: Api
    stages: tuple[str, ...]


def openapi_document(what: Exported, version: Version) -> dict[str, Any]:
    """Return the document, in the blueprint's order: the same input gives the same document."""
    published = publish(what.blueprint, what.api, _ANY_API)
    schemas, validators = schemas_of(what.api, version), validators_of(what.api)
    return {
        "openapi": _WRITTEN[version],
        "info": _info(what.api),
        "servers": [_server(what)],
        "paths": _paths(what, published, version),
        "components": {
            **({"schemas": schemas} if schemas else {}),
            "securitySchemes": {
                **_schemes(published),
                **schemes_of(what.blueprint, what.api, published),
            },
        },
        **_of_the_api(published),
        **({VALIDATORS: validators} if validators else {}),
        words.OWN: extension_of(what.document, what.api.name, what.blueprint.environment.name),
    }


def _schemes(published: PublishedApi) -> dict[str, dict[str, str]]:
    has_keys = any(each.needs_key for each in published.methods)
    keys = {words.API_KEY: dict(words.API_KEY_SCHEME)} if has_keys else {}
    return {words.SIGV4: dict(words.SIGV4_SCHEME), **keys}


def _info(api: Api) -> dict[str, str]:
    said = {"description": api.description} if api.description else {}
    return {"title": api.name, **said, "version": "1"}


def _server(what: Exported) -> dict[str, Any]:
    """Return the invoke URL as API Gateway's own exports write it, `basePath` being the stage."""
    where = what.blueprint.environment
    suffix = "amazonaws.com.cn" if where.partition == "aws-cn" else "amazonaws.com"
    variables: dict[str, Any] = {
        "restapi_id": {"default": "restapi-id", "description": "The id that AWS gives the API."},
        "basePath": {"default": what.stages[0], "enum": list(what.stages)},
    }
    url = f"https://{{restapi_id}}.execute-api.{where.region}.{suffix}/{{basePath}}"
    doors = list(what.api.vpc_endpoints)
    extra = {words.ENDPOINTS: {"vpcEndpointIds": doors}} if doors else {}
    return {"url": url, "variables": variables, **extra}


def _paths(what: Exported, published: PublishedApi, version: Version) -> dict[str, Any]:
    routes = {(each.method, each.segments): each for each in what.api.routes}
    paths: dict[str, Any] = {}
    for method in published.methods:
        item = paths.setdefault("/" + "/".join(method.segments), {})
        route = routes.get((method.verb, method.segments))
        name = words.OPERATIONS.get(method.verb, method.verb.lower())
        written = what.document.mapping(
            "apis", published.name, "routes", route.key if route else ""
        )
        item[name] = operation_of(
            what.blueprint, published.name, method, version, route, route_extension(written)
        )
    return paths


def _of_the_api(published: PublishedApi) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if published.binary_types:
        found[words.BINARY_TYPES] = list(published.binary_types)
    if published.gateway_responses:
        found[words.GATEWAY_RESPONSES] = {
            each.kind: {
                "responseParameters": {
                    f"gatewayresponse.header.{name}": value for name, value in each.headers.items()
                }
            }
            for each in published.gateway_responses
        }
    if published.resource_policy is not None:
        found[words.POLICY] = dict(published.resource_policy)
    return found
