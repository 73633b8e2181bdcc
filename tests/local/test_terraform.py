"""The real Terraform against the embedded cloud: create, change every field, destroy."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from gateprint.local.cloud import CloudSettings
from tests.local.conftest import Client, Terraform
from tests.local.mutations import DEPLOYED, REMOVED, VALUES
from tests.local.one_of_each import BUCKET, changed, configuration

pytestmark = pytest.mark.terraform

BATCHES = {"values": VALUES, "deployed": DEPLOYED, "removed": REMOVED}


def test_every_change_converges(terraform: Terraform, running: CloudSettings, aws: Client) -> None:
    for name in ("one", "two"):
        _write_zip(terraform.folder / f"{name}.zip", f"def handler(event, context): {name!r}\n")
    document = configuration(running.endpoint)
    terraform.write(document)
    terraform.init()
    with terraform.with_standing_provider() as attached:
        _change_step_by_step(attached, document)
    assert aws("apigateway").get_rest_apis()["items"] == []
    assert aws("lambda").list_functions()["Functions"] == []
    assert _locks(aws) == []


def _change_step_by_step(terraform: Terraform, document: dict[str, Any]) -> None:
    assert "0 changed, 0 destroyed" in terraform.apply()
    assert terraform.has_changes() == ""

    for name, batch in BATCHES.items():
        document = changed(document, batch)
        terraform.write(document)
        assert "0 added, 0 changed, 0 destroyed" not in terraform.apply(), name
        assert terraform.has_changes() == "", name

    terraform.destroy()


def _locks(aws: Client) -> list[str]:
    listed = aws("s3").list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return [item["Key"] for item in listed if item["Key"].endswith(".tflock")]


def _write_zip(path: Path, source: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo("pets.py"), source)
