"""Compares rendered output with a committed file; `make golden` rewrites the file instead."""

from __future__ import annotations

import os
from pathlib import Path


def assert_golden(path: Path, rendered: str) -> None:
    """Compare `rendered` with the file at `path`, whole."""
    if os.environ.get("GATEPRINT_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(rendered, encoding="utf-8")
    expected = path.read_text(encoding="utf-8") if path.is_file() else ""
    assert rendered == expected, f"{path} differs; look at it, then run: make golden"
