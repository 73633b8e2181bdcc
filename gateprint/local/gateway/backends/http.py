"""HTTP and HTTP_PROXY integrations: a request to another server, which is not followed further."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote, urlencode

import urllib3

from gateprint.local.gateway.backends.answer import BackendAnswer
from gateprint.local.gateway.backends.proxy import without_unsafe
from gateprint.local.gateway.backends.requests import BackendRequest, content_type
from gateprint.local.gateway.exchange import Exchange
from gateprint.local.gateway.faults import Fault
from gateprint.local.web import Headers, HttpResponse

MAX_BODY_BYTES = 10 * 1024 * 1024
NETWORK_ERROR = "Network error communicating with endpoint"
_VARIABLE = re.compile(r"\$\{stageVariables\.([A-Za-z0-9_]+)\}")
_PARAMETER = re.compile(r"\{([^{}]+?)\+?\}")
_DROPPED = frozenset(
    {"accept-encoding", "connection", "content-length", "expect", "host", "transfer-encoding"}
)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request to a backend."""

    method: str
    url: str
    headers: Headers
    body: bytes
    timeout_seconds: float


class Sender(Protocol):
    """Sends requests to backends."""

    def send(self, outgoing: Outgoing) -> HttpResponse:
        """Return the answer.

        Raises:
            Fault: there was none, or not in time.
        """


class HttpSender:
    """Sends requests over the network, without any proxy, redirection or second try."""

    def __init__(self) -> None:
        self._pool = urllib3.PoolManager(maxsize=16)

    def send(self, outgoing: Outgoing) -> HttpResponse:
        """Send a request.

        Raises:
            Fault: the backend cannot be reached, or is too slow.
        """
        headers = urllib3.HTTPHeaderDict()
        for name, value in outgoing.headers:
            headers.add(name, value)
        try:
            answer = self._pool.request(
                outgoing.method,
                outgoing.url,
                headers=headers,
                body=outgoing.body or None,
                timeout=outgoing.timeout_seconds,
                retries=False,
                redirect=False,
                preload_content=False,
            )
            return _read(answer)
        except urllib3.exceptions.HTTPError as failure:
            raise _fault(failure) from failure


def _fault(failure: urllib3.exceptions.HTTPError) -> Fault:
    # That there is no connection at all counts as a time-out for urllib3.
    is_unreachable = isinstance(failure, urllib3.exceptions.NewConnectionError)
    if isinstance(failure, urllib3.exceptions.TimeoutError) and not is_unreachable:
        return Fault("INTEGRATION_TIMEOUT", reason=str(failure))
    return Fault("INTEGRATION_FAILURE", NETWORK_ERROR, reason=str(failure))


def _read(answer: urllib3.BaseHTTPResponse) -> HttpResponse:
    body = answer.read(MAX_BODY_BYTES + 1, decode_content=False)
    answer.release_conn()
    if len(body) > MAX_BODY_BYTES:
        raise Fault("INTEGRATION_FAILURE", reason="the backend's answer is larger than 10 MB")
    return HttpResponse(answer.status, tuple(answer.headers.iteritems()), body)


def proxied(exchange: Exchange, request: BackendRequest, sender: Sender) -> HttpResponse:
    """Pass the whole request on, and the answer back as it is."""
    mapped = {name.lower() for name in request.headers}
    kept = [each for each in exchange.headers if each[0].lower() not in mapped | _DROPPED]
    headers = (*kept, *request.headers.items())
    query = [(name, value) for name, values in exchange.query.items() for value in values]
    url = url_of(exchange, request.path, [*query, *request.query.items()])
    answer = sender.send(_outgoing(exchange, url, headers, exchange.request.body))
    return HttpResponse(answer.status, without_unsafe(answer.headers), answer.body)


def sent(exchange: Exchange, request: BackendRequest, sender: Sender) -> BackendAnswer:
    """Send what the integration request says; patterns are compared with the status."""
    headers = {"Content-Type": content_type(exchange), **request.headers}
    url = url_of(exchange, request.path, request.query.items())
    outgoing = _outgoing(exchange, url, tuple(headers.items()), request.body)
    answer = sender.send(outgoing)
    return BackendAnswer(answer.status, answer.headers, answer.body, str(answer.status))


def _outgoing(exchange: Exchange, url: str, headers: Headers, body: bytes) -> Outgoing:
    integration = exchange.target.integration
    method = integration.http_method
    if method in ("", "ANY"):
        method = exchange.request.method
    return Outgoing(method, url, headers, body, integration.timeout_seconds)


def url_of(exchange: Exchange, path: Mapping[str, str], query: Iterable[tuple[str, str]]) -> str:
    """Return the backend's address: stage variables, path parameters and query filled in."""
    variables = exchange.stage.variables
    url = _VARIABLE.sub(lambda found: variables.get(found[1], ""), exchange.target.integration.uri)
    # A parameter is one segment, or several where the route says so; it never leaves them.
    rest = {name for name, value in exchange.path_parameters.items() if "/" in value}
    url = _PARAMETER.sub(
        lambda found: quote(path.get(found[1], ""), safe="/" if found[1] in rest else ""), url
    )
    given = urlencode(list(query))
    if not given:
        return url
    return f"{url}{'&' if '?' in url else '?'}{given}"
