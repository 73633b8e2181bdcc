"""Requests about something else than roles and routes, and what answers to them say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from jsonschema import Draft4Validator

from gateprint.access.answers.question import Call
from gateprint.access.front_probes import call_of_nobody, front_probes
from gateprint.access.key_probes import key_probes
from gateprint.access.probes import Kind, Malformed, Place, Probe, plan
from gateprint.access.request_probes import malformed_probes, wrong_body
from gateprint.access.verdicts import Answer, Outcome
from gateprint.access.verdicts_apart import judge_apart, without_answer
from gateprint.model.resolved import (
    Api,
    BasePath,
    Domain,
    Environment,
    FunctionBackend,
    Grant,
    MockBackend,
    Plan,
    ResolvedBlueprint,
    Role,
    Route,
    S3State,
    Stage,
)
from gateprint.model.resolved.domain import MutualTls
from gateprint.model.resolved.request import Body, Parameter, Request
from gateprint.model.routes import split_route

OK = MockBackend(200, "")
FORM = Request(
    Body("schemas/pet.json", "Pet", '{"type": "object", "required": ["name"]}'),
    (
        Parameter("querystring", "kind", True),
        Parameter("header", "Idempotency-Key", True),
        Parameter("querystring", "page", False),
    ),
)
ROUTES = (
    Route("POST", "/pets", OK, request=FORM),
    Route("GET", "/pets", OK, request=Request(None, (Parameter("querystring", "page", False),))),
    Route("POST", "/quotes", FunctionBackend("quotes", True), needs_key=True),
    Route("GET", "/rates", OK, "none", "open", needs_key=True),
    Route("POST", "/tokens", OK, "jwt", request=FORM),
)
DOMAINS = (
    Domain("a.example.com", (BasePath("v1", "pets", "dev"), BasePath("", "pets", "test"))),
    Domain("b.example.com", (BasePath("", "pets", "dev"),), mutual_tls=MutualTls("s3://b/c")),
)
PLANS = (
    Plan("partner", "pets", ("dev", "test"), ("acme", "globex")),
    Plan("trial", "pets", ("dev",), ("visitor",)),
)
API = Api("pets", ROUTES)
READER = Role("reader", (Grant("pets", ("dev",), ("POST /pets",)),))
STATE = S3State("state", "us-east-2", "g")


def blueprint(api: Api = API) -> ResolvedBlueprint:
    where = Environment("nonprod", "123456789012", "us-east-2", STATE)
    stages = (Stage("dev"), Stage("test"))
    others = {"roles": (READER, Role("other", ())), "plans": PLANS, "domains": DOMAINS}
    return ResolvedBlueprint("pets", where, stages, (api,), **others)  # type: ignore[arg-type]


def planned(stage: str, api: Api = API) -> tuple[Probe, ...]:
    return tuple(each for each in plan(blueprint(api)) if each.place.stage == stage)


def test_each_thing_that_a_route_asks_for_is_left_out_once() -> None:
    found = list(malformed_probes(API, planned("dev")))
    assert {each.expected for each in found} == {"bad request"}
    assert [(each.role, str(each.call), each.malformed) for each in found] == [
        ("reader", "POST /pets", lacking("the query kind", header=True)),
        ("reader", "POST /pets", lacking("the header Idempotency-Key", query=True)),
        (
            "reader",
            "POST /pets",
            lacking("the form of schemas/pet.json", query=True, header=True, body="{}"),
        ),
    ]


def lacking(
    lacks: str, *, query: bool = False, header: bool = False, body: str | None = None
) -> Malformed:
    one = (("kind", "gateprint-probe"),) if query else ()
    other = (("Idempotency-Key", "gateprint-probe"),) if header else ()
    return Malformed(lacks, one, other, body)


def test_whom_nobody_lets_in_leaves_nothing_out() -> None:
    assert list(malformed_probes(API, planned("test"))) == [], "the reader is not granted test"


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "required": ["name"]},
        {"type": "object"},
        {"type": "object", "additionalProperties": False},
        {"type": "array", "minItems": 2},
        {"enum": [{}, None, []]},
        {"type": ["object", "array", "string", "null"]},
        {"type": ["object", "array", "string", "null", "number"]},
    ],
)
def test_a_wrong_body_is_json_that_the_schema_refuses(schema: dict[str, object]) -> None:
    body = wrong_body(json.dumps(schema))
    assert not Draft4Validator(schema).is_valid(json.loads(body))


@pytest.mark.parametrize("schema", ["{}", '{"$ref": "#"}'])
def test_where_all_json_is_accepted_the_wrong_body_is_none(schema: str) -> None:
    assert wrong_body(schema) == "{"


def test_a_key_of_each_plan_asks_once_on_each_stage() -> None:
    def asked(stage: str) -> list[tuple[str, str, str]]:
        found = key_probes(blueprint(), API, stage, planned(stage))
        return [(str(each.call), each.key, each.expected) for each in found]

    assert asked("dev") == [
        ("GET /rates", "pets-nonprod-acme", "let through"),
        ("GET /rates", "pets-nonprod-visitor", "let through"),
    ], "what API Gateway answers itself comes first"
    assert asked("test") == [
        ("GET /rates", "pets-nonprod-acme", "let through"),
        ("GET /rates", "pets-nonprod-visitor", "no key"),
    ]


def test_without_a_route_that_a_key_is_all_to_ask_for_no_key_is_sent() -> None:
    only = replace(API, routes=(ROUTES[0], Route("GET", "/rates", OK, "jwt", needs_key=True)))
    assert list(key_probes(blueprint(only), only, "dev", planned("dev", only))) == []


def at_front(stage: str, api: Api = API) -> list[tuple[str, str, str, str, str]]:
    probes: Sequence[Probe] = planned(stage, api)
    found = front_probes(blueprint(api), api, stage, probes, {"b.example.com"})
    return [(each.kind, each.role, str(each.call), each.domain, each.expected) for each in found]


def test_each_address_is_asked_by_those_whose_answers_tell_most() -> None:
    assert at_front("dev") == [
        ("signed", "reader", "POST /pets", "a.example.com/v1", "let through"),
        ("signed", "other", "POST /pets", "a.example.com/v1", "not authorized"),
        ("unsigned", "", "POST /pets", "a.example.com/v1", "no signature"),
        ("certificate", "", "GET /gateprint-probe", "b.example.com", "no certificate"),
    ]
    assert at_front("test") == [
        ("signed", "reader", "POST /pets", "a.example.com", "not authorized"),
        ("unsigned", "", "POST /pets", "a.example.com", "no signature"),
    ]


def test_a_default_endpoint_that_is_off_is_asked_for_what_nobody_has() -> None:
    closed = replace(API, has_default_endpoint=False)
    assert at_front("test", closed)[0] == ("closed", "", "GET /gateprint-probe", "", "closed")


def test_where_something_else_says_forbidden_no_address_is_asked() -> None:
    private = replace(API, vpc_endpoints=("vpce-1",), has_default_endpoint=False)
    assert at_front("dev", private) == []


@pytest.mark.parametrize(
    ("routes", "call"),
    [
        (["GET /pets"], "GET /gateprint-probe"),
        (["ANY /{rest+}"], "GET /"),
        (["GET /{id}"], "GET /"),
        (["POST /{rest+}", "POST /"], "GET /gateprint-probe"),
        (["ANY /{rest+}", "GET /"], None),
    ],
)
def test_a_request_of_nobody_is_one_that_no_route_takes(
    routes: list[str], call: str | None
) -> None:
    api = Api("pets", tuple(Route(*split_route(each), OK) for each in routes))
    found = call_of_nobody(api)
    assert (str(found) if found else None) == call


PLACE = Place("pets", "pets", "dev", "GET /pets")
IAM = "User: somebody is not authorized to perform: execute-api:Invoke on resource: "
ARN = "arn:aws:execute-api:us-east-2:********9012:{}/dev/GET/pets"
FORBIDDEN = (403, "ForbiddenException", "Forbidden")
MISSING = (403, "MissingAuthenticationTokenException", "Missing Authentication Token")
DENIED = "AccessDeniedException"
PARAMETERS = "Missing required request parameters: [kind]"
BODY = "Invalid request body"


def probe(kind: Kind, expected: str = "let through", **more: object) -> Probe:
    return Probe(kind, PLACE, Call("GET", "/pets"), expected, "", **more)  # type: ignore[arg-type]


OF_PARAMETER = probe("malformed", "bad request", malformed=Malformed("the query kind"))
OF_BODY = probe("malformed", "bad request", malformed=Malformed("the form of a", body="{}"))
OPENING, CLOSED_TO = probe("keyed", key="k"), probe("keyed", "no key", key="k")
AT_DOMAIN = {"domain": "a.example.com"}
CASES: list[tuple[Probe, tuple[int, str, str], Outcome]] = [
    (OF_PARAMETER, (400, "BadRequestException", PARAMETERS), "ok"),
    (OF_PARAMETER, (400, "BadRequestException", BODY), "differs"),
    (OF_PARAMETER, (200, "", ""), "differs"),
    (OF_PARAMETER, (400, "", "of the backend"), "differs"),
    (OF_PARAMETER, (415, "BadRequestException", "Unsupported Media Type"), "differs"),
    (OF_PARAMETER, MISSING, "undecided"),
    (OF_PARAMETER, (429, "TooManyRequestsException", "Too Many Requests"), "undecided"),
    (OF_BODY, (400, "BadRequestException", BODY), "ok"),
    (OF_BODY, (400, "BadRequestException", PARAMETERS), "differs"),
    (OPENING, (200, "", ""), "ok"),
    (OPENING, FORBIDDEN, "differs"),
    (OPENING, (429, "LimitExceededException", "Limit Exceeded"), "ok"),
    (OPENING, (429, "TooManyRequestsException", "Too Many Requests"), "undecided"),
    (CLOSED_TO, FORBIDDEN, "ok"),
    (CLOSED_TO, (200, "", ""), "differs"),
    (CLOSED_TO, (429, "LimitExceededException", "Limit Exceeded"), "differs"),
    (replace(OPENING, is_filtered=True), FORBIDDEN, "undecided"),
    (probe("closed", "closed"), FORBIDDEN, "ok"),
    (probe("closed", "closed"), MISSING, "differs"),
    (probe("certificate", "no certificate"), FORBIDDEN, "ok"),
    (probe("certificate", "no certificate"), (200, "", ""), "differs"),
    (probe("signed", **AT_DOMAIN), (200, "", ""), "ok"),
    (probe("signed", **AT_DOMAIN), FORBIDDEN, "differs"),
    (probe("signed", "not authorized", **AT_DOMAIN), (403, DENIED, IAM + ARN.format("a1")), "ok"),
    (
        probe("signed", "not authorized", **AT_DOMAIN),
        (403, DENIED, IAM + ARN.format("b2")),
        "differs",
    ),
    (probe("signed"), MISSING, "differs"),
]


@pytest.mark.parametrize(("asked", "told", "outcome"), CASES)
def test_what_an_answer_says(asked: Probe, told: tuple[int, str, str], outcome: Outcome) -> None:
    status, error, message = told
    headers = {"x-amz-apigw-id": "1", **({"x-amzn-errortype": error} if error else {})}
    (verdict,) = judge_apart(asked, Answer(status, headers, message), "a1/dev")
    assert verdict.outcome == outcome, verdict


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [
        ("no answer: SSLError", "ok"),
        ("no answer: ProtocolError", "ok"),
        ("no answer: SSLCertVerificationError", "undecided"),
        ("no answer: NameResolutionError", "undecided"),
        ("no answer: ConnectTimeoutError", "undecided"),
    ],
)
def test_a_connection_that_is_refused_tells_that_a_certificate_is_asked_for(
    reason: str, outcome: Outcome
) -> None:
    assert without_answer(probe("certificate", "no certificate"), reason).outcome == outcome
    assert without_answer(probe("signed"), reason).outcome == "undecided"
