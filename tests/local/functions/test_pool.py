"""Processes are shared, bounded, and ended when nobody needs them."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from gateprint.local.functions.pool import Pool, Throttled


@dataclass(eq=False)
class FakeProcess:
    """A process that is only remembered."""

    number: int
    is_alive: bool = True

    def kill(self) -> None:
        self.is_alive = False

    def end(self) -> None:
        self.is_alive = False


@dataclass
class Starts:
    """Starts fake processes; fails while it is told to."""

    started: list[FakeProcess] = field(default_factory=list)
    is_failing: bool = False
    now: float = 0.0

    def start(self) -> FakeProcess:
        if self.is_failing:
            raise OSError("no more processes")
        self.started.append(FakeProcess(len(self.started)))
        return self.started[-1]

    def pool(self, limit: int = 2) -> Pool[FakeProcess]:
        return Pool(self.start, limit, patience=0, clock=lambda: self.now)


def test_the_process_that_was_used_last_is_used_next() -> None:
    pool = Starts().pool()
    first, second = pool.take(), pool.take()
    pool.give_back(first)
    pool.give_back(second)
    assert pool.take() is second


def test_there_are_never_more_than_the_limit() -> None:
    pool = Starts().pool(limit=2)
    taken = [pool.take(), pool.take()]
    with pytest.raises(Throttled):
        pool.take()
    pool.give_back(taken[0])
    assert pool.take() is taken[0]


def test_no_process_may_run_where_the_limit_is_nothing() -> None:
    with pytest.raises(Throttled):
        Starts().pool(limit=0).take()


def test_a_start_that_fails_leaves_room_for_the_next() -> None:
    starts = Starts(is_failing=True)
    pool = starts.pool(limit=1)
    with pytest.raises(OSError, match="no more"):
        pool.take()
    starts.is_failing = False
    assert pool.take().is_alive


def test_a_process_that_ended_is_not_used_again() -> None:
    starts = Starts()
    pool = starts.pool(limit=1)
    process = pool.take()
    process.end()
    pool.give_back(process)
    assert pool.take() is not process


def test_a_process_that_ends_while_it_is_idle_is_replaced() -> None:
    pool = Starts().pool(limit=1)
    process = pool.take()
    pool.give_back(process)
    process.is_alive = False
    assert pool.take().is_alive


def test_idle_processes_end_and_busy_ones_stay() -> None:
    starts = Starts()
    pool = starts.pool()
    idle, busy = pool.take(), pool.take()
    pool.give_back(idle)
    starts.now = 299.0
    pool.end_idle(300)
    was_alive = idle.is_alive
    starts.now = 301.0
    pool.end_idle(300)
    assert (was_alive, idle.is_alive, busy.is_alive) == (True, False, True)


def test_a_closed_pool_ends_what_is_given_back() -> None:
    pool = Starts().pool()
    idle, busy = pool.take(), pool.take()
    pool.give_back(idle)
    pool.close()
    assert (idle.is_alive, busy.is_alive) == (False, True)
    pool.give_back(busy)
    assert not busy.is_alive


def test_a_killed_pool_ends_everything() -> None:
    pool = Starts().pool()
    idle, busy = pool.take(), pool.take()
    pool.give_back(idle)
    pool.kill()
    assert not idle.is_alive
    assert not busy.is_alive
