"""What API Gateway's own API says of a REST API → `Snapshot`, or why it cannot be served; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gateprint.local.gateway.expressions import parse as parse_expression
from gateprint.local.gateway.faults import TYPES, NotServed
from gateprint.local.gateway.freeze_authorizer import read_authorizer
from gateprint.local.gateway.freeze_method import read_method
from gateprint.local.gateway.freeze_pools import read_pools
from gateprint.local.gateway.snapshot import GatewayResponse, Method, Node, Snapshot
from gateprint.local.gateway.vtl import parser

Document = Mapping[str, Any]
_HEADER = "gatewayresponse.header."


@dataclass(frozen=True, slots=True)
class Documents:
    """What GetRestApi, GetResources (with methods), GetAuthorizers and their like answer."""

    rest_api: Document
    resources: Sequence[Document]
    gateway_responses: Sequence[Document] = ()
    validators: Sequence[Document] = ()
    models: Sequence[Document] = ()
    policy: str | None = None
    authorizers: Sequence[Document] = ()


@dataclass
class _Draft:
    """A place in the tree while it is built."""

    methods: dict[str, Method] = field(default_factory=dict)
    literals: dict[str, _Draft] = field(default_factory=dict)
    parameter: tuple[str, _Draft] | None = None
    rest: tuple[str, _Draft] | None = None


def freeze(documents: Documents, account: str, region: str, deployment_id: str) -> Snapshot:
    """Return what a deployment publishes.

    Raises:
        NotServed: the data plane does not do a part of it; the message says which.
    """
    api = documents.rest_api
    endpoint = api.get("endpointConfiguration") or {}
    snapshot = Snapshot(
        api_id=api["id"],
        account=account,
        region=region,
        deployment_id=deployment_id,
        root=_tree(documents),
        gateway_responses=_gateway_responses(documents.gateway_responses),
        resource_policy=documents.policy,
        binary_types=tuple(each.lower() for each in api.get("binaryMediaTypes") or ()),
        minimum_compression_bytes=api.get("minimumCompressionSize"),
        is_private="PRIVATE" in (endpoint.get("types") or ()),
    )
    _require_key_in_header(api, documents)
    return snapshot


def _require_key_in_header(api: Document, documents: Documents) -> None:
    wants_key = any(
        method.get("apiKeyRequired")
        for resource in documents.resources
        for method in (resource.get("resourceMethods") or {}).values()
    )
    if wants_key and api.get("apiKeySource") == "AUTHORIZER":
        raise NotServed("the embedded cloud takes API keys from the header X-API-Key alone")


def _tree(documents: Documents) -> Node:
    root = _Draft()
    for resource in documents.resources:
        place = root
        for segment in filter(None, resource["path"].split("/")):
            place = _child(place, segment)
        for verb, method in (resource.get("resourceMethods") or {}).items():
            place.methods[verb] = _read(resource, verb, method, documents)
    return _node(root)


def _read(resource: Document, verb: str, method: Document, documents: Documents) -> Method:
    try:
        read = read_method(resource, verb, method, documents.validators, documents.models)
        authorizers = documents.authorizers
        return replace(
            read,
            authorizer=read_authorizer(method, authorizers),
            pools=read_pools(method, authorizers),
        )
    except NotServed as problem:
        raise NotServed(f"{verb} {resource['path']}: {problem}") from problem


def _child(place: _Draft, segment: str) -> _Draft:
    if not segment.startswith("{"):
        return place.literals.setdefault(segment, _Draft())
    if segment.endswith("+}"):
        if place.rest is None:
            place.rest = (segment[1:-2], _Draft())
        return place.rest[1]
    if place.parameter is None:
        place.parameter = (segment[1:-1], _Draft())
    return place.parameter[1]


def _node(draft: _Draft) -> Node:
    return Node(
        methods=draft.methods,
        literals={segment: _node(child) for segment, child in draft.literals.items()},
        parameter=(draft.parameter[0], _node(draft.parameter[1])) if draft.parameter else None,
        rest=(draft.rest[0], _node(draft.rest[1])) if draft.rest else None,
    )


def _gateway_responses(documents: Sequence[Document]) -> dict[str, GatewayResponse]:
    return {each["responseType"]: _gateway_response(each) for each in documents}


def _gateway_response(document: Document) -> GatewayResponse:
    kind, status = document["responseType"], document.get("statusCode")
    if kind not in TYPES:
        raise NotServed(f"there is no gateway response {kind}")
    try:
        headers = {
            key.removeprefix(_HEADER): parse_expression(value, "gateway")
            for key, value in (document.get("responseParameters") or {}).items()
            if key.startswith(_HEADER)
        }
        templates = document.get("responseTemplates") or {}
        for text in templates.values():
            _require_simple(text)
    except NotServed as problem:
        raise NotServed(f"gateway response {kind}: {problem}") from problem
    return GatewayResponse(int(status) if status else None, headers, templates)


def _require_simple(text: str) -> None:
    """Gateway responses have variables, and nothing else of the template language.

    API Gateway developer guide, "Gateway responses in API Gateway".
    """
    if any(
        not isinstance(node, str) and not hasattr(node, "slashes") for node in parser.parse(text)
    ):
        raise NotServed("the template of a gateway response has variables alone")
