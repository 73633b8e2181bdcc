"""A simulated API Gateway that refuses, and the stacks that Terraform brings to it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gateprint.terraform.pace.quotas import ALL, Quota, calls_of, quotas
from gateprint.terraform.pace.work import Domain, Work, work_of

HERE = Domain("123456789012", "us-east-2")


class Gateway:
    """Token buckets as AWS describes them; refuses what comes too soon, and counts it."""

    def __init__(self, limits: Mapping[str, Quota] | None = None) -> None:
        self._limits = limits or quotas()
        self._levels = {name: (float(each.burst), 0.0) for name, each in self._limits.items()}
        self.refused = 0
        self.taken = 0

    def call(self, operation: str, now: float) -> bool:
        """Answer a call: True, or False if it is refused; a refused call uses up nothing."""
        names = (operation, ALL) if operation in self._limits else (ALL,)
        levels = [self._level(name, now) for name in names]
        if min(levels) < 1 - 1e-9:
            self.refused += 1
            return False
        self.taken += 1
        for name, level in zip(names, levels, strict=True):
            self._levels[name] = (level - 1, now)
        return True

    def _level(self, name: str, now: float) -> float:
        limit, (level, at) = self._limits[name], self._levels[name]
        return min(limit.burst, level + (now - at) * limit.rate)


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a plan: its calls in order, and the steps that it waits for."""

    address: str
    action: str
    calls: tuple[str, ...]
    after: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack whose steps are in an order that they could be done in."""

    work: Work
    steps: tuple[Step, ...]


def creates(name: str, paths: int, stages: int, needs: tuple[str, ...] = ()) -> Stack:
    """Return a new stack: one API with a method on each path, and its stages."""
    return _stack(name, list(_api(paths, stages)), "create", needs)


def deletes(name: str, paths: int, stages: int) -> Stack:
    """Return the removal of such a stack, which goes the other way round."""
    forward = list(_api(paths, stages))
    last = len(forward) - 1
    turned: list[tuple[str, list[int]]] = [(address, []) for address, _ in reversed(forward)]
    for place, (_, after) in enumerate(forward):
        for need in after:
            turned[last - need][1].append(last - place)
    return _stack(name, [(address, tuple(after)) for address, after in turned], "delete", ())


def mixed(rng: random.Random, count: int, sizes: tuple[tuple[int, int], ...]) -> list[Stack]:
    """Return new stacks of several sizes, each `(paths, stages)`, in any order."""
    return [creates(f"stack-{n}", *rng.choice(sizes)) for n in range(count)]


def _stack(
    name: str, graph: list[tuple[str, tuple[int, ...]]], action: str, needs: tuple[str, ...]
) -> Stack:
    steps = tuple(
        Step(address, action, _in_order(address, action), after) for address, after in graph
    )
    changes = [(step.address, step.action) for step in steps]
    return Stack(work_of(name, HERE, changes, needs), steps)


def _in_order(address: str, action: str) -> tuple[str, ...]:
    made = calls_of(address.partition(".")[0], action)
    return tuple(name for name, count in made.items() for _ in range(count))


def _api(paths: int, stages: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield addresses, and the places of those that come before; the root has no methods."""
    yield "aws_api_gateway_rest_api.shop", ()
    for number in range(paths):
        place = 1 + 3 * number
        # Every other path is below the one before it.
        yield f"aws_api_gateway_resource.shop_{number}", (place - 3 if number % 2 else 0,)
        yield f"aws_api_gateway_method.shop_get_{number}", (place,)
        yield f"aws_api_gateway_integration.shop_get_{number}", (place + 1,)
    contents = tuple(range(1, 1 + 3 * paths))
    for number in range(stages):
        place = 1 + 3 * paths + 3 * number
        yield f"aws_api_gateway_deployment.shop_{number}", (0, *contents)
        yield f"aws_api_gateway_stage.shop_{number}", (place,)
        yield f"aws_api_gateway_method_settings.shop_{number}", (place + 1,)
