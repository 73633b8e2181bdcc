"""How many commands run at once: what the machine has left decides, and what others took."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateprint.terraform.capacity import Capacity
from gateprint.terraform.memory import (
    FIRST_GUESS_BYTES,
    GIBIBYTE,
    RESERVE_BYTES,
    Machine,
    _container_bytes,
    go_settings,
    look,
    may_start,
)
from gateprint.terraform.process import Ended, Running

ROOMY = Machine(64 * GIBIBYTE, idle=1.0, processors=4)
PEAK = GIBIBYTE


@dataclass
class Fake:
    """A machine and a clock that a test moves; counts how often it is looked at."""

    machine: Machine = ROOMY
    now: float = 100.0
    looks: int = 0
    capacity: Capacity = field(init=False)

    def __post_init__(self) -> None:
        self.capacity = Capacity(machine=self._look, clock=lambda: self.now)

    def _look(self) -> Machine:
        self.looks += 1
        return self.machine

    def later(self, seconds: float = 10.0) -> None:
        self.now += seconds


@dataclass(frozen=True)
class Holding:
    """A command that holds so much memory."""

    bytes_held: int

    def memory(self) -> int:
        return self.bytes_held


def holding(held: int) -> Running:
    return cast("Running", Holding(held))


CASES = {
    "one always runs": (Machine(0, 0.0, 1), [], 1, True),
    "a limit": (ROOMY, [PEAK, PEAK], 2, False),
    "below a limit": (ROOMY, [PEAK], 2, True),
    "one per processor": (replace(ROOMY, idle=0.0), [PEAK] * 3, 64, True),
    "no more than one per busy processor": (replace(ROOMY, idle=0.0), [PEAK] * 4, 64, False),
    "more than one per idle processor": (replace(ROOMY, idle=0.5), [PEAK] * 9, 64, True),
    "no memory": (replace(ROOMY, available_bytes=PEAK), [PEAK], 64, False),
    "just enough memory": (
        replace(ROOMY, available_bytes=PEAK + RESERVE_BYTES),
        [PEAK],
        64,
        True,
    ),
    "memory that the others will still take": (
        replace(ROOMY, available_bytes=PEAK + RESERVE_BYTES),
        [PEAK - 1],
        64,
        False,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_one_more_starts_only_where_it_fits(name: str) -> None:
    machine, running, most, expected = CASES[name]
    assert may_start(machine, running, PEAK, most) is expected


_MACHINES = st.builds(
    Machine, st.integers(0, 1 << 40), st.floats(0, 1), st.integers(min_value=1, max_value=64)
)
_HELD = st.lists(st.integers(0, 4 * GIBIBYTE), max_size=70)


@given(_MACHINES, _HELD, st.integers(1, 1 << 33), st.integers(1, 64))
def test_less_of_anything_never_lets_more_start(
    machine: Machine, held: list[int], peak: int, most: int
) -> None:
    if may_start(machine, held, peak, most):
        assert len(held) < most or not held
        richer = replace(machine, available_bytes=machine.available_bytes + GIBIBYTE, idle=1.0)
        assert may_start(richer, held, peak, most + 1)
    elif held:
        poorer = replace(machine, available_bytes=machine.available_bytes // 2, idle=0.0)
        assert not may_start(poorer, held, peak, most)


def test_the_machine_is_asked_at_most_once_in_a_second() -> None:
    fake = Fake()
    for _ in range(5):
        fake.capacity.has_room()
        fake.later(0.3)
    assert fake.looks == 2


def test_idle_processors_do_not_count_while_the_last_start_settles() -> None:
    fake = Fake(replace(ROOMY, processors=1))
    fake.capacity.start("a")
    assert not fake.capacity.has_room()
    fake.later()
    assert fake.capacity.has_room()


def test_what_ended_makes_room() -> None:
    fake = Fake(replace(ROOMY, processors=1, idle=0.0))
    fake.capacity.start("a")
    fake.later()
    assert not fake.capacity.has_room()
    fake.capacity.end("a")
    assert fake.capacity.has_room()


def test_the_first_peak_replaces_the_guess_and_later_ones_only_grow_it() -> None:
    fake = Fake()
    assert fake.capacity.peak_bytes == FIRST_GUESS_BYTES
    for peak, known in ((0, FIRST_GUESS_BYTES), (5, 5), (9, 9), (7, 9)):
        fake.capacity.learn(Ended(0, peak, 1.0))
        assert fake.capacity.peak_bytes == known


def test_what_a_command_holds_is_not_asked_for_twice() -> None:
    fake = Fake(replace(ROOMY, available_bytes=PEAK + RESERVE_BYTES))
    fake.capacity.learn(Ended(0, PEAK, 1.0))
    fake.capacity.start("a")
    fake.later()
    assert not fake.capacity.has_room()
    fake.capacity.watch("a", holding(PEAK))
    assert fake.capacity.has_room()


def test_after_a_kill_for_memory_fewer_run_at_once() -> None:
    fake = Fake()
    for name in "abc":
        fake.capacity.start(name)
    fake.capacity.shrink()
    assert fake.capacity.most == 2
    for _ in range(5):
        fake.capacity.shrink()
    assert fake.capacity.most >= 1


def test_garbage_is_collected_less_often_where_memory_allows() -> None:
    roomy, poor = Machine(8 * GIBIBYTE, 0, 4), Machine(8 * GIBIBYTE - 1, 0, 4)
    assert go_settings(roomy, {}) == {"GOGC": "400"}
    assert go_settings(poor, {}) == {}
    assert go_settings(roomy, {"GOGC": "50"}) == {}
    assert go_settings(roomy, {"GOMEMLIMIT": "1GiB"}) == {}


def test_a_container_has_what_its_limit_leaves(tmp_path: Path) -> None:
    assert _container_bytes(tmp_path) == 1 << 62
    (tmp_path / "memory.max").write_text("1000\n")
    (tmp_path / "memory.current").write_text("400\n")
    assert _container_bytes(tmp_path) == 600
    (tmp_path / "memory.max").write_text("max\n")
    assert _container_bytes(tmp_path) == 1 << 62


def test_this_machine_can_be_asked() -> None:
    found = look()
    assert found.available_bytes > 0
    assert 0 <= found.idle <= 1
    assert found.processors >= 1
