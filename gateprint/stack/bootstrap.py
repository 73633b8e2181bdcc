"""Starts CDKTF without loading all 2,212 modules of the AWS bindings; changes this process."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import MutableMapping
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from types import ModuleType

BINDINGS = "cdktf_cdktf_provider_aws"
NODE_HOOK = Path(__file__).with_name("lazy_index.js")

# The `__init__.py` that jsii-pacmak wrote until 2026 ends with one such line per module ...
_LOADS_A_MODULE = re.compile(r"^from \. import \w+$", re.MULTILINE)
# ... and a package that has names of its own would lose them if it were not executed.
_DEFINES_NAMES = re.compile(r"^(class |def __getattr__\b)", re.MULTILINE)


class _LazyPackage(ModuleType):
    """A package that was found but not executed; its modules are imported when they are used."""

    def __getattr__(self, name: str) -> ModuleType:
        """Import the module `name`, as `import package; package.name` expects it to be there."""
        qualified = f"{self.__name__}.{name}"
        try:
            return import_module(qualified)
        except ModuleNotFoundError as missing:
            if missing.name != qualified:
                raise
            problem = f"module {self.__name__!r} has no attribute {name!r}"
            raise AttributeError(problem) from None


def activate(environ: MutableMapping[str, str] = os.environ, package: str = BINDINGS) -> bool:
    """Make CDKTF start fast in this process; call it before the first import of `cdktf`.

    From then on Python and Node load a module of the bindings when it is first used, instead of
    all of them at once. What is synthesized stays the same, byte by byte. Returns whether this is
    in force; calling it again changes nothing.

    Where it would not be safe it changes nothing and returns False, and CDKTF starts as it always
    does: with `GATEPRINT_FAST_SYNTH=0`, after CDKTF was imported, and where the bindings are
    missing, are lazy by themselves, or do not look as jsii-pacmak used to write them. On the Node
    side `lazy_index.js` looks for itself, and leaves a package without `lib/lazy-index.js` alone.
    """
    if environ.get("GATEPRINT_FAST_SYNTH") == "0":
        return False
    if isinstance(sys.modules.get(package), _LazyPackage):
        return True
    spec = _eager_spec(package)
    if spec is None or not NODE_HOOK.is_file():
        return False
    module = module_from_spec(spec)
    module.__class__ = _LazyPackage
    sys.modules[package] = module
    environ["NODE_OPTIONS"] = _with_hook(environ.get("NODE_OPTIONS", ""))
    # The value lists major versions of Node; CDKTF, which is archived, asks for 20.9 or newer.
    environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")
    return True


def _eager_spec(package: str) -> ModuleSpec | None:
    """Find a package that is not imported yet and would load all of its modules at once."""
    # The import of constructs starts Node: after it, NODE_OPTIONS would come too late.
    if package in sys.modules or "constructs" in sys.modules:
        return None
    spec = find_spec(package)
    if spec is None or spec.origin is None or not spec.submodule_search_locations:
        return None
    init = Path(spec.origin)
    if not init.is_file() or not (init.parent / "_jsii" / "__init__.py").is_file():
        return None
    source = init.read_text(encoding="utf-8", errors="replace")
    is_eager = _LOADS_A_MODULE.search(source) and not _DEFINES_NAMES.search(source)
    return spec if is_eager else None


def _with_hook(node_options: str) -> str:
    """Add `--require <hook>` to the value of NODE_OPTIONS, unless it is there already."""
    # Node splits the value at spaces, except between double quotes; there `\` escapes.
    path = str(NODE_HOOK).replace("\\", "\\\\").replace('"', '\\"')
    # The launcher gives its second Node the other option: packages are found through links.
    option = f'--preserve-symlinks --require "{path}"'
    return node_options if option in node_options else f"{node_options} {option}".lstrip()
