"""One API, cold, to a deployable template: gateprint beside the tools that people know."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bench.measure import Command, CommandFailed, Series, interleave, measure
from bench.report import MIB, Report, Target
from bench.tools import INSTALLED, PEERS, SHOP, Peer, clean, install, size_of
from bench.written import lacks

ROOT = Path(__file__).parents[1]
COLD, UNCHANGED = "gateprint", "gateprint, nothing changed"
STOCK, AWS_CDK, CHALICE = "CDKTF 0.21", "AWS CDK", "Chalice"
NODE, JSII = "floor: node -e 0", "floor: jsii starts"
UNCHANGED_SECONDS = 0.35
_JSII = "import jsii; import constructs"


def one_api(runs: int, peers: tuple[Peer, ...] = PEERS) -> Report:
    """Write the same API with each tool, in turns, each run a new process.

    The first use installs the tools below .gateprint/bench; one that cannot be installed is named
    in the conditions. Raises CommandFailed where a tool fails.
    """
    homes, missing = _installed(peers)
    found = [each for each in peers if each.name in homes]
    with tempfile.TemporaryDirectory(prefix="gateprint-bench-") as place:
        folder = Path(place)
        commands = [*_own(folder, runs), *_floor(runs)]
        commands += [_command(each, homes[each.name], runs) for each in found]
        for each in commands:
            measure(_writing(each, found, folder, "warm-up"))
        said = [_said(each, folder / "warm-up") for each in (COLD, *(one.name for one in found))]
        series = interleave(commands, lambda each, turn: _writing(each, found, folder, str(turn)))
    return Report(
        title="One API, cold, to a deployable template",
        conditions=_conditions(homes, missing, said),
        series=series,
        targets=_targets({each.name: each for each in series}),
        failure="; ".join(filter(None, (said[0], _missed({each.name: each for each in series})))),
    )


def _installed(peers: Sequence[Peer]) -> tuple[dict[str, Path], list[str]]:
    """Install what is missing; return the homes by name, and the names of those without one."""
    homes, missing = {}, []
    for each in peers:
        home = INSTALLED / each.folder
        try:
            install(each, home)
        except (subprocess.SubprocessError, OSError):
            missing.append(each.name)
        else:
            homes[each.name] = home
    return homes, missing


def _own(folder: Path, runs: int) -> tuple[Command, Command]:
    """Return gateprint's two commands in a project of the one blueprint."""
    project = folder / "project"
    for each in ("config", "lambdas"):
        shutil.copytree(ROOT / each, project / each)
    shutil.copytree(SHOP / "gateprint", project / "blueprints")
    words = (sys.executable, "-m", "gateprint", "synth", "--environment", "nonprod")
    environ = {**clean(os.environ), "PYTHONPATH": str(ROOT)}
    cold = Command(COLD, (*words, "--no-cache"), environ, runs, project)
    return cold, replace(cold, name=UNCHANGED, argv=words)


def _floor(runs: int) -> tuple[Command, Command]:
    """Return what every tool on top of CDKTF pays before it does anything."""
    environ = clean(os.environ)
    node = Command(NODE, ("node", "-e", "0"), environ, runs)
    return node, Command(JSII, (sys.executable, "-c", _JSII), environ, runs)


def _command(peer: Peer, home: Path, runs: int) -> Command:
    return Command(peer.name, peer.argv(home, Path()), clean(os.environ), runs)


def _writing(command: Command, peers: Sequence[Peer], folder: Path, turn: str) -> Command:
    """Return the command as it writes to a folder of this turn, in a folder of its own if need be.

    gateprint's unchanged synth writes where it did before.
    """
    out = folder / turn / command.name
    out.mkdir(parents=True)
    peer = next((each for each in peers if each.name == command.name), None)
    if peer is None:
        target = folder / "unchanged" if command.name == UNCHANGED else out
        return replace(command, environ={**command.environ, "CDKTF_OUTDIR": str(target)})
    argv = peer.argv(INSTALLED / peer.folder, out)
    if not peer.copied:
        return replace(command, argv=argv)
    here = folder / turn / f"{command.name} from"
    shutil.copytree(SHOP / peer.copied, here)
    return replace(command, argv=argv, directory=here)


def _said(name: str, folder: Path) -> str:
    """Say what a tool's output lacks of the shop; empty where it lacks nothing."""
    lacking = lacks(folder / name)
    return f"{name}: {', '.join(lacking)}" if lacking else ""


def _missed(found: Mapping[str, Series]) -> str:
    """Say so if the cache was not used, which would measure something else."""
    has_node = "node" in found[UNCHANGED].program_bytes
    return "Node was started though nothing had changed" if has_node else ""


def _targets(found: Mapping[str, Series]) -> tuple[Target, ...]:
    ours, unchanged = found[COLD], found[UNCHANGED]
    targets = [Target("0.35 s : nothing changed", UNCHANGED_SECONDS / unchanged.wall_seconds, 1)]
    if STOCK in found:
        stock = found[STOCK]
        targets += [
            Target(f"time, {STOCK} : gateprint", stock.wall_seconds / ours.wall_seconds, 12),
            Target(f"memory, {STOCK} : gateprint", stock.tree_bytes / ours.tree_bytes, 4),
        ]
    if AWS_CDK in found:
        times = found[AWS_CDK].wall_seconds / ours.wall_seconds
        targets.append(Target(f"time, {AWS_CDK} : gateprint", times, 3))
    if CHALICE in found:
        times = found[CHALICE].wall_seconds / unchanged.wall_seconds
        targets.append(Target(f"time, {CHALICE} : nothing changed", times, 1))
    return tuple(targets)


def _conditions(
    homes: Mapping[str, Path], missing: Sequence[str], said: Sequence[str]
) -> tuple[str, ...]:
    sizes = {COLD: size_of(Path(sys.prefix)), **{each: size_of(homes[each]) for each in homes}}
    installed = ", ".join(f"{name} {size / MIB:,.0f} MiB" for name, size in sizes.items())
    packages = (word for each in PEERS for word in (*each.python, *each.npm))
    return (
        "ten AWS_IAM routes with CORS, one function, one federated role; a new process each",
        "they take turns; bytecode is kept, and the package cache of jsii is warm",
        f"installed: {installed}; of gateprint with what develops it, none with Node itself",
        *(f"left out by {each}" for each in said if each),
        *(f"{name} could not be installed" for name in missing),
        f"{', '.join(packages)}; {_programs()}",
    )


def _programs() -> str:
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    version = node.stdout.strip().removeprefix("v")
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs"
    return f"Python {platform.python_version()}, Node {version}; {machine}"


__all__ = ["CommandFailed", "one_api"]
