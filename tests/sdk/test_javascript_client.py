"""The client in JavaScript, in Node: what it sends, when again, and what its errors say."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.sdk.made import ROOT, Given, blueprint, client, hostile_client, route, write

DRIVER = Path(__file__).with_name("driver.mjs")
BASE = "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod"
REFUSED = "Signature expired: 20260301T120000Z is now earlier than 20260301T130500Z "
REFUSED += "(20260301T131000Z - 5 min.)"
SIGNED_BY_BOTOCORE = "The request signature we calculated does not match\n\ntoken:the-token"

Case = dict[str, Any]


def said(message: str, status: int = 403, **headers: str) -> Case:
    """Return an answer with a message."""
    return {"status": status, "body": json.dumps({"message": message}), "headers": headers}


def case(*answers: Case, **more: Any) -> Case:
    """Return a case: answers, and one call of a signed route unless others are given."""
    return {"answers": list(answers or ({},)), "calls": [["getPetsById", {"id": 7}]], **more}


def post(**options: Any) -> list[Any]:
    """Return a call that may not be made twice."""
    return [["postPets", {"body": {}, **options}]]


EXPIRED = said("The security token included in the request is expired")
PATHS = {
    "a/b?c#d": "a%2Fb%3Fc%23d",
    "../x": "..%2Fx",
    "é ü": "%C3%A9%20%C3%BC",
    "%2e%2e": "%252e%252e",
    "!'()*~-_.": "%21%27%28%29%2A~-_.",
    "...": "...",
}
REFUSED_PATHS = ("", ".", "..", None)
REFUSED_RESTS = ("a/../b", "a//b", "/a", "a/", ".")
REFUSED_BASES = (
    *("http://api.example.com/prod", "ftp://a/b", "https://u:p@a/", "https://a/?q=1", "a"),
)
ERRORS = {
    "BadRequest": (said("Invalid request body", 400), "Invalid request body"),
    "NotAuthenticated": (said("Missing Authentication Token"), "Missing Authentication Token"),
    "Forbidden": (
        {"status": 403, "body": '{"Message":"User: a is not authorized"}'},
        "User: a is not authorized",
    ),
    "NotFound": (said("Not Found", 404), "Not Found"),
    "Conflict": ({"status": 409, "body": ""}, "the API answered with status 409"),
    "Throttled": (said("Too Many Requests", 429), "Too Many Requests"),
    "ServerError": (said("Endpoint request timed out", 504), "Endpoint request timed out"),
    "NoAnswer": ({"fails": True}, "no answer: fetch failed"),
    "TimedOut": ({"hangs": True}, "no answer in 20 ms"),
    "ApiError": (
        {"status": 302, "body": ""},
        "the API answered with a redirection, which is not followed",
    ),
}
CASES: dict[str, Case] = {
    "signed": case(
        {"body": '{"id": 7}'},
        calls=[["getPetsById", {"id": 7}, {"query": {"a": [1, "x y"], "c": True}}]],
    ),
    "open": case(calls=[["getPets"]], anonymous=True),
    "nobody": case(anonymous=True),
    "body": case(calls=post(body={"a": "é"})),
    "text": case(calls=post(body="text", contentType="text/plain")),
    "body of get": case(calls=[["anyAny", "GET", {"body": {}}]]),
    "read text": case({"body": "x", "headers": {"Content-Type": "text/plain"}}),
    "read nothing": case({"status": 204}),
    "read no json": case({"body": "x"}),
    "again": case({"status": 503}, {"status": 429}, {}),
    "again ends": case({"status": 503}),
    "post once": case({"status": 503}, calls=post()),
    "post once throttled": case({"status": 429}, calls=post()),
    "post told": case({"status": 503}, {}, calls=post(retryNonIdempotent=True)),
    "retry after": case({"status": 429, "headers": {"Retry-After": "900"}}, {}),
    "cached": case(minutes=10, calls=[["getPetsById", {"id": 7}]] * 3),
    "at once": case(minutes=10, calls=[], atOnce=True),
    "short": case(minutes=0.5, calls=[["getPetsById", {"id": 7}]] * 2),
    "expired": case(EXPIRED, {}, calls=post()),
    "expired for ever": case(EXPIRED, calls=post()),
    "clock by date": case(
        said(REFUSED.partition(" (")[0], Date="Sun, 01 Mar 2026 13:10:00 GMT"), {}, calls=post() * 2
    ),
    "clock by message": case(said(REFUSED), {}, calls=post()),
    "clock right": case(said(REFUSED.replace("T1310", "T1200"))),
    "repeated signature": case(said(SIGNED_BY_BOTOCORE)),
    "headers": case(
        calls=[["getPetsById", {"id": 7}, {"headers": {"accept": "a/b", "authorization": "x"}}]]
    ),
    "rest": case(calls=[["getFilesByRest", {"rest": "a/b c"}]]),
    **{f"path {each}": case(calls=[["getPetsById", {"id": each}]]) for each in PATHS},
    **{f"refused {each}": case(calls=[["getPetsById", {"id": each}]]) for each in REFUSED_PATHS},
    **{f"rest {each}": case(calls=[["getFilesByRest", {"rest": each}]]) for each in REFUSED_RESTS},
    **{f"base {each}": case(baseUrl=each) for each in REFUSED_BASES},
    **{
        f"error {name}": case(answer, options={"maxAttempts": 1, "timeoutMs": 20})
        for name, (answer, _) in ERRORS.items()
    },
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What became of all cases, in one process of Node."""
    keys = ("GET /pets/{id}", "POST /pets", "GET /files/{rest+}", "ANY /any")
    routes = [route("GET /pets", Given("none", "open")), *map(route, keys)]
    return driven(tmp_path_factory.mktemp("javascript"), client(blueprint(routes)), CASES)


