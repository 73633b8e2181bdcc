"""The client in Python: what it sends, when it sends it again, and what its errors say."""

from __future__ import annotations

import datetime as dt
import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import urllib3

from tests.sdk.made import Given, blueprint, client, imported, route

BASE = "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod"
NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
SECRET, TOKEN = "the-secret-itself", "the-token-itself"
REFUSED = "Signature expired: 20260301T120000Z is now earlier than 20260301T130500Z "
REFUSED += "(20260301T131000Z - 5 min.)"
EXPIRED = "The security token included in the request is expired"


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The module of a client of a few routes."""
    keys = ("GET /pets/{id}", "POST /pets", "PUT /pets/{id}", "GET /files/{rest+}", "ANY /any")
    routes = [route("GET /pets", Given("none", "open")), *map(route, keys)]
    return imported(tmp_path_factory.mktemp("python"), client(blueprint(routes)))


@dataclass
class Clock:
    """Time that passes by waiting alone."""

    seconds: float = NOW.timestamp()
    waits: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.seconds

    def random(self) -> float:
        return 1.0

    def sleep(self, seconds: float) -> None:
        self.waits.append(round(seconds, 3))
        self.seconds += seconds


Prepared = Exception | tuple[int, Any] | tuple[int, Any, dict[str, str]]


@dataclass
class Pool:
    """Gives prepared answers, the last one for ever, and remembers what it was asked."""

    answers: list[Prepared]
    asked: list[dict[str, Any]] = field(default_factory=list)

    def request(self, method: str, url: str, **more: Any) -> Any:
        self.asked.append({"method": method, "url": url, **more})
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(found, Exception):
            raise found
        status, body, *headers = found
        named = {"Content-Type": "application/json", "x-amzn-RequestId": "r-1"}
        return urllib3.HTTPResponse(
            body if isinstance(body, bytes) else json.dumps(body).encode(),
            {**named, **(headers[0] if headers else {})},
            status,
        )

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers of the last request."""
        found: dict[str, str] = dict(self.asked[-1]["headers"])
        return found


@dataclass
class SignIn:
    """Gives other credentials each time; they end after `minutes`."""

    sdk: Any
    clock: Clock
    minutes: float | None = 60
    times: int = 0
    seconds: float = 0

    def __call__(self) -> Any:
        self.times += 1
        time.sleep(self.seconds)
        end = dt.datetime.fromtimestamp(self.clock.seconds, dt.UTC)
        last = None if self.minutes is None else end + dt.timedelta(minutes=self.minutes)
        return self.sdk.Credentials(f"AKIA{self.times}", SECRET, TOKEN, last)


@dataclass
class Bench:
    """A client between its fakes."""

    sdk: Any
    clock: Clock
    pool: Pool
    sign_in: SignIn
    client: Any


Make = Callable[..., Bench]


@pytest.fixture
def make(sdk: Any) -> Make:
    def made(*answers: Prepared, minutes: float | None = 60, **options: Any) -> Bench:
        clock, pool = Clock(), Pool(list(answers))
        sign_in = SignIn(sdk, clock, minutes)
        found = sdk.ShopClient(BASE, sign_in, pool=pool, clock=clock, **options)
        return Bench(sdk, clock, pool, sign_in, found)

    return made


def test_a_signed_call_returns_what_the_api_answers(make: Make):
    bench = make((200, {"id": 7}))
    answer = bench.client.get_pets_by_id(id=7, query={"a": [1, "x y"], "b": None, "c": True})
    assert (answer.status, answer.body, answer.request_id) == (200, {"id": 7}, "r-1")
    [asked] = bench.pool.asked
    assert asked["url"] == f"{BASE}/pets/7?a=1&a=x%20y&c=true"
    assert asked["redirect"] is False
    assert asked["retries"] is False
    assert bench.pool.headers["X-Amz-Date"] == "20260301T120000Z"
    assert bench.pool.headers["X-Amz-Security-Token"] == TOKEN
    assert bench.pool.headers["Authorization"].startswith(
        "AWS4-HMAC-SHA256 Credential=AKIA1/20260301/eu-west-1/execute-api/aws4_request, "
        "SignedHeaders=accept;host;x-amz-date;x-amz-security-token, Signature="
    )


