"""The file that a Node function's process starts with: `python -I -S start_node.py SOCKET NODE`.

It takes what every function's process may take, and becomes Node: limits and the tie to the server
stay over that.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import socket
import sys
from pathlib import Path

NAME = "_gateprint_function_runtime"
# Node itself, its threads' stacks and its compiled code take as much, whatever the function does.
NODE_MIB = 1024


def main() -> None:
    """Read the server's first message, limit this process, and become Node with the same socket."""
    folder = Path(__file__).parent
    spec = importlib.util.spec_from_file_location(
        NAME, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None:  # pragma: no cover  # the file is there: it lies beside this one
        raise ImportError(NAME)
    sys.modules[NAME] = importlib.util.module_from_spec(spec)
    limits = importlib.import_module(f"{NAME}.limits")
    wire = importlib.import_module(f"{NAME}.wire")
    number, node = int(sys.argv[1]), sys.argv[2]
    with socket.socket(fileno=os.dup(number)) as connection:
        settings, _ = wire.receive(connection)
    limits.end_with(settings["server"], settings["lifeline"])
    limits.confine(settings["memory_mib"] + NODE_MIB, settings["file_mib"])
    heap = f"--max-old-space-size={settings['memory_mib']}"
    given = json.dumps({"arn": settings["arn"], "socket": number})
    arguments = [node, heap, str(folder / "serve.mjs"), given]
    os.execv(node, arguments)  # noqa: S606  # what it becomes is named by the server


if __name__ == "__main__":
    main()
