"""The file that a function's process starts with: `python -I -S start.py SOCKET`.

It finds the other modules of this folder under a name that no handler's module has.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path

NAME = "_gateprint_function_runtime"


def main() -> None:
    """Load the runtime and serve on the socket whose number is the one argument."""
    folder = Path(__file__).parent
    spec = importlib.util.spec_from_file_location(
        NAME, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None:  # pragma: no cover  # the file is there: it lies beside this one
        raise ImportError(NAME)
    sys.modules[NAME] = importlib.util.module_from_spec(spec)
    importlib.import_module(f"{NAME}.serve").serve(int(sys.argv[1]))


if __name__ == "__main__":
    main()
