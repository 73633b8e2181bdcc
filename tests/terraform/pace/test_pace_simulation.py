"""A thousand stacks in virtual time, before an API Gateway that refuses what comes too soon."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from gateprint.terraform.pace.work import floor
from tests.terraform.pace.clouds import Stack, creates, deletes, mixed
from tests.terraform.pace.simulation import Machine, NaivePool, PacedPool, chance

WORKERS = 10
A_DAY = 86_400.0
SMALL_APIS = ((2, 1), (3, 1), (5, 1))
STAGES = ((2, 1), (4, 2), (8, 3))
LARGE_APIS = ((7, 1), (9, 1), (12, 1))


def removals(rng: random.Random, count: int, sizes: tuple[tuple[int, int], ...]) -> list[Stack]:
    return [deletes(f"stack-{n}", *rng.choice(sizes)) for n in range(count)]


def seconds_of(pool: Callable[..., object], stacks: list[Stack], seed: int) -> tuple[float, int]:
    """Return when the last stack ended, and how many calls were refused."""
    machine = Machine(chance(seed))
    pool(machine, stacks, WORKERS)
    machine.clock.run(A_DAY)
    return machine.clock.now, machine.gateway.refused


@pytest.mark.parametrize(
    ("make", "sizes", "count", "seed", "operation"),
    [
        (mixed, SMALL_APIS, 1000, 1, "CreateDeployment"),
        (mixed, SMALL_APIS, 300, 2, "CreateDeployment"),
        (mixed, STAGES, 300, 3, "CreateDeployment"),
        (mixed, LARGE_APIS, 1000, 4, "*"),
        (mixed, LARGE_APIS, 200, 5, "*"),
        (removals, SMALL_APIS, 1000, 6, "DeleteRestApi"),
        (removals, SMALL_APIS, 200, 7, "DeleteRestApi"),
    ],
)
def test_a_thousand_stacks_end_near_the_floor_and_nothing_is_refused(
    make: Callable[..., list[Stack]],
    sizes: tuple[tuple[int, int], ...],
    count: int,
    seed: int,
    operation: str,
) -> None:
    stacks = make(chance(seed), count, sizes)
    soonest = floor(stack.work for stack in stacks)
    seconds, refused = seconds_of(PacedPool, stacks, seed)
    assert soonest.operation == operation
    assert refused == 0
    assert soonest.seconds <= seconds <= 1.05 * soonest.seconds


@pytest.mark.parametrize("largest_first", [False, True])
def test_the_order_of_small_and_large_stacks_does_not_matter(*, largest_first: bool) -> None:
    sizes = [(2, 1)] * 80 + [(25, 1)] * 80
    stacks = [creates(f"stack-{n}", *size) for n, size in enumerate(sizes)]
    soonest = floor(stack.work for stack in stacks)
    given = stacks[::-1] if largest_first else stacks
    seconds, refused = seconds_of(PacedPool, given, 8)
    assert (soonest.operation, refused) == ("*", 0)
    assert seconds <= 1.05 * soonest.seconds


def test_where_terraform_is_slow_stacks_start_sooner() -> None:
    stacks = mixed(chance(10), 200, SMALL_APIS)
    soonest = floor(stack.work for stack in stacks)
    machine = Machine(chance(10), terraform_seconds=40)
    PacedPool(machine, stacks, 20)
    machine.clock.run(A_DAY)
    slow_starts = 60
    assert machine.gateway.refused == 0
    assert machine.clock.now <= 1.05 * soonest.seconds + slow_starts


def test_a_naive_pool_is_refused_often_and_takes_longer(
    record_property: Callable[[str, object], None],
) -> None:
    stacks = mixed(chance(9), 200, SMALL_APIS)
    naive, refused = seconds_of(NaivePool, stacks, 9)
    paced, _ = seconds_of(PacedPool, stacks, 9)
    record_property("paced_seconds", round(paced))
    record_property("naive_seconds", round(naive))
    record_property("naive_refused", refused)
    assert refused > len(stacks)
    assert naive > 1.05 * paced
