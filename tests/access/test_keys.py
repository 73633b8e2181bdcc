"""Routes that need an API key: in the matrix, in what changes, and in what is probed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateprint.access.changes.comparison import changes
from gateprint.access.changes.sentences import sentences
from gateprint.access.matrix import access_of
from gateprint.access.probes import Probe, plan
from gateprint.access.verdicts import Answer, judge
from gateprint.model.resolved import ResolvedBlueprint
from tests.model.made import edited, environment_of, resolved_of

RATES = """\
blueprint: 1
name: rates
stages:
  dev: {environment: nonprod}
  live: {environment: nonprod}
apis:
  rates:
    cors: {origins: ["https://shop.example.com"]}
    routes:
      GET /rates: {mock: {status: 200}, auth: none, public: for all, api_key: true}
      POST /quotes: {mock: {status: 200}, api_key: true}
      GET /health: {mock: {status: 200}, auth: none, public: for all}
plans:
  partner:
    stages: all
    throttle: {rate: 10, burst: 20}
    quota: {requests: 1000, per: week}
    keys: [acme]
  trial: {stages: [dev], keys: [visitor]}
roles:
  clerk:
    identity_provider: auth0
    allow: [{stages: all, routes: [POST /quotes]}]
"""
HERE = environment_of()


def side(edits: dict[str, str] | None = None) -> ResolvedBlueprint:
    return resolved_of(edited(RATES, edits or {}), HERE)


def told(after: dict[str, str]) -> list[str]:
    found = sentences(changes([side()], [side(after)]))
    return [each.text for each in found if each.kind == "key"]


def test_a_key_is_listed_and_changes_nothing_about_who_is_allowed() -> None:
    access = access_of(side())
    found = [(each.route, each.stage, each.plans) for each in access.keys]
    assert found == [
        ("GET /rates", "dev", ("partner", "trial")),
        ("POST /quotes", "dev", ("partner", "trial")),
        ("GET /rates", "live", ("partner",)),
        ("POST /quotes", "live", ("partner",)),
    ]
    keyless = side({", api_key: true}\n      POST": "}\n      POST"})
    assert access_of(keyless).rows == access.rows


ON = "dev and live of rates (nonprod)"
EACH = "each key of the plan partner has"


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ({}, []),
        ({"all, api_key: true": "all"}, [f"GET /rates on {ON} needs no API key any more"]),
        (
            {"GET /health: {mock": "GET /health: {api_key: true, mock"},
            [f"GET /health on {ON} needs an API key as well"],
        ),
        (
            {"[acme]": "[acme, globex]"},
            [f"the key globex of the plan partner opens what needs one on {ON}"],
        ),
        (
            {"[visitor]": "[guest]"},
            [
                "the key guest of the plan trial opens what needs one on dev of rates (nonprod)",
                (
                    "the key visitor of the plan trial no longer opens anything "
                    "on dev of rates (nonprod)"
                ),
            ],
        ),
        (
            {"rate: 10,": "rate: 5.5,"},
            [
                (
                    f"{EACH} 5.5 requests per second and 20 at once on {ON}; "
                    "until now 10 requests per second and 20 at once"
                )
            ],
        ),
        (
            {"    quota: {requests: 1000, per: week}\n": ""},
            [f"{EACH} no quota on {ON}; until now 1,000 requests a week"],
        ),
        (
            {"    keys: [acme]": "    routes: {GET /rates: {rate: 1, burst: 1}}\n    keys: [acme]"},
            [
                (
                    f"{EACH} 1 requests per second and 1 at once for GET /rates on {ON}; "
                    "until now no throttle of its own"
                )
            ],
        ),
    ],
)
def test_what_changes_about_keys_is_said(edits: dict[str, str], said: list[str]) -> None:
    assert told(edits) == said


@pytest.mark.parametrize(
    ("edits", "kind"),
    [
        ({"requests: 1000, per: week": "requests: 150, per: day"}, "raised"),
        ({"requests: 1000, per: week": "requests: 1000, per: month"}, "lowered"),
        ({"    throttle: {rate: 10, burst: 20}\n": ""}, "raised"),
        ({"burst: 20": "burst: 21"}, "raised"),
        ({"rate: 10,": "rate: 9,"}, "lowered"),
    ],
)
def test_a_limit_is_raised_or_lowered(edits: dict[str, str], kind: str) -> None:
    assert [each.kind for each in changes([side()], [side(edits)]).keys] == [kind]


def probes(route: str, **more: str) -> list[Probe]:
    found = [each for each in plan(side()) if each.place.route == route]
    return [each for each in found if all(getattr(each, key) == more[key] for key in more)]


def test_a_request_without_a_key_is_expected_to_be_refused_where_it_was_let_through() -> None:
    found = {(each.kind, each.role, each.expected) for each in probes("POST /quotes")}
    assert {("unsigned", "", "no signature"), ("signed", "clerk", "no key")} <= found
    assert {each.expected for each in probes("GET /rates")} == {"no key"}
    assert {each.expected for each in probes("GET /health")} == {"let through"}
    (preflight, _) = (each for each in probes("OPTIONS /rates") if each.place.stage == "dev")
    assert preflight.cors is not None
    assert "x-api-key" in preflight.cors.headers


FORBIDDEN = {"x-amzn-errortype": "ForbiddenException", "x-amz-apigw-id": "1="}
ORIGIN = {"access-control-allow-origin": "https://shop.example.com"}


@pytest.mark.parametrize(
    ("answer", "is_filtered", "outcome"),
    [
        (Answer(403, {**FORBIDDEN, **ORIGIN}, "Forbidden"), False, "ok"),
        (Answer(403, {**FORBIDDEN, **ORIGIN}, "Forbidden"), True, "undecided"),
        (Answer(200, {"x-amz-apigw-id": "1="}), False, "differs"),
        (Answer(429, FORBIDDEN, "Limit Exceeded"), False, "undecided"),
        (Answer(403, {"x-amzn-errortype": "ForbiddenException"}), False, "undecided"),
    ],
)
def test_an_answer_without_a_key_is_judged(answer: Answer, is_filtered: bool, outcome: str) -> None:
    probe = replace(probes("GET /rates", kind="unsigned")[0], is_filtered=is_filtered)
    assert judge(probe, answer)[0].outcome == outcome
