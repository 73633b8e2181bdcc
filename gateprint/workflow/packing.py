"""Packs the functions of all blueprints; one that checks tokens with its library and settings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from gateprint.access.tokens import settings_of
from gateprint.errors import ToolFailed
from gateprint.model.resolved import Function, ResolvedBlueprint
from gateprint.model.resolved.identity_token import GUARD_FILE
from gateprint.stack.archive import Archive, pack
from gateprint.workflow.inputs import Inputs
from gateprint.workflow.lambdas import source_files
from gateprint.workflow.libraries import libraries
from gateprint.workflow.places import Places

# What verifies signatures decides about access: its bytes are these, wherever it was installed
# from. docs/decisions/0024 says how to change it.
JOSE_VERSION = "6.2.17"
JOSE_SHA256 = "4ac5fde85a70692f6d3ecc8959180475c59ab6b651e9556007d606afd074247a"
_MODULES = Path("node_modules")
_LIBRARY = Path("dist") / "webapi"


def archives_of(inputs: Inputs, places: Places) -> dict[str, Archive]:
    """Return the archives of all functions, by `Function.archive`.

    Raises:
        ToolFailed: the library that checks tokens is not installed, or is another one.
    """
    found: dict[str, Archive] = {}
    for name, (blueprint, function) in sorted(_functions(inputs).items()):
        is_python = not function.checks
        own = source_files(places.lambdas, function.source, is_shared=is_python)
        more = _of_tokens(blueprint, function, places.project) if function.checks else {}
        if function.is_guarded:
            more = _of_guard(own, function, places.project)
        found[name] = pack(name, {**own, **more})
    return found


def _functions(inputs: Inputs) -> dict[str, tuple[ResolvedBlueprint, Function]]:
    return {
        function.archive: (whole, function)
        for whole in inputs.blueprints
        for function in whole.functions
    }


def _of_tokens(
    blueprint: ResolvedBlueprint, function: Function, project: Path
) -> Mapping[str, bytes]:
    api_name, name = function.checks or ("", "")
    api = blueprint.api(api_name)
    issuer = next(each for each in api.authorizers if each.name == name)
    settings = json.dumps(settings_of(api, issuer), indent=1, sort_keys=True) + "\n"
    return {"settings.json": settings.encode(), **library(project)}


def _of_guard(own: Mapping[str, bytes], function: Function, project: Path) -> Mapping[str, bytes]:
    if GUARD_FILE not in own:
        raise ToolFailed(
            f"lambdas/{GUARD_FILE} is not there, and {function.name} asks for identity tokens",
            "put lambdas/shared there that comes with gateprint",
        )
    return libraries(project, function.runtime)


def _home(project: Path) -> Path:
    """Return where the library is: in the project, or beside gateprint."""
    beside = Path(str(files("gateprint"))).parent
    places = [root / _MODULES / "jose" for root in (project, beside)]
    return next((each for each in places if each.is_dir()), places[0])


def library(project: Path) -> Mapping[str, bytes]:
    """Return the files of the library that verifies tokens, by their path in an archive.

    Raises:
        ToolFailed: it is not installed, or is another one.
    """
    return _library(_home(project))


@cache
def _library(home: Path) -> Mapping[str, bytes]:
    paths = [home / "package.json", home / "LICENSE.md", *_modules(home)]
    try:
        found = {f"{_MODULES}/jose/{_name(each, home)}": each.read_bytes() for each in paths}
    except OSError as error:
        raise ToolFailed(
            "the library that checks tokens is not installed",
            "run make setup, which installs what package-lock.json names",
            str(error.strerror),
        ) from error
    if digest_of(found) != JOSE_SHA256:
        raise ToolFailed(
            f"node_modules/jose is not jose {JOSE_VERSION} as it was published",
            "remove node_modules, and run make setup",
        )
    return found


def _modules(home: Path) -> Iterator[Path]:
    yield from (each for each in sorted((home / _LIBRARY).rglob("*.js")) if each.is_file())


def _name(path: Path, home: Path) -> str:
    return path.relative_to(home).as_posix()


def digest_of(found: Mapping[str, bytes]) -> str:
    """Return the SHA-256 digest of files, names and all."""
    whole = hashlib.sha256()
    for name, content in sorted(found.items()):
        whole.update(f"{name}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()
