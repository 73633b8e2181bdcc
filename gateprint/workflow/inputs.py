"""Reads blueprints, environments and Lambda sources from disk, and resolves them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from gateprint.access.overreach import check_overreach
from gateprint.errors import Diagnostic, InputRejected, Location
from gateprint.model import resolved, schema, source
from gateprint.model.across import Written, check_accounts, check_across
from gateprint.model.blueprint import Blueprint
from gateprint.model.environment import Environment
from gateprint.model.fields import suggest
from gateprint.model.references import check_references, check_sources
from gateprint.model.resolve import resolve, resolve_environment
from gateprint.model.source import Document

T = TypeVar("T", bound=schema.Model)
SHARED_SOURCE = "shared"


@dataclass(frozen=True, slots=True)
class Places:
    """Where the inputs lie, as the user wrote it; `environment` is None for all of them."""

    project: Path = Path()
    blueprints: Path = Path("blueprints")
    config: Path = Path("config")
    lambdas: Path = Path("lambdas")
    environment: str | None = None


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that was asked, resolved; in the order of names."""

    environments: tuple[resolved.Environment, ...]
    blueprints: tuple[resolved.ResolvedBlueprint, ...]


class _Collector:
    """Gathers the diagnostics of many files, so that a user sees all of them at once."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []

    def __enter__(self) -> _Collector:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if isinstance(error, InputRejected):
            self.diagnostics += error.diagnostics
            return True
        return False

    def add(self, found: Iterable[Diagnostic]) -> None:
        self.diagnostics += found

    def raise_if_any(self) -> None:
        if self.diagnostics:
            raise InputRejected(self.diagnostics)


def load(places: Places, files: Sequence[Path] = ()) -> Inputs:
    """Read, check and resolve the blueprints of `files`, or all of them.

    Raises:
        InputRejected: with every problem of every file.
    """
    collector = _Collector()
    environments = _load_environments(places, collector)
    written = _load_blueprints(places, files, collector)
    handlers = find_handlers(places.lambdas)
    whole: list[Written] = []
    for document, blueprint in written:
        found = [
            *check_references(document, blueprint),
            *check_sources(document, blueprint, handlers),
            *_check_environments(document, blueprint, environments, places),
        ]
        collector.add(found)
        if not found:
            found_here = _resolve_all(document, blueprint, environments, places, collector)
            whole.append(Written(document, blueprint, tuple(found_here)))
    collector.add(check_across(whole))
    collector.raise_if_any()
    blueprints = [blueprint for each in whole for blueprint in each.resolved]
    used = {each.environment.name for each in blueprints}
    # A rehearsal has its account even where no blueprint is there yet.
    used |= {places.environment} if places.environment else set()
    chosen = [environments[name][1] for name in sorted(used)]
    return Inputs(tuple(each for each in chosen if each is not None), tuple(blueprints))


def load_environment(places: Places, name: str) -> resolved.Environment:
    """Read one environment alone, whatever the blueprints and the other environments say.

    Raises:
        InputRejected: with every problem of its file.
    """
    path = places.config / f"{name}.yaml"
    if not path.is_file():
        raise InputRejected([_no_environment(places, name)])
    return _environment(path, places)[1]


def _no_environment(places: Places, name: str) -> Diagnostic:
    known = sorted(path.stem for path in places.config.glob("*.yaml"))
    where = Location(str(places.config / f"{name}.yaml"))
    problem = f'there is no environment "{name}"'
    return Diagnostic(where, "unknown-environment", problem, _environment_remedy(name, known))


def _environment_remedy(name: str, known: Sequence[str]) -> str:
    return suggest(name, known) if known else "make that file"


_Environments = Mapping[str, tuple[Document, resolved.Environment | None]]


def _resolve_all(
    document: Document,
    blueprint: Blueprint,
    environments: _Environments,
    places: Places,
    collector: _Collector,
) -> Iterator[resolved.ResolvedBlueprint]:
    for environment in _chosen_environments(blueprint, environments, places):
        with collector:
            is_rehearsal = environment.endpoint is not None
            whole = resolve(document, blueprint, environment, all_stages=is_rehearsal)
            collector.add(check_overreach(document, whole))
            yield whole


def _chosen_environments(
    blueprint: Blueprint, environments: _Environments, places: Places
) -> list[resolved.Environment]:
    """Return where the blueprint goes: a rehearsal takes all its stages, others their own."""
    named = {stage.environment for stage in blueprint.stages.values()}
    names = named if places.environment is None else {places.environment}
    found = [environments[name][1] for name in sorted(names) if name in environments]
    return [each for each in found if each and (each.name in named or each.endpoint is not None)]


def _check_environments(
    document: Document, blueprint: Blueprint, environments: _Environments, places: Places
) -> Iterator[Diagnostic]:
    if not places.config.is_dir():
        return  # That has been said already.
    for name, stage in blueprint.stages.items():
        if stage.environment not in environments:
            file = places.config / f"{stage.environment}.yaml"
            problem = f'environment "{stage.environment}" has no file {file}'
            remedy = _environment_remedy(stage.environment, sorted(environments))
            path = ("stages", name, "environment")
            yield document.reject(path, "unknown-environment", problem, remedy)


def _load_blueprints(
    places: Places, files: Sequence[Path], collector: _Collector
) -> list[tuple[Document, Blueprint]]:
    found: list[tuple[Document, Blueprint]] = []
    with collector:
        files = files or _yaml_files(places.blueprints, "blueprint")
    for path in files:
        with collector:
            found.append(_read(path, Blueprint))
    return found


def _load_environments(places: Places, collector: _Collector) -> _Environments:
    found: dict[str, tuple[Document, resolved.Environment | None]] = {}
    with collector:
        files = _yaml_files(places.config, "environment")
        for path in files:
            # A file that is wrong is still there: references to it are not wrong as well.
            found[path.stem] = (Document(str(path), None), None)
            with collector:
                found[path.stem] = _environment(path, places)
    readable = [(document, whole) for document, whole in found.values() if whole is not None]
    collector.add(check_accounts(readable))
    if places.environment is not None and places.environment not in found:
        collector.add([_no_environment(places, places.environment)])
        collector.raise_if_any()
    return found


def _environment(path: Path, places: Places) -> tuple[Document, resolved.Environment]:
    document, written = _read(path, Environment)
    if written.environment != path.stem:
        problem = f'the file is {path.name}, the environment "{written.environment}"'
        remedy = f"write environment: {path.stem}"
        where = ("environment",)
        raise InputRejected([document.reject(where, "environment-name", problem, remedy)])
    return document, resolve_environment(document, written, _metadata(written, places))


def _metadata(environment: Environment, places: Places) -> Mapping[str, str]:
    found = {}
    root = places.config.resolve()
    for provider in environment.identity_providers.values():
        path = (places.config / provider.metadata).resolve()
        # A link must not lead out of config/.
        if path.is_relative_to(root) and path.is_file():
            found[provider.metadata] = _text(path, provider.metadata)
    return found


def _yaml_files(folder: Path, kind: str) -> list[Path]:
    if not folder.is_dir():
        problem = f"there is no folder {folder}"
        remedy = f"make it, with at least one {kind} in it, or name another"
        raise InputRejected([Diagnostic(Location(str(folder)), "no-folder", problem, remedy)])
    try:
        files = sorted(folder.iterdir())
    except OSError as error:
        raise InputRejected([_unreadable(str(folder), "folder", error)]) from None
    # Passed over in silence, what such a file declares would be destroyed.
    others = [path for path in files if path.suffix in {".yml", ".YAML", ".YML"}]
    if others:
        raise InputRejected([_wrong_suffix(path) for path in others])
    return [path for path in files if path.suffix == ".yaml"]


def _wrong_suffix(path: Path) -> Diagnostic:
    problem = f"the name ends with {path.suffix}, and only .yaml is read"
    remedy = f"rename it to {path.stem}.yaml"
    return Diagnostic(Location(str(path)), "wrong-suffix", problem, remedy)


def _read(path: Path, model: type[T]) -> tuple[Document, T]:
    document = source.read(str(path), _text(path, str(path)))
    return document, schema.validate(document, model)


def _text(path: Path, name: str) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        problem = f"the file is not UTF-8 at byte {error.start + 1}"
        found = Diagnostic(Location(name), "not-text", problem, "save it as UTF-8")
    except OSError as error:
        found = _unreadable(name, "file", error)
    raise InputRejected([found])


def _unreadable(name: str, kind: str, error: OSError) -> Diagnostic:
    problem = f"the {kind} cannot be read: {error.strerror}"
    return Diagnostic(Location(name), "unreadable", problem, "check its name and its rights")


def find_handlers(lambdas: Path) -> dict[str, frozenset[str]]:
    """Return the `module.function` names of every folder of lambdas/."""
    if not lambdas.is_dir():
        return {}
    folders = sorted(each for each in lambdas.iterdir() if each.is_dir())
    return {
        folder.name: frozenset(_handlers(folder))
        for folder in folders
        if folder.name != SHARED_SOURCE and not folder.name.startswith((".", "_"))
    }


def _handlers(folder: Path) -> Iterator[str]:
    for path in _source_files(folder):
        if path.suffix == ".py":
            module = ".".join(path.relative_to(folder).with_suffix("").parts)
            for name in _functions(path):
                yield f"{module}.{name}"


def _functions(path: Path) -> Iterator[str]:
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, OSError):
        return
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name


def source_files(lambdas: Path, name: str) -> dict[str, bytes]:
    """Return what the archive of one source holds: its own files, and shared/ as a package."""
    own, shared = lambdas / name, lambdas / SHARED_SOURCE
    files = {path.relative_to(own).as_posix(): path for path in _source_files(own)}
    if shared.is_dir():
        files |= {path.relative_to(lambdas).as_posix(): path for path in _source_files(shared)}
    return {name: path.read_bytes() for name, path in sorted(files.items())}


def _source_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        is_left_out = any(part.startswith(".") or part == "__pycache__" for part in parts)
        if path.is_file() and not path.is_symlink() and not is_left_out:
            yield path
