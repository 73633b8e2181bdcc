from __future__ import annotations

import datetime as dt
import json
import random
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Literal, Protocol
from urllib.parse import quote, urlsplit

import urllib3
from botocore import credentials as aws
from botocore.auth import SIGV4_TIMESTAMP, SigV4Auth
from botocore.awsrequest import AWSRequest

PathValue = str | int | float | bool
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]
QueryValue = str | int | float | bool | Sequence[str | int | float | bool] | None


@dataclass(frozen=True, slots=True)
class Credentials:
    """Temporary credentials, as STS gives them for a SAML assertion.

    Without `expiration` they are used until the API says that they have expired.
    """

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)
    expiration: dt.datetime | None = None

    @classmethod
    def from_sts(cls, answer: Mapping[str, object]) -> Credentials:
        """Return what boto3's `assume_role_with_saml` has under `Credentials`."""
        expiration = answer.get("Expiration")
        return cls(
            str(answer["AccessKeyId"]),
            str(answer["SecretAccessKey"]),
            str(answer["SessionToken"]),
            expiration if isinstance(expiration, dt.datetime) else None,
        )


# Asked at first need, shortly before the credentials end, and when the API says they have.
CredentialsProvider = Callable[[], Credentials]
# Gives the value of an API key, for each call of a route that needs one. It is not kept.
ApiKeyProvider = Callable[[], str]
# Asked for each request to a route that asks for a token; keeping it is the provider's matter.
TokenProvider = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API answered; names of headers are in small letters.

    JSON is parsed, text is a string, anything else bytes; None is an empty body.
    """

    status: int
    headers: Mapping[str, str]
    request_id: str | None
    body: object


class ApiError(Exception):
    """The API refused or failed: the message is API Gateway's own, or the backend's.

    Of a refused signature `body` is None: AWS may repeat there what was signed.
    """

    def __init__(self, message: str, answer: Answer | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = answer.status if answer else 0
        self.request_id = answer.request_id if answer else None
        self.headers = answer.headers if answer else {}
        self.body = answer.body if answer else None


class BadRequest(ApiError):
    """400: the request is not as the API wants it."""


class NotAuthenticated(ApiError):
    """Nobody signed, or the signature or its credentials are refused."""


class Forbidden(ApiError):
    """403: the caller is known, and may not do this."""


class NotFound(ApiError):
    """404."""


class Conflict(ApiError):
    """409."""


class Throttled(ApiError):
    """429: too many requests, also after waiting."""


class ServerError(ApiError):
    """5xx."""


class NoAnswer(ApiError):
    """No answer came: the network failed."""


class TimedOut(NoAnswer):
    """No answer came in time."""


class Clock(Protocol):
    """Time and chance; tests give their own."""

    def now(self) -> float:
        """Return the seconds since 1970."""

    def random(self) -> float:
        """Return a number from 0 to 1."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class SystemClock:
    """The clock of this machine."""

    def now(self) -> float:
        """Return the seconds since 1970."""
        return time.time()

    def random(self) -> float:
        """Return a number from 0 to 1."""
        return random.random()  # noqa: S311  # no secret

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


_SERVICE = "execute-api"
# What API Gateway takes at most for an integration is 29 seconds, unless a quota was raised.
_TIMEOUT_SECONDS = 30.0
_CONNECT_SECONDS = 5.0
_MAX_ATTEMPTS = 4
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.2, 20.0
_RENEW_BEFORE_SECONDS = 60.0
_WORTHWHILE_SKEW_SECONDS = 30.0
_LONGEST_MESSAGE = 300
# RFC 9110, section 9.2.2: doing these twice is the same as once.
_IDEMPOTENT = {"GET", "HEAD", "PUT", "DELETE"}
_SIGNERS_OWN = {"authorization", "x-amz-date", "x-amz-security-token"}
_KEY_HEADER = "x-api-key"
# A quota that is used up; waiting a moment does not help (developer guide, "Gateway responses").
_USED_UP = "Limit Exceeded"
_PASSING = {500, 502, 503, 504}
_KINDS: Mapping[int, type[ApiError]] = {
    400: BadRequest,
    401: NotAuthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    429: Throttled,
}
_SIGNATURE_REFUSED = re.compile(
    r"Missing Authentication Token$|The security token |The request signature |Signature "
    r"|.*AWS Authorization|.*Credential should be scoped"
)
_CLOCK_REFUSED = re.compile(r"Signature (expired|not yet current)")
_TOKEN_EXPIRED = re.compile(r"The security token .*expired")
_SERVER_TIME = re.compile(r"\((\d{8}T\d{6}Z) [+-]")
_TOKEN = re.compile(r"[!-~]+")
_LOCAL = re.compile(r"localhost|.*\.localhost|127\.0\.0\.1|::1")