def test_an_open_route_is_neither_signed_nor_asks_for_credentials(make: Make, sdk: Any):
    bench = make((200, []))
    assert bench.client.get_pets().body == []
    assert set(bench.pool.headers) == {"Accept"}
    assert bench.sign_in.times == 0
    alone = sdk.ShopClient(BASE, pool=bench.pool)
    assert alone.get_pets().body == []
    with pytest.raises(sdk.NotAuthenticated, match="no credentials were given"):
        alone.get_pets_by_id(id=7)


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("a/b?c#d", "a%2Fb%3Fc%23d"),
        ("../x", "..%2Fx"),
        ("é ü", "%C3%A9%20%C3%BC"),
        ("%2e%2e", "%252e%252e"),
        ("!'()*~-_.", "%21%27%28%29%2A~-_."),
        ("...", "..."),
        (7, "7"),
        (True, "true"),
    ],
)
def test_a_path_parameter_stays_one_segment(make: Make, given: Any, sent: str):
    bench = make((200, {}))
    bench.client.get_pets_by_id(id=given)
    assert bench.pool.asked[0]["url"] == f"{BASE}/pets/{sent}"


@pytest.mark.parametrize("given", ["", ".", "..", None])
def test_a_path_parameter_that_would_change_the_route_is_refused(make: Make, given: Any):
    bench = make((200, {}))
    with pytest.raises(ValueError, match="the path parameter id cannot be"):
        bench.client.get_pets_by_id(id=given)
    assert bench.pool.asked == []


@pytest.mark.parametrize("given", ["a/../b", "a//b", "/a", "a/", ".", "a/."])
def test_the_rest_of_a_path_cannot_lead_out_of_it(make: Make, given: str):
    bench = make((200, {}))
    with pytest.raises(ValueError, match="the path parameter rest"):
        bench.client.get_files_by_rest(rest=given)


def test_the_rest_of_a_path_keeps_its_slashes(make: Make):
    bench = make((200, {}))
    bench.client.get_files_by_rest(rest="a/b c")
    assert bench.pool.asked[0]["url"] == f"{BASE}/files/a/b%20c"


@pytest.mark.parametrize(
    "base",
    ["http://api.example.com/prod", "ftp://a/b", "https://", "https://u:p@a/", "https://a/?q", "a"],
)
def test_an_address_where_a_token_could_be_read_is_refused(sdk: Any, base: str):
    with pytest.raises(ValueError, match="base_url must"):
        sdk.ShopClient(base)


@pytest.mark.parametrize("base", ["http://127.0.0.1:4599/x", "http://a.localhost:4599", BASE + "/"])
def test_the_embedded_cloud_and_tls_are_accepted(sdk: Any, base: str):
    assert sdk.ShopClient(base)


@pytest.mark.parametrize(
    ("body", "content_type", "sent"),
    [
        ({"a": "é"}, None, b'{"a": "\\u00e9"}'),
        ("text", None, b'"text"'),
        ("text", "text/plain", b"text"),
        (b"\x00", "application/pdf", b"\x00"),
    ],
)
def test_a_body_is_json_unless_it_has_another_type(
    make: Make, body: Any, content_type: str | None, sent: bytes
):
    bench = make((200, {}))
    bench.client.post_pets(body=body, content_type=content_type)
    assert bench.pool.asked[0]["body"] == sent
    assert bench.pool.headers["Content-Type"] == (content_type or "application/json")


def test_what_is_no_json_is_not_sent(make: Make):
    bench = make((200, {}))
    with pytest.raises(ValueError, match="not JSON compliant"):
        bench.client.post_pets(body=float("nan"))
    with pytest.raises(TypeError, match="must be str or bytes"):
        bench.client.post_pets(body={}, content_type="text/plain")
    with pytest.raises(TypeError, match="GET takes no body"):
        bench.client.any_any("GET", body={})
    assert bench.pool.asked == []


