"""Reads lambdas/: which handlers there are, and what each source's archive holds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from gateprint.workflow.files import entries

SHARED_SOURCE = "shared"


def find_handlers(lambdas: Path) -> dict[str, frozenset[str]]:
    """Return the `module.function` names of every folder of lambdas/; of Node `module.mjs:handler`.

    Raises:
        InputRejected: the folder cannot be read.
    """
    if not lambdas.is_dir():
        return {}
    # A link would pack what lies elsewhere.
    folders = [each for each in entries(lambdas) if each.is_dir() and not each.is_symlink()]
    return {
        folder.name: frozenset(_handlers(folder))
        for folder in folders
        if folder.name != SHARED_SOURCE and not folder.name.startswith((".", "_"))
    }


def _handlers(folder: Path) -> Iterator[str]:
    for path in _source_files(folder):
        if path.suffix == ".mjs" and path.parent == folder and _exports_handler(path):
            # A function of a blueprint is Python, and can have no such name.
            yield f"{path.name}:handler"
        if path.suffix == ".py":
            module = ".".join(path.relative_to(folder).with_suffix("").parts)
            for name in _functions(path):
                yield f"{module}.{name}"


_EXPORTED = re.compile(rb"^export (?:async )?function handler\b", re.MULTILINE)


def _exports_handler(path: Path) -> bool:
    try:
        return _EXPORTED.search(path.read_bytes()) is not None
    except OSError:
        return False


def _functions(path: Path) -> tuple[str, ...]:
    try:
        return _functions_in(path.read_bytes())
    except (SyntaxError, ValueError, OSError, RecursionError, MemoryError):
        return ()


@lru_cache(maxsize=64)
def _functions_in(source: bytes) -> tuple[str, ...]:
    """Return the functions of a module; who reads a project again and again parses it once."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return tuple(each.name for each in ast.parse(source).body if isinstance(each, kinds))


def source_files(lambdas: Path, name: str, *, is_shared: bool = True) -> dict[str, bytes]:
    """Return what the archive of one source holds: its own files, and shared/ as a package.

    `is_shared` tells whether it has the latter: what is not Python cannot use it.
    """
    own, shared = lambdas / name, lambdas / SHARED_SOURCE
    files = {path.relative_to(own).as_posix(): path for path in _source_files(own)}
    if is_shared and shared.is_dir():
        files |= {path.relative_to(lambdas).as_posix(): path for path in _source_files(shared)}
    return {name: path.read_bytes() for name, path in sorted(files.items())}


def _source_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        is_left_out = any(part.startswith(".") or part == "__pycache__" for part in parts)
        if path.is_file() and not path.is_symlink() and not is_left_out:
            yield path
