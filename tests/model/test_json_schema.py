"""The JSON Schemas for editors: valid, and of one mind with the readers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from gateprint.model.json_schema import MODELS, json_schema
from tests.model.made import NONPROD, ROOT, SMALL, edited

FILES = [
    pytest.param(kind, path, id=path.relative_to(ROOT).as_posix())
    for kind, folder in (("blueprint", "blueprints"), ("environment", "config"))
    for path in sorted((ROOT / folder).glob("*.yaml"))
]


def errors(kind: str, text: str) -> list[str]:
    validator = jsonschema.Draft202012Validator(json_schema(kind))
    return [each.message for each in validator.iter_errors(yaml.safe_load(text))]


@pytest.mark.parametrize("kind", MODELS)
def test_a_schema_is_valid_2020_12(kind: str) -> None:
    schema = json_schema(kind)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize(("kind", "path"), FILES)
def test_the_committed_files_are_accepted(kind: str, path: Path) -> None:
    assert errors(kind, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(("kind", "text"), [("blueprint", SMALL), ("environment", NONPROD)])
def test_the_small_examples_are_accepted(kind: str, text: str) -> None:
    assert errors(kind, text) == []


@pytest.mark.parametrize(
    "edits",
    [
        {"blueprint: 1": "blueprint: 2"},
        {"name: pets\n": ""},
        {"name: pets\n": "name: Pets\n"},
        {"name: pets\n": "name: pets\nzz: 1\n"},
        {"name: pets\n": "name: pets\nowner: ''\n"},
        {"{environment: nonprod}": "{}"},
        {"{environment: nonprod}": "{environment: nonprod, log_level: debug}"},
        {"{environment: nonprod}": "{environment: nonprod, throttle: {rate: -1, burst: 1}}"},
        {"{environment: nonprod}": "{environment: nonprod, access_log: {retention_days: 31}}"},
        {"dev: ": "dev/v1: "},
        {"GET /pets/{id}:": "get /pets/{id}:"},
        {"{function: get_pet}": "{function: get_pet, auth: IAM}"},
        {"{function: get_pet}": "get_pet"},
        {"app.get_pet}": "app.get_pet, memory_mib: 64}"},
        {"app.get_pet}": "app.get_pet, timeout: 10}"},
        {"app.get_pet}": "app.get_pet, proxy: 'no'}"},
        {"pets-reader:": "'a,b':"},
        {"stages: all": "stages: dev"},
        {"stages: all": "stages: []"},
        {"    allow:": "    when: {department: [staff]}\n    allow:"},
    ],
    ids=str,
)
def test_a_wrong_blueprint_is_refused(edits: dict[str, str]) -> None:
    assert errors("blueprint", edited(SMALL, edits))


@pytest.mark.parametrize(
    "edits",
    [
        {'"123456789012"': "123456789012"},
        {'"123456789012"': '"1234"'},
        {"us-east-2": "ohio"},
        {"environment: nonprod": "environment: nonprod\nzz: 1"},
        {"state: {bucket: acme-terraform-state}\n": ""},
        {"acme-terraform-state": "Acme"},
        {"identity/auth0.xml": "../auth0.xml"},
    ],
    ids=str,
)
def test_a_wrong_environment_is_refused(edits: dict[str, str]) -> None:
    assert errors("environment", edited(NONPROD, edits))


def fields_of(schema: Any) -> Any:
    """Yield every object schema that has fields, or keys of a form."""
    if isinstance(schema, dict):
        if not schema.keys().isdisjoint({"properties", "patternProperties"}):
            yield schema
        for each in schema.values():
            yield from fields_of(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from fields_of(each)


@pytest.mark.parametrize("kind", MODELS)
def test_every_level_is_closed(kind: str) -> None:
    assert all(each["additionalProperties"] is False for each in fields_of(json_schema(kind)))
