"""Makes a project that works at once: the pets example with its environments and functions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

from gateprint.errors import Diagnostic, InputRejected, Location, ToolFailed
from gateprint.model.manual.json_schema import json_schema
from gateprint.workflow.files import shown
from gateprint.workflow.new_files import AlreadyThere, write_new

_PACKAGE = Path(str(files("gateprint")))
_TEMPLATES = _PACKAGE / "workflow" / "templates" / "project"
# What a project's own package.json takes over: the rest is for gateprint's tests.
_NODE_PACKAGES = ("aws4fetch", "cdktf-cli", "jose")


def init(folder: Path) -> tuple[Path, ...]:
    """Write a project into a folder, and return its files. All of them, or none.

    Raises:
        InputRejected: one of them is there already.
        ToolFailed: the example is not installed, or a file could not be written.
    """
    texts = {folder / path: text for path, text in sorted(project_texts(_source()).items())}
    there = [path for path in texts if path.exists() or path.is_symlink()]
    if there:
        raise InputRejected([_exists(each) for each in there])
    try:
        write_new(texts)
    except AlreadyThere as error:
        raise InputRejected([_exists(error.path)]) from None
    return tuple(texts)


def project_texts(source: Path) -> Mapping[str, str]:
    """Return a project's files, by path: the example's, and those that are made for it."""
    found = {path.relative_to(source).as_posix(): _read(path) for path in _example(source)}
    found["package.json"] = _node_packages(found["package.json"])
    for name in ("blueprint", "environment"):
        part = "" if name == "blueprint" else f".{name}"
        schema = json.dumps(json_schema(name), indent=2, ensure_ascii=False)
        found[f"gateprint{part}.schema.json"] = schema + "\n"
    found["Makefile"] = _read(_TEMPLATES / "Makefile.template")
    found[".gitignore"] = _read(_TEMPLATES / "gitignore.template")
    return found


def _source() -> Path:
    """Return where the example is: inside the installed package, or beside it in its repository."""
    places = (_PACKAGE / "project", _PACKAGE.parent)
    for place in places:
        if (place / "blueprints" / "pets.yaml").is_file():
            return place
    problem = "the example project is not part of this installation"
    raise ToolFailed(problem, "install gateprint from its wheel, or run it in its repository")


def _example(source: Path) -> Iterator[Path]:
    for part in _read(_TEMPLATES / "parts.txt").split():
        path = source / part
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (each for each in found if each.is_file() and "__pycache__" not in each.parts)


def _node_packages(text: str) -> str:
    """Return a package.json with what a project needs, in the versions that were tried."""
    whole = json.loads(text)
    versions = {**whole["dependencies"], **whole["devDependencies"]}
    chosen = {name: versions[name] for name in _NODE_PACKAGES}
    return json.dumps({"private": True, "dependencies": chosen}, indent=2) + "\n"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _exists(path: Path) -> Diagnostic:
    problem = "it is there already, and nothing is overwritten"
    return Diagnostic(Location(shown(path)), "exists", problem, "choose another folder")
