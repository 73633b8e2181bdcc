"""`sdk`: writes a client of an API in one language, or fetches API Gateway's own."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from gateprint.access.answers.question import WrongQuestion
from gateprint.errors import Diagnostic, InputRejected, Location, ToolFailed
from gateprint.model.resolved import Api, ResolvedBlueprint
from gateprint.model.words import suggest
from gateprint.sdk.client import Client, client_of
from gateprint.sdk.render import MARK, Language, render
from gateprint.workflow.choice import check_declared
from gateprint.workflow.files import shown
from gateprint.workflow.inputs import Inputs

AWS_ARCHIVE = "api-gateway-javascript-sdk.zip"
_LARGEST_ARCHIVE = 20 * 1024 * 1024
_ZIP = b"PK\x03\x04"

Clients = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Wish:
    """Which client: of an API on a stage, with all routes or those of a role."""

    api: str
    stage: str
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What was written, and the client that it is."""

    paths: tuple[Path, ...]
    client: Client


def write_client(inputs: Inputs, wish: Wish, language: Language, out: Path) -> Written:
    """Write a client's package to the folder `out`; what an earlier run wrote is replaced.

    Raises:
        WrongQuestion: there is no such API, stage or role, or nothing would be in the client.
        InputRejected: a file of somebody else is in the way.
        ToolFailed: a file could not be written.
    """
    client = find_client(inputs, wish)
    texts = render(client, language, _templates())
    return Written(
        write_package(out, {path: text.encode() for path, text in texts.items()}), client
    )


def find_client(inputs: Inputs, wish: Wish) -> Client:
    """Return the client that is wished for.

    Raises:
        WrongQuestion: as `write_client` does.
    """
    blueprint, api = find_api(inputs, wish)
    if wish.role is not None:
        check_declared(inputs, wish.role)
    client = client_of(blueprint, api, wish.stage, wish.role)
    if not client.operations:
        problem = f"{wish.role} may call nothing of {wish.api} on {wish.stage}"
        raise WrongQuestion(problem, "gateprint access shows who may", "--role")
    return client


def find_api(inputs: Inputs, wish: Wish) -> tuple[ResolvedBlueprint, Api]:
    """Return an API with the blueprint and environment that have the stage.

    Raises:
        WrongQuestion: there is none, or there are several.
    """
    named = [(each, api) for each in inputs.blueprints for api in each.apis if api.name == wish.api]
    if not named:
        known = sorted({api.name for each in inputs.blueprints for api in each.apis})
        raise WrongQuestion(f'there is no API "{wish.api}"', suggest(wish.api, known), "API")
    found = [(each, api) for each, api in named if wish.stage in _stages(each)]
    if not found:
        stages = sorted({stage for each, _ in named for stage in _stages(each)})
        problem = f'{wish.api} has no stage "{wish.stage}"'
        raise WrongQuestion(problem, suggest(wish.stage, stages), "STAGE")
    if len(found) > 1:
        environments = " or ".join(each.environment.name for each, _ in found)
        problem = f"{len(found)} APIs {wish.api} have a stage {wish.stage}"
        raise WrongQuestion(problem, f"add --environment {environments}", "API")
    return found[0]


def _stages(blueprint: ResolvedBlueprint) -> set[str]:
    return {stage.name for stage in blueprint.stages}


def fetch_archive(blueprint: ResolvedBlueprint, wish: Wish, clients: Clients, out: Path) -> Path:
    """Write the JavaScript SDK that API Gateway makes of a deployed stage; return its path.

    API Gateway API reference, GetSdk: the answer is a zip archive. It is not unpacked here.

    Raises:
        ToolFailed: AWS refuses, nothing is deployed, or the answer is no archive.
    """
    # Imported here: it takes AWS's client along.
    from gateprint.workflow.aws_failures import explained  # noqa: PLC0415
    from gateprint.workflow.deployed import Wanted, deployed_id  # noqa: PLC0415

    where = blueprint.environment
    api_id = deployed_id(Wanted(where, blueprint.stack, wish.api, wish.stage), clients)
    with explained(where):
        answer = clients("apigateway").get_sdk(
            restApiId=api_id, stageName=wish.stage, sdkType="javascript"
        )
        content = answer["body"].read(_LARGEST_ARCHIVE + 1)
    if not content.startswith(_ZIP) or len(content) > _LARGEST_ARCHIVE:
        problem = f"what API Gateway sent for {wish.api} on {wish.stage} is no archive to keep"
        raise ToolFailed(problem, "ask again later, or leave out --from-aws")
    (path,) = write_package(out, {AWS_ARCHIVE: content})
    return path


@cache
def _templates() -> Mapping[str, str]:
    folder = files("gateprint.sdk").joinpath("templates")
    return {
        each.name: each.read_text(encoding="utf-8") for each in folder.iterdir() if each.is_file()
    }


def write_package(out: Path, contents: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write the files of a package by relative path; return where they are.

    Raises:
        InputRejected: a file of somebody else is in the way.
        ToolFailed: a file could not be written.
    """
    paths = {out / name: content for name, content in contents.items()}
    foreign = [path for path in paths if not _is_ours(path)]
    if foreign:
        raise InputRejected(_in_the_way(path) for path in foreign)
    for path, content in paths.items():
        temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(content)
            temporary.replace(path)
        except OSError as error:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            problem = f"{shown(path)} could not be written: {error.strerror}"
            raise ToolFailed(problem, "check the rights on its folder") from None
    return tuple(paths)


def _is_ours(path: Path) -> bool:
    """Tell whether a file is not there, or was written by an earlier run."""
    if not os.path.lexists(path):
        return True
    if path.is_symlink() or not path.is_file():
        return False
    try:
        content = path.read_bytes()
    except OSError:
        return False
    return not content or MARK.encode() in content or path.name == AWS_ARCHIVE


def _in_the_way(path: Path) -> Diagnostic:
    problem = "this is there already, and gateprint sdk did not write it"
    return Diagnostic(Location(shown(path)), "exists", problem, "choose another folder")
