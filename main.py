"""CDKTF's entry point: `cdktf` runs it through cdktf.json, and reads cdktf.out afterwards.

`GATEPRINT_ENVIRONMENT` chooses one environment; without it, all that the blueprints name.
"""

from gateprint.cli import start

if __name__ == "__main__":
    start(["synth"])
