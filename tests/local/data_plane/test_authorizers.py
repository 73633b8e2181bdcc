"""Lambda authorizers of the type TOKEN: when they are asked, and what becomes of their answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from gateprint.local.gateway.faults import NotServed
from gateprint.local.web import HttpResponse, Invocation
from tests.local.data_plane.made import (
    ACCOUNT,
    API,
    REGION,
    STAGE,
    URI,
    Cloud,
    call,
    header,
    method,
    proxy,
    snapshot,
    text,
)

AUTHORIZER: Mapping[str, Any] = {
    "id": "tokens1",
    "name": "auth0",
    "type": "TOKEN",
    "authorizerUri": URI,
    "identitySource": "method.request.header.Authorization",
    "identityValidationExpression": "^Bearer [a-z]+$",
    "authorizerResultTtlInSeconds": 300,
}
ARN = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{API}/{STAGE}"
BEARER = ("Authorization", "Bearer token")


def asking(integration: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return method(integration, authorizationType="CUSTOM", authorizerId="tokens1")


def cloud(answer: Invocation | Callable[[str], Invocation], **authorizer: Any) -> Cloud:
    """An API whose GET /pets and GET /pets/{id} ask the authorizer."""
    routes = {"GET /pets": asking(), "GET /pets/{id}": asking()}
    found = {**AUTHORIZER, **authorizer}
    return Cloud(snapshot(routes, authorizers=[found]), invocation=answer)


def policy(effect: str, *resources: str, **more: Any) -> Invocation:
    statement = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": list(resources)}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return Invocation(json.dumps({"principalId": "anna", "policyDocument": document, **more}))


def failing(message: str) -> Invocation:
    return Invocation(json.dumps({"errorType": "Error", "errorMessage": message}), "Error")


ALLOWING = policy("Allow", f"{ARN}/GET/pets")


def said(response: HttpResponse) -> tuple[int, str, str | None]:
    return *text(response), header(response, "x-amzn-errortype")


REFUSED = (401, '{"message":"Unauthorized"}', "UnauthorizedException")
DENIED = "User is not authorized to access this resource"
FORBIDDEN = (403, f'{{"Message":"{DENIED}"}}', "AccessDeniedException")
EXPLICITLY = (403, f'{{"Message":"{DENIED} with an explicit deny"}}', "AccessDeniedException")
FAILED = (500, '{"message":null}', "AuthorizerConfigurationException")

ANSWERS: list[tuple[str, Invocation, tuple[int, str, str | None]]] = [
    ("an Allow of the method", ALLOWING, (200, "{}", None)),
    ("an Allow of another method", policy("Allow", f"{ARN}/POST/pets"), FORBIDDEN),
    ("an Allow of another stage", policy("Allow", f"{ARN}x/GET/pets"), FORBIDDEN),
    ("an explicit Deny", policy("Deny", f"{ARN}/*"), EXPLICITLY),
    ("the exact word", failing("Unauthorized"), REFUSED),
    ("another word", failing("unauthorized"), FAILED),
    ("the word in a sentence", failing("Unauthorized: expired"), FAILED),
    ("a function that ended", Invocation("{}", "Runtime.ExitError"), FAILED),
    ("a function that is not there", Invocation("{}", "ResourceNotFoundException"), FAILED),
    ("nothing", Invocation("null"), FAILED),
    ("no JSON", Invocation("<policy>"), FAILED),
    ("no principal", replace(ALLOWING, payload='{"policyDocument": {}}'), FAILED),
    ("no policy", Invocation('{"principalId": "anna", "isAuthorized": true}'), FAILED),
    ("a policy that is text", Invocation('{"principalId": "a", "policyDocument": "x"}'), FAILED),
    ("a list in its context", policy("Allow", f"{ARN}/*", context={"roles": ["a"]}), FAILED),
    (
        "a policy that is none",
        Invocation('{"principalId": "anna", "policyDocument": {"Statement": 7}}'),
        FORBIDDEN,
    ),
]


@pytest.mark.parametrize(
    ("answer", "expected"), [each[1:] for each in ANSWERS], ids=[each[0] for each in ANSWERS]
)
def test_the_authorizers_answer_decides(
    answer: Invocation, expected: tuple[int, str, str | None]
) -> None:
    assert said(call(cloud(answer), headers=(BEARER,))) == expected


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (("Authorization", ""),),
        (("Authorization", "token"),),
        (("Authorization", "bearer token"),),
        (("Authorization", "Bearer token token"),),
        (("Authorization", "Bearer TOKEN"),),
        (("Authorization", "AWS4-HMAC-SHA256 Credential=x"),),
        (("X-Token", "Bearer token"),),
    ],
)
def test_what_is_no_token_is_refused_without_asking(headers: tuple[tuple[str, str], ...]) -> None:
    here = cloud(ALLOWING)
    assert said(call(here, headers=headers)) == REFUSED
    assert here.events == []


def test_the_function_is_told_the_token_and_the_method() -> None:
    here = cloud(ALLOWING)
    call(here, "/pets?tag=cat", headers=(BEARER,))
    told = {"type": "TOKEN", "methodArn": f"{ARN}/GET/pets", "authorizationToken": "Bearer token"}
    assert here.events == [told]
    assert here.sources == [f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{API}/authorizers/tokens1"]


def test_a_function_that_may_not_be_called_is_not_called() -> None:
    here = replace(cloud(ALLOWING), may_invoke=False)
    assert said(call(here, headers=(BEARER,))) == FAILED
    assert here.events == []


def test_an_answer_is_remembered_for_all_methods_of_the_stage_until_its_time_is_over() -> None:
    here = cloud(ALLOWING)
    plane, now = here.plane, 0.0
    made = Remembering(here, plane)
    assert [made.status("/pets", now), made.status("/pets/7", now)] == [200, 403]
    assert len(here.events) == 1, "the policy of the first request decides the second"
    made.status("/pets", 299.0)
    assert len(here.events) == 1
    made.status("/pets", 300.0)
    assert len(here.events) == 2


def test_another_token_is_asked_about_by_itself() -> None:
    here = cloud(ALLOWING)
    made = Remembering(here, here.plane)
    made.status("/pets", 0.0)
    made.status("/pets", 0.0, "Bearer other")
    assert [each["authorizationToken"] for each in here.events] == ["Bearer token", "Bearer other"]


@pytest.mark.parametrize("answer", [failing("Unauthorized"), failing("no"), Invocation("null")])
def test_refusals_and_failures_are_not_remembered(answer: Invocation) -> None:
    here = cloud(answer)
    made = Remembering(here, here.plane)
    made.status("/pets", 0.0)
    made.status("/pets", 0.0)
    assert len(here.events) == 2


def test_without_a_cache_the_function_is_asked_each_time() -> None:
    here = cloud(ALLOWING, authorizerResultTtlInSeconds=0)
    made = Remembering(here, here.plane)
    made.status("/pets", 0.0)
    made.status("/pets", 0.0)
    assert len(here.events) == 2


class Remembering:
    """Makes requests to one data plane at times that it is told."""

    def __init__(self, here: Cloud, plane: Any) -> None:
        self._here, self._plane = here, plane

    def status(self, path: str, seconds: float, token: str = BEARER[1]) -> int:
        self._here.seconds = seconds
        fixed = Fixed(self._plane)
        return call(fixed, path, headers=(("Authorization", token),)).status  # type: ignore[arg-type]


class Fixed:
    """A cloud whose plane stays the same, and so remembers."""

    def __init__(self, plane: Any) -> None:
        self.plane = plane


def test_a_backend_learns_whose_token_it_is_and_what_the_authorizer_says() -> None:
    said = policy("Allow", f"{ARN}/*", context={"scope": "read:pets", "exp": 7, "is_new": True})
    routes = {"GET /pets": asking(proxy())}
    here = Cloud(snapshot(routes, authorizers=[AUTHORIZER]), invocation=said)
    call(here, headers=(BEARER,))
    assert here.events[-1]["requestContext"]["authorizer"] == {
        "principalId": "anna",
        "scope": "read:pets",
        "exp": "7",
        "is_new": "true",
    }


OPEN = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke"}


@pytest.mark.parametrize(
    ("answer", "statement", "status"),
    [
        (ALLOWING, {**OPEN, "Effect": "Deny", "Resource": "*"}, 403),
        (ALLOWING, {**OPEN, "Resource": f"{ARN}/POST/pets"}, 200),
        (policy("Deny", f"{ARN}/*"), {**OPEN, "Resource": "*"}, 403),
        # Table A: within an account one Allow is enough. So blueprints are refused that write it.
        (policy("Allow", f"{ARN}/POST/pets"), {**OPEN, "Resource": "*"}, 200),
    ],
)
def test_a_resource_policy_is_read_beside_the_authorizers(
    answer: Invocation, statement: Mapping[str, Any], status: int
) -> None:
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    made = snapshot({"GET /pets": asking()}, authorizers=[AUTHORIZER], policy=document)
    assert call(Cloud(made, invocation=answer), headers=(BEARER,)).status == status


def test_every_spelling_of_the_path_must_be_allowed() -> None:
    here = cloud(policy("Allow", f"{ARN}/GET/pets/"))
    assert call(here, "/pets/", headers=(BEARER,)).status == 403


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"type": "REQUEST"}, "authorizers of type REQUEST"),
        ({"type": "COGNITO_USER_POOLS"}, "authorizers of type COGNITO_USER_POOLS"),
        ({"authorizerCredentials": "arn:aws:iam::1:role/x"}, "does not assume roles"),
        ({"identitySource": "method.request.querystring.token"}, "the identity source"),
        ({"identityValidationExpression": "("}, "the identity validation expression ("),
        ({"id": "other"}, "there is no authorizer tokens1"),
    ],
)
def test_what_is_not_done_is_refused_when_it_is_deployed(
    change: Mapping[str, Any], why: str
) -> None:
    with pytest.raises(NotServed) as caught:
        cloud(ALLOWING, **change)
    assert why in str(caught.value)


def test_the_access_log_of_a_stage_can_say_whose_token_it_was() -> None:
    made = cloud(ALLOWING)
    line = "$context.authorizer.principalId $context.status"
    stage = replace(made.stage, log_group_arn="arn:x", log_format=line)
    here = replace(made, stage=stage)
    call(here, headers=(BEARER,))
    assert here.lines == ["anna 200"]
