"""The sender of HTTP integrations, with real servers on loopback."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from gateprint.local.gateway.backends.http import HttpSender, Outgoing
from gateprint.local.gateway.faults import Fault
from tests.support.project import free_port

MOVED = b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 2\r\nSet-Cookie: a\r\n"
ANSWER = MOVED + b"Set-Cookie: b\r\nConnection: close\r\n\r\nok"


@contextmanager
def server(answer: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """Answer one request with these bytes, or with none, and keep what was asked."""
    asked: list[bytes] = []
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                request = b""
                while not request.endswith(b"{}"):
                    request += connection.recv(65536)
                asked.append(request)
                connection.sendall(answer)
                done.wait(5 if not answer else 0)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/x", asked
        done.set()
        thread.join(5)


def outgoing(url: str, seconds: float = 5.0) -> Outgoing:
    return Outgoing("POST", url, (("X-A", "1"), ("X-A", "2")), b"{}", seconds)


def test_an_answer_comes_back_as_it_is_and_is_not_followed() -> None:
    with server(ANSWER) as (url, asked):
        got = HttpSender().send(outgoing(url))
    assert (got.status, got.body) == (302, b"ok")
    assert [value for name, value in got.headers if name == "Set-Cookie"] == ["a", "b"]
    assert asked[0].startswith(b"POST /x HTTP/1.1\r\n")
    assert asked[0].count(b"X-A: ") == 2
    assert asked[0].endswith(b"\r\n\r\n{}")


def test_a_server_that_is_not_there_is_a_failure() -> None:
    with pytest.raises(Fault) as fault:
        HttpSender().send(outgoing(f"http://127.0.0.1:{free_port()}/"))
    assert (fault.value.kind, fault.value.status) == ("INTEGRATION_FAILURE", 504)
    assert fault.value.message == "Network error communicating with endpoint"


def test_a_server_that_is_silent_is_too_late() -> None:
    with server(b"") as (url, _asked), pytest.raises(Fault) as fault:
        HttpSender().send(outgoing(url, 0.1))
    assert (fault.value.kind, fault.value.status) == ("INTEGRATION_TIMEOUT", 504)
