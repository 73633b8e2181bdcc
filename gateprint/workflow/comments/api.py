"""Asks a JSON API over TLS, patiently and within a time; the token stays with its host.

GitHub's rules: docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api,
"Handle rate limit errors appropriately". GitLab's: docs.gitlab.com/security/rate_limits.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    InvalidHeader,
    MaxRetryError,
    NewConnectionError,
    SSLError,
)

from gateprint import __version__
from gateprint.errors import ToolFailed
from gateprint.model.secrets import masked
from gateprint.model.visible import visible
from gateprint.model.words import shortened
from gateprint.workflow.comments.wire import Answer, Call, checked_url, origin, parsed

_TIMEOUT = urllib3.Timeout(connect=10, read=30)
# It counts and computes; what is sent again, and when, is decided here: urllib3 looks neither at
# the headers of a 403 nor at a clock.
_RETRY = urllib3.Retry(total=6, backoff_factor=1, backoff_max=60, allowed_methods=None)
_LARGEST_ANSWER = 64 << 20
_MOST_PAGES, _PAGE = 100, 100
_MOST_HOPS = 3
_REDIRECTS = {301, 302, 307, 308}
_PASSING = {500, 502, 503, 504}
_SECONDARY_SECONDS = 60.0  # "wait for at least one minute"
_NEXT = re.compile(r'<([^>]*)>[^,<]*;\s*rel="?next"?')


class Unsure(ToolFailed):
    """Nobody knows whether a request was carried out."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How time passes: what it is, in seconds of Unix time, and how long to wait in all."""

    clock: Callable[[], float]
    sleep: Callable[[float], None]
    seconds: float
    say: Callable[[str], None]


