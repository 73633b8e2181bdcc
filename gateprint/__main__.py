"""`python -m gateprint` is the same as `gateprint`."""

from gateprint.cli import start

start()
