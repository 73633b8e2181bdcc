"""`synth`: Terraform JSON for all stacks, ready for the cdktf command line."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gateprint.errors import ToolFailed
from gateprint.model.resolved import Environment, ResolvedBlueprint
from gateprint.stack.archive import Archive
from gateprint.stack.bootstrap import activate
from gateprint.terraform.provider import attach_provider
from gateprint.workflow.inputs import Places
from gateprint.workflow.packing import archives_of
from gateprint.workflow.proof import require_stated_access
from gateprint.workflow.sign_in import load_with_sign_in

Synthesize = Callable[
    [Sequence[Environment], Sequence[ResolvedBlueprint], Mapping[str, Archive], Path],
    tuple[str, ...],
]


@dataclass(frozen=True, slots=True)
class Synthesized:
    """The stacks that were written, and the folder that holds them."""

    stacks: tuple[str, ...]
    outdir: Path


def synth(
    places: Places, outdir: Path, environ: MutableMapping[str, str] = os.environ
) -> Synthesized:
    """Write the stacks of all inputs below `outdir`, and prove their access.

    Raises:
        AccessDiffers: what was written gives other access than the blueprints state.
        InputRejected: the input is wrong; nothing was written.
        ToolFailed: there is no Node, or CDKTF fails.
    """
    inputs = load_with_sign_in(places)
    archives = archives_of(inputs, places)
    synthesize = start_cdktf(environ)
    stacks = synthesize(inputs.environments, inputs.blueprints, archives, outdir)
    require_stated_access(inputs, outdir)
    folders = [outdir / "stacks" / name for name in stacks]
    attach_provider(folders, places.project, environ)
    return Synthesized(stacks, outdir)


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