class Api:
    """A service's JSON API below one address, with the headers that each request carries."""

    def __init__(
        self, service: str, url: str, headers: Mapping[str, str], token: str, patience: Patience
    ) -> None:
        self.service = service
        self._url = checked_url(url).rstrip("/")
        self._headers = {"User-Agent": f"gateprint/{__version__}", **headers}
        self._token = token
        self._patience = patience
        self._until = patience.clock() + patience.seconds
        self._pool = urllib3.PoolManager(timeout=_TIMEOUT, retries=False)

    def get(self, path: str) -> Any:
        """Return what a path holds."""
        return self._ask(Call("GET", self._url + path, None, is_repeatable=True)).data

    def pages(self, path: str, **query: str) -> Iterator[Any]:
        """Yield the items of all pages of a list.

        Only the query of a link to the next page is used: whatever it names, the token goes to
        no other place.
        """
        asked = urlencode({**query, "per_page": str(_PAGE)})
        for _ in range(_MOST_PAGES):
            call = Call("GET", f"{self._url}{path}?{asked}", None, is_repeatable=True)
            answer = self._ask(call)
            is_list = isinstance(answer.data, list)
            if not is_list or not all(isinstance(each, dict) for each in answer.data):
                raise self._failed("gives no list", "see that --api-url is right", answer)
            yield from answer.data
            found = _NEXT.search(answer.headers.get("link", ""))
            if found is None:
                return
            asked = urlsplit(found[1]).query
        raise self._failed("has too many pages", "use another request", None)

    def send(self, method: str, path: str, body: object = None, *, repeatable: bool = True) -> Any:
        """Send a body; return what came back. A path that is an address stays as it is.

        Raises:
            Unsure: it was not `repeatable`, and may have been carried out.
            ToolFailed: the service refused it.
        """
        data = None if body is None else json.dumps(body).encode()
        url = path if "://" in path else self._url + path
        return self._ask(Call(method, url, data, repeatable)).data

    def _ask(self, call: Call) -> Answer:
        retry, hops = _RETRY, 0
        while True:
            found = self._once(call)
            if isinstance(found, Answer) and found.status in _REDIRECTS:
                hops += 1
                call = self._redirected(call, found, hops)
                continue
            if not self._is_sent_again(call, found):
                return self._accepted(call, found)
            error = found if isinstance(found, HTTPError) else None
            try:
                retry = retry.increment(call.method, call.url, error=error)
            except MaxRetryError:
                return self._accepted(call, found)
            self._wait(self._pause(found, retry), found)

    def _once(self, call: Call) -> Answer | HTTPError:
        headers = dict(self._headers)
        if call.body is not None:
            headers["Content-Type"] = "application/json"
        try:
            answer = self._pool.request(
                call.method,
                call.url,
                body=call.body,
                headers=headers,
                redirect=False,
                preload_content=False,
            )
            text = answer.read(_LARGEST_ANSWER)
            answer.drain_conn()
            answer.release_conn()
        except HTTPError as error:
            return error
        named = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(answer.status, named, *parsed(text))

    def _redirected(self, call: Call, answer: Answer, hops: int) -> Call:
        """Return the same request for the place that an answer names, if it is of this host.

        "You should repeat your request to the URL specified" (GitHub's best practices).
        """
        url = urljoin(call.url, answer.headers.get("location", ""))
        if origin(url) != origin(self._url):
            place = visible(shortened(urlsplit(url).netloc))
            problem = f"answers with a redirect to another place, {place}"
            raise self._failed(problem, "give that one's API as --api-url if it is right", None)
        if hops > _MOST_HOPS:
            raise self._failed("redirects in a circle", "see that --api-url is right", None)
        return replace(call, url=url)

    @staticmethod
    def _is_sent_again(call: Call, found: Answer | HTTPError) -> bool:
        if isinstance(found, Answer):
            return found.is_limited or (found.status in _PASSING and call.is_repeatable)
        if isinstance(found, SSLError):
            return False
        return call.is_repeatable or isinstance(found, (NewConnectionError, ConnectTimeoutError))

    def _pause(self, found: Answer | HTTPError, retry: urllib3.Retry) -> float:
        backoff = max(1.0, retry.get_backoff_time())
        if not isinstance(found, Answer):
            return backoff
        asked = self._asked_seconds(found, retry)
        if asked is not None:
            return asked
        rounds = len(retry.history) - 1
        return float(_SECONDARY_SECONDS * 2**rounds) if found.is_limited else backoff

    def _asked_seconds(self, answer: Answer, retry: urllib3.Retry) -> float | None:
        """Return how long the service asks to wait: in seconds, until a date, or until a time."""
        if "retry-after" in answer.headers:
            try:
                return max(1.0, retry.parse_retry_after(answer.headers["retry-after"]))
            except InvalidHeader:
                return None
        resets = [answer.headers.get(f"{each}ratelimit-reset", "") for each in ("x-", "")]
        until = next((int(each) for each in resets if each.isascii() and each.isdigit()), None)
        if until is None or not answer.is_limited:
            return None
        if answer.headers.get("x-ratelimit-remaining", "0") != "0":
            return None  # a secondary limit, which ends at another time
        return max(1.0, until - self._patience.clock() + 1)

    def _wait(self, seconds: float, found: Answer | HTTPError) -> None:
        left = max(0.0, self._until - self._patience.clock())
        if seconds > left:
            problem = f"asks to wait {seconds:,.0f} s, and {left:,.0f} s are left for that"
            raise self._failed(problem, "try again later, or allow more with --wait", found)
        self._patience.say(f"{self.service} is asked again in {seconds:,.0f} s")
        self._patience.sleep(seconds)

    def _accepted(self, call: Call, found: Answer | HTTPError) -> Answer:
        if isinstance(found, HTTPError):
            raise self._unanswered(call, found)
        if found.status in _PASSING and not call.is_repeatable:
            raise Unsure(*self._parts(f"failed with {found.status}", "try again", found))
        if not 200 <= found.status < 300:  # noqa: PLR2004
            raise self._refused(found)
        if not found.is_json and found.status != HTTPStatus.NO_CONTENT:
            raise self._failed("answers with no JSON", "see that --api-url is right", found)
        return found

    def _unanswered(self, call: Call, error: HTTPError) -> ToolFailed:
        cause = type(error.__cause__ or error).__name__
        remedy = "see that --api-url is right and can be reached from here"
        if isinstance(error, SSLError):
            remedy = "see that its certificate is right, and SSL_CERT_FILE where it is of your own"
        never_sent = isinstance(error, (NewConnectionError, ConnectTimeoutError, SSLError))
        kind = ToolFailed if call.is_repeatable or never_sent else Unsure
        return kind(*self._parts(f"gives no answer: {cause}", remedy, None))

    def _refused(self, answer: Answer) -> ToolFailed:
        remedy = _REMEDIES.get(answer.status, "see what it says")
        return self._failed(f"refuses with {answer.status}", remedy, answer)

    def _failed(self, problem: str, remedy: str, found: Answer | HTTPError | None) -> ToolFailed:
        return ToolFailed(*self._parts(problem, remedy, found))

    def _parts(
        self, problem: str, remedy: str, found: Answer | HTTPError | None
    ) -> tuple[str, str, str]:
        said = found.message if isinstance(found, Answer) else ""
        plain = visible(masked(shortened(said.replace(self._token, "***"))))
        return f"{self.service} {problem}", remedy, plain


_REMEDIES = {
    401: "see that the token is right and has not expired",
    403: "the token may not do this: on GitHub the job needs permissions: pull-requests: write, on "
    "GitLab the token the scope api; a request from a fork gets no token that may write, and "
    "its report is on the job's page",
    404: "see that the project and the number are right, and that the token may see them",
    410: "comments are switched off there",
    422: "see what it says: the text is too long, or was taken for spam",
}
