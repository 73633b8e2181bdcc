"""Stands between Terraform and the file of its events, and takes each only when it is told to.

Run as a program: `relay.py FILE ASK ANSWER`, with Terraform's output as stdin and the numbers of
two pipes. A byte goes to ASK for every event that is in the file; the event leaves Terraform's pipe
when a byte comes from ANSWER. That pipe holds one event, and Terraform writes an event before it
makes a change: so it waits, without a signal and without losing anything (decision 0017).

If gateprint is gone, everything is taken: Terraform ends its work, and releases its lock. It
stands alone: the standard library only, on Linux, as tee(2) copies without taking.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_MOST = 1 << 16


def relay(path: str, ask: int, answer: int) -> None:
    """Copy stdin to a file, event by event, until its end."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    tee = ctypes.CDLL(None, use_errno=True).tee
    copied, copy = os.pipe()
    is_led = True
    while tee(0, copy, _MOST, 0) > 0:
        text = os.read(copied, _MOST)
        os.write(file, text)
        # An event that is longer than a page comes in parts; the last one ends with a newline.
        if is_led and text.endswith(b"\n"):
            is_led = _may_go_on(ask, answer)
        os.read(0, len(text))


def _may_go_on(ask: int, answer: int) -> bool:
    """Ask, and wait; tell whether somebody is still there."""
    try:
        os.write(ask, b".")
        return bool(os.read(answer, 1))
    except OSError:
        return False


if __name__ == "__main__":
    # Whoever ends Terraform ends this by it.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)
    relay(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
