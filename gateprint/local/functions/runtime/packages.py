"""The packages that Lambda's Python runtimes have beside the function's own; reads modules.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html, "Runtime-included SDK versions":
the SDK and what it needs. Whatever else a handler imports it has to bring along, here as there.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

INCLUDED = frozenset(
    {"boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3"},
)

# What a guarded function brings along for Lambda's own system; here it is this system's.
BROUGHT = frozenset({"_cffi_backend", "cffi", "cryptography", "joserfc", "pycparser"})
BROUGHT_TO = "libraries"


class _Included:
    """Finds the included packages, and nothing else, in a folder of packages.

    `importlib.abc` has a base class for it, and takes 20 ms to import.
    """

    def __init__(self, folder: str, names: frozenset[str]) -> None:
        self._folder, self._names = folder, names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a whole package; its modules are then found through it."""
        if path is not None or fullname not in self._names:
            return None
        return PathFinder.find_spec(fullname, [self._folder], target)


def include(folder: str, root: str) -> None:
    """Let handlers import the included packages from a folder, unless they have their own.

    Compiled packages that a function brings along fit one system and one version of Python. The
    same versions of them are in the folder, since both come from requirements.lock.
    """
    sys.meta_path.append(_Included(folder, INCLUDED))
    if os.path.isdir(os.path.join(root, BROUGHT_TO)):  # noqa: PTH112, PTH118  # pathlib takes 20 ms
        sys.meta_path.insert(0, _Included(folder, BROUGHT))
