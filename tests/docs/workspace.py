"""A project folder for examples: a blueprint of their own, this project's config and lambdas."""

from __future__ import annotations

import shutil
from pathlib import Path

import yaml

from gateprint.errors import Diagnostic, InputRejected
from gateprint.model import source
from gateprint.workflow.inputs import load
from gateprint.workflow.places import Places
from tests.docs.pages import ROOT


def make_workspace(folder: Path) -> Path:
    """Fill a folder with this project's environments, functions and schemas, and no blueprint."""
    schemas = ROOT / "blueprints" / "examples" / "schemas"
    shutil.copytree(schemas, folder / "blueprints" / "schemas")
    shutil.copytree(ROOT / "config", folder / "config")
    (folder / "lambdas").symlink_to(ROOT / "lambdas")
    return folder


def diagnose(folder: Path, environment: str | None = None) -> tuple[Diagnostic, ...]:
    """Return what a workspace is rejected for; nothing where it is accepted."""
    return tuple(each for each in remarks(folder, environment) if each.severity == "error")


def remarks(folder: Path, environment: str | None = None) -> tuple[Diagnostic, ...]:
    """Return what is said of a workspace: its errors, or else its warnings."""
    places = Places(
        project=folder,
        blueprints=folder / "blueprints",
        config=folder / "config",
        lambdas=folder / "lambdas",
        environment=environment,
    )
    try:
        return load(places).warnings
    except InputRejected as error:
        return error.diagnostics


def lay_over(base: str, example: str) -> str:
    """Return the YAML text of `base` with the fields of `example` in place of its own.

    Quotes stay as they were written. An example that is refused while it is read, or says nothing,
    comes back as it is.
    """
    try:
        source.read("example", example)
    except InputRejected:
        return example
    below, above = yaml.compose(base), yaml.compose(example)
    if below is None or above is None:
        return example
    text: str = yaml.serialize(_merged(below, above))
    return text


def _merged(below: yaml.Node, above: yaml.Node) -> yaml.Node:
    if not (isinstance(below, yaml.MappingNode) and isinstance(above, yaml.MappingNode)):
        return above
    values = {key.value: (key, value) for key, value in below.value}
    for key, value in above.value:
        known = values.get(key.value)
        values[key.value] = (key, _merged(known[1], value) if known else value)
    return yaml.MappingNode(below.tag, list(values.values()))
