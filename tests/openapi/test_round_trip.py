"""import(export(blueprint)) is the blueprint, and what an export says is valid OpenAPI."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from gateprint.model.blueprint import Blueprint
from gateprint.model.body_schema import read_schema
from gateprint.openapi.text import yaml_text
from tests.model.made import ROOT, blueprint_of
from tests.openapi.generated import blueprints
from tests.openapi.written import SCHEMAS, exported, imported, resolved_as, written_again

FORMS: dict[str, Callable[[Any], str]] = {"json": json.dumps, "yaml": yaml_text}


@settings(
    max_examples=int(os.environ.get("ROUND_TRIPS", "40")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(blueprints())
def test_a_blueprint_comes_back_as_it_was(text: str):
    _, before = blueprint_of(text)
    document = exported(text)
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    for form, write in FORMS.items():
        draft = imported(write(document))
        _, after = written_again(draft)
        assert after == before, form
        # In this order routes are published, and stages promoted.
        assert resolved_as(after) == resolved_as(before)
        assert draft.remarks == ()
        for file, schema in draft.files.items():
            assert read_schema(file, schema) == SCHEMAS[file], form
        assert set(draft.files) == files_of(after)


def files_of(blueprint: Blueprint) -> set[str]:
    (api,) = blueprint.apis.values()
    found = (each.request.body for each in api.routes.values() if each.request)
    return {each for each in found if each is not None}


@pytest.mark.parametrize(
    "name", ["pets", "orders", "examples/jwt", "examples/cognito", "examples/identity-token"]
)
def test_the_examples_come_back_as_they_were(name: str):
    text = (ROOT / "blueprints" / f"{name}.yaml").read_text(encoding="utf-8")
    _, after = written_again(imported(exported(text)))
    assert after == blueprint_of(text)[1]


def test_what_api_gateway_imports_is_openapi_3_0():
    text = (ROOT / "blueprints" / "pets.yaml").read_text(encoding="utf-8")
    document = exported(text, "3.0")
    assert document["openapi"].startswith("3.0")
    assert list(OpenAPIV30SpecValidator(document).iter_errors()) == []
