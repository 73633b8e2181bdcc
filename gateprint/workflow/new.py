"""`new`: starts an API with a blueprint, functions and a test that are valid at once."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import TypeAdapter, ValidationError

from gateprint.errors import Diagnostic, InputRejected, Location
from gateprint.model import fields
from gateprint.model.resolved import Environment
from gateprint.workflow import scaffold
from gateprint.workflow.environments import load_environment
from gateprint.workflow.files import environment_files, shown
from gateprint.workflow.inputs import load
from gateprint.workflow.lambdas import SHARED_SOURCE
from gateprint.workflow.new_files import AlreadyThere, write_new
from gateprint.workflow.places import Places

_COMMAND = "gateprint new "
_SCHEMA = "gateprint.schema.json"


@dataclass(frozen=True, slots=True)
class Created:
    """What was written for a new API, and where it can be rehearsed.

    `companions` are files that were missing beside the API's own three. `rehearsal` is the name
    of an embedded cloud that this project can be deployed to, or None.
    """

    name: str
    blueprint: Path
    source: Path
    handler_test: Path
    companions: tuple[Path, ...]
    rehearsal: str | None


def create(places: Places, name: str) -> Created:
    """Write a new API's files: all of them, or none.

    Raises:
        InputRejected: the name is wrong or taken, one of the files is there already, or there is
            no environment that a stage could go to.
        ToolFailed: a file could not be written.
    """
    _check_name(name)
    made = _plan(places, name)
    _check_absent(made)
    environments = _environments(places)
    texts = _texts(made, places, environments)
    _check_beside_others(made, texts, places, environments)
    companions = _missing_companions(places)
    try:
        write_new({**texts, **companions})
    except AlreadyThere as error:
        raise InputRejected([_exists(error.path)]) from None
    return replace(
        made,
        companions=tuple(companions),
        rehearsal=_rehearsal(places, environments),
    )


def _plan(places: Places, name: str) -> Created:
    # A test is a Python module, and its name is better without hyphens.
    module = f"test_{name.replace('-', '_')}_handlers.py"
    return Created(
        name=name,
        blueprint=places.blueprints / f"{name}.yaml",
        source=places.lambdas / name / "app.py",
        handler_test=places.project / "tests" / "lambdas" / module,
        companions=(),
        rehearsal=None,
    )


def _check_name(name: str) -> None:
    # Bytes that are no text reach Python as half characters, which cannot be printed.
    name = name.encode(errors="surrogateescape").decode(errors="backslashreplace")
    try:
        TypeAdapter(fields.Name).validate_python(name)
    except ValidationError as error:
        said = error.errors()[0]["ctx"]
        where = _argument(name)
        found = Diagnostic(where, "wrong-name", said["problem"], said["remedy"])
        raise InputRejected([found]) from None
    if name == SHARED_SOURCE:
        problem = f"lambdas/{name} is the folder that goes into every function's archive"
        raise InputRejected(
            [Diagnostic(_argument(name), "reserved-name", problem, "choose another name")]
        )


def _argument(name: str) -> Location:
    """Return the place of the name on the command line."""
    written = shlex.quote(name)
    return Location("command line", 1, len(_COMMAND) + 1, len(written), f"{_COMMAND}{written}")


def _check_absent(made: Created) -> None:
    folder = made.source.parent
    taken = [path for path in (made.blueprint, made.handler_test) if os.path.lexists(path)]
    if os.path.lexists(folder) and not _is_empty(folder):
        taken.append(folder)
    if taken:
        raise InputRejected(_exists(path) for path in taken)


def _is_empty(folder: Path) -> bool:
    """Tell whether a folder holds no source: git keeps none, and Python leaves its cache behind."""
    return folder.is_dir() and all(each.name == "__pycache__" for each in folder.iterdir())


def _exists(path: Path) -> Diagnostic:
    kind = "folder" if path.is_dir() else "file"
    problem, remedy = f"the {kind} is there already", "choose another name, or move it away"
    return Diagnostic(Location(shown(path)), "exists", problem, remedy)


def _environments(places: Places) -> list[Environment]:
    names = [path.stem for path in environment_files(places.config)]
    if not names:
        problem = f"there is no environment in {shown(places.config)}, and a stage needs one"
        remedy = "write a file for one there, or name another folder with --config"
        where = Location(shown(places.config))
        raise InputRejected([Diagnostic(where, "unknown-environment", problem, remedy)])
    found: list[Environment] = []
    problems: list[Diagnostic] = []
    for name in names:
        try:
            found.append(load_environment(places, name))
        except InputRejected as error:
            problems += error.diagnostics
    if problems:
        raise InputRejected(problems)
    return found


def _texts(made: Created, places: Places, environments: Sequence[Environment]) -> dict[Path, str]:
    schema = os.path.relpath(places.project / _SCHEMA, places.blueprints)
    config = places.config.resolve().name
    written = scaffold.blueprint_text(made.name, environments, config, Path(schema).as_posix())
    return {
        made.blueprint: written,
        made.source: scaffold.source_text(made.name),
        made.handler_test: scaffold.handler_test_text(made.name),
    }


def _check_beside_others(
    made: Created,
    texts: Mapping[Path, str],
    places: Places,
    environments: Sequence[Environment],
) -> None:
    """Refuse what `validate` would refuse about the new blueprint, wherever it is deployed.

    What is wrong with other files is not this command's business.
    """
    others = sorted(places.blueprints.glob("*.yaml"))
    chosen = [None, *(each.name for each in environments if each.endpoint is not None)]
    found: list[Diagnostic] = []
    with TemporaryDirectory(prefix="gateprint-") as folder:
        staged = _stage(Path(folder), made, texts, places)
        for environment in chosen:
            here = replace(staged, environment=environment)
            found += _problems_of(here, [*others, staged.blueprints / made.blueprint.name])
    if found:
        raise InputRejected(_at_the_name(made.name, each) for each in found)


def _stage(folder: Path, made: Created, texts: Mapping[Path, str], places: Places) -> Places:
    """Write the new blueprint and its source to a folder of their own; return their places."""
    staged = replace(places, blueprints=folder / "blueprints", lambdas=folder / "lambdas")
    write_new(
        {
            staged.blueprints / made.blueprint.name: texts[made.blueprint],
            staged.lambdas / made.name / made.source.name: texts[made.source],
        }
    )
    return staged


def _problems_of(places: Places, files: Sequence[Path]) -> Iterator[Diagnostic]:
    """Yield what is wrong with the last of the files, whose claims come after all others."""
    try:
        load(places, files)
    except InputRejected as error:
        yield from (each for each in error.diagnostics if each.location.path == shown(files[-1]))


def _at_the_name(name: str, found: Diagnostic) -> Diagnostic:
    remedy = "choose another name" if found.code.endswith("-taken") else found.remedy
    return replace(found, location=_argument(name), remedy=remedy)


def _missing_companions(places: Places) -> dict[Path, str]:
    texts = scaffold.companion_texts()
    wanted = {places.project / path: text for path, text in texts.items()}
    return {path: text for path, text in wanted.items() if not path.exists()}


def _rehearsal(places: Places, environments: Sequence[Environment]) -> str | None:
    """Return where `cdktf` can deploy to without an account; it needs its own file here."""
    names = [each.name for each in environments if each.endpoint is not None]
    return names[0] if names and (places.project / "cdktf.json").is_file() else None
