"""`python -m tests.seam.fork ARGUMENTS` is gateprint with CDKTF's fork in the place of CDKTF.

The fork has other package names and, so it says, nothing else that is different.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

FORK = {"cdktf": "cdktn", "cdktf_cdktf_provider_aws": "cdktn_provider_aws"}


class ForkFinder(MetaPathFinder, Loader):
    """Finds the fork's module for each module of CDKTF and its bindings."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where the fork has the module; None for all others."""
        package, dot, rest = fullname.partition(".")
        fork = FORK.get(package)
        return ModuleSpec(fullname, self, origin=f"{fork}{dot}{rest}") if fork else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return the fork's module."""
        return import_module(str(spec.origin))

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: the import before has executed it."""


def main() -> int:
    """Run the command line."""
    sys.meta_path.insert(0, ForkFinder())
    from gateprint.cli.main import run  # noqa: PLC0415

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
