"""Several exact origins: what hostile ones are told, by all that answers of what is published."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateprint.local.web import Headers, HttpResponse, Invocation
from gateprint.model.resolved import Cors
from gateprint.stack.publish import publish
from gateprint.stack.published import Method
from tests.local.data_plane.made import URI, Cloud, call, header, snapshot
from tests.model.made import resolved_of

SHOP, ADMIN = "https://shop.example.com", "https://admin.example.com:8443"
BLUEPRINT = """\
blueprint: 1
name: pets
stages: {dev: {environment: nonprod}}
apis:
  pets:
    cors: {origins: ["https://shop.example.com", "https://admin.example.com:8443"], preflight: WHO}
    routes:
      GET /pets: {mock: {status: 200}, auth: none, public: it is tried out}
      POST /pets: {function: update, auth: none, public: it is tried out}
      PUT /pets:
        mock: {status: 200}
        auth: none
        public: it is tried out
        request: {headers: {If-Match: required}}
functions: {update: {source: pets, handler: app.update_pets, proxy: false}}
"""
HOSTILE: dict[str, tuple[str, ...]] = {
    "none": (),
    "empty": ("",),
    "null": ("null",),
    "another": ("https://evil.example",),
    "the origin as a prefix": ("https://shop.example.com.evil.example",),
    "the origin as a suffix": ("https://evilshop.example.com",),
    "the origin as a path": ("https://evil.example/https://shop.example.com",),
    "a name below it": ("https://a.shop.example.com",),
    "in capitals": ("https://SHOP.example.com",),
    "a scheme in capitals": ("HTTPS://shop.example.com",),
    "another scheme": ("http://shop.example.com",),
    "another port": ("https://admin.example.com:8444",),
    "no port": ("https://admin.example.com",),
    "the port that is meant anyway": ("https://shop.example.com:443",),
    "a slash at its end": ("https://shop.example.com/",),
    "a dot at its end": ("https://shop.example.com.",),
    "a name of its user": ("https://shop.example.com@evil.example",),
    "a Cyrillic letter": ("https://sh\u043ep.example.com",),
    "two in one": (f"{SHOP},{ADMIN}",),
    "two in one, with a space": (f"{SHOP} https://evil.example",),
    "a star": ("*",),
    "a template": ("$context.identity.userArn",),
    "a quote": ('https://shop.example.com" || "1" == "1',),
    "spaces around it": (f" {SHOP} x",),
    "several headers, an allowed one first": (SHOP, "https://evil.example"),
    "several headers, an allowed one last": ("https://evil.example", SHOP),
}


def document_of(method: Method) -> dict[str, Any]:
    """Show a published method as GetResources does."""
    wanted = method.integration
    integration = {
        "type": wanted.kind,
        "uri": URI if wanted.function else wanted.uri,
        "httpMethod": wanted.http_method,
        "requestTemplates": dict(wanted.request_templates),
        "passthroughBehavior": wanted.passthrough,
        "integrationResponses": {
            each.status: {
                "statusCode": each.status,
                "responseTemplates": dict(each.templates),
                "selectionPattern": each.selection,
                "responseParameters": {
                    f"method.response.header.{name}": value for name, value in each.headers.items()
                },
            }
            for each in method.responses
        },
    }
    shown = {"authorizationType": method.authorization, "methodIntegration": integration}
    if method.checks is None:
        return shown
    parameters = dict(method.checks.parameters)
    return {**shown, "requestParameters": parameters, "requestValidatorId": "v"}


def cloud_of(preflight: str) -> Cloud:
    blueprint = resolved_of(BLUEPRINT.replace("WHO", preflight))
    published = publish(blueprint, blueprint.apis[0], "abc123")
    responses = [
        {
            "responseType": each.kind,
            "responseParameters": {
                f"gatewayresponse.header.{name}": value for name, value in each.headers.items()
            },
        }
        for each in published.gateway_responses
    ]
    api = snapshot(
        {f"{each.verb} /pets": document_of(each) for each in published.methods},
        gateway_responses=responses,
        validators=[{"id": "v", "validateRequestParameters": True}],
    )
    return Cloud(api, invocation=Invocation(json.dumps({"ok": True})))


CLOUDS = {each: cloud_of(each) for each in ("mock", "function")}
# Who answers: the preflight that is a mock or a function, a mock, and a function without proxy.
ANSWERING = [("mock", "OPTIONS"), ("function", "OPTIONS"), ("mock", "GET"), ("mock", "POST")]


def asked(preflight: str, verb: str, origins: tuple[str, ...]) -> HttpResponse:
    headers: Headers = tuple(("Origin", each) for each in origins)
    return call(CLOUDS[preflight], "/pets", verb, headers=headers)


@pytest.mark.parametrize(("preflight", "verb"), ANSWERING)
@pytest.mark.parametrize("origins", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_origin_is_never_told_that_it_may_read(
    preflight: str, verb: str, origins: tuple[str, ...]
) -> None:
    got = asked(preflight, verb, origins)
    assert got.status == 200
    told = header(got, "Access-Control-Allow-Origin")
    # A browser sends one Origin, and takes the answer for its own where the two are equal.
    assert told == SHOP
    assert header(got, "Vary") == "Origin"
    assert header(got, "Access-Control-Allow-Credentials") is None


@pytest.mark.parametrize(("preflight", "verb"), ANSWERING)
@pytest.mark.parametrize("origin", [SHOP, ADMIN])
def test_each_exact_origin_is_told_that_it_may_read(preflight: str, verb: str, origin: str) -> None:
    got = asked(preflight, verb, (origin,))
    assert header(got, "Access-Control-Allow-Origin") == origin
    assert header(got, "Vary") == "Origin"


@pytest.mark.parametrize("origins", HOSTILE.values(), ids=HOSTILE)
def test_an_own_error_tells_everybody_the_same_and_nothing_more(origins: tuple[str, ...]) -> None:
    got = asked("mock", "PUT", origins)
    assert json.loads(got.body) == {"message": "Missing required request parameters: [If-Match]"}
    assert header(got, "Access-Control-Allow-Origin") == "*"
    assert header(got, "Access-Control-Allow-Credentials") is None


def test_the_preflight_of_a_path_allows_the_headers_that_its_routes_declare() -> None:
    allowed = header(asked("mock", "OPTIONS", (SHOP,)), "Access-Control-Allow-Headers") or ""
    assert allowed.split(",")[-1] == "If-Match"


def test_the_origins_are_those_of_the_blueprint() -> None:
    cors: Cors | None = resolved_of(BLUEPRINT.replace("WHO", "mock")).apis[0].cors
    assert cors is not None
    assert cors.origins == (SHOP, ADMIN)
