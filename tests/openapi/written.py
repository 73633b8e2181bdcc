"""Blueprints exported and documents imported, without files."""

from __future__ import annotations

import json
from typing import Any

from gateprint.model import resolved
from gateprint.model.blueprint import Blueprint
from gateprint.model.document import Document
from gateprint.model.resolve import resolve
from gateprint.openapi.export import Exported, Version, openapi_document
from gateprint.openapi.importing import Draft, Wishes, draft_of
from gateprint.openapi.reading import read_description
from gateprint.openapi.text import blueprint_text
from tests.model.made import blueprint_of, environment_of

# The files that generated blueprints name.
SCHEMAS = {
    "schemas/pet.json": (
        '{"type":"object","required":["name"],"additionalProperties":false,"properties":{"name":'
        '{"$ref":"#/definitions/a.b"},"price":{"type":"number","minimum":0.5},"yes":{"enum":["no",'
        'true,null,"1.10",7,"${x}"]}},"definitions":{"a.b":{"type":"string","minLength":1},'
        '"tree":{"properties":{"left":{"$ref":"#/definitions/tree"},"top":{"$ref":"#"}}}}}'
    ),
    "schemas/more/note-2.yaml": '{"type":"array","items":{"type":"string"},"maxItems":3}',
}
STAGES = {"dev": {"environment": "nonprod"}}
# What an operation of an API Gateway export looks like.
ARN = "arn:aws:lambda:us-east-2:123456789012:function:prices"
URI = f"arn:aws:apigateway:us-east-2:lambda:path/2015-03-31/functions/{ARN}/invocations"
INTEGRATION = "x-amazon-apigateway-integration"
LAMBDA = {"type": "aws_proxy", "httpMethod": "POST", "uri": URI}
SIGV4 = {
    "type": "apiKey",
    "name": "Authorization",
    "in": "header",
    "x-amazon-apigateway-authtype": "awsSigv4",
}


def described(**operation: Any) -> dict[str, Any]:
    """Return a document with one route; `operation` takes the place of its parts."""
    whole = {INTEGRATION: LAMBDA, "security": [{"sigv4": []}], **operation}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Prices", "version": "1"},
        "paths": {"/prices": {"get": whole}},
        "components": {"securitySchemes": {"sigv4": SIGV4}},
    }


def described_paths(*paths: str, verb: str = "get") -> dict[str, Any]:
    operation = {INTEGRATION: LAMBDA, "security": [{"sigv4": []}]}
    return {**described(), "paths": {path: {verb: operation} for path in paths}}


def imported(document: Any, **wishes: Any) -> Draft:
    text = document if isinstance(document, str) else json.dumps(document, indent=1)
    return draft_of(read_description("api.json", text), Wishes(stages=STAGES, **wishes))


def routes_of(document: Any, **wishes: Any) -> dict[str, Any]:
    draft = imported(document, **wishes)
    routes: dict[str, Any] = draft.blueprint["apis"][draft.api]["routes"]
    return routes


def written_again(draft: Draft) -> tuple[Document, Blueprint]:
    """Write a draft to a file, and read that."""
    return blueprint_of(blueprint_text(draft.blueprint, draft.remarks, "schema.json", "a test"))


def exported(text: str, version: Version = "3.1", api: str = "") -> dict[str, Any]:
    document, blueprint = blueprint_of(text)
    whole = resolved_as(blueprint)
    chosen = next(each for each in whole.apis if each.name == (api or whole.apis[0].name))
    stages = tuple(each.name for each in whole.stages)
    return openapi_document(Exported(document, whole, chosen, stages), version)


def resolved_as(blueprint: Blueprint) -> resolved.ResolvedBlueprint:
    return resolve(blueprint, environment_of(), all_stages=False, schemas=SCHEMAS)
