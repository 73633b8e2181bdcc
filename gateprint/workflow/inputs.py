"""Reads blueprints with their environments, checks them alone and together, and resolves them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from gateprint.access.endpoints import check_endpoints, with_passages
from gateprint.access.order import check_order, check_retired_roles
from gateprint.access.overreach import check_overreach
from gateprint.access.quotas import check_quotas, check_shared_quotas
from gateprint.access.tokens import check_tokens
from gateprint.errors import Diagnostic, in_order
from gateprint.model import resolved, schema
from gateprint.model.across import Placed, check_across
from gateprint.model.blueprint import Blueprint
from gateprint.model.cautions import check_cautions
from gateprint.model.certificates import check_certificates
from gateprint.model.document import Document
from gateprint.model.domains import (
    check_certificates_of_domains,
    check_domains,
    check_shared_domains,
)
from gateprint.model.identity_tokens import check_identity_tokens
from gateprint.model.placement import check_placement
from gateprint.model.plans import check_plans
from gateprint.model.references import check_references, check_sources
from gateprint.model.requests import check_requests
from gateprint.model.resolve import resolve
from gateprint.model.rules import check_rules
from gateprint.workflow.collector import Collector
from gateprint.workflow.environments import (
    Environments,
    SignIn,
    check_named_environments,
    load_environments,
    no_sign_in,
    read_document,
    readable,
)
from gateprint.workflow.files import (
    yaml_files,
)
from gateprint.workflow.lambdas import find_handlers
from gateprint.workflow.places import Places
from gateprint.workflow.schemas import read_schemas
from gateprint.workflow.waivers import read_waivers


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that was asked, resolved, in the order of names; and what to take care of.

    `documents` are what blueprints were read from, by the blueprint's name.
    """

    environments: tuple[resolved.Environment, ...]
    blueprints: tuple[resolved.ResolvedBlueprint, ...]
    warnings: tuple[Diagnostic, ...] = ()
    documents: Mapping[str, Document] = field(default_factory=dict, compare=False)


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
    collector = Collector()
    environments = load_environments(places, collector, sign_in)
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
            check_named_environments(document, environments, places),
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
    collector.add(check_across(placed, readable(environments)))
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
    placed: Sequence[Placed], environments: Environments, places: Places, now: dt.datetime
) -> Iterator[Diagnostic]:
    """Check the certificates of the environments that something goes to, and of no other."""
    used = {each.name for one in placed for each in one.environments} | {places.environment}
    for document, whole in readable(environments):
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


def _environments_of(
    document: Document, environments: Environments, places: Places
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
    blueprints: Iterable[resolved.ResolvedBlueprint], environments: Environments, places: Places
) -> Iterator[resolved.Environment]:
    used = {each.environment.name for each in blueprints}
    # A rehearsal has its account even where no blueprint is there yet.
    used |= {places.environment} if places.environment else set()
    for name in sorted(used):
        environment = environments[name][1]
        if environment is not None:
            yield environment


def _read_blueprints(
    places: Places, files: Sequence[Path], collector: Collector
) -> list[tuple[Document, Path]]:
    found: list[tuple[Document, Path]] = []
    with collector:
        files = files or yaml_files(places.blueprints, "blueprint")
    for path in files:
        with collector:
            found.append((read_document(path), path.parent))
    return found
