"""Keeps what init leaves in a stack's folder, so that it runs once for a stack and its backend.

Init reads the whole provider to compare it with the lock file, which takes a second; every other
command does so again by itself.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateprint.terraform.configuration import configuration_files
from gateprint.terraform.provider import LOCK_FILE
from gateprint.terraform.workspace import Tools

_KEPT = Path(".gateprint") / "cache" / "init"
_DATA = ".terraform"
_SYNTHESIZED = "cdk.tf.json"
# What init reads of a configuration; modules it would have to copy.
_READ_BY_INIT = ("terraform", "provider")


@dataclass(frozen=True, slots=True)
class Initialised:
    """Where the data of a stack's folder is kept: one place for each content that init reads."""

    place: Path

    @classmethod
    def of(cls, tools: Tools, stack: str, folder: Path) -> Initialised | None:
        """Return where it is kept; None for a configuration of which nothing can be."""
        read = _read_by_init(folder)
        if read is None:
            return None
        lock = (folder / LOCK_FILE).read_text(encoding="utf-8")
        known = [tools.terraform.version, str(tools.store.folder), lock, read]
        digest = hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()
        return cls(tools.project.absolute() / _KEPT / stack / digest)

    def restore(self, folder: Path) -> bool:
        """Put the data into a folder as init would; tell whether there was any."""
        try:
            shutil.copytree(self.place, folder / _DATA, symlinks=True)
        except OSError:
            shutil.rmtree(folder / _DATA, ignore_errors=True)
            return False
        return True

    def keep(self, folder: Path) -> None:
        """Keep the data of a folder instead of what was kept of the stack before."""
        base = self.place.parent
        with contextlib.suppress(OSError):
            base.mkdir(parents=True, mode=0o700, exist_ok=True)
            # Whoever reads sees all of it, or nothing.
            whole = Path(tempfile.mkdtemp(dir=base)) / _DATA
            shutil.copytree(folder / _DATA, whole, symlinks=True)
            with contextlib.suppress(OSError):
                whole.rename(self.place)
            for each in base.iterdir():
                if each != self.place:
                    shutil.rmtree(each, ignore_errors=True)


def _read_by_init(folder: Path) -> dict[str, Any] | None:
    names = [name for name, _ in configuration_files(folder) if ".tf" in Path(name).suffixes]
    if names != [_SYNTHESIZED]:
        return None
    found = json.loads((folder / _SYNTHESIZED).read_text(encoding="utf-8"))
    if "module" in found:
        return None
    return {name: found.get(name) for name in _READ_BY_INIT}
