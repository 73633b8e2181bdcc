"""`logs`: reads the access log of an embedded cloud, and follows it through its rotation.

The log has one JSON object per line; what is rotated away is called `access.log.1`.
"""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from gateprint.errors import ToolFailed
from gateprint.workflow.cloud import settings_of
from gateprint.workflow.environments import load_environment
from gateprint.workflow.places import Places

NAME = "access.log"
_ROTATED = f"{NAME}.1"
_LONGEST_LINE = 65_536
Wait = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Record:
    """One request to the embedded cloud's data plane, as its log has it."""

    fields: dict[str, Any]

    def text(self, name: str) -> str:
        """Return a field as text; empty where there is none."""
        found = self.fields.get(name)
        return "" if found is None else str(found)


def log_file(places: Places, environment: str) -> Path:
    """Return where the access log of an environment's embedded cloud is.

    Raises:
        ToolFailed: the environment is a real account.
    """
    found = load_environment(places, environment)
    if found.endpoint is None:
        raise ToolFailed(
            f'environment "{environment}" is a real account: its stages log to CloudWatch',
            "name an environment that has an endpoint, such as --environment local",
        )
    return settings_of(found, places).home / NAME


def read(path: Path, last: int | None = None) -> list[Record]:
    """Return the records there are, of the rotated file too; the last ones, or all."""
    found = deque(_whole(path), maxlen=last)
    return list(found)


def _whole(path: Path) -> Iterator[Record]:
    for each in (path.with_name(_ROTATED), path):
        try:
            with each.open("rb") as file:
                yield from _records(file)
        except FileNotFoundError:
            continue


def _records(lines: Iterable[bytes]) -> Iterator[Record]:
    """Yield the records of lines; a line that is none is somebody's mistake, and is left out."""
    for line in lines:
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            yield Record(found)


def follow(path: Path, wait: Wait, last: int | None = None) -> Iterator[Record]:
    """Yield the records there are, then each one as it comes, until `wait` returns False.

    A file that is not there yet is waited for. Where another one takes its place, the old one is
    read to its end first.
    """
    tail = _Tail(path)
    yield from deque(_records([*_rotated_lines(path), *tail.lines()]), maxlen=last)
    while wait():
        yield from _records(tail.lines())
    tail.close()


def _rotated_lines(path: Path) -> list[bytes]:
    try:
        return path.with_name(_ROTATED).read_bytes().splitlines()
    except FileNotFoundError:
        return []


class _Tail:
    """The whole lines that were added to a file since they were last asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: BinaryIO | None = None
        self._begun = b""

    def lines(self) -> list[bytes]:
        found = self._rest()
        while self._is_replaced():
            self.close()
            found += self._rest()
        return found

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file, self._begun = None, b""

    def _rest(self) -> list[bytes]:
        if self._file is None:
            try:
                self._file = self.path.open("rb")
            except FileNotFoundError:
                return []
        *whole, self._begun = (self._begun + self._file.read()).split(b"\n")
        if len(self._begun) > _LONGEST_LINE:
            self._begun = b""
        return whole

    def _is_replaced(self) -> bool:
        """Tell whether the name stands for another file now, or for less of the same."""
        if self._file is None:
            return False
        try:
            now = self.path.stat()
        except FileNotFoundError:
            return False  # The next one is about to come.
        mine = os.fstat(self._file.fileno())
        is_other = (now.st_dev, now.st_ino) != (mine.st_dev, mine.st_ino)
        return is_other or now.st_size < self._file.tell()