@pytest.mark.parametrize(
    ("content", "kind", "read"),
    [
        (b"", "application/json", None),
        (b'{"a": 1}', "application/problem+json; charset=utf-8", {"a": 1}),
        (b"no json", "application/json", "no json"),
        (b"text", "text/plain", "text"),
        (b"\xff\xd8", "image/jpeg", b"\xff\xd8"),
    ],
)
def test_an_answer_is_read_by_its_type(make: Make, content: bytes, kind: str, read: object):
    assert make((200, content, {"Content-Type": kind})).client.get_pets().body == read


@pytest.mark.parametrize(
    ("status", "body", "kind", "message"),
    [
        (400, {"message": "Invalid request body"}, "BadRequest", "Invalid request body"),
        (401, {"message": "Unauthorized"}, "NotAuthenticated", "Unauthorized"),
        (403, {"message": "Missing Authentication Token"}, "NotAuthenticated", "Missing Auth"),
        (403, {"Message": "User: arn is not authorized to perform"}, "Forbidden", "User: arn is"),
        (403, {"message": "Forbidden"}, "Forbidden", "Forbidden"),
        (404, {"message": "Not Found"}, "NotFound", "Not Found"),
        (409, {}, "Conflict", "the API answered with status 409"),
        (418, [], "ApiError", "the API answered with status 418"),
        (302, b"", "ApiError", "redirection, which is not followed"),
        (429, {"message": "Too Many Requests"}, "Throttled", "Too Many Requests"),
        (501, {"message": "no"}, "ServerError", "no"),
        (504, {"message": "Endpoint request timed out"}, "ServerError", "Endpoint request timed"),
    ],
)
def test_an_error_has_a_kind_the_message_and_the_request_id(
    make: Make, status: int, body: Any, kind: str, message: str
):
    bench = make((status, body))
    with pytest.raises(bench.sdk.ApiError, match=message) as failed:
        bench.client.get_pets()
    assert type(failed.value).__name__ == kind
    assert (failed.value.status, failed.value.request_id) == (status, "r-1")


def test_what_aws_repeats_of_a_signature_is_kept_nowhere(make: Make):
    said = f"The request signature we calculated does not match\n\nx-amz-security-token:{TOKEN}"
    bench = make((403, {"message": said}))
    with pytest.raises(bench.sdk.NotAuthenticated) as failed:
        bench.client.get_pets_by_id(id=7)
    assert TOKEN not in f"{failed.value} {vars(failed.value)}"


@pytest.mark.parametrize("failure", [429, 500, 502, 503, 504])
def test_what_passes_is_tried_again_after_a_pause(make: Make, failure: int):
    bench = make((failure, {}), (failure, {}), (200, {"id": 7}))
    assert bench.client.get_pets_by_id(id=7).body == {"id": 7}
    assert bench.clock.waits == [0.4, 0.8]


def test_trying_again_ends(make: Make):
    bench = make((503, {"message": "later"}))
    with pytest.raises(bench.sdk.ServerError, match="later"):
        bench.client.get_pets()
    assert len(bench.pool.asked) == 4


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (urllib3.exceptions.ReadTimeoutError(None, "", "late"), "TimedOut"),  # type: ignore[arg-type]
        (urllib3.exceptions.ProtocolError("cut"), "NoAnswer"),
    ],
)
def test_no_answer_is_tried_again_and_told(make: Make, failure: Exception, kind: str):
    bench = make(failure, failure, failure, failure, max_attempts=2)
    with pytest.raises(bench.sdk.NoAnswer) as failed:
        bench.client.put_pets_by_id(id=7)
    assert type(failed.value).__name__ == kind
    assert len(bench.pool.asked) == 2


@pytest.mark.parametrize("failure", [(503, {}), (429, {}), urllib3.exceptions.ProtocolError("cut")])
def test_what_may_not_be_done_twice_is_sent_once_unless_told(make: Make, failure: Any):
    bench = make(failure, (200, {}))
    with pytest.raises(bench.sdk.ApiError):
        bench.client.post_pets(body={})
    assert len(bench.pool.asked) == 1
    bench = make(failure, (200, {}))
    assert bench.client.post_pets(body={}, retry_non_idempotent=True).status == 200


@pytest.mark.parametrize(("asked", "waited"), [("7", 7), ("900", 20), ("soon", 0.4), ("-1", 0.4)])
def test_the_api_may_ask_for_a_longer_pause_within_reason(make: Make, asked: str, waited: float):
    bench = make((429, {}, {"Retry-After": asked}), (200, {}))
    bench.client.get_pets()
    assert bench.clock.waits == [waited]


