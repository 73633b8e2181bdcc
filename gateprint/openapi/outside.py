"""What changes an API's behaviour and has no place in a blueprint, by name; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.errors import Diagnostic
from gateprint.openapi import words
from gateprint.openapi.bodies import VALIDATOR, VALIDATORS
from gateprint.openapi.own import Own
from gateprint.openapi.reading import Node
from gateprint.openapi.servers import has_own_base

_AMAZON = "x-amazon-"
# What describes, or says how a file was made.
_HARMLESS = {
    "x-amazon-apigateway-importexport-version",
    "x-amazon-apigateway-documentation",
}
_UNDERSTOOD = {words.BINARY_TYPES, words.GATEWAY_RESPONSES, words.POLICY, words.ENDPOINTS}
_OF_REQUESTS = {VALIDATOR, VALIDATORS}
_KEY_SOURCE = "x-amazon-apigateway-api-key-source"
_OF_PATHS = {*words.OPERATIONS.values(), "options", "parameters", "servers"}
_OF_PATHS |= {"summary", "description"}
_OF_OPERATIONS = {words.INTEGRATION, "x-amazon-apigateway-auth"}
_REMEDY = "remove it, and decide what stands for it"


def check_document(
    whole: Node, own: Own, *, has_cors: bool, has_domains: bool = False
) -> Iterator[Diagnostic]:
    """Yield what the document says of the whole API and no blueprint can say."""
    understood = _UNDERSTOOD | _HARMLESS | ({VALIDATORS} if own.is_there else _OF_REQUESTS)
    for name in whole.mapping():
        is_default = name == _KEY_SOURCE and whole.text(name) == "HEADER"
        if name.startswith(_AMAZON) and name not in understood and not is_default:
            yield _no(whole, name, f"{name} has no place in a blueprint")
    is_hidden = whole.text(words.ENDPOINTS, "disableExecuteApiEndpoint") == "true"
    if is_hidden and not has_domains:
        yield _no(whole, words.ENDPOINTS, "the API is reached by a domain name of its own alone")
    for kind, response in whole.at(words.GATEWAY_RESPONSES).items():
        if not (has_cors and _is_of_cors(response)):
            yield response.refuse(f"the gateway response {kind} is not that of cors", _REMEDY)


def _is_of_cors(response: Node) -> bool:
    headers = {each.removeprefix("gatewayresponse.header.") for each in _parameters(response)}
    is_plain = all(each.startswith("Access-Control-") or each == "Vary" for each in headers)
    others = {name for name, value in response.mapping().items() if value not in ({}, None)}
    return (
        is_plain
        and others <= {"responseParameters", "responseTemplates"}
        and _has_no_text(response)
    )


def _parameters(response: Node) -> list[str]:
    return list(response.mapping("responseParameters"))


def _has_no_text(response: Node) -> bool:
    """Tell whether the body is API Gateway's own."""
    own = '{"message":$context.error.messageString}'
    return all(each == own for each in response.mapping("responseTemplates").values())


def check_path_item(item: Node, path: str) -> Iterator[Diagnostic]:
    """Yield what stands beside the operations of a path and no route can say."""
    if has_own_base(item):
        yield _no(item, "servers", f"{path} has a base path of its own")
    for name in item.mapping():
        is_foreign = name.startswith("x-") and not name.startswith(_AMAZON)
        if name not in _OF_PATHS and not is_foreign:
            yield _no(item, name, f"{path}: {name} has no place in a blueprint")


def check_operation(operation: Node, key: str) -> Iterator[Diagnostic]:
    """Yield what an operation says and no route can say."""
    has_own = words.OWN in operation.mapping()
    is_foreign_file = words.OWN not in Node(operation.document).mapping()
    for name in operation.mapping():
        is_ours = name == VALIDATOR and (has_own or is_foreign_file)
        is_foreign = name.startswith(_AMAZON) and name not in _OF_OPERATIONS
        if is_foreign and not is_ours:
            yield _no(operation, name, f"{key}: {name} has no place in a blueprint")
    if has_own_base(operation):
        yield _no(operation, "servers", f"{key} has a base path of its own")


def _no(node: Node, name: str, problem: str) -> Diagnostic:
    return Node(node.document, (*node.path, name)).refuse(problem, _REMEDY)
