"""Hostile text in every free-text field: Terraform reads back from whole stacks what was written.

The fields are found in the models, so a new one without a place in `arrivals` fails. Files are
written, synthesized as `cdktf` does it, and every text of every stack is decoded by Terraform.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import pytest

from gateprint.cli.main import run
from gateprint.model.blueprint import Blueprint
from gateprint.model.environment import Environment
from gateprint.model.kinds import Check, text
from gateprint.model.schema import Model
from tests.stack.arrivals import BLUEPRINT, ENVIRONMENT, NAME, OF_TESTS, STAYS
from tests.stack.hostile import Project, Texts, make_project
from tests.stack.places import At
from tests.stack.synthesized import synth
from tests.stack.terraform_json import Stack, parse, texts_of
from tests.stack.test_every_value_arrives import Value, values_of
from tests.stack.test_text_in_terraform import read_back

pytestmark = [pytest.mark.terraform, pytest.mark.cdktf]

BLUEPRINTS = 8


def is_free(metadata: object) -> bool:
    """Tell whether a type is `fields.text(...)`."""
    return isinstance(metadata, Check) and metadata.convert.__qualname__ == (
        text(1).convert.__qualname__
    )


def free_fields(kind: Any, pattern: str = "") -> Iterator[str]:
    """Yield the patterns of all free-text fields below a type of the models."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated and any(map(is_free, arguments[1:])):
        yield pattern
    elif origin is Annotated or origin in {Union, types.UnionType}:
        for each in arguments[:1] if origin is Annotated else arguments:
            yield from free_fields(each, pattern)
    elif origin is list:
        yield from free_fields(arguments[0], f"{pattern}.#")
    elif origin is dict:
        yield from free_fields(arguments[0], f"{pattern}.*{NAME}")
        yield from free_fields(arguments[1], f"{pattern}.*")
    elif isinstance(kind, type) and issubclass(kind, Model):
        for name, each in get_type_hints(kind, include_extras=True).items():
            if name in kind.model_fields:
                yield from free_fields(each, f"{pattern}.{name}".lstrip("."))


# With these a stack is empty: tests/stack/test_retired.py.
RETIRED = {"retired.reason", "retired.by"}
FREE = {*free_fields(Blueprint), *free_fields(Environment)} - RETIRED
# Their texts must be names that the same file declares.
DECLARED = {"roles.*.allow.#.stages.#", "roles.*.allow.#.routes.#", "plans.*.stages.#"}
# Not free, and yet with signs that something below could interpret.
PATTERNED = {"stages.*.variables.*", "apis.*.routes.*.http"}
# A reason after fixed words, which stays in the file; that it is accepted does arrive.
REASONS = {"roles.*.allow.#.overreach"}


def as_written(data: Any) -> Any:
    """Return data with every scalar as text, as a reader of the YAML text has it."""
    if isinstance(data, dict):
        return {key: as_written(each) for key, each in data.items()}
    if isinstance(data, list):
        return [as_written(each) for each in data]
    return str(data)


def decoded_by_terraform(folder: Path, documents: list[Any]) -> Callable[[str], str]:
    """Return a function that knows what Terraform makes of each text of the documents."""
    raw = sorted({each for document in documents for each in texts_of(document)})
    folder.mkdir()
    # As a value, and as a key of a map.
    keys = {f"k{index}": {each: index} for index, each in enumerate(raw)}
    outputs = read_back(folder, {"values": raw, "keys": keys})
    values, found = outputs["values"], outputs["keys"]
    assert isinstance(values, list)
    assert isinstance(found, dict)
    assert values == [next(iter(found[f"k{index}"])) for index in range(len(raw))]
    return dict(zip(raw, values, strict=True)).__getitem__


@pytest.fixture(scope="module")
def texts() -> Texts:
    return Texts(20261122)


@pytest.fixture(scope="module")
def project(texts: Texts, tmp_path_factory: pytest.TempPathFactory) -> Project:
    return make_project(tmp_path_factory.mktemp("hostile") / "project", texts, BLUEPRINTS)


