"""Stands between AWS's clients and the embedded cloud, and notes what is sent."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Note = Callable[[str, str, dict[str, str], bytes], None]
_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


@contextmanager
def noting(port: int, behind: int, note: Note) -> Iterator[None]:
    """Pass requests to a port of this machine on to another one, until the block is left."""
    server = _Server(port, behind, note)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, behind: int, note: Note) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.behind = behind
        self.note = note


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _pass_on(self) -> None:
        body = self._body()
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.note(self.command, self.path, headers, body)
        there = http.client.HTTPConnection("127.0.0.1", self.server.behind, timeout=120)
        there.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in _HOP:
                there.putheader(name, value)
        there.putheader("Content-Length", str(len(body)))
        there.endheaders(body)
        self._answer(there.getresponse())
        there.close()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _pass_on  # noqa: N815

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        found = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            found += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return found

    def _answer(self, answer: http.client.HTTPResponse) -> None:
        text = answer.read()
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP:
                self.send_header(name, value)
        is_head = self.command == "HEAD"
        length = answer.getheader("Content-Length", "0") if is_head else str(len(text))
        self.send_header("Content-Length", length)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""
