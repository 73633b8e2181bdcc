"""What `verify` asks of a deployed API, and what it makes of the answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from gateprint.access.answers.question import Call
from gateprint.access.probes import (
    STRANGER,
    CorsExpected,
    Expected,
    Kind,
    Place,
    Probe,
    plan,
    requests_of,
)
from gateprint.access.verdicts import Answer, Outcome, judge, read
from gateprint.model.resolved import (
    Api,
    Cors,
    Environment,
    Grant,
    MockBackend,
    ResolvedBlueprint,
    Role,
    Route,
    S3State,
    Stage,
)

OK = MockBackend(200, "")
OPEN, EXACT = Cors(("*",), 600, False), Cors(("https://a.example", "https://b.example"), 600, False)
ROUTES = (
    Route("GET", "/pets", OK, "none", "open"),
    Route("POST", "/pets", OK),
    Route("GET", "/pets/{id}", OK),
)


def blueprint(*roles: Role, routes: tuple[Route, ...] = ROUTES, cors: Cors | None = None):
    where = Environment("nonprod", "123456789012", "us-east-2", S3State("state", "us-east-2", "g"))
    stages = (Stage("dev"), Stage("test"))
    return ResolvedBlueprint("pets", where, stages, (Api("pets", routes, cors=cors),), roles=roles)


def role(name: str, *routes: str, stages: tuple[str, ...] = ("dev", "test"), over=None) -> Role:
    return Role(name, (Grant("pets", stages, routes, over),) if routes else ())


READER = role("reader", "GET /pets/{id}", stages=("dev",))


def told(probes: tuple[Probe, ...], kind: Kind) -> list[tuple[str, str, str, Expected, str]]:
    return [
        (each.place.stage, each.role, str(each.call), each.expected, each.why)
        for each in probes
        if each.kind == kind and each.place.stage == "dev"
    ]


def test_every_role_asks_for_every_route_of_every_stage() -> None:
    probes = plan(blueprint(READER, role("nobody")))
    signed = [each for each in probes if each.kind == "signed"]
    asked = Counter((each.role, each.place.stage, each.place.route) for each in signed)
    assert set(asked.values()) == {1}
    assert len(asked) == 2 * 2 * 3


def test_what_is_expected_of_a_role_is_what_the_matrix_says() -> None:
    probes = plan(blueprint(READER))
    assert told(probes, "signed") == [
        ("dev", "reader", "GET /pets", "let through", "open to everybody"),
        ("dev", "reader", "POST /pets", "not authorized", "not granted"),
        ("dev", "reader", "GET /pets/gateprint-probe", "let through", "granted"),
    ]
    on_test = [each for each in probes if each.kind == "signed" and each.place.stage == "test"]
    assert [each.expected for each in on_test] == [
        "let through",
        "not authorized",
        "not authorized",
    ]


def test_somebody_without_a_signature_asks_for_every_route() -> None:
    assert told(plan(blueprint(READER)), "unsigned") == [
        ("dev", "", "GET /pets", "let through", "open to everybody"),
        ("dev", "", "POST /pets", "no signature", "IAM checks every caller"),
        ("dev", "", "GET /pets/gateprint-probe", "no signature", "IAM checks every caller"),
    ]


def test_what_overreach_opens_or_closes_is_expected_so() -> None:
    routes = (Route("GET", "/a/{id}", OK), Route("GET", "/a/{id}/b", OK))
    accepted = role("accepts", "GET /a/{id}", over="accepted because b is dull")
    denied = role("denies", "GET /a/{id}", over="deny")
    found = told(plan(blueprint(accepted, denied, routes=routes)), "signed")
    assert [each[1:] for each in found if each[2].endswith("/b")] == [
        (
            "accepts",
            "GET /a/gateprint-probe/b",
            "let through",
            "not granted, but accepted because b is dull",
        ),
        ("denies", "GET /a/gateprint-probe/b", "not authorized", "an explicit Deny"),
    ]


def test_a_role_of_another_blueprint_asks_once_per_stage_and_is_refused() -> None:
    found = told(plan(blueprint(READER), ["reader", "packer"]), "signed")
    assert [each for each in found if each[1] == "packer"] == [
        ("dev", "packer", "POST /pets", "not authorized", "of another blueprint")
    ]


def test_one_forged_signature_is_sent_to_each_stage() -> None:
    assert told(plan(blueprint(READER)), "tampered") == [
        ("dev", "reader", "POST /pets", "wrong signature", "signatures are verified")
    ]


def test_browsers_ask_for_every_path_with_every_origin_and_with_a_strange_one() -> None:
    probes = [each for each in plan(blueprint(READER, cors=EXACT)) if each.kind == "preflight"]
    found = {
        (str(each.call), each.origin): each.cors.origin if each.cors else None
        for each in probes
        if each.place.stage == "dev"
    }
    assert found == {
        (f"OPTIONS {path}", origin): None if origin == STRANGER else origin
        for path in ("/pets", "/pets/gateprint-probe")
        for origin in (*EXACT.origins, STRANGER)
    }
    assert {each.cors.methods for each in probes if each.cors and each.cors.origin} == {
        ("GET", "POST"),
        ("GET",),
    }


def test_where_every_origin_may_ask_there_is_no_strange_one() -> None:
    probes = [each for each in plan(blueprint(READER, cors=OPEN)) if each.kind == "preflight"]
    assert {each.cors.origin for each in probes if each.cors} == {"*"}


def test_without_cors_there_are_no_preflights() -> None:
    assert told(plan(blueprint(READER)), "preflight") == []


def test_any_is_asked_by_each_method_that_no_other_route_takes() -> None:
    routes = (Route("ANY", "/x", OK), Route("PUT", "/x", OK))
    found = requests_of(Api("x", routes, cors=OPEN), routes[0])
    assert [each.method for each in found] == ["DELETE", "GET", "HEAD", "PATCH", "POST"]


def test_a_value_that_another_route_takes_is_not_asked_with() -> None:
    routes = (Route("GET", "/x/{id}", OK), Route("GET", "/x/gateprint-probe", OK))
    found = requests_of(Api("x", routes), routes[0])
    assert [each.path for each in found] == ["/x/gateprint-probe-2"]


@pytest.mark.parametrize(("path", "asked"), [("/", "/"), ("/{rest+}", "/gateprint-probe")])
def test_the_root_and_the_rest_of_a_path_are_asked_for(path: str, asked: str) -> None:
    route = Route("GET", path, OK)
    assert requests_of(Api("x", (route,)), route) == (Call("GET", asked),)


def answer(status: int, kind: str = "", message: str = "", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    error = {"x-amzn-errortype": kind} if kind else {}
    return Answer(status, {"x-amz-apigw-id": "abc", **error, **named}, message)


DENIED = answer(403, "AccessDeniedException", "User: … is not authorized")
MISSING = answer(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
FORGED = answer(403, "InvalidSignatureException", "The request signature …")
EXPIRED = answer(403, "ExpiredTokenException", "The security token … is expired")
FIREWALL = answer(403, "ForbiddenException", "Forbidden")
ANSWERS = {
    "backend": answer(200),
    "backend's own 403": answer(403),
    "backend's 404": answer(404),
    "backend failed": answer(502, "InternalServerErrorException"),
    "too slow": answer(504, "InternalServerErrorException"),
    "media type": answer(415, "UnsupportedMediaTypeException"),
    "denied": DENIED,
    "denied, with a namespace": answer(403, "AccessDeniedException:http://internal.amazon.com/"),
    "missing": MISSING,
    "forged": FORGED,
    "expired": EXPIRED,
    "firewall": FIREWALL,
    "authorizer": answer(401, "UnauthorizedException"),
    "internal": answer(500, "InternalServerErrorException"),
    "busy": answer(429, "TooManyRequestsException"),
    "somebody else": Answer(200, {}),
    "somebody else's 403": Answer(403, {}),
}


def test_an_answer_is_read_for_what_became_of_the_request() -> None:
    assert {name: read(each) for name, each in ANSWERS.items()} == {
        "backend": "let through",
        "backend's own 403": "let through",
        "backend's 404": "let through",
        "backend failed": "let through",
        "too slow": "let through",
        "media type": "let through",
        "denied": "not authorized",
        "denied, with a namespace": "not authorized",
        "missing": "no signature",
        "forged": "wrong signature",
        "expired": "expired",
        "firewall": "unclear",
        "authorizer": "no token",
        "internal": "unclear",
        "busy": "unclear",
        "somebody else": "unclear",
        "somebody else's 403": "unclear",
    }


def probe(kind: Kind, expected: Expected, cors: CorsExpected | None = None) -> Probe:
    place = Place("pets", "pets", "dev", "POST /pets")
    name = "reader" if kind in {"signed", "tampered"} else ""
    return Probe(kind, place, Call("POST", "/pets"), expected, "", name, "https://a.example", cors)


JUDGED: list[tuple[Kind, Expected, Answer, Outcome]] = [
    ("signed", "let through", answer(200), "ok"),
    ("signed", "let through", DENIED, "differs"),
    ("signed", "let through", MISSING, "differs"),
    ("signed", "let through", FORGED, "undecided"),
    ("signed", "let through", EXPIRED, "undecided"),
    ("signed", "let through", FIREWALL, "undecided"),
    ("signed", "not authorized", DENIED, "ok"),
    ("signed", "not authorized", answer(200), "differs"),
    ("signed", "not authorized", answer(415, "UnsupportedMediaTypeException"), "differs"),
    ("signed", "not authorized", MISSING, "differs"),
    ("signed", "not authorized", EXPIRED, "undecided"),
    ("unsigned", "no signature", MISSING, "ok"),
    ("unsigned", "no signature", answer(200), "differs"),
    ("unsigned", "no signature", answer(502, "InternalServerErrorException"), "differs"),
    ("unsigned", "no signature", DENIED, "differs"),
    ("unsigned", "let through", answer(404), "ok"),
    ("unsigned", "let through", MISSING, "differs"),
    ("tampered", "wrong signature", FORGED, "ok"),
    ("tampered", "wrong signature", answer(200), "differs"),
    ("tampered", "wrong signature", DENIED, "differs"),
]


@pytest.mark.parametrize(("kind", "expected", "found", "outcome"), JUDGED)
def test_access_is_judged(kind: Kind, expected: Expected, found: Answer, outcome: Outcome) -> None:
    (verdict,) = judge(probe(kind, expected), found)
    assert (verdict.check, verdict.outcome) == ("access", outcome)


def test_a_refusal_without_the_header_that_lets_a_page_read_it_differs() -> None:
    asked = probe("unsigned", "no signature", CorsExpected("*"))
    good = replace(MISSING, headers={**MISSING.headers, "access-control-allow-origin": "*"})
    assert [each.outcome for each in judge(asked, good)] == ["ok", "ok"]
    access, cors = judge(asked, MISSING)
    assert (access.outcome, cors.outcome) == ("ok", "differs")
    assert (cors.expected, cors.found) == ("403 with Allow-Origin *", "403 with no Allow-Origin")


def preflight(**headers: str) -> Answer:
    usual = {
        "access_control_allow_origin": "https://a.example",
        "access_control_allow_methods": "GET,POST,OPTIONS",
        "access_control_allow_headers": "Authorization,Content-Type,X-Amz-Date",
    }
    return answer(200, **usual | headers)


ASKED = probe(
    "preflight",
    "preflight",
    CorsExpected("https://a.example", ("GET", "POST"), ("authorization", "x-amz-date")),
)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (preflight(), "200"),
        (replace(preflight(), status=204), "204"),
        (MISSING, "403 Missing Authentication Token"),
        (answer(500), "500"),
        (preflight(access_control_allow_origin="*"), "Allow-Origin *"),
        (preflight(access_control_allow_methods="GET"), "Allow-Methods without POST"),
        (
            preflight(access_control_allow_headers="*"),
            "Allow-Headers without authorization, x-amz-date",
        ),
    ],
)
def test_a_preflight_is_judged_by_what_a_browser_needs(found: Answer, said: str) -> None:
    (verdict,) = judge(ASKED, found)
    assert verdict.found == said
    assert verdict.outcome == ("ok" if said in {"200", "204"} else "differs")


@pytest.mark.parametrize(
    ("origin", "outcome"),
    [("https://a.example", "differs"), ("*", "differs"), ("https://b.example", "ok")],
)
def test_a_strange_origin_must_not_be_allowed(origin: str, outcome: Outcome) -> None:
    stranger = replace(ASKED, cors=CorsExpected(None))
    (verdict,) = judge(stranger, preflight(access_control_allow_origin=origin))
    assert verdict.outcome == outcome


def test_a_preflight_that_somebody_else_answers_is_undecided() -> None:
    (verdict,) = judge(ASKED, Answer(200, {}))
    assert verdict.outcome == "undecided"
