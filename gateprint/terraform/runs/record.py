"""What a plan found, stack by stack: the values of `run.json`; pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

FORMAT = 1
"""The version of `run.json`; a reader refuses any other."""

Decision = Literal["planned", "empty", "unchanged", "failed"]
"""`planned`: a saved plan that changes something. `empty`: planned, and there is nothing to do.
`unchanged`: not planned, since what was applied last is what is wanted. `failed`: no plan."""


@dataclass(frozen=True, slots=True)
class Versions:
    """What made the plans; a plan is applied by the same."""

    gateprint: str
    terraform: str
    provider: str
    cdktf: str


@dataclass(frozen=True, slots=True)
class PlannedStack:
    """One stack of a run.

    `configuration` is the digest of the synthesized folder. `digest` identifies the plan and all
    that it was made from; it is empty without a saved plan, and so are `saved_plan` and
    `masked_plan`, the digests of these two files. `changes` counts what is to be done:
    resource type → action (`create`, `update`, `replace`, `delete`) → number. `drifted` counts
    what was changed outside of Terraform. `seconds` is how long the plan took.
    """

    stack: str
    environment: str
    account: str
    region: str
    configuration: str
    decision: Decision
    needs: tuple[str, ...] = ()
    is_retired: bool = False
    digest: str = ""
    saved_plan: str = ""
    masked_plan: str = ""
    changes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    drifted: int = 0
    seconds: float = 0.0
    problem: str = ""

    @property
    def is_failed(self) -> bool:
        """Tell whether there is no plan, though there should be one."""
        return self.decision == "failed"

    @property
    def counts(self) -> dict[str, int]:
        """Return how many resources each action is for."""
        found: dict[str, int] = {}
        for actions in self.changes.values():
            for action, number in actions.items():
                found[action] = found.get(action, 0) + number
        return found


@dataclass(frozen=True, slots=True)
class Orphan:
    """A stack that has state, but no blueprint."""

    environment: str
    stack: str


@dataclass(frozen=True, slots=True)
class ShardOf:
    """Which part of a plan a run is: `index` of `number`, from 1, of the shards in a manifest.

    `manifest` is the digest of that `shards.json`.
    """

    manifest: str
    index: int
    number: int


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that a plan found; `name` is also the folder's.

    `lock` is the digest of Terraform's dependency lock file, empty if there is none. `revision`
    is git's commit, empty outside of a repository; `is_dirty` tells of changes beyond it.
    `kind` is `drift` where nothing but the difference to reality was asked for. `shard` is None
    where all was planned by one process.
    """

    name: str
    created: str
    kind: Literal["apply", "drift"]
    environment: str | None
    revision: str
    is_dirty: bool
    lock: str
    versions: Versions
    stacks: tuple[PlannedStack, ...]
    orphans: tuple[Orphan, ...] = ()
    shard: ShardOf | None = None

    def stack(self, name: str) -> PlannedStack:
        """Return one stack; KeyError if it is not in the run."""
        return next_or_key_error(self.stacks, name)

    @property
    def planned(self) -> tuple[PlannedStack, ...]:
        """Return the stacks with something to do."""
        return tuple(each for each in self.stacks if each.decision == "planned")


def next_or_key_error(stacks: tuple[PlannedStack, ...], name: str) -> PlannedStack:
    """Return the stack of this name."""
    for each in stacks:
        if each.stack == name:
            return each
    raise KeyError(name)


def run_json(run: Run) -> str:
    """Return the text of `run.json`: sorted keys, one line per value."""
    return json.dumps({"format": FORMAT, **asdict(run)}, indent=2, sort_keys=True) + "\n"


def read_run(text: str) -> Run:
    """Return the run of a `run.json`.

    Raises:
        ValueError: it is not one, or is of another version.
    """
    try:
        found = json.loads(text)
        if found.pop("format") != FORMAT:
            raise ValueError("made by another version of gateprint")
        found["versions"] = Versions(**found["versions"])
        found["stacks"] = tuple(_stack(each) for each in found["stacks"])
        found["orphans"] = tuple(Orphan(**each) for each in found["orphans"])
        found["shard"] = ShardOf(**found["shard"]) if found.get("shard") else None
        return Run(**found)
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError("not a run of gateprint") from error


def _stack(found: Mapping[str, Any]) -> PlannedStack:
    return PlannedStack(**{**found, "needs": tuple(found["needs"])})


def text_digest(text: str | bytes) -> str:
    """Return the SHA-256 digest of a text, in hex."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()
