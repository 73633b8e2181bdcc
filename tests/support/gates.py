"""An address in front of the embedded cloud, whose requests can be held at will.

A program that is killed while its request is held was killed at exactly that step.
"""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

_SECONDS = 60.0
_NOT_FORWARDED = {"connection", "transfer-encoding", "keep-alive"}


@dataclass(slots=True)
class Gate:
    """Holds the first request of a method whose path ends like this, or has this folder.

    `is_answered` holds it when the cloud has done what was asked, before the answer.
    """

    method: str
    ending: str
    is_answered: bool = False
    _reached: threading.Event = field(default_factory=threading.Event)
    _opened: threading.Event = field(default_factory=threading.Event)
    _is_dropped: bool = False
    _is_used: bool = False

    def wait(self) -> None:
        """Wait until a request is held."""
        assert self._reached.wait(_SECONDS), f"no {self.method} of …{self.ending} came"

    def open(self) -> None:
        """Let it go on."""
        self._opened.set()

    def drop(self) -> None:
        """Forget it: who asked is dead."""
        self._is_dropped = True
        self._opened.set()

    def takes(self, method: str, path: str) -> bool:
        """Tell whether this request is held; only the first one is."""
        is_below = self.ending.endswith("/") and self.ending in path
        is_meant = is_below or path.partition("?")[0].endswith(self.ending)
        if self._is_used or method != self.method or not is_meant:
            return False
        self._is_used = True
        return True

    def pass_through(self) -> bool:
        """Hold a request; tell whether it goes on."""
        self._reached.set()
        self._opened.wait(_SECONDS)
        return not self._is_dropped


class GatedCloud:
    """The address, and its gates."""

    def __init__(self, cloud: str) -> None:
        self._cloud = urlsplit(cloud).netloc
        self._gates: list[Gate] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def endpoint(self) -> str:
        """The address."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        """Listen no longer."""
        self._server.shutdown()
        self._server.server_close()

    @contextmanager
    def gate(self, method: str, ending: str, *, is_answered: bool = False) -> Iterator[Gate]:
        """Hold a request while the block runs."""
        gate = Gate(method, ending, is_answered)
        self._gates.append(gate)
        try:
            yield gate
        finally:
            self._gates.remove(gate)
            gate.open()

    def _gate_of(self, method: str, path: str) -> Gate | None:
        return next((each for each in self._gates if each.takes(method, unquote(path))), None)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        cloud = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def handle_any(self) -> None:
                cloud._pass_on(self)

            # The names are those that the standard library looks for.
            do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = do_PATCH = handle_any  # noqa: N815

            def log_message(self, *_: object) -> None:
                """Print nothing."""

        return Handler

    def _pass_on(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        gate = self._gate_of(request.command, request.path)
        if gate and not gate.is_answered and not gate.pass_through():
            request.close_connection = True
            return
        answer, content = self._ask(request, body)
        if gate and gate.is_answered and not gate.pass_through():
            request.close_connection = True
            return
        _answer(request, answer, content)

    def _ask(
        self, request: BaseHTTPRequestHandler, body: bytes
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection(self._cloud, timeout=_SECONDS)
        try:
            connection.putrequest(
                request.command, request.path, skip_host=True, skip_accept_encoding=True
            )
            for name, value in request.headers.items():
                if name.lower() not in {"connection", "expect"}:
                    connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()


def _answer(
    request: BaseHTTPRequestHandler, answer: http.client.HTTPResponse, content: bytes
) -> None:
    try:
        request.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in _NOT_FORWARDED | {"content-length"}:
                request.send_header(name, value)
        length = answer.getheader("Content-Length") if request.command == "HEAD" else len(content)
        request.send_header("Content-Length", str(length or 0))
        request.end_headers()
        request.wfile.write(content)
    except OSError:
        request.close_connection = True