@pytest.fixture(scope="module")
def stacks(project: Project) -> dict[str, Stack]:
    outdir = synth(project.root.parent / "out", project.root)
    paths = sorted(outdir.glob("stacks/*/cdk.tf.json"))
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    decode = decoded_by_terraform(project.root.parent / "decoding", documents)
    return {
        path.parent.name: Stack(path.parent, parse(document, decode))
        for path, document in zip(paths, documents, strict=True)
    }


def free_values(data: Mapping[str, Any], patterns: set[str]) -> list[Value]:
    return [each for each in values_of(as_written(data)) if each.pattern in patterns]


def test_every_free_text_field_of_the_models_has_a_place_or_stays() -> None:
    assert {*DECLARED, *REASONS} <= FREE
    assert {*BLUEPRINT, *OF_TESTS, *ENVIRONMENT, *STAYS} >= FREE - DECLARED


def test_every_free_text_field_carries_many_hostile_texts(project: Project, texts: Texts) -> None:
    files = [*project.blueprints.values(), project.environment]
    seen = [each for data in files for each in free_values(data, FREE - DECLARED | PATTERNED)]
    counts = {pattern: sum(each.pattern == pattern for each in seen) for pattern in FREE - DECLARED}
    assert min(counts.values()) >= BLUEPRINTS, counts
    assert {each.text for each in seen} >= texts.made
    assert len(texts.made) >= 500


def test_every_text_of_a_blueprint_comes_back(project: Project, stacks: dict[str, Stack]) -> None:
    where = as_written(project.environment)
    wrong = []
    for name, data in project.blueprints.items():
        stack = stacks[f"{name}-hostile"]
        for value in free_values(data, PATTERNED | FREE - DECLARED - STAYS.keys()):
            at = At(as_written(data), value.names, value.text, stack, where, project.root)
            expected, found = {**BLUEPRINT, **OF_TESTS}[value.pattern](at) or (None, value.text)
            if expected != found:
                wrong.append((value, found))
    assert wrong == []


def test_every_tag_of_the_environment_comes_back(
    project: Project, stacks: dict[str, Stack]
) -> None:
    data = as_written(project.environment)
    for stack in stacks.values():
        for value in free_values(data, FREE):
            at = At({}, value.names, value.text, stack, data, project.root)
            pair = ENVIRONMENT[value.pattern](at)
            assert pair is not None
            assert pair[0] == pair[1], value


def test_what_stays_in_the_file_is_in_no_stack(project: Project, stacks: dict[str, Stack]) -> None:
    everything = {each for stack in stacks.values() for each in texts_of({"": stack.__dict__})}
    for data in project.blueprints.values():
        for value in free_values(data, {*STAYS} & FREE | REASONS):
            assert value.text not in everything


def test_a_token_of_cdktf_is_refused_in_every_field(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project(tmp_path / "project", Texts(7), 1)
    (data,) = project.blueprints.values()
    expected = 0
    for whole in (data, project.environment):
        for pattern in FREE - DECLARED:
            values = free_values(whole, {pattern})
            if values:
                _put(whole, values[0], "${TfToken[TOKEN.0]}")
                expected += 1
    project.write()
    monkeypatch.chdir(project.root)
    monkeypatch.setenv("GATEPRINT_ENVIRONMENT", "")
    assert run(("validate", "--format", "json")) == 1
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    tokens = [each for each in found if each["code"] == "terraform-token"]
    assert len(tokens) == expected == len(FREE - DECLARED)


def _put(data: Any, value: Value, word: str) -> None:
    """Put a word into a value or name of the data, in place."""
    names = iter(value.names)
    steps = [
        next(names) if each in {"*", "#"} else each
        for each in value.pattern.removesuffix(NAME).split(".")
    ]
    for step in steps[:-1]:
        data = data[step]
    if value.pattern.endswith(NAME):
        data[value.text + word] = data.pop(steps[-1])
    else:
        data[steps[-1]] = value.text + word