@dataclass(frozen=True, slots=True)
class _Request:
    method: Method
    url: str
    headers: Mapping[str, str]
    body: bytes | None
    timeout_seconds: float


class Caller:
    """Sends requests: signs, waits, tries again, and tells what came of them.

    Threads may share one. `base_url` is where the stage answers, as
    https://a1b2c3d4e5.execute-api.us-east-2.amazonaws.com/prod. `credentials` are needed for
    signed routes alone; nothing is kept but the newest ones, in memory. `api_key` and `token` are
    needed for routes that ask for one. A request is sent `max_attempts` times at most, and each may
    take `timeout_seconds`.
    """

    def __init__(  # noqa: PLR0913
        self,
        base_url: str,
        credentials: CredentialsProvider | None,
        *,
        region: str,
        api_key: ApiKeyProvider | None = None,
        token: TokenProvider | None = None,
        timeout_seconds: float = _TIMEOUT_SECONDS,
        max_attempts: int = _MAX_ATTEMPTS,
        pool: urllib3.PoolManager | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._base = _base_of(base_url)
        self._provider = credentials
        self._api_key = api_key
        self._token = token
        self._region = region
        self._timeout_seconds = timeout_seconds
        self._max_attempts = max_attempts
        self._pool = pool or urllib3.PoolManager()
        self._clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._credentials: Credentials | None = None
        self._skew_seconds = 0.0

    def _with_token(self, headers: Mapping[str, str] | None) -> Mapping[str, str]:
        """Return the headers with a token, unless the caller gives one of its own."""
        given = headers or {}
        if any(name.lower() == "authorization" for name in given):
            return given
        if self._token is None:
            raise NotAuthenticated("this route asks for a token, and no provider of one was given")
        token = self._token()
        # What is wrong with it is not shown: it may be a token all the same.
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise TypeError("the provider's token is not one word of ASCII")
        return {**given, "Authorization": f"Bearer {token}"}

    def _send(  # noqa: PLR0913
        self,
        method: Method,
        segments: Sequence[str],
        *,
        is_signed: bool,
        needs_key: bool = False,
        body: object = None,
        content_type: str | None = None,
        query: Mapping[str, QueryValue] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_seconds: float | None = None,
        retry_non_idempotent: bool = False,
    ) -> Answer:
        if body is not None and method in {"GET", "HEAD"}:
            raise TypeError(f"{method} takes no body")
        given = self._with_key(headers or {}) if needs_key else headers
        request = _Request(
            method,
            f"{self._base}/{'/'.join(segments)}{_query_of(query)}",
            _headers_of(given, None if body is None else content_type or "application/json"),
            _encoded(body, content_type),
            timeout_seconds or self._timeout_seconds,
        )
        may_repeat = retry_non_idempotent or method in _IDEMPOTENT
        return self._repeated(request, is_signed=is_signed, may_repeat=may_repeat)

    def _with_key(self, headers: Mapping[str, str]) -> Mapping[str, str]:
        if self._api_key is None:
            raise NotAuthenticated("this route needs an API key, and none was given")
        others = {name: text for name, text in headers.items() if name.lower() != _KEY_HEADER}
        return {**others, _KEY_HEADER: self._api_key()}

    def _repeated(self, request: _Request, *, is_signed: bool, may_repeat: bool) -> Answer:
        cured: set[str] = set()
        attempt = 1
        while True:
            known = self._current() if is_signed else None
            found = self._attempt(request, known)
            if isinstance(found, Answer):
                return found
            # A refused signature never reached the backend: safe to repeat, once for each cause.
            if known is not None and self._cure(found, known, cured):
                continue
            if not may_repeat or not _is_passing(found) or attempt >= self._max_attempts:
                raise found
            self._clock.sleep(_pause_seconds(attempt, found, self._clock.random()))
            attempt += 1

    def _attempt(self, request: _Request, known: Credentials | None) -> Answer | ApiError:
        limit = request.timeout_seconds
        headers = self._signed(request, known) if known else request.headers
        try:
            answer = self._pool.request(
                request.method,
                request.url,
                body=request.body,
                headers=headers,
                timeout=urllib3.Timeout(connect=min(_CONNECT_SECONDS, limit), read=limit),
                retries=False,
                # Elsewhere the session token would be shown to whoever answers there.
                redirect=False,
            )
        except urllib3.exceptions.TimeoutError:
            return TimedOut(f"no answer in {limit:g} seconds")
        except urllib3.exceptions.HTTPError as error:
            return NoAnswer(f"no answer: {type(error).__name__}")
        named = {name.lower(): value for name, value in answer.headers.items()}
        request_id = named.get("x-amzn-requestid") or named.get("x-amz-apigw-id")
        body = _decoded(answer.data, named.get("content-type", "").lower())
        return _judged(Answer(answer.status, named, request_id, body))

    def _signed(self, request: _Request, known: Credentials) -> Mapping[str, str]:
        """Return the headers with a signature by botocore's signer, made at the API's time."""
        moment = dt.datetime.fromtimestamp(self._now(), dt.UTC).strftime(SIGV4_TIMESTAMP)
        headers = {
            name: value
            for name, value in request.headers.items()
            if name.lower() not in _SIGNERS_OWN
        }
        headers["X-Amz-Date"] = moment
        if known.session_token:
            headers["X-Amz-Security-Token"] = known.session_token
        asked = AWSRequest(request.method, request.url, data=request.body or b"", headers=headers)
        asked.context["timestamp"] = moment
        keys = aws.Credentials(known.access_key_id, known.secret_access_key, known.session_token)
        signer = SigV4Auth(keys, _SERVICE, self._region)
        text = signer.string_to_sign(asked, signer.canonical_request(asked))
        names = signer.signed_headers(signer.headers_to_sign(asked))
        headers["Authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={signer.scope(asked)}, SignedHeaders={names}, "
            f"Signature={signer.signature(text, asked)}"
        )
        return headers

    def _now(self) -> float:
        return self._clock.now() + self._skew_seconds

    def _current(self) -> Credentials:
        """Return credentials that have not ended; threads ask the provider one after the other."""
        with self._lock:
            known = self._credentials
            soon = self._now() + _RENEW_BEFORE_SECONDS
            is_good = known is not None and (
                known.expiration is None or known.expiration.timestamp() > soon
            )
            return known if known is not None and is_good else self._asked()

    def _renewed(self, old: Credentials) -> Credentials:
        """Ask the provider, unless another thread has since."""
        with self._lock:
            known = self._credentials
            return known if known is not None and known != old else self._asked()

    def _asked(self) -> Credentials:
        if self._provider is None:
            raise NotAuthenticated("this route is signed, and no credentials were given")
        self._credentials = self._provider()
        return self._credentials

    def _cure(self, error: ApiError, known: Credentials, cured: set[str]) -> bool:
        """Mend a wrong clock or credentials that have expired; tell whether to send once more."""
        if not isinstance(error, NotAuthenticated):
            return False
        if _CLOCK_REFUSED.match(error.message) and "clock" not in cured:
            cured.add("clock")
            return self._correct_clock(error)
        if _TOKEN_EXPIRED.match(error.message) and "credentials" not in cured:
            cured.add("credentials")
            return self._renewed(known).access_key_id != known.access_key_id
        return False

    def _correct_clock(self, error: NotAuthenticated) -> bool:
        server = _server_time_of(error)
        if server is None:
            return False
        skew = server - self._clock.now()
        is_news = abs(skew - self._skew_seconds) > _WORTHWHILE_SKEW_SECONDS
        self._skew_seconds = skew
        return is_news


def _one(name: str, value: PathValue) -> str:
    """Return a path parameter's value as one segment of a path."""
    text = _text(value)
    # Clients and gateways drop these: the request would go to another route.
    if value is None or text in {"", ".", ".."}:
        raise ValueError(f"the path parameter {name} cannot be {text!r}")
    return quote(text, safe="")


def _rest(name: str, value: PathValue) -> str:
    """Return the value of a parameter that takes the rest of the path; its slashes stay."""
    return "/".join(_one(name, each) for each in _text(value).split("/"))


def _text(value: PathValue) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _base_of(text: str) -> str:
    url = urlsplit(text)
    host = url.hostname or ""
    if url.scheme != "https" and not (url.scheme == "http" and _LOCAL.fullmatch(host)):
        raise ValueError("base_url must begin with https: a session token would be readable")
    if not host or url.query or url.fragment or url.username or url.password:
        raise ValueError("base_url must have a host, and no query, fragment or user")
    return text.rstrip("/")


def _query_of(query: Mapping[str, QueryValue] | None) -> str:
    pairs: list[str] = []
    for name, value in (query or {}).items():
        if not name:
            raise ValueError("a query parameter needs a name")
        values = [value] if isinstance(value, str | int | float) else value or []
        pairs += [f"{quote(name, safe='')}={quote(_text(each), safe='')}" for each in values]
    return f"?{'&'.join(pairs)}" if pairs else ""


def _headers_of(given: Mapping[str, str] | None, content_type: str | None) -> Mapping[str, str]:
    """Return the headers to send; those that are given replace ours, whatever their letters."""
    own = {"Accept": "application/json, */*;q=0.5"}
    if content_type is not None:
        own["Content-Type"] = content_type
    more = given or {}
    replaced = {name.lower() for name in more}
    return {**{key: value for key, value in own.items() if key.lower() not in replaced}, **more}


def _encoded(body: object, content_type: str | None) -> bytes | None:
    if body is None:
        return None
    if content_type is None:
        return json.dumps(body, allow_nan=False).encode()
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytes):
        return body
    raise TypeError("a body with content_type must be str or bytes")


