"""Runs Terraform for the cdktf command line, so that an interrupted run still ends properly.

cdktf runs Terraform in a terminal of its own. When it is interrupted it types Ctrl-C there, and
then ends without waiting: the terminal closes, and the hangup would kill Terraform while it still
holds the state's lock. This program takes the hangup, passes one interrupt on, and waits.

`gateprint setup` puts it before Terraform as `node_modules/.bin/terraform`, where npx looks first.
It stands alone: the standard library only, because it starts with every Terraform command.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from types import FrameType


class Guard:
    """One Terraform process, which is interrupted at most once: a second time would kill it."""

    def __init__(self, words: list[str]) -> None:
        self._is_interrupted = False
        # Terraform and its plugins inherit this: a closed terminal does not end them.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        self._process = subprocess.Popen(words, env=_environment())
        signal.signal(signal.SIGINT, self._note)
        for number in (signal.SIGHUP, signal.SIGTERM):
            signal.signal(number, self._interrupt)

    def wait(self) -> int:
        """Return Terraform's exit code, as a shell would."""
        code = self._process.wait()
        return code if code >= 0 else 128 - code

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        # Ctrl-C reaches every process of the terminal: Terraform has it already.
        self._is_interrupted = True

    def _interrupt(self, _number: int, _frame: FrameType | None) -> None:
        if not self._is_interrupted:
            self._is_interrupted = True
            self._process.send_signal(signal.SIGINT)


def _environment() -> dict[str, str]:
    """Drop a CLI configuration that is not there: Terraform would warn of it at each command."""
    environ = dict(os.environ)
    if not os.path.exists(environ.get("TF_CLI_CONFIG_FILE", "")):  # noqa: PTH110
        environ.pop("TF_CLI_CONFIG_FILE", None)
    return environ


if __name__ == "__main__":
    sys.exit(Guard(sys.argv[1:]).wait())
