"""HTTP for the data plane: reads requests as they came, and keeps connections open.

WSGI would join headers and decode paths, and its server closes each connection; a signature covers
headers and path as they were sent.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from http.client import responses as phrases
from typing import Protocol

from moto.moto_server.werkzeug_app import MotoRequestHandler

from gateprint.local.gateway.address import Address, address_of, host_of
from gateprint.local.web import Headers, HttpRequest, HttpResponse

# API Gateway developer guide, "Quotas for configuring and running a REST API": payload size.
MAX_BODY_BYTES = 10 * 1024 * 1024
_MAX_CHUNK_LINE = 1024
_DIGITS = re.compile(r"\d{1,18}", re.ASCII)
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_BODYLESS = frozenset({204, 304})


class Plane(Protocol):
    """Answers requests."""

    def answer(self, request: HttpRequest, address: Address) -> HttpResponse:
        """Return the answer."""

    def locate(self, host: str, path: str) -> Address | None:
        """Return where a request under a domain of one's own goes; None where there is none."""


class BadMessage(Exception):
    """The request is no HTTP that one reads in one way alone."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        self.status = status
        self.message = message
        super().__init__(message)


def handler_for(plane: Plane) -> type[MotoRequestHandler]:
    """Return the request handler of a server with this data plane beside moto."""
    return type("GatewayRequestHandler", (GatewayRequestHandler,), {"plane": plane})


class GatewayRequestHandler(MotoRequestHandler):  # type: ignore[misc]
    """Gives requests of the data plane to `plane`, and all others to moto."""

    plane: Plane
    protocol_version = "HTTP/1.1"
    # Seconds that an idle connection stays open.
    timeout = 60

    def handle_expect_100(self) -> bool:
        """Say later that a body may come: both ways of answering do so themselves."""
        return True

    def run_wsgi(self) -> None:
        """Answer one request."""
        path, _, query = self.path.partition("?")
        host = host_of(self.headers.get("Host", ""))
        address = address_of(host, path) or self.plane.locate(host, path)
        if address is None:
            self.protocol_version = "HTTP/1.0"  # as moto's server speaks it
            super().run_wsgi()
            return
        try:
            request = self._request(path, query)
        except BadMessage as bad:
            self.close_connection = True
            self._send(_bad(bad))
            return
        self._send(self.plane.answer(request, address))

    def _request(self, path: str, query: str) -> HttpRequest:
        return HttpRequest(
            method=self.command,
            path=path,
            query=query,
            headers=self._headers(),
            body=self._body(),
            source_ip=str(self.client_address[0]),
        )

    def _headers(self) -> Headers:
        headers = tuple((name, value.strip()) for name, value in self.headers.items())
        if any("\n" in value or "\r" in value for _, value in headers):
            raise BadMessage(HTTPStatus.BAD_REQUEST, "a header goes over several lines")
        return headers

    def _body(self) -> bytes:
        lengths = self.headers.get_all("Content-Length", [])
        codings = self.headers.get_all("Transfer-Encoding", [])
        if len(lengths) > 1 or len(codings) > 1 or (lengths and codings):
            raise BadMessage(HTTPStatus.BAD_REQUEST, "the body's length is given twice")
        if len(self.headers.get_all("Host", [])) > 1:
            raise BadMessage(HTTPStatus.BAD_REQUEST, "the host is given twice")
        if codings:
            return self._chunked(codings[0])
        return self._sized(lengths[0]) if lengths else b""

    def _sized(self, text: str) -> bytes:
        if _DIGITS.fullmatch(text) is None:
            raise BadMessage(HTTPStatus.BAD_REQUEST, "the body's length is no number")
        if int(text) > MAX_BODY_BYTES:
            raise BadMessage(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Request Too Long")
        self._allow_body()
        return self._read(int(text))

    def _allow_body(self) -> None:
        if self.headers.get("Expect", "").strip().lower() == "100-continue":
            self.wfile.write(_CONTINUE)

    def _read(self, size: int) -> bytes:
        body = bytes(self.rfile.read(size))
        if len(body) < size:
            raise BadMessage(HTTPStatus.BAD_REQUEST, "the body ends too early")
        return body

    def _chunked(self, coding: str) -> bytes:
        if coding.strip().lower() != "chunked":
            raise BadMessage(HTTPStatus.NOT_IMPLEMENTED, "Transfer-Encoding is chunked alone")
        self._allow_body()
        chunks: list[bytes] = []
        left = MAX_BODY_BYTES
        while size := self._chunk_size():
            left -= size
            if left < 0:
                raise BadMessage(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Request Too Long")
            chunks.append(self._read(size))
            self._end_line()
        while self.rfile.readline(_MAX_CHUNK_LINE).strip():
            pass  # trailers, which mean nothing here
        return b"".join(chunks)

    def _chunk_size(self) -> int:
        line = self.rfile.readline(_MAX_CHUNK_LINE)
        text = line.partition(b";")[0].strip()
        if not line.endswith(b"\n") or re.fullmatch(rb"[0-9A-Fa-f]{1,8}", text) is None:
            raise BadMessage(HTTPStatus.BAD_REQUEST, "a chunk has no length")
        return int(text, 16)

    def _end_line(self) -> None:
        if self.rfile.readline(_MAX_CHUNK_LINE).strip():
            raise BadMessage(HTTPStatus.BAD_REQUEST, "a chunk is longer than it says")

    def _send(self, response: HttpResponse) -> None:
        """Write the whole answer at once."""
        self.log_request(response.status)
        self.wfile.write(self._message(response))

    def _message(self, response: HttpResponse) -> bytes:
        status = response.status
        lines = [f"HTTP/1.1 {status} {phrases.get(status, '')}", f"Date: {self.date_time_string()}"]
        lines += [f"{_safe(name)}: {_safe(value)}" for name, value in response.headers]
        has_body = status not in _BODYLESS and self.command != "HEAD"
        if status not in _BODYLESS:
            lines.append(f"Content-Length: {len(response.body)}")
        lines.append(f"Connection: {'close' if self.close_connection else 'keep-alive'}")
        head = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")
        return head + response.body if has_body else head


def _safe(text: str) -> str:
    """Return a header's text on one line: a backend does not write headers of its own."""
    return text.translate({13: None, 10: None, 0: None})


def _bad(bad: BadMessage) -> HttpResponse:
    body = f'{{"message":"{bad.message}"}}'.encode()
    return HttpResponse(bad.status, (("Content-Type", "application/json"),), body)
