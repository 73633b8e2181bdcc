"""Runs commands as whole processes: their time, processor time and memory; starts processes."""

from __future__ import annotations

import resource
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

SAMPLE_SECONDS = 0.02


class CommandFailed(Exception):
    """A measured command did not exit with 0; the text ends with what it wrote to stderr."""


@dataclass(frozen=True, slots=True)
class Command:
    """What to run, in which whole environment, how often, and where.

    Looking for memory costs time itself, the more processes there are: `sample_seconds` is how
    much lies between two looks.
    """

    name: str
    argv: tuple[str, ...]
    environ: Mapping[str, str]
    runs: int
    directory: Path | None = None
    sample_seconds: float = SAMPLE_SECONDS


@dataclass(frozen=True, slots=True)
class Sample:
    """One run: its wall time, what it computed, and its peaks of resident memory.

    `cpu_seconds` are the user's and the system's time of the command and all descendants that it,
    or one of them, has waited for.
    `tree_bytes` is the peak of the sum over the command and all its descendants, in which pages
    that processes share count once for each. `program_bytes` is the peak of the largest single
    process of each program, by the program's file name.
    """

    wall_seconds: float
    cpu_seconds: float
    tree_bytes: int
    program_bytes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Series:
    """The samples of one command, in the order of its runs."""

    name: str
    samples: tuple[Sample, ...]

    @property
    def wall_seconds(self) -> float:
        """The median over the runs."""
        return median(sample.wall_seconds for sample in self.samples)

    @property
    def cpu_seconds(self) -> float:
        """The median over the runs."""
        return median(sample.cpu_seconds for sample in self.samples)

    @property
    def tree_bytes(self) -> float:
        """The median over the runs."""
        return median(sample.tree_bytes for sample in self.samples)

    @property
    def program_bytes(self) -> dict[str, float]:
        """The median over the runs in which the program was seen, by program."""
        programs = sorted({name for sample in self.samples for name in sample.program_bytes})
        return {
            program: median(
                sample.program_bytes[program]
                for sample in self.samples
                if program in sample.program_bytes
            )
            for program in programs
        }


def interleave(
    commands: Sequence[Command], prepare: Callable[[Command, int], Command]
) -> tuple[Series, ...]:
    """Run the commands in turns, so that what else the machine does meets them all alike.

    `prepare` makes the command of a run from the command and the run's number, counted from 0.
    Raises CommandFailed.
    """
    samples: dict[str, list[Sample]] = {command.name: [] for command in commands}
    for turn in range(max(command.runs for command in commands)):
        for command in commands:
            if turn < command.runs:
                samples[command.name].append(measure(prepare(command, turn)))
    return tuple(Series(name, tuple(found)) for name, found in samples.items())


def measure(command: Command) -> Sample:
    """Run the command once, to its end. Raises CommandFailed."""
    with tempfile.TemporaryFile() as errors:
        started, computed = time.perf_counter(), _children_seconds()
        process = subprocess.Popen(
            command.argv,
            cwd=command.directory,
            env=command.environ,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        with _MemoryWatch(process.pid, command.sample_seconds) as memory:
            code = process.wait()
            wall_seconds = time.perf_counter() - started
        cpu_seconds = _children_seconds() - computed
        if code != 0:
            errors.seek(0)
            text = errors.read().decode(errors="replace").strip()
            raise CommandFailed(f"{command.name} exited with {code}\n{text}")
    return Sample(wall_seconds, cpu_seconds, memory.tree_bytes, memory.program_bytes)


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class _MemoryWatch(threading.Thread):
    """Samples the memory of a process and its descendants while the `with` block runs."""

    def __init__(self, pid: int, seconds: float) -> None:
        super().__init__(daemon=True)
        self._root = psutil.Process(pid)
        self._seconds = seconds
        self._ended = threading.Event()
        self.tree_bytes = 0
        self.program_bytes: dict[str, int] = {}

    def __enter__(self) -> _MemoryWatch:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self.join()

    def run(self) -> None:
        """Take samples until the block has ended."""
        while not self._ended.wait(self._seconds):
            self._note(tuple(_memory_of(_tree(self._root))))

    def _note(self, processes: Iterable[tuple[str, int]]) -> None:
        total = 0
        for program, resident in processes:
            total += resident
            self.program_bytes[program] = max(resident, self.program_bytes.get(program, 0))
        self.tree_bytes = max(total, self.tree_bytes)


def _tree(root: psutil.Process) -> list[psutil.Process]:
    try:
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _memory_of(processes: Iterable[psutil.Process]) -> Iterator[tuple[str, int]]:
    """Yield the program and the resident bytes of each process that still runs."""
    for process in processes:
        try:
            program, resident = process.exe(), process.memory_info().rss
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        if program:  # a process that has just ended has none
            yield Path(program).name, resident
