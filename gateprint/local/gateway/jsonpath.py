"""The JSONPath expressions that name one value: `$`, `$.name`, `$['name']`, `$[0]`; pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from gateprint.local.gateway.faults import NotServed

_STEP = re.compile(r"\.([A-Za-z_][\w-]*)|\['([^']*)'\]|\[(\d+)\]", re.ASCII)


@lru_cache(maxsize=1024)
def parse(path: str) -> tuple[str | int, ...]:
    """Return the names and indexes of a path.

    Raises:
        NotServed: it may name several values, or is no path.
    """
    steps: list[str | int] = []
    position = 1
    while path.startswith("$") and position < len(path):
        found = _STEP.match(path, position)
        if found is None:
            break
        name, quoted, index = found.groups()
        steps.append(int(index) if index else name or quoted)
        position = found.end()
    if position != max(len(path), 1) or not path.startswith("$"):
        raise NotServed(f"the JSONPath {path} is none that names one value")
    return tuple(steps)


def find(value: Any, path: str) -> Any:
    """Return what a path names within parsed JSON; None where there is nothing."""
    for step in parse(path):
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value