def driven(folder: Path, of: Any, cases: dict[str, Case]) -> dict[str, Any]:
    if shutil.which("node") is None or not (ROOT / "node_modules" / "aws4fetch").is_dir():
        pytest.skip("node or aws4fetch is not installed")
    write(folder, of, "javascript")
    given = json.dumps({"folder": str(folder), "cases": cases})
    done = subprocess.run(
        ["node", str(DRIVER)],
        env={**os.environ, "CASES": given},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture
def outcomes(told: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = told["outcomes"]
    return found


def times(outcome: Any) -> int:
    return len(outcome["told"]["asked"])


def test_a_signed_call_returns_what_the_api_answers(outcomes: Any):
    found = outcomes["signed"]
    assert (found["status"], found["body"], found["id"]) == (200, {"id": 7}, "r-1")
    [asked] = found["told"]["asked"]
    assert asked["url"] == f"{BASE}/pets/7?a=1&a=x%20y&c=true"
    assert (asked["redirect"], asked["credentials"]) == ("manual", "omit")
    assert sorted(asked["headers"]) == [
        *("accept", "authorization", "x-amz-date", "x-amz-security-token")
    ]
    assert asked["headers"]["authorization"].startswith(
        "AWS4-HMAC-SHA256 Credential=AKIA1/20260301/eu-west-1/execute-api/aws4_request"
    )


def test_an_open_route_is_not_signed(outcomes: Any):
    [asked] = outcomes["open"]["told"]["asked"]
    assert sorted(asked["headers"]) == ["accept"]


def test_a_signed_route_without_credentials_is_not_sent(outcomes: Any):
    found = outcomes["nobody"]
    assert (found["error"]["name"], times(found)) == ("NotAuthenticated", 0)


@pytest.mark.parametrize(
    ("name", "sent", "kind"),
    [("body", '{"a":"é"}', "application/json"), ("text", "text", "text/plain")],
)
def test_a_body_is_json_unless_it_has_another_type(outcomes: Any, name: str, sent: str, kind: str):
    [asked] = outcomes[name]["told"]["asked"]
    assert (asked["body"], asked["headers"]["content-type"]) == (sent, kind)


def test_get_takes_no_body(outcomes: Any):
    assert outcomes["body of get"]["error"]["message"] == "GET takes no body"


@pytest.mark.parametrize(
    ("name", "body"), [("read text", "x"), ("read nothing", None), ("read no json", "x")]
)
def test_an_answer_is_read_by_its_type(outcomes: Any, name: str, body: object):
    assert outcomes[name]["body"] == body


@pytest.mark.parametrize(("given", "sent"), PATHS.items())
def test_a_path_parameter_stays_one_segment(outcomes: Any, given: str, sent: str):
    assert outcomes[f"path {given}"]["told"]["asked"][0]["url"] == f"{BASE}/pets/{sent}"


@pytest.mark.parametrize(
    "name",
    [*(f"refused {each}" for each in REFUSED_PATHS), *(f"rest {each}" for each in REFUSED_RESTS)],
)
def test_a_value_that_would_change_the_route_is_refused(outcomes: Any, name: str):
    found = outcomes[name]
    assert re.match("the path parameter (id|rest) cannot be", found["error"]["message"])
    assert times(found) == 0


def test_the_rest_of_a_path_keeps_its_slashes(outcomes: Any):
    assert outcomes["rest"]["told"]["asked"][0]["url"] == f"{BASE}/files/a/b%20c"


@pytest.mark.parametrize("base", REFUSED_BASES)
def test_an_address_where_a_token_could_be_read_is_refused(outcomes: Any, base: str):
    found = outcomes[f"base {base}"]
    assert (found["error"]["name"], times(found)) == ("TypeError", 0)


@pytest.mark.parametrize("kind", ERRORS)
def test_an_error_has_a_kind_the_message_and_the_request_id(outcomes: Any, kind: str):
    error = outcomes[f"error {kind}"]["error"]
    assert (error["name"], error["message"], error["isApiError"]) == (kind, ERRORS[kind][1], True)
    answer = ERRORS[kind][0]
    assert error["status"] == answer.get("status", 0)
    assert error.get("requestId") == ("r-1" if "status" in answer else None)


def test_what_passes_is_tried_again_after_a_pause(outcomes: Any):
    found = outcomes["again"]
    assert (found["status"], found["told"]["waits"]) == (200, [400, 800])
    assert times(outcomes["again ends"]) == 4
    assert outcomes["again ends"]["error"]["name"] == "ServerError"


@pytest.mark.parametrize("name", ["post once", "post once throttled"])
def test_what_may_not_be_done_twice_is_sent_once(outcomes: Any, name: str):
    assert times(outcomes[name]) == 1
    assert "error" in outcomes[name]


def test_it_is_sent_again_where_the_caller_says_so(outcomes: Any):
    assert (outcomes["post told"]["status"], times(outcomes["post told"])) == (200, 2)


def test_the_api_may_ask_for_a_longer_pause_within_reason(outcomes: Any):
    assert outcomes["retry after"]["told"]["waits"] == [20_000]


@pytest.mark.parametrize(
    ("name", "asked"), [("cached", 1), ("at once", 1), ("short", 2), ("expired", 2)]
)
def test_credentials_are_asked_for_when_they_end(outcomes: Any, name: str, asked: int):
    assert "error" not in outcomes[name], outcomes[name]
    assert outcomes[name]["told"]["signIns"] == asked


def test_credentials_that_stay_expired_are_asked_for_once_more_alone(outcomes: Any):
    found = outcomes["expired for ever"]
    assert (found["error"]["name"], times(found)) == ("NotAuthenticated", 2)


@pytest.mark.parametrize(("name", "sent"), [("clock by date", 3), ("clock by message", 2)])
def test_a_wrong_clock_is_set_by_the_apis(outcomes: Any, name: str, sent: int):
    found = outcomes[name]
    dates = [each["headers"]["x-amz-date"] for each in found["told"]["asked"]]
    assert dates == ["20260301T120000Z", *["20260301T131000Z"] * (sent - 1)]
    assert found["status"] == 200


def test_a_clock_that_is_right_is_not_the_reason(outcomes: Any):
    assert times(outcomes["clock right"]) == 1


def test_what_aws_repeats_of_a_signature_is_kept_nowhere(outcomes: Any):
    assert "the-token" not in json.dumps(outcomes["repeated signature"]["error"])


def test_headers_of_the_caller_replace_ours_but_not_the_signature(outcomes: Any):
    [asked] = outcomes["headers"]["told"]["asked"]
    assert asked["headers"]["accept"] == "a/b"
    assert asked["headers"]["authorization"].startswith("AWS4-HMAC-SHA256")


def test_no_secret_is_shown(outcomes: Any):
    assert "ShopClient" in outcomes["signed"]["shown"]
    assert "the-" not in outcomes["signed"]["shown"]


def test_a_caller_can_end_the_waiting(told: dict[str, Any]):
    assert told["aborted"]["said"] == "enough"
    assert times(told["aborted"]) == 1


def test_the_hostile_client_loads_and_breaks_nothing(tmp_path: Path):
    calls = [
        ["getRoot"],
        [
            "putXByProtoByConstructorByPrototypeByToStringByThen",
            {
                "proto": 1,
                "constructor_": 2,
                "prototype_": 3,
                "toString_": 4,
                "then_": 5,
            },
        ],
    ]
    found = driven(tmp_path, hostile_client(), {"one": {"answers": [{}], "calls": calls}})
    assert found["isBroken"] is False
    asked = found["outcomes"]["one"]["told"]["asked"]
    assert [each["url"].removeprefix(BASE) for each in asked] == ["/", "/x/1/2/3/4/5"]
