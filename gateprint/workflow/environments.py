"""Reads, checks and resolves environments, and looks for those that a blueprint names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path

from gateprint.errors import Diagnostic, InputRejected, Location
from gateprint.model import resolved, schema, source
from gateprint.model.across import check_accounts
from gateprint.model.cautions import check_environment_cautions
from gateprint.model.document import Document
from gateprint.model.environment import Environment
from gateprint.model.metadata import LONGEST as LONGEST_METADATA
from gateprint.model.resolve_environment import resolve_environment
from gateprint.model.rules import check_environment_rules
from gateprint.model.words import suggest
from gateprint.workflow.collector import Collector
from gateprint.workflow.files import environment_files, environments_in, read_text, shown
from gateprint.workflow.places import Places

# The metadata of an embedded cloud's own sign-in page: by environment, endpoint and issuer.
SignIn = Callable[[str, str, str], str]


def no_sign_in(_environment: str, _endpoint: str, _issuer: str) -> str:
    """Return no metadata: most verbs need none, and none of them makes a key."""
    return ""


Environments = Mapping[str, tuple[Document, resolved.Environment | None]]


def readable(environments: Environments) -> list[tuple[Document, resolved.Environment]]:
    """Return those that are right."""
    return [(document, whole) for document, whole in environments.values() if whole is not None]


def load_environment(
    places: Places, name: str, sign_in: SignIn = no_sign_in
) -> resolved.Environment:
    """Read one environment alone, whatever the blueprints and the other environments say.

    Raises:
        InputRejected: with every problem of its file.
    """
    path = places.config / f"{name}.yaml"
    if not path.is_file():
        raise InputRejected([_no_environment(places, name)])
    collector, found = Collector(), None
    with collector:
        _, found = _environment(path, places, collector, sign_in)
    if found is None:
        raise InputRejected(collector.diagnostics)
    return found


def _no_environment(places: Places, name: str) -> Diagnostic:
    known = environments_in(places.config)
    where = Location(shown(places.config / f"{name}.yaml"))
    problem = f'there is no environment "{name}"'
    return Diagnostic(where, "unknown-environment", problem, _environment_remedy(name, known))


def _environment_remedy(name: str, known: Sequence[str]) -> str:
    return suggest(name, known) if known else "make that file"


def check_named_environments(
    document: Document, environments: Environments, places: Places
) -> Iterator[Diagnostic]:
    """Yield which environments a blueprint's stages name, and are not there."""
    if not places.config.is_dir():
        return  # That has been said already.
    for stage in document.mapping("stages"):
        name = document.text("stages", stage, "environment")
        if name is not None and name not in environments:
            file = shown(places.config / f"{name}.yaml")
            problem = f'environment "{name}" has no file {file}'
            remedy = _environment_remedy(name, sorted(environments))
            path = ("stages", stage, "environment")
            yield document.reject(path, "unknown-environment", problem, remedy)


def load_environments(places: Places, collector: Collector, sign_in: SignIn) -> Environments:
    """Read all of them, by name; None stands for one that is wrong, which the collector keeps.

    Raises:
        InputRejected: the environment that was asked for is not there.
    """
    found: dict[str, tuple[Document, resolved.Environment | None]] = {}
    with collector:
        for path in environment_files(places.config):
            # A file that is wrong is still there: references to it are not wrong as well.
            found[path.stem] = (Document(shown(path), None), None)
            with collector:
                found[path.stem] = _environment(path, places, collector, sign_in)
    collector.add(check_accounts(readable(found)))
    if places.environment is not None and places.environment not in found:
        collector.add([_no_environment(places, places.environment)])
        collector.raise_if_any()
    return found


def _environment(
    path: Path, places: Places, collector: Collector, sign_in: SignIn
) -> tuple[Document, resolved.Environment | None]:
    document = read_document(path)
    rules = chain(
        check_environment_rules(document),
        check_environment_cautions(document),
        _check_name(document, path),
    )
    written, found = schema.examine(document, Environment, rules)
    collector.add(found)
    if written is None:
        return document, None
    with collector:
        metadata = _metadata(written, places)
        own = partial(sign_in, written.environment, written.endpoint or "")
        return document, resolve_environment(document, written, metadata, own)
    return document, None


def _check_name(document: Document, path: Path) -> Iterator[Diagnostic]:
    name = document.text("environment")
    if name is not None and name != path.stem:
        problem = f'the file is {shown(Path(path.name))}, the environment "{name}"'
        remedy = f"write environment: {shown(Path(path.stem))}"
        yield document.reject(("environment",), "environment-name", problem, remedy)


def _metadata(environment: Environment, places: Places) -> Mapping[str, str | Diagnostic]:
    """Return the texts of the metadata files, or why one cannot be read, by written name."""
    found: dict[str, str | Diagnostic] = {}
    written = (each.metadata for each in environment.identity_providers.values())
    for name in filter(None, written):
        path = places.config / name
        try:
            found[name] = read_text(path, inside=places.config, limit=LONGEST_METADATA)
        except InputRejected as error:
            found[name] = error.diagnostics[0]
    return found


def read_document(path: Path) -> Document:
    """Return the YAML of a file, which lies nowhere else."""
    return source.read(shown(path), read_text(path, inside=path.parent))
