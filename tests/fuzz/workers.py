"""Runs documents in processes of their own, so that a hang or a memory bomb is a finding too."""

from __future__ import annotations

import contextlib
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from tests.fuzz.cases import make_case
from tests.fuzz.invariants import Problem
from tests.fuzz.project import Project
from tests.fuzz.trial import Outcome, examine

HANG_SECONDS = 60.0
# Before the first document a process imports the program: on a busy machine that takes its time.
_START_SECONDS = 60.0
# Far above the promise, and low enough to spare the machine.
_ADDRESS_SPACE = 2 * 1024**3
_CONTEXT = multiprocessing.get_context("spawn")

Report = Callable[[int, Outcome | Problem], None]
Work = Callable[[Any, int, range], None]


def work(connection: Any, seed: int, numbers: range) -> None:
    """Examine the documents, and say before and after each one which it is."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    with tempfile.TemporaryDirectory() as folder:
        project = Project.make(Path(folder))
        for number in numbers:
            connection.send((number, None))
            connection.send((number, examine(project, make_case(seed, number))))
    connection.close()


@dataclass(slots=True)
class _Worker:
    """A process, what it has still to do, and since when it is silent."""

    seed: int
    left: range
    work: Work
    process: BaseProcess = field(init=False)
    connection: Connection = field(init=False)
    heard: float = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Begin, or begin again, with what is left."""
        self.connection, theirs = _CONTEXT.Pipe(duplex=False)
        self.process = _CONTEXT.Process(
            target=self.work, args=(theirs, self.seed, self.left), daemon=True
        )
        self.process.start()
        theirs.close()
        self.heard = time.monotonic() + _START_SECONDS

    def hear(self, report: Report) -> bool:
        """Take one message; return False where the process has ended."""
        try:
            number, outcome = self.connection.recv()
        except EOFError:
            return False
        self.heard = time.monotonic()
        if outcome is not None:
            self.left = self.left[self.left.index(number) + 1 :]
            report(number, outcome)
        return True

    def give_up(self, report: Report, what: str) -> None:
        """End the process, blame its document, and go on behind it."""
        self.process.kill()
        self.process.join()
        report(self.left[0], Problem(what, f"exit code {self.process.exitcode}"))
        self.left = self.left[1:]
        if self.left:
            self.start()


def run(
    seed: int,
    documents: int,
    processes: int,
    report: Report,
    *,
    work: Work = work,
    patience: float = HANG_SECONDS,
) -> None:
    """Examine `documents` documents; `report` gets the outcome of each, in no certain order.

    A document on which a process is silent for `patience` seconds is a problem, as is one on which
    it dies; the documents behind it go on.
    """
    shares = [range(first, documents, processes) for first in range(min(processes, documents))]
    workers = [_Worker(seed, share, work) for share in shares]
    try:
        while busy := [each for each in workers if each.left]:
            for each in _silent(busy, patience):
                each.give_up(report, f"no answer after {patience:g} s")
            for each in _speaking(busy):
                if not each.hear(report) and each.left:
                    each.give_up(report, "the process died")
    finally:
        for each in workers:
            each.process.kill()
            each.process.join()


def _silent(workers: list[_Worker], patience: float) -> Iterator[_Worker]:
    for each in workers:
        if time.monotonic() - each.heard > patience and not each.connection.poll():
            yield each


def _speaking(workers: list[_Worker]) -> Iterator[_Worker]:
    ready = wait([each.connection for each in workers if each.left], timeout=1.0)
    for each in workers:
        if each.connection in ready:
            yield each
