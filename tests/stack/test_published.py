"""What a deployment publishes: every field of it is in the digest, and nothing else is."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from gateprint.model import resolved
from gateprint.stack.publish import publish
from gateprint.stack.published import (
    GatewayResponse,
    Integration,
    Method,
    PublishedApi,
    Response,
)

FULL = PublishedApi(
    name="pets",
    binary_types=("image/png",),
    methods=(
        Method(
            "GET",
            ("pets", "{id}"),
            "AWS_IAM",
            Integration(
                "HTTP_PROXY",
                "get_pet",
                "arn:of:get_pet",
                "https://example.com/{id}",
                "GET",
                {"application/json": "{}"},
                {"integration.request.path.id": "method.request.path.id"},
                "NEVER",
            ),
            (Response("200", {"Vary": "'Origin'"}, {"application/json": "x"}, "4.."),),
            ("method.request.path.id",),
        ),
    ),
    gateway_responses=(GatewayResponse("THROTTLED", {"Vary": "'Origin'"}),),
    resource_policy={"Statement": []},
)


def changed(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield a copy of a value for every field in it, with that field changed."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            for name, other in changed(getattr(value, field.name)):
                yield f"{field.name}.{name}", dataclasses.replace(value, **{field.name: other})
    elif isinstance(value, tuple) and value and dataclasses.is_dataclass(value[0]):
        yield "removed", ()
        for name, other in changed(value[0]):
            yield name, (other, *value[1:])
    elif isinstance(value, tuple):
        yield "more", (*value, "more")
    elif isinstance(value, Mapping):
        yield "key", {**value, "more": "x"}
        yield "value", dict.fromkeys(value, "other")
    else:
        yield "text", f"{value}-other"


@pytest.mark.parametrize(("field", "other"), list(changed(FULL)), ids=lambda each: str(each)[:60])
def test_every_published_field_changes_the_digest(field, other):
    assert other.digest != FULL.digest, field


def test_equal_apis_have_equal_digests():
    again = dataclasses.replace(FULL, resource_policy=dict(FULL.resource_policy or {}))
    assert again.digest == FULL.digest


ENVIRONMENT = resolved.Environment(
    "nonprod", "123456789012", "us-east-2", resolved.S3State("b", "us-east-2", "p")
)
ROUTE = resolved.Route("GET", "/pets", resolved.FunctionBackend("list", is_proxy=False))
CORS = resolved.Cors(("https://a.example.com",), 600, is_preflight_function=False)
API = resolved.Api("pets", (ROUTE,), cors=CORS)
FUNCTION = resolved.Function("list", "pets-nonprod-list", "pets", "a.b", "python3.12", 128, 10, 30)
BLUEPRINT = resolved.ResolvedBlueprint(
    "pets", ENVIRONMENT, (resolved.Stage("dev"), resolved.Stage("prod")), (API,), (FUNCTION,)
)

Change = Callable[[resolved.ResolvedBlueprint], resolved.ResolvedBlueprint]


def with_api(**fields: Any) -> Change:
    return lambda one: dataclasses.replace(one, apis=(dataclasses.replace(one.apis[0], **fields),))


def with_route(**fields: Any) -> Change:
    return with_api(routes=(dataclasses.replace(ROUTE, **fields),))


def with_cors(**fields: Any) -> Change:
    return with_api(cors=dataclasses.replace(CORS, **fields))


PUBLISHED: dict[str, Change] = {
    "another path": with_route(path="/pets/{id}"),
    "another method": with_route(method="POST"),
    "auth": with_route(auth="none"),
    "proxy": with_route(backend=resolved.FunctionBackend("list", is_proxy=True)),
    "a mock": with_route(backend=resolved.MockBackend(200, "{}")),
    "an address": with_route(backend=resolved.HttpBackend("https://example.com")),
    "a foreign function": with_route(
        backend=resolved.LambdaBackend("arn:aws:lambda:us-east-2:123456789012:function:x")
    ),
    "one more route": with_api(routes=(ROUTE, dataclasses.replace(ROUTE, method="POST"))),
    "no cors": with_api(cors=None),
    "an origin": with_cors(origins=("https://b.example.com",)),
    "one more origin": with_cors(origins=("https://a.example.com", "https://b.example.com")),
    "max age": with_cors(max_age_seconds=60),
    "binary types": with_api(binary_types=("image/png",)),
    "a resource policy": with_api(endpoint="PRIVATE", vpc_endpoints=("vpce-01234567",)),
    "the function's name": lambda one: dataclasses.replace(
        one, functions=(dataclasses.replace(FUNCTION, aws_name="other"),)
    ),
}
NOT_PUBLISHED: dict[str, Change] = {
    "the API's description": with_api(description="Other."),
    "a route's description": with_route(description="Other."),
    "a throttle": lambda one: dataclasses.replace(
        one, stages=(resolved.Stage("dev", throttle=resolved.Throttle(1, 1)), one.stages[1])
    ),
    "the owner": lambda one: dataclasses.replace(one, owner="somebody"),
    "a function's memory": lambda one: dataclasses.replace(
        one, functions=(dataclasses.replace(FUNCTION, memory_mib=256),)
    ),
}


def digest(blueprint: resolved.ResolvedBlueprint) -> str:
    return publish(blueprint, blueprint.apis[0], "${id}").digest


@pytest.mark.parametrize("name", PUBLISHED)
def test_what_callers_would_notice_is_deployed_anew(name):
    assert digest(PUBLISHED[name](BLUEPRINT)) != digest(BLUEPRINT)


@pytest.mark.parametrize("name", NOT_PUBLISHED)
def test_what_no_deployment_holds_is_not_deployed_anew(name):
    assert digest(NOT_PUBLISHED[name](BLUEPRINT)) == digest(BLUEPRINT)


def test_a_preflight_is_never_authorized():
    methods = publish(BLUEPRINT, API, "${id}").methods
    assert [(each.verb, each.authorization) for each in methods] == [
        ("GET", "AWS_IAM"),
        ("OPTIONS", "NONE"),
    ]


def test_every_path_has_one_preflight():
    routes = tuple(dataclasses.replace(ROUTE, method=verb) for verb in ("GET", "POST"))
    whole = with_api(routes=routes)(BLUEPRINT)
    options = [
        each for each in publish(whole, whole.apis[0], "i").methods if each.verb == "OPTIONS"
    ]
    assert len(options) == 1


def test_parents_come_before_their_children():
    route = dataclasses.replace(ROUTE, path="/a/{b}/c")
    published = publish(BLUEPRINT, dataclasses.replace(API, routes=(route,)), "i")
    assert published.paths == (("a",), ("a", "{b}"), ("a", "{b}", "c"))


def test_a_failing_function_neither_answers_200_nor_shows_its_trace():
    responses = publish(BLUEPRINT, API, "i").methods[0].responses
    assert {each.status: each.selection for each in responses} == {
        "200": None,
        "400": r"\[400\] [\s\S]*",
        "500": r"(?!\[400\] )[\s\S]+",
    }
    body = responses[2].templates["application/json"]
    assert "errorMessage" not in body
    assert "stackTrace" not in body
