"""`python -m bench.applied`: makes the state bucket believe that all stacks here were applied.

In a project whose embedded cloud runs: each stack gets an empty state, and the record that its
configuration gave it.
"""

from __future__ import annotations

import json
import os

from gateprint.terraform.state.store import s3_state
from gateprint.workflow.places import Places
from gateprint.workflow.sign_in import load_with_sign_in
from gateprint.workflow.state import store_of
from gateprint.workflow.synthesis import Synthesized, synthesized


def main() -> None:
    """Synthesize everything, which fills the cache, and record it."""
    places = Places(environment="local")
    for each in synthesized(load_with_sign_in(places), places, os.environ, _say_nothing):
        _record(each)


def _record(found: Synthesized) -> None:
    environment, name = found.stack.environment, found.stack.name
    store = store_of(environment)
    bucket, key = s3_state(environment).bucket, store.keys.state(name)
    store.s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(_state(name)).encode())
    if (became := store.record_applied(name, found.digest)) != "recorded":
        raise SystemExit(f"{name}: {became}")


def _state(lineage: str) -> dict[str, object]:
    """Return a valid state without resources."""
    return {
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 1,
        "lineage": lineage,
        "outputs": {},
        "resources": [],
        "check_results": None,
    }


def _say_nothing(_message: str) -> None:
    """A progress that nobody watches."""


if __name__ == "__main__":
    main()
