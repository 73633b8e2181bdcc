"""Messages arrive whole, in time, or not at all."""

from __future__ import annotations

import socket
import struct
import threading
import time

import pytest

from gateprint.local.functions.runtime import wire


def test_a_message_arrives_as_it_was_sent() -> None:
    here, there = socket.socketpair()
    payload = b"\x00\xff" * 1_000_000  # more than a socket holds
    sender = threading.Thread(target=wire.send, args=(here, {"a": [1, "ü"]}, payload))
    sender.start()
    assert wire.receive(there) == ({"a": [1, "ü"]}, payload)
    sender.join()


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (struct.pack("!II", 2**31, 0), wire.Broken),
        (struct.pack("!II", 2, 2**31), wire.Broken),
        (struct.pack("!II", 2, 0) + b"[]", wire.Broken),
        (struct.pack("!II", 2, 0) + b"{x", wire.Broken),
        (struct.pack("!II", 2, 0) + b"\xff\xff", wire.Broken),
        (struct.pack("!II", 9, 0) + b"{}", EOFError),
        (b"\x00", EOFError),
        (b"", EOFError),
    ],
)
def test_what_is_no_message_is_refused(raw: bytes, error: type[Exception]) -> None:
    here, there = socket.socketpair()
    here.sendall(raw)
    here.close()
    with pytest.raises(error):
        wire.receive(there)


def test_the_deadline_is_that_of_the_whole_message() -> None:
    here, there = socket.socketpair()
    ended = threading.Event()

    def drip() -> None:
        here.sendall(struct.pack("!II", 1000, 0))
        while not ended.wait(0.02):
            here.sendall(b"x")

    dripping = threading.Thread(target=drip)
    dripping.start()
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        wire.receive(there, started + 0.2)
    ended.set()
    dripping.join()
    assert time.monotonic() - started < 1