@pytest.mark.parametrize("status", [400, 403, 404, 501])
def test_what_will_not_pass_is_sent_once(make: Make, status: int):
    bench = make((status, {}))
    with pytest.raises(bench.sdk.ApiError):
        bench.client.get_pets_by_id(id=7)
    assert len(bench.pool.asked) == 1


def test_credentials_are_asked_for_once_while_they_last(make: Make):
    bench = make((200, {}), minutes=10)
    for _ in range(3):
        bench.client.get_pets_by_id(id=7)
    assert bench.sign_in.times == 1
    bench.clock.seconds += 9 * 60 + 1
    bench.client.get_pets_by_id(id=7)
    assert bench.sign_in.times == 2
    assert "Credential=AKIA2/" in bench.pool.headers["Authorization"]


def test_threads_ask_for_credentials_once(make: Make):
    bench = make((200, {}))
    bench.sign_in.seconds = 0.05
    threads = [threading.Thread(target=lambda: bench.client.get_pets_by_id(id=7)) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (bench.sign_in.times, len(bench.pool.asked)) == (1, 8)


def test_credentials_that_the_api_calls_expired_are_asked_for_anew_once(make: Make):
    bench = make((403, {"message": EXPIRED}), (200, {}), minutes=None)
    assert bench.client.post_pets(body={}).status == 200
    assert bench.sign_in.times == 2
    bench = make((403, {"message": EXPIRED}), minutes=None)
    with pytest.raises(bench.sdk.NotAuthenticated, match="is expired"):
        bench.client.post_pets(body={})
    assert len(bench.pool.asked) == 2


@pytest.mark.parametrize(
    ("said", "date"),
    [
        (REFUSED.partition(" (")[0], {"Date": "Sun, 01 Mar 2026 13:10:00 GMT"}),
        (REFUSED, {}),
        (REFUSED, {"Date": "soon"}),
    ],
)
def test_a_wrong_clock_is_set_by_the_apis_and_the_call_made_once_more(
    make: Make, said: str, date: dict[str, str]
):
    bench = make((403, {"message": said}, date), (200, {}))
    assert bench.client.post_pets(body={}).status == 200
    assert [each["headers"]["X-Amz-Date"] for each in bench.pool.asked] == [
        "20260301T120000Z",
        "20260301T131000Z",
    ]
    bench.client.get_pets_by_id(id=7)
    assert len(bench.pool.asked) == 3


def test_a_clock_that_is_right_is_not_the_reason(make: Make):
    bench = make((403, {"message": REFUSED.replace("T1310", "T1200")}))
    with pytest.raises(bench.sdk.NotAuthenticated, match="Signature expired"):
        bench.client.get_pets_by_id(id=7)
    assert len(bench.pool.asked) == 1


def test_headers_of_the_caller_replace_ours_but_not_the_signature(make: Make):
    bench = make((200, {}))
    more = {"accept": "image/png", "authorization": "Basic x", "X-Api-Key": "k"}
    bench.client.get_pets_by_id(id=7, headers=more)
    assert sorted(bench.pool.headers) == [
        *("Authorization", "X-Amz-Date", "X-Amz-Security-Token", "X-Api-Key", "accept")
    ]
    assert bench.pool.headers["Authorization"].startswith("AWS4-HMAC-SHA256")


def test_no_secret_is_logged_or_shown(make: Make, caplog: pytest.LogCaptureFixture):
    """`SigV4Auth.add_auth` logs what it signs, the token among it; the client does without."""
    caplog.set_level(logging.DEBUG)
    bench = make((200, {}))
    bench.client.get_pets_by_id(id=7)
    shown = caplog.text + repr(bench.client) + repr(bench.sign_in())
    assert SECRET not in shown
    assert TOKEN not in shown


def test_credentials_are_taken_as_sts_gives_them(sdk: Any):
    given = {"AccessKeyId": "a", "SecretAccessKey": "b", "SessionToken": "c", "Expiration": NOW}
    assert sdk.Credentials.from_sts(given) == sdk.Credentials("a", "b", "c", NOW)
