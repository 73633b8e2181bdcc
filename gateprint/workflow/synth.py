"""`synth`: Terraform JSON for all stacks, ready for the cdktf command line."""

from __future__ import annotations

import json
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from gateprint.access.order import prerequisites
from gateprint.terraform.provider import attach_provider
from gateprint.workflow.making import TERRAFORM
from gateprint.workflow.places import Places
from gateprint.workflow.sign_in import load_with_sign_in
from gateprint.workflow.synthesis import Progress, synthesized


@dataclass(frozen=True, slots=True)
class Written:
    """The stacks that were written, and the folder that holds them."""

    stacks: tuple[str, ...]
    outdir: Path


def synth(
    places: Places,
    outdir: Path,
    environ: MutableMapping[str, str],
    progress: Progress,
    *,
    with_cache: bool = True,
) -> Written:
    """Write the stacks of all inputs below `outdir`, each proved.

    Raises:
        AccessDiffers: they would give other access than the blueprints state; nothing is written.
        InputRejected: the input is wrong; nothing was written.
        ToolFailed: there is no Node, or CDKTF fails.
    """
    inputs = load_with_sign_in(places)
    found = synthesized(inputs, places, environ, progress, with_cache=with_cache)
    folders = {each.stack.name: outdir / "stacks" / each.stack.name for each in found}
    for each in found:
        each.write(folders[each.stack.name])
    needed = prerequisites(inputs.blueprints)
    manifest = manifest_json({name: needed.get(name, ()) for name in folders})
    (outdir / "manifest.json").write_text(manifest, encoding="utf-8")
    attach_provider(folders.values(), places.project, environ)
    return Written(tuple(folders), outdir)


def manifest_json(stacks: MutableMapping[str, Iterable[str]]) -> str:
    """Return what CDKTF's command line reads: stacks, each with those that come before it.

    As cdktf 0.21 writes it (lib/manifest.ts): so each stack can be made alone.
    """
    found = {name: _entry(name, needed) for name, needed in stacks.items()}
    manifest = {"version": version("cdktf"), "stacks": found}
    return json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False)


def _entry(name: str, needed: Iterable[str]) -> dict[str, Any]:
    return {
        "name": name,
        "constructPath": name,
        "workingDirectory": f"stacks/{name}",
        "synthesizedStackPath": f"stacks/{name}/{TERRAFORM}",
        "stackMetadataPath": f"stacks/{name}/metadata.json",
        "annotations": [],
        "dependencies": list(needed),
    }
