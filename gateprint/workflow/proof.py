"""Proves that the stacks in a folder of synthesized Terraform give the access that is stated."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gateprint.access.proof.stack import prove, prove_account
from gateprint.access.proof.synthesized import read_stack
from gateprint.errors import AccessDiffers, Diagnostic, Difference, InputRejected, Location
from gateprint.workflow.files import shown
from gateprint.workflow.inputs import Inputs


def find_differences(inputs: Inputs, outdir: Path) -> tuple[Difference, ...]:
    """Return every difference between the inputs and the stacks below `outdir`.

    Raises:
        InputRejected: a stack is not there, or is not Terraform's JSON.
    """
    return tuple(_differences(inputs, outdir))


def require_stated_access(inputs: Inputs, outdir: Path) -> None:
    """Do nothing if the stacks below `outdir` give exactly the access that the inputs state.

    Raises:
        AccessDiffers: they do not.
        InputRejected: a stack is not there, or is not Terraform's JSON.
    """
    differences = find_differences(inputs, outdir)
    if differences:
        raise AccessDiffers(differences)


def _differences(inputs: Inputs, outdir: Path) -> Iterator[Difference]:
    for environment in inputs.environments:
        account = _read(outdir, environment.account_stack)
        yield from prove_account(environment, read_stack(account, environment))
    for blueprint in inputs.blueprints:
        stack = read_stack(_read(outdir, blueprint.stack), blueprint.environment)
        yield from prove(blueprint, stack)


def _read(outdir: Path, stack: str) -> Mapping[str, Any]:
    path = outdir / "stacks" / stack / "cdk.tf.json"
    try:
        found = json.loads(path.read_bytes())
    except OSError:
        raise _no_stack(path, f"the stack {stack} was not synthesized") from None
    except ValueError:
        raise _no_stack(path, "this is not JSON") from None
    if not isinstance(found, dict):
        raise _no_stack(path, "this is not Terraform's JSON")
    return found


def _no_stack(path: Path, problem: str) -> InputRejected:
    remedy = "run gateprint synth with the same options"
    return InputRejected([Diagnostic(Location(shown(path)), "no-stack", problem, remedy)])
