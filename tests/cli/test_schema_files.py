"""The committed JSON Schemas, which editors read, are those of the models."""

from __future__ import annotations

import json

import pytest

from gateprint.model.json_schema import json_schema
from tests.support.golden import assert_golden
from tests.support.project import ROOT

FILES = {
    "blueprint": "gateprint.schema.json",
    "environment": "gateprint.environment.schema.json",
}


@pytest.mark.parametrize("kind", FILES)
def test_golden_schema_file_is_fresh(kind: str) -> None:
    rendered = json.dumps(json_schema(kind), indent=2, ensure_ascii=False) + "\n"
    assert_golden(ROOT / FILES[kind], rendered)
