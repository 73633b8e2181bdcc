"""Reads blueprints and environments, checks them alone and together, and resolves them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path

from gateprint.access.endpoints import check_endpoints, with_passages
from gateprint.access.order import check_order, check_retired_roles
from gateprint.access.overreach import check_overreach
from gateprint.access.quotas import check_quotas, check_shared_quotas
from gateprint.access.tokens import check_tokens
from gateprint.errors import Diagnostic, InputRejected, Location, in_order
from gateprint.model import resolved, schema, source
from gateprint.model.across import Placed, check_accounts, check_across
from gateprint.model.blueprint import Blueprint
from gateprint.model.cautions import check_cautions, check_environment_cautions
from gateprint.model.certificates import check_certificates
from gateprint.model.document import Document
from gateprint.model.domains import (
    check_certificates_of_domains,
    check_domains,
    check_shared_domains,
)
from gateprint.model.environment import Environment
from gateprint.model.identity_tokens import check_identity_tokens
from gateprint.model.metadata import LONGEST as LONGEST_METADATA
from gateprint.model.placement import check_placement
from gateprint.model.plans import check_plans
from gateprint.model.references import check_references, check_sources
from gateprint.model.requests import check_requests
from gateprint.model.resolve import resolve
from gateprint.model.resolve_environment import resolve_environment
from gateprint.model.rules import check_environment_rules, check_rules
from gateprint.model.words import suggest
from gateprint.workflow.files import (
    environment_files,
    environments_in,
    read_text,
    shown,
    yaml_files,
)
from gateprint.workflow.lambdas import find_handlers
from gateprint.workflow.schemas import read_schemas
from gateprint.workflow.waivers import read_waivers


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
    """Everything that was asked, resolved, in the order of names; and what to take care of.

    `documents` are what blueprints were read from, by the blueprint's name.
    """

    environments: tuple[resolved.Environment, ...]
    blueprints: tuple[resolved.ResolvedBlueprint, ...]
    warnings: tuple[Diagnostic, ...] = ()
    documents: Mapping[str, Document] = field(default_factory=dict, compare=False)


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
        """Reject the input with its errors; the warnings are for an input that is right."""
        errors = [each for each in self.diagnostics if each.severity == "error"]
        if errors:
            raise InputRejected(errors)


# The metadata of an embedded cloud's own sign-in page: by environment, endpoint and issuer.
SignIn = Callable[[str, str, str], str]


def no_sign_in(_environment: str, _endpoint: str, _issuer: str) -> str:
    """Return no metadata: most verbs need none, and none of them makes a key."""
    return ""


def load(
    places: Places,
    files: Sequence[Path] = (),
    *,
    now: dt.datetime | None = None,
    sign_in: SignIn = no_sign_in,
    with_waivers: bool = True,
) -> Inputs:
    """Read, check and resolve the blueprints of `files`, or all of them.

    `now` is the time that certificates are judged by, the clock's unless it is given. It enters
    nothing but diagnostics. `sign_in` gives the metadata of an embedded cloud's own sign-in page.
    `with_waivers` checks config/review.yaml too; what it says is read where a review needs it.

    Raises:
        InputRejected: with every problem of every file.
    """
    collector = _Collector()
    environments = _load_environments(places, collector, sign_in)
    if with_waivers:
        with collector:
            read_waivers(places.config)
    handlers: Mapping[str, frozenset[str]] = {}
    with collector:
        handlers = find_handlers(places.lambdas)
    placed: list[Placed] = []
    whole: list[tuple[Document, resolved.ResolvedBlueprint]] = []
    for document, folder in _read_blueprints(places, files, collector):
        here = Placed(document, tuple(_environments_of(document, environments, places)))
        rules = chain(
            _check_blueprint(document, handlers),
            _check_environments(document, environments, places),
            *(check_placement(document, each) for each in here.environments),
            *(check_certificates_of_domains(document, each) for each in here.environments),
        )
        blueprint, found = schema.examine(document, Blueprint, rules)
        collector.add(found)
        placed.append(here)
        schemas, unread = read_schemas(document, folder)
        collector.add(unread)
        if blueprint is not None:
            whole += [(document, _resolve(blueprint, each, schemas)) for each in here.environments]
    collector.add(check_across(placed, _readable(environments)))
    collector.add(check_shared_domains(each.document for each in placed))
    collector.add(_check_certificates(placed, environments, places, now or dt.datetime.now(dt.UTC)))
    collector.add(_check_access(whole))
    blueprints = tuple(blueprint for _, blueprint in whole)
    chosen = tuple(
        with_passages(each, blueprints)
        for each in _chosen_environments(blueprints, environments, places)
    )
    if not files and len(whole) == sum(len(each.environments) for each in placed):
        # Of some blueprints, or of those that are right, one cannot say what passes.
        for each in chosen:
            collector.add(check_endpoints(environments[each.name][0], each))
    collector.raise_if_any()
    documents = {blueprint.name: document for document, blueprint in whole}
    return Inputs(chosen, blueprints, in_order(collector.diagnostics), documents)


def _check_blueprint(
    document: Document, handlers: Mapping[str, frozenset[str]]
) -> Iterator[Diagnostic]:
    yield from check_rules(document)
    yield from check_references(document)
    yield from check_plans(document)
    yield from check_identity_tokens(document)
    yield from check_domains(document)
    yield from check_sources(document, handlers)
    yield from check_cautions(document)
    yield from check_requests(document)


def _check_certificates(
    placed: Sequence[Placed], environments: _Environments, places: Places, now: dt.datetime
) -> Iterator[Diagnostic]:
    """Check the certificates of the environments that something goes to, and of no other."""
    used = {each.name for one in placed for each in one.environments} | {places.environment}
    for document, whole in _readable(environments):
        if whole.name in used:
            yield from check_certificates(document, whole, now)


def _resolve(
    blueprint: Blueprint, environment: resolved.Environment, schemas: Mapping[str, str]
) -> resolved.ResolvedBlueprint:
    is_rehearsal = environment.endpoint is not None
    return resolve(blueprint, environment, all_stages=is_rehearsal, schemas=schemas)


def _check_access(
    whole: Sequence[tuple[Document, resolved.ResolvedBlueprint]],
) -> Iterator[Diagnostic]:
    """Check what follows from the policies, which only a right blueprint has."""
    within: list[tuple[Document, resolved.ResolvedBlueprint]] = []
    for document, blueprint in whole:
        found = list(check_quotas(document, blueprint))
        yield from found
        # Beyond the quotas nothing is deployed, and comparing all routes would take minutes.
        if not any(each.severity == "error" for each in found):
            within.append((document, blueprint))
            yield from check_overreach(document, blueprint)
            yield from check_tokens(document, blueprint)
    yield from check_shared_quotas(within)
    yield from check_order(whole)
    yield from check_retired_roles(whole)


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
    collector, found = _Collector(), None
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


_Environments = Mapping[str, tuple[Document, resolved.Environment | None]]


def _readable(environments: _Environments) -> list[tuple[Document, resolved.Environment]]:
    return [(document, whole) for document, whole in environments.values() if whole is not None]


def _environments_of(
    document: Document, environments: _Environments, places: Places
) -> Iterator[resolved.Environment]:
    """Yield where the blueprint goes: a rehearsal takes all its stages, others their own."""
    stages = document.mapping("stages")
    named = {document.text("stages", stage, "environment") for stage in stages}
    for _, each in sorted(environments.items()):
        environment = each[1]
        if environment is None or places.environment not in {None, environment.name}:
            continue
        is_chosen_rehearsal = environment.endpoint is not None and places.environment is not None
        if environment.name in named or is_chosen_rehearsal:
            yield environment


def _chosen_environments(
    blueprints: Iterable[resolved.ResolvedBlueprint], environments: _Environments, places: Places
) -> Iterator[resolved.Environment]:
    used = {each.environment.name for each in blueprints}
    # A rehearsal has its account even where no blueprint is there yet.
    used |= {places.environment} if places.environment else set()
    for name in sorted(used):
        environment = environments[name][1]
        if environment is not None:
            yield environment


def _check_environments(
    document: Document, environments: _Environments, places: Places
) -> Iterator[Diagnostic]:
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


def _read_blueprints(
    places: Places, files: Sequence[Path], collector: _Collector
) -> list[tuple[Document, Path]]:
    found: list[tuple[Document, Path]] = []
    with collector:
        files = files or yaml_files(places.blueprints, "blueprint")
    for path in files:
        with collector:
            found.append((_read(path), path.parent))
    return found


def _read(path: Path) -> Document:
    return source.read(shown(path), read_text(path, inside=path.parent))


def _load_environments(places: Places, collector: _Collector, sign_in: SignIn) -> _Environments:
    found: dict[str, tuple[Document, resolved.Environment | None]] = {}
    with collector:
        for path in environment_files(places.config):
            # A file that is wrong is still there: references to it are not wrong as well.
            found[path.stem] = (Document(shown(path), None), None)
            with collector:
                found[path.stem] = _environment(path, places, collector, sign_in)
    collector.add(check_accounts(_readable(found)))
    if places.environment is not None and places.environment not in found:
        collector.add([_no_environment(places, places.environment)])
        collector.raise_if_any()
    return found


def _environment(
    path: Path, places: Places, collector: _Collector, sign_in: SignIn
) -> tuple[Document, resolved.Environment | None]:
    document = _read(path)
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
