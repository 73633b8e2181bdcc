"""`import`: an OpenAPI document, or a REST API of an account, as a blueprint."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from gateprint.errors import Diagnostic, InputRejected, Location
from gateprint.model.document import Document
from gateprint.model.resolved import Environment
from gateprint.openapi import servers
from gateprint.openapi.account import AccountApi
from gateprint.openapi.account_draft import Chosen, Taken, draft_of_account
from gateprint.openapi.adopting import adoptions_of
from gateprint.openapi.foreign import Others
from gateprint.openapi.importing import Wishes, draft_of
from gateprint.openapi.own import own_of
from gateprint.openapi.reading import LIMITS, Node, read_description
from gateprint.openapi.schemes import Issuers
from gateprint.openapi.text import blueprint_text
from gateprint.terraform.plans.adoption import import_blocks
from gateprint.workflow.environments import load_environment
from gateprint.workflow.files import environment_files, read_text, shown
from gateprint.workflow.inputs import Inputs, load
from gateprint.workflow.new_files import AlreadyThere, write_new
from gateprint.workflow.places import Places
from gateprint.workflow.scaffold import choose_stages, is_production

_SCHEMA = "../gateprint.schema.json"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the command line chose."""

    name: str | None = None
    is_partial: bool = False
    has_base_path: bool = False
    issuer: str | None = None
    audiences: tuple[str, ...] = ()
    has_checks: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """A blueprint's file, and the Terraform JSON with its import blocks, empty where none are.

    `schemas` are files that lie beside the blueprint, by relative name.
    """

    name: str
    blueprint: str
    imports: str = ""
    schemas: Mapping[str, str] = field(default_factory=dict)


def import_openapi(places: Places, file: Path, choices: Choices) -> Imported:
    """Return the blueprint that an OpenAPI document describes.

    Raises:
        InputRejected: the document cannot be read, says what no blueprint can say, or the
            blueprint would not pass `validate`.
    """
    text = read_text(file, inside=file.parent, limit=LIMITS.size)
    document = read_description(shown(file), text)
    wishes = Wishes(
        name=choices.name,
        stages={} if own_of(Node(document)).is_there else _stages(places, document),
        is_partial=choices.is_partial,
        has_base_path=choices.has_base_path,
        others=Others(Issuers(choices.issuer, choices.audiences), choices.has_checks),
    )
    draft = draft_of(document, wishes)
    written = blueprint_text(draft.blueprint, draft.remarks, _SCHEMA, file.name)
    name = str(draft.blueprint["name"])
    _validated(places, name, written, draft.files)
    return Imported(name, written, schemas=draft.files)


def import_aws(
    places: Places, environment: Environment, found: AccountApi, choices: Choices
) -> Imported:
    """Return the blueprint of an account's API, and what imports it into the blueprint's stack.

    Raises:
        InputRejected: as `import_openapi` does.
    """
    chosen = Chosen(
        environment.name, _stage_for(environment), choices.name, is_partial=choices.is_partial
    )
    taken = draft_of_account(found, chosen)
    draft = taken.draft
    text = blueprint_text(draft.blueprint, draft.remarks, _SCHEMA, f"the REST API {found.id}")
    name = str(draft.blueprint["name"])
    inputs = _validated(places, name, text, draft.files)
    imports = _import_blocks(inputs, name, environment, taken, found)
    return Imported(name, text, imports, draft.files)


def require_absent(paths: Iterable[Path]) -> None:
    """Refuse to begin where a file is to be written that is there already.

    Raises:
        InputRejected: with each of them.
    """
    if found := [_exists(path) for path in paths if path.exists()]:
        raise InputRejected(found)


def write(texts: Mapping[Path, str]) -> None:
    """Write new files: all of them, or none.

    Raises:
        InputRejected: one of them is there already.
        ToolFailed: the system refuses.
    """
    try:
        write_new(texts)
    except AlreadyThere as error:
        raise InputRejected([_exists(error.path)]) from None


def _exists(path: Path) -> Diagnostic:
    problem, remedy = "the file is there already", "name another, or move it away"
    return Diagnostic(Location(shown(path)), "exists", problem, remedy)


def _stages(places: Places, document: Document) -> Mapping[str, Any]:
    """Return the stages of a description that names none of ours."""
    environments = list(_environments(places))
    named = servers.stage_of(Node(document))
    if places.environment is not None or len(environments) == 1:
        stage = named or _stage_for(environments[0])
        return {stage: {"environment": environments[0].name}}
    return {name: {"environment": each} for name, each in choose_stages(environments).items()}


def _stage_for(environment: Environment) -> str:
    return "prod" if is_production(environment.name) else "dev"


def _environments(places: Places) -> Iterator[Environment]:
    if places.environment is not None:
        yield load_environment(places, places.environment)
        return
    names = [path.stem for path in environment_files(places.config)]
    if not names:
        where, problem = Location(shown(places.config)), "there is no environment for a stage"
        remedy = "write a file for one there, or name another folder with --config"
        raise InputRejected([Diagnostic(where, "unknown-environment", problem, remedy)])
    yield from (load_environment(places, name) for name in names)


def _validated(
    places: Places, name: str, text: str, schemas: Mapping[str, str] = MappingProxyType({})
) -> Inputs:
    """Check a blueprint as `validate` would beside the others, but one of the same file's name.

    What is wrong with others is not this command's business.
    """
    others = [each for each in sorted(places.blueprints.glob("*.yaml")) if each.stem != name]
    with TemporaryDirectory(prefix="gateprint-") as folder:
        staged = Path(folder) / "blueprint.yaml"
        staged.write_text(text, encoding="utf-8")
        for file, schema in schemas.items():
            (staged.parent / file).parent.mkdir(parents=True, exist_ok=True)
            (staged.parent / file).write_text(schema, encoding="utf-8")
        try:
            return load(places, [*others, staged])
        except InputRejected as error:
            own = [each for each in error.diagnostics if each.location.path == shown(staged)]
            if own:
                where = f"{name}.yaml, as it would be"
                raise InputRejected(_at(where, each) for each in own) from None
        return load(places, [staged])


def _at(where: str, found: Diagnostic) -> Diagnostic:
    return replace(found, location=replace(found.location, path=where))


def _import_blocks(
    inputs: Inputs, name: str, environment: Environment, taken: Taken, found: AccountApi
) -> str:
    blueprint = next(
        each
        for each in inputs.blueprints
        if each.name == name and each.environment.name == environment.name
    )
    api = next(each for each in blueprint.apis if each.name == taken.draft.api)
    blocks = import_blocks(adoptions_of(blueprint, api, found, taken.places))
    return json.dumps(blocks, indent=2) + "\n"
