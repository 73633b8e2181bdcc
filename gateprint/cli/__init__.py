"""Arguments, printing and exit codes: the only place that prints, and the composition root."""

from gateprint.cli.main import main

__all__ = ["main"]
