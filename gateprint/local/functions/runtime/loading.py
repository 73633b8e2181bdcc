"""Finds the handler that `_HANDLER` names; imports the function's code."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any

from .faults import TASK_ROOT, Fault, fault_of

Handler = Callable[[Any, Any], Any]


def load(name: str, root: str) -> Handler | Fault:
    """Return the handler of `app.list_pets`, or why there is none."""
    module_name, dot, function = name.rpartition(".")
    if not dot:
        message = f"Bad handler '{name}': not enough values to unpack (expected 2, got 1)"
        return Fault("Runtime.MalformedHandlerName", message)
    if module_name.split(".")[0] in sys.builtin_module_names:
        message = f"Cannot use built-in module {module_name} as a handler module"
        return Fault("Runtime.BuiltInModuleConflict", message)
    module = _import(module_name, root)
    if isinstance(module, Fault):
        return module
    handler: Handler | None = getattr(module, function, None)
    if handler is None:
        message = f"Handler '{function}' missing on module '{module_name}'"
        return Fault("Runtime.HandlerNotFound", message)
    return handler


def _import(name: str, root: str) -> Any:
    try:
        return importlib.import_module(name.replace("/", "."))
    except ImportError as error:
        message = f"Unable to import module '{name}': {error}"
        return Fault("Runtime.ImportModuleError", message)
    except SyntaxError as error:
        place = str(error.filename).replace(root, TASK_ROOT)
        trace = f'  File "{place}" Line {error.lineno}\n    {error.text}'
        return Fault("Runtime.UserCodeSyntaxError", _syntax_message(name, error), (trace,))
    except Exception as error:  # noqa: BLE001  # whatever the module's own statements raise
        return fault_of(error, root)


def _syntax_message(name: str, error: SyntaxError) -> str:
    return f"Syntax error in module '{name}': {error}"