def _decoded(data: bytes, content_type: str) -> object:
    if not data:
        return None
    is_json = re.match(r"application/json|[^;]*\+json", content_type) is not None
    if not is_json and not content_type.startswith("text/"):
        return data
    text = data.decode(errors="replace")
    try:
        return json.loads(text) if is_json else text
    except ValueError:
        return text


def _judged(answer: Answer) -> Answer | ApiError:
    """Return an answer, or the error that it is."""
    if 200 <= answer.status < 300:
        return answer
    if answer.status < 400:
        return ApiError("the API answered with a redirection, which is not followed", answer)
    message = _message_of(answer)
    if answer.status == 403 and _SIGNATURE_REFUSED.match(message):
        silent = Answer(answer.status, answer.headers, answer.request_id, None)
        return NotAuthenticated(message, silent)
    kind = ServerError if answer.status >= 500 else _KINDS.get(answer.status, ApiError)
    return kind(message, answer)


def _message_of(answer: Answer) -> str:
    body = answer.body
    found = (body.get("message") or body.get("Message")) if isinstance(body, dict) else body
    text = found if isinstance(found, str) else f"the API answered with status {answer.status}"
    # The lines after the first of a refused signature repeat what was signed.
    return text.partition("\n")[0][:_LONGEST_MESSAGE]


def _is_passing(error: ApiError) -> bool:
    if isinstance(error, Throttled):
        return error.message != _USED_UP
    return isinstance(error, NoAnswer) or error.status in _PASSING


def _server_time_of(error: NotAuthenticated) -> float | None:
    """Return the time that a refusal tells: its header Date, or what its message calls now."""
    try:
        return parsedate_to_datetime(error.headers.get("date", "")).timestamp()
    except ValueError:
        found = _SERVER_TIME.search(error.message)
    if found is None:
        return None
    return dt.datetime.strptime(found[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC).timestamp()


def _pause_seconds(attempt: int, error: ApiError, chance: float) -> float:
    """Return a random time up to one that doubles, and at least what the API asks for."""
    wanted = error.headers.get("retry-after", "")
    asked = float(wanted) if wanted.isdecimal() else 0.0
    return min(max(chance * _FIRST_PAUSE_SECONDS * 2.0**attempt, asked), _LONGEST_PAUSE_SECONDS)
