"""Runs and journals for tests, with what matters given and the rest filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gateprint.terraform.runs.journal import Event
from gateprint.terraform.runs.record import (
    Decision,
    Orphan,
    PlannedStack,
    Run,
    ShardOf,
    Versions,
)

VERSIONS = Versions(gateprint="0.1.0", terraform="1.11.4", provider="5.100.0", cdktf="0.21.0")
MANIFEST = "a" * 64
DIGEST = "b" * 64


def planned(stack: str, decision: Decision = "planned", **fields: Any) -> PlannedStack:
    """A stack of an environment `prod`, with one resource to create if it is planned."""
    is_planned = decision == "planned"
    defaults: dict[str, Any] = {
        "environment": "prod",
        "account": "123456789012",
        "region": "us-east-2",
        "configuration": DIGEST,
        "digest": DIGEST if is_planned else "",
        "changes": {"aws_api_gateway_rest_api": {"create": 1}} if is_planned else {},
        "seconds": 2.0,
    }
    return PlannedStack(stack=stack, decision=decision, **{**defaults, **fields})


def made_run(stacks: Sequence[PlannedStack], shard: ShardOf | None = None, **fields: Any) -> Run:
    """A run of these stacks."""
    defaults: dict[str, Any] = {
        "name": "20261122-183000-4f2a",
        "created": "2026-11-22T18:30:00.000+00:00",
        "kind": "apply",
        "environment": "prod",
        "revision": "0123456789abcdef0123456789abcdef01234567",
        "is_dirty": False,
        "lock": "c" * 64,
        "versions": VERSIONS,
        "orphans": (Orphan("prod", "old-prod"),),
    }
    return Run(stacks=tuple(stacks), shard=shard, **{**defaults, **fields})


def shard(index: int, number: int = 2, manifest: str = MANIFEST) -> ShardOf:
    """One shard of a manifest."""
    return ShardOf(manifest, index, number)


def events(*said: tuple[str, Mapping[str, Any]]) -> tuple[Event, ...]:
    """A journal in which one second passes from line to line."""
    return tuple(
        {"event": event, "at": f"2026-11-22T18:30:{second:02}.000+00:00", **fields}
        for second, (event, fields) in enumerate(said)
    )


PLANNED = (("plan-started", {"stacks": 1}), ("plan-ended", {"code": 0}))


def applying(stack: str) -> tuple[str, Mapping[str, Any]]:
    return "applying", {"stack": stack, "pid": 7, "digest": DIGEST}


def applied(
    stack: str, outcome: str = "applied", seconds: float = 3.0, problem: str = ""
) -> tuple[str, Mapping[str, Any]]:
    return "applied", {"stack": stack, "outcome": outcome, "seconds": seconds, "problem": problem}


def unpublished(stack: str) -> tuple[str, Mapping[str, Any]]:
    """The end of an apply after which a deployment has to be made anew."""
    event, fields = applied(stack)
    return event, {**fields, "unpublished": ["aws_api_gateway_deployment.a_dev"]}


def republished(stack: str, outcome: str = "applied") -> tuple[str, Mapping[str, Any]]:
    problem = "" if outcome == "applied" else "AWS says no"
    return "republished", {"stack": stack, "outcome": outcome, "seconds": 1.0, "problem": problem}


def begun(*, resume: bool = False) -> tuple[str, Mapping[str, Any]]:
    return "apply-started", {"pid": 7, "resume": resume}


def ended(code: int = 0) -> tuple[str, Mapping[str, Any]]:
    return "apply-ended", {"code": code}
