"""The access log: one JSON record per request in a file of the cloud's folder, kept small."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, Protocol

NAME = "access.log"
MAX_BYTES = 5 * 1024 * 1024


class Journal(Protocol):
    """Takes records."""

    def write(self, record: Mapping[str, Any]) -> None:
        """Keep a record."""


class FileJournal:
    """Appends records to `access.log`, for its owner's eyes; a full one becomes `access.log.1`."""

    def __init__(self, home: Path, max_bytes: int = MAX_BYTES) -> None:
        self._path = home / NAME
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._file, self._size = self._opened()

    def write(self, record: Mapping[str, Any]) -> None:
        """Append one line."""
        line = json.dumps(record, ensure_ascii=False).encode(errors="replace") + b"\n"
        with self._lock:
            if self._size and self._size + len(line) > self._max_bytes:
                self._rotate()
            self._file.write(line)
            self._size += len(line)

    def _rotate(self) -> None:
        self._file.close()
        self._path.replace(self._path.with_name(f"{NAME}.1"))
        self._file, self._size = self._opened()

    def _opened(self) -> tuple[BinaryIO, int]:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        # Unbuffered: a line is there as soon as its request is answered.
        file = os.fdopen(os.open(self._path, flags, 0o600), "wb", buffering=0)
        return file, self._path.stat().st_size


class NoJournal:
    """Keeps nothing."""

    def write(self, _record: Mapping[str, Any]) -> None:
        """Forget the record."""
