"""Messages between the server and a function's process: a JSON head and a payload, over a socket.

Both lengths come first, in eight bytes. Nothing is ever executed or unpickled.
"""

from __future__ import annotations

import json
import struct
import time
from collections.abc import Mapping
from socket import socket
from typing import Any

_LENGTHS = struct.Struct("!II")
MAX_HEAD_BYTES = 64 * 1024
# Lambda's own limit of a response is 6 MiB; the process says so itself before it sends one.
MAX_PAYLOAD_BYTES = 7 * 1024 * 1024


class Broken(Exception):
    """What came is no message; who sent it cannot be talked to any more."""


def send(connection: socket, head: Mapping[str, Any], payload: bytes = b"") -> None:
    """Send one message; raises OSError where the other side is gone."""
    encoded = json.dumps(head).encode()
    connection.sendall(_LENGTHS.pack(len(encoded), len(payload)) + encoded + payload)


def receive(connection: socket, deadline: float | None = None) -> tuple[dict[str, Any], bytes]:
    """Receive one message; `deadline` is of the monotonic clock.

    Raises TimeoutError, EOFError where the other side is gone, and Broken.
    """
    head_bytes, payload_bytes = _LENGTHS.unpack(_exactly(connection, _LENGTHS.size, deadline))
    if head_bytes > MAX_HEAD_BYTES or payload_bytes > MAX_PAYLOAD_BYTES:
        raise Broken("a message that is too long")
    both = _exactly(connection, head_bytes + payload_bytes, deadline)
    try:
        head = json.loads(both[:head_bytes])
    except ValueError as error:
        raise Broken("a head that is not JSON") from error
    if not isinstance(head, dict):
        raise Broken("a head that is no object")
    return head, both[head_bytes:]


def _exactly(connection: socket, size: int, deadline: float | None) -> bytes:
    parts = []
    while size > 0:
        connection.settimeout(_seconds_until(deadline))
        part = connection.recv(min(size, 1024 * 1024))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _seconds_until(deadline: float | None) -> float | None:
    if deadline is None:
        return None
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
