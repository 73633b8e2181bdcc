"""The packages that Lambda's Python runtimes have beside the function's own; reads modules.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html, "Runtime-included SDK versions":
the SDK and what it needs. Whatever else a handler imports it has to bring along, here as there.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

INCLUDED = frozenset(
    {"boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3"},
)


class _Included:
    """Finds the included packages, and nothing else, in a folder of packages.

    `importlib.abc` has a base class for it, and takes 20 ms to import.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a whole package; its modules are then found through it."""
        if path is not None or fullname not in INCLUDED:
            return None
        return PathFinder.find_spec(fullname, [self._folder], target)


def include(folder: str) -> None:
    """Let handlers import the included packages from a folder, unless they have their own."""
    sys.meta_path.append(_Included(folder))
