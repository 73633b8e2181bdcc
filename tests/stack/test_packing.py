"""The archive of a function that checks tokens: settings, and a library of known bytes."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from gateprint.errors import ToolFailed
from gateprint.workflow import packing
from gateprint.workflow.inputs import Inputs, load
from gateprint.workflow.places import Places
from tests.support.project import ROOT

NAME = "shelter-nonprod-shelter_auth0-authorizer"


def places(**changes: Path) -> Places:
    usual: dict[str, Any] = {
        "project": ROOT,
        "blueprints": ROOT / "blueprints" / "examples",
        "config": ROOT / "config",
        "lambdas": ROOT / "lambdas",
    }
    return Places(**{**usual, **changes})


def inputs() -> Inputs:
    return load(places())


def test_the_archive_has_the_function_its_settings_and_the_library() -> None:
    found = packing.archives_of(inputs(), places())
    assert {"pets", NAME} <= set(found)
    archive = zipfile.ZipFile(io.BytesIO(found[NAME].content))
    names = archive.namelist()
    own = [each for each in names if not each.startswith("node_modules/")]
    assert own == ["index.mjs", "keys.mjs", "policy.mjs", "settings.json", "token.mjs"]
    assert "node_modules/jose/LICENSE.md" in names
    assert json.loads(archive.read("node_modules/jose/package.json"))["version"] == (
        packing.JOSE_VERSION
    )
    assert json.loads(archive.read("settings.json")) == {
        "issuer": "https://acme.auth0.com/",
        "audience": ["https://shelter.example.com"],
        "algorithms": ["RS256"],
        "jwks": "https://acme.auth0.com/.well-known/jwks.json",
        "leeway": 0,
        "routes": [
            {"pattern": "GET/animals/?*", "scopes": ["read:animals"]},
            {"pattern": "GET/me", "scopes": []},
            {"pattern": "POST/animals", "scopes": ["write:animals"]},
        ],
    }


def test_equal_inputs_make_equal_archives() -> None:
    first, second = (packing.archives_of(inputs(), places())[NAME] for _ in range(2))
    assert first == second


def test_a_library_with_other_bytes_is_not_packed(tmp_path: Path) -> None:
    jose = tmp_path / "node_modules" / "jose"
    shutil.copytree(ROOT / "node_modules" / "jose", jose)
    packing.archives_of(inputs(), places(project=tmp_path))
    verify = jose / "dist" / "webapi" / "jwt" / "verify.js"
    verify.write_text(verify.read_text() + "\n")
    other = tmp_path / "other"
    shutil.move(tmp_path / "node_modules", other / "node_modules")
    with pytest.raises(ToolFailed, match="is not jose"):
        packing.archives_of(inputs(), places(project=other))


def test_the_pinned_digest_is_that_of_the_locked_version() -> None:
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]["node_modules/jose"]
    found = packing.library(ROOT)
    assert (locked["version"], packing.digest_of(found)) == (
        packing.JOSE_VERSION,
        packing.JOSE_SHA256,
    )


def test_a_library_that_is_not_there_is_said(tmp_path: Path) -> None:
    jose = tmp_path / "node_modules" / "jose"
    jose.mkdir(parents=True)
    with pytest.raises(ToolFailed, match="not installed"):
        packing.archives_of(inputs(), places(project=tmp_path))
