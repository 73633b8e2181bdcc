"""One API, cold, to a deployable template: gateprint beside the tools that people know."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bench.measure import Command, CommandFailed, interleave, measure
from bench.report import Report, Target

ROOT = Path(__file__).parents[1]
SHOP = ROOT / "bench" / "shop"
INSTALLED = ROOT / ".gateprint" / "bench"
MIB = 1024 * 1024
_FEW = 3


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool: what it needs from which package index, and how it is run.

    `argv` takes the folder in which it is installed, and the folder that it writes to. Where it
    reads the folder that it is run in, `copied` is what that folder has.
    """

    name: str
    python: tuple[str, ...]
    argv: Callable[[Path, Path], tuple[str, ...]]
    npm: tuple[str, ...] = ()
    copied: str = ""


def _python(home: Path) -> str:
    return str(home / "venv" / "bin" / "python")


def _script(folder: str, *words: str) -> Callable[[Path, Path], tuple[str, ...]]:
    return lambda home, out: (_python(home), str(SHOP / folder / "main.py"), *words, str(out))


PEERS = (
    Peer("CDKTF 0.21", ("cdktf==0.21.0", "cdktf-cdktf-provider-aws==21.22.1"), _script("cdktf", "cdktf")),
    Peer("CDK Terrain", ("cdktn==0.24.0", "cdktn-provider-aws==25.8.1"), _script("cdktf", "cdktn")),
    Peer("AWS CDK", ("aws-cdk-lib==2.275.0",), _script("aws_cdk")),
    Peer("SAM translator", ("aws-sam-translator==1.115.0",), _script("sam")),
    Peer("troposphere", ("troposphere==4.11.1",), _script("troposphere")),
    Peer(
        "Chalice",
        ("chalice==1.34.0", "setuptools<81"),
        lambda home, out: (
            *(str(home / "venv" / "bin" / "chalice"), "package", "--pkg-format", "terraform"),
            *("--stage", "dev", str(out / "written")),
        ),
        copied="chalice",
    ),
    Peer(
        "Serverless 3",
        (),
        lambda home, out: (
            *(str(home / "node_modules" / ".bin" / "serverless"), "package"),
            *("--package", str(out)),
        ),
        npm=("serverless@3.40.0",),
        copied="serverless",
    ),
)


def one_api(runs: int, peers: tuple[Peer, ...] = PEERS) -> Report:
    """Write the same API with each tool, in turns, each into a new folder.

    The first use installs the tools below .gateprint/bench; a tool that cannot be installed is
    named in the conditions. Raises CommandFailed where a tool fails.
    """
    homes, missing = _installed(peers)
    with tempfile.TemporaryDirectory(prefix="gateprint-bench-") as place:
        commands = [*_gateprint(Path(place), runs)]
        commands += [_command(each, homes[each.name], runs) for each in peers if each.name in homes]
        for each in commands:
            measure(_writing(each, homes, peers, Path(place) / "warm-up"))
        series = interleave(
            commands,
            lambda command, turn: _writing(command, homes, peers, Path(place) / f"{turn}"),
        )
    return Report(
        title="One API, cold, to a deployable template",
        conditions=(
            "ten AWS_IAM routes with CORS, one function, one federated role; a new process each",
            *(f"{name}: installed, {_mebibytes(home)} MiB" for name, home in homes.items()),
            *(f"{name} could not be installed" for name in missing),
        ),
        series=series,
        targets=_targets({each.name: each for each in series}),
    )
