"""Synthesizes all blueprints of this repository with CDKTF and with its fork, and compares.

Ends with 1, and says where they differ, if they do; other than in the version that they write down.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PYTHONS = {
    "cdktf": (str(ROOT / ".venv" / "bin" / "python"), "-m", "gateprint"),
    "cdktn": (str(ROOT / ".gateprint" / "seam" / "bin" / "python"), "-m", "tests.seam.fork"),
}
BLUEPRINTS = ("blueprints", "blueprints/examples")
_SECONDS = 600


def main() -> int:
    """Compare, and say what was compared."""
    code = 0
    for blueprints in BLUEPRINTS:
        with tempfile.TemporaryDirectory(prefix="seam-") as folder:
            stacks = {name: synthesized(name, blueprints, Path(folder) / name) for name in PYTHONS}
        differences = list(differing(stacks["cdktf"], stacks["cdktn"], blueprints))
        for each in differences:
            sys.stderr.write(f"{each}\n")
        code |= bool(differences) or not stacks["cdktf"]
        count = len(stacks["cdktf"])
        sys.stdout.write(f"{blueprints}: {count} stacks, {len(differences)} differences\n")
    return code


def synthesized(name: str, blueprints: str, folder: Path) -> dict[str, Any]:
    """Return the Terraform JSON of every stack, by the stack's name."""
    environ = {
        **os.environ,
        "CDKTF_OUTDIR": str(folder),
        "GATEPRINT_BLUEPRINTS": blueprints,
        "PYTHONPATH": str(ROOT),
    }
    words = [*PYTHONS[name], "synth", "--no-cache"]
    subprocess.run(words, cwd=ROOT, env=environ, check=True, timeout=_SECONDS, stdout=sys.stderr)
    return {each.parent.name: without_version(each) for each in folder.rglob("cdk.tf.json")}


def without_version(path: Path) -> Any:
    """Return the document without the version of what wrote it."""
    document = json.loads(path.read_text(encoding="utf-8"))
    del document["//"]["metadata"]["version"]
    return document


def differing(one: Any, other: Any, where: str) -> Iterator[str]:
    """Yield what differs between two values, each with its place."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}):
            yield from differing(one.get(key), other.get(key), f"{where}/{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from differing(left, right, f"{where}[{number}]")
    elif one != other:
        yield f"{where}: {one!r} with CDKTF, {other!r} with its fork"


if __name__ == "__main__":
    sys.exit(main())
