"""Makes stacks with CDKTF and proves them: here, or many by several processes side by side."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import ceil
from multiprocessing import get_context
from pathlib import Path

from gateprint.errors import AccessDiffers, Difference, ToolFailed
from gateprint.model.resolved import Environment, ResolvedBlueprint
from gateprint.stack.archive import Archive
from gateprint.stack.bootstrap import activate
from gateprint.terraform.memory import look
from gateprint.workflow.inputs import Inputs
from gateprint.workflow.proof import find_differences

TERRAFORM = "cdk.tf.json"
FEW = 16
"""So many stacks are made in this process: another one takes as long to start as some of them."""

AT_MOST = 125
"""So many stacks are made by a process: Node holds all that it made until it ends."""

Synthesize = Callable[
    [Sequence[Environment], Sequence[ResolvedBlueprint], Mapping[str, Archive], Path],
    tuple[str, ...],
]


@dataclass(frozen=True, slots=True)
class Made:
    """Stacks' Terraform, by name, and in which ways it gives other access than is stated."""

    texts: Mapping[str, str]
    differences: tuple[Difference, ...]


def make_stacks(
    inputs: Inputs, archives: Mapping[str, Archive], environ: MutableMapping[str, str]
) -> Iterator[Mapping[str, str]]:
    """Yield the Terraform of all stacks by name, part by part, as they are made and proved.

    Raises:
        AccessDiffers: what was synthesized gives other access than the blueprints state.
        ToolFailed: there is no Node, or CDKTF fails.
    """
    _require_node(environ)
    differences: list[Difference] = []
    for made in _made(parts_of(inputs, look().processors), archives, environ):
        differences += made.differences
        if not made.differences:
            yield made.texts
    if differences:
        raise AccessDiffers(sorted(differences))


def parts_of(inputs: Inputs, processors: int) -> tuple[Inputs, ...]:
    """Divide the inputs into parts of alike size, of which each processor gets as many."""
    count = len(inputs.environments) + len(inputs.blueprints)
    if count <= FEW or (processors == 1 and count <= AT_MOST):
        return (inputs,)
    parts = ceil(ceil(count / AT_MOST) / processors) * processors
    return tuple(
        replace(
            inputs,
            environments=inputs.environments[number::parts],
            blueprints=inputs.blueprints[number::parts],
            warnings=(),
            documents={},
        )
        for number in range(parts)
    )


def _made(
    parts: Sequence[Inputs], archives: Mapping[str, Archive], environ: MutableMapping[str, str]
) -> Iterator[Made]:
    if len(parts) == 1:
        yield make(parts[0], archives, environ)
        return
    # Processes of their own: CDKTF is one conversation with one Node. A process ends with its part,
    # and gives its memory back.
    with (
        _optimized(),
        ProcessPoolExecutor(
            min(look().processors, len(parts)), get_context("spawn"), max_tasks_per_child=1
        ) as pool,
    ):
        try:
            for done in as_completed([pool.submit(_make_apart, each, archives) for each in parts]):
                yield _result(done.result())
        except BrokenProcessPool as error:
            raise ToolFailed(
                "a process that synthesized stacks was ended",
                "look whether the machine has run out of memory; --environment takes fewer stacks",
            ) from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _optimized() -> Iterator[None]:
    """Start Python's processes without `assert` and `__debug__` while the block runs.

    The bindings check the type of each argument there, which is most of what Python computes.
    mypy has checked them.
    """
    before = os.environ.get("PYTHONOPTIMIZE")
    os.environ["PYTHONOPTIMIZE"] = before or "1"
    try:
        yield
    finally:
        del os.environ["PYTHONOPTIMIZE"]
        os.environ.update({"PYTHONOPTIMIZE": before} if before is not None else {})


def _make_apart(part: Inputs, archives: Mapping[str, Archive]) -> Made | tuple[str, str, str]:
    """Make a part in another process; of a failure return the words, which travel in any case."""
    try:
        return make(part, archives, os.environ)
    except ToolFailed as failed:
        return failed.problem, failed.remedy, failed.detail


def _result(found: Made | tuple[str, str, str]) -> Made:
    if isinstance(found, Made):
        return found
    raise ToolFailed(*found)


def make(
    inputs: Inputs, archives: Mapping[str, Archive], environ: MutableMapping[str, str]
) -> Made:
    """Synthesize stacks in this process, and prove them.

    Raises:
        ToolFailed: CDKTF fails.
    """
    synthesize = start_cdktf(environ)
    with tempfile.TemporaryDirectory(prefix="gateprint-") as folder:
        outdir = Path(folder)
        names = synthesize(inputs.environments, inputs.blueprints, archives, outdir)
        differences = find_differences(inputs, outdir)
        stacks = outdir / "stacks"
        texts = {each: (stacks / each / TERRAFORM).read_text(encoding="utf-8") for each in names}
        return Made(texts, differences)


def start_cdktf(environ: MutableMapping[str, str]) -> Synthesize:
    """Return what synthesizes stacks, after Node was started for it.

    Raises:
        ToolFailed: there is no Node.
    """
    _require_node(environ)
    activate(environ)
    # Only here, and only now: importing CDKTF starts Node.
    from gateprint.stack.app import synthesize  # noqa: PLC0415

    return synthesize


def _require_node(environ: Mapping[str, str]) -> None:
    # jsii starts Node under this name, and says nothing of use where it is not there.
    node = environ.get("JSII_NODE") or "node"
    if shutil.which(node, path=environ.get("PATH", "")) is None:
        raise ToolFailed(
            f"CDKTF runs in Node, and there is no {node} on PATH",
            "install Node 20 or 22, then run make setup",
        )
