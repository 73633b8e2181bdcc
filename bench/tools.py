"""The tools that gateprint is measured beside: how each is installed and run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHOP = ROOT / "bench" / "shop"
INSTALLED = ROOT / ".gateprint" / "bench"
_SECONDS = 900
_READY = ".ready"
# What a shell may have set, and what would change one of the commands.
_DECISIVE = ("NODE_OPTIONS", "PYTHONDONTWRITEBYTECODE", "PYTHONOPTIMIZE")


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool: its packages, and how it is run.

    `argv` takes the folder in which it is installed, and the folder that it writes to. Where it
    reads the folder that it is run in, `copied` is what that folder has.
    """

    name: str
    folder: str
    argv: Callable[[Path, Path], tuple[str, ...]]
    python: tuple[str, ...] = ()
    npm: tuple[str, ...] = ()
    copied: str = ""


def _python(home: Path) -> str:
    return str(home / "venv" / "bin" / "python")


def _script(folder: str, *words: str) -> Callable[[Path, Path], tuple[str, ...]]:
    return lambda home, out: (_python(home), str(SHOP / folder / "main.py"), *words, str(out))


def _chalice(home: Path, out: Path) -> tuple[str, ...]:
    program = str(home / "venv" / "bin" / "chalice")
    package = ("package", "--pkg-format", "terraform", "--stage", "dev")
    return (program, *package, str(out / "written"))


def _serverless(home: Path, out: Path) -> tuple[str, ...]:
    program = str(home / "node_modules" / ".bin" / "serverless")
    return (program, "package", "--package", str(out))


PEERS = (
    Peer(
        "CDKTF 0.21",
        "cdktf-0.21",
        _script("cdktf", "cdktf"),
        ("cdktf==0.21.0", "cdktf-cdktf-provider-aws==21.22.1"),
    ),
    Peer(
        "CDK Terrain",
        "cdk-terrain",
        _script("cdktf", "cdktn"),
        ("cdktn==0.24.0", "cdktn-provider-aws==25.8.1"),
    ),
    Peer("AWS CDK", "aws-cdk", _script("aws_cdk"), ("aws-cdk-lib==2.275.0",)),
    Peer("SAM translator", "sam-translator", _script("sam"), ("aws-sam-translator==1.115.0",)),
    Peer("troposphere", "troposphere", _script("troposphere"), ("troposphere==4.11.1",)),
    Peer(
        "Chalice",
        "chalice",
        _chalice,
        ("chalice==1.34.0", "setuptools<81"),
        copied="chalice",
    ),
    Peer(
        "Serverless 3",
        "serverless-3",
        _serverless,
        npm=("serverless@3.40.0",),
        copied="serverless",
    ),
)


def install(peer: Peer, home: Path) -> None:
    """Install a tool into its home, unless exactly that is there.

    Raises:
        OSError, SubprocessError: it cannot be installed.
    """
    wanted = "\n".join((*peer.python, *peer.npm))
    ready = home / _READY
    if ready.is_file() and ready.read_text(encoding="utf-8") == wanted:
        return
    home.mkdir(parents=True, exist_ok=True)
    if peer.python:
        _run(sys.executable, "-m", "venv", "--clear", str(home / "venv"))
        _run(_python(home), "-m", "pip", "install", "--quiet", "--progress-bar=off", *peer.python)
    if peer.npm:
        words = ("--no-audit", "--no-fund", "--loglevel=error", "--prefix", str(home))
        _run("npm", "install", *words, *peer.npm)
    ready.write_text(wanted, encoding="utf-8")


def _run(*words: str) -> None:
    subprocess.run(words, check=True, timeout=_SECONDS, stdout=subprocess.DEVNULL)


def clean(environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without what would make the tools unlike each other."""
    kept = {
        name: text
        for name, text in environ.items()
        if name not in _DECISIVE and not name.startswith(("AWS_", "GATEPRINT_"))
    }
    # Some ask for it, and for nothing else of AWS.
    return {**kept, "AWS_DEFAULT_REGION": "us-east-2"}


def size_of(folder: Path) -> int:
    """Return how many bytes the files of a folder have, but for bytecode; links count nothing."""
    return sum(
        each.stat().st_size
        for where, _, names in os.walk(folder)
        for each in (Path(where, name) for name in names)
        if each.suffix != ".pyc" and not each.is_symlink()
    )
