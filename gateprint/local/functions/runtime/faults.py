"""Errors as Lambda reports them, in JSON and in the log; reads the traceback of an exception.

The texts are those of the runtime's own client, github.com/aws/aws-lambda-python-runtime-interface-
client, `awslambdaric/bootstrap.py`.
"""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any, NamedTuple

TASK_ROOT = "/var/task"  # where AWS unpacks the code
_OURS = str(Path(__file__).parent)


class Fault(NamedTuple):
    """Why an invocation failed; a tuple, because `dataclasses` makes cold starts slower."""

    type: str
    message: str
    trace: tuple[str, ...] = ()

    def answer(self, request_id: str) -> dict[str, Any]:
        """Return Lambda's error document."""
        return {
            "errorMessage": self.message,
            "errorType": self.type,
            "requestId": request_id,
            "stackTrace": list(self.trace),
        }

    def log_text(self) -> str:
        """Return what the runtime writes into the log."""
        head = f"[ERROR] {self.type}: {self.message}\n"
        return head + "Traceback (most recent call last):\n" + "".join(self.trace)


def fault_of(error: BaseException, root: str) -> Fault:
    """Tell an exception of the handler; what lies below `root` is shown where AWS has it."""
    frames = traceback.extract_tb(error.__traceback__)
    first = next((i for i, frame in enumerate(frames) if not _is_ours(frame.filename)), 0)
    shown = [line.replace(root, TASK_ROOT) for line in traceback.format_list(frames[first:])]
    return Fault(type(error).__name__, str(error), tuple(shown))


def _is_ours(filename: str) -> bool:
    """Whether a frame is the runtime's, or of what it imports the handler with."""
    return filename.startswith((_OURS, "<frozen importlib")) or "importlib/__init__" in filename
