"""The real Terraform behind a script that writes down each command, and can hold one."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_SECONDS = 60.0
_SCRIPT = """\
#!/bin/sh
echo "$$ $1 ${PWD##*/}" >> "@home@/commands"
if [ -e "@home@/hold-$1" ]; then
  echo "$$" > "@home@/held-$1.new" && mv "@home@/held-$1.new" "@home@/held-$1"
  while [ -e "@home@/hold-$1" ]; do sleep 0.02; done
fi
exec "@terraform@" "$@"
"""


@dataclass(frozen=True, slots=True)
class Command:
    """A command that was started: its process, its word, and the name of its folder."""

    pid: int
    word: str
    folder: str


@dataclass(frozen=True, slots=True)
class HeldTerraform:
    """A Terraform of the test's own; `path` is for GATEPRINT_TERRAFORM."""

    home: Path

    @classmethod
    def of(cls, home: Path, real: Path) -> HeldTerraform:
        """Write the script."""
        home.mkdir()
        script = home / "terraform"
        script.write_text(_SCRIPT.replace("@home@", str(home)).replace("@terraform@", str(real)))
        script.chmod(0o755)
        return cls(home)

    @property
    def path(self) -> Path:
        """The program."""
        return self.home / "terraform"

    @property
    def commands(self) -> list[Command]:
        """What was started, but for `version`."""
        file = self.home / "commands"
        lines = file.read_text().splitlines() if file.exists() else []
        found = (line.split(" ", 2) for line in lines)
        return [Command(int(pid), word, name) for pid, word, name in found if word != "version"]

    def hold(self, word: str) -> None:
        """Hold the next command of this word before it does anything."""
        (self.home / f"held-{word}").unlink(missing_ok=True)
        (self.home / f"hold-{word}").touch()

    def wait(self, word: str) -> int:
        """Wait until a command is held; return its process."""
        file = self.home / f"held-{word}"
        wait_for(file.exists, f"terraform {word}")
        return int(file.read_text())

    def let_go(self, word: str) -> None:
        """Hold it no longer."""
        (self.home / f"hold-{word}").unlink(missing_ok=True)

    def kill(self, pid: int) -> None:
        """End one command and all that it started, at once."""
        assert any(each.pid == pid for each in self.commands), f"not ours: {pid}"
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


def wait_for(is_true: Callable[[], object], what: str, seconds: float = _SECONDS) -> None:
    """Wait until a question is answered with yes."""
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.02)
