"""What init left in a folder is taken again for the same stack, backend and provider alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateprint.terraform.binary import TerraformBinary
from gateprint.terraform.initialised import Initialised
from gateprint.terraform.store import ProviderStore
from gateprint.terraform.workspace import Tools

DOCUMENT: dict[str, Any] = {
    "terraform": {"backend": {"s3": {"bucket": "states", "key": "pets"}}},
    "provider": {"aws": [{"region": "eu-central-1"}]},
    "resource": {},
}


@pytest.fixture
def tools(tmp_path: Path) -> Tools:
    lock = tmp_path / "lock.hcl"
    lock.write_text("locked", encoding="utf-8")
    store = ProviderStore(tmp_path / "mirror", "5.100.0", lock)
    return Tools(tmp_path, TerraformBinary(Path("terraform"), "1.11.4"), store, {})


def folder_of(place: Path, document: dict[str, Any] = DOCUMENT, lock: str = "locked") -> Path:
    place.mkdir()
    (place / "cdk.tf.json").write_text(json.dumps(document), encoding="utf-8")
    (place / ".terraform.lock.hcl").write_text(lock, encoding="utf-8")
    return place


def initialise(folder: Path, mark: str = "data") -> Path:
    providers = folder / ".terraform" / "providers"
    providers.mkdir(parents=True)
    (providers / "linux_amd64").symlink_to(folder.parent / "mirror")
    (folder / ".terraform" / "terraform.tfstate").write_text(mark, encoding="utf-8")
    return folder


def kept(tools: Tools, stack: str, folder: Path) -> Initialised:
    found = Initialised.of(tools, stack, folder)
    assert found is not None
    return found


def keep(tools: Tools, name: str = "first", mark: str = "data") -> None:
    folder = initialise(folder_of(tools.project / name), mark)
    kept(tools, "pets", folder).keep(folder)


def test_the_data_is_taken_again_with_its_links(tools: Tools) -> None:
    keep(tools)
    folder = folder_of(tools.project / "second", {**DOCUMENT, "resource": {"aws_iam_role": {}}})
    assert kept(tools, "pets", folder).restore(folder)
    data = folder / ".terraform"
    assert (data / "terraform.tfstate").read_text(encoding="utf-8") == "data"
    assert (data / "providers" / "linux_amd64").readlink() == tools.project / "mirror"


OTHERS: dict[str, Callable[[Tools], tuple[Tools, str, dict[str, Any], str]]] = {
    "stack": lambda tools: (tools, "cats", DOCUMENT, "locked"),
    "backend": lambda tools: (tools, "pets", {**DOCUMENT, "terraform": {}}, "locked"),
    "provider": lambda tools: (tools, "pets", {**DOCUMENT, "provider": {}}, "locked"),
    "lock file": lambda tools: (tools, "pets", DOCUMENT, "other"),
    "terraform": lambda tools: (
        replace(tools, terraform=TerraformBinary(Path("terraform"), "1.12.0")),
        "pets",
        DOCUMENT,
        "locked",
    ),
    "mirror": lambda tools: (
        replace(tools, store=replace(tools.store, folder=tools.project / "other")),
        "pets",
        DOCUMENT,
        "locked",
    ),
}


@pytest.mark.parametrize("other", OTHERS)
def test_nothing_is_taken_for_another(tools: Tools, other: str) -> None:
    keep(tools)
    now, stack, document, lock = OTHERS[other](tools)
    folder = folder_of(tools.project / "second", document, lock)
    assert not kept(now, stack, folder).restore(folder)
    assert not (folder / ".terraform").exists()


def test_only_the_last_is_kept_of_a_stack(tools: Tools) -> None:
    keep(tools)
    folder = folder_of(tools.project / "second", {**DOCUMENT, "terraform": {}})
    initialise(folder)
    kept(tools, "pets", folder).keep(folder)
    assert len(list((tools.project / ".gateprint" / "cache" / "init" / "pets").iterdir())) == 1


def test_keeping_twice_is_safe(tools: Tools) -> None:
    keep(tools)
    keep(tools, "again", "other data")
    folder = folder_of(tools.project / "second")
    assert kept(tools, "pets", folder).restore(folder)


@pytest.mark.parametrize("more", ["module", "override.tf", "more.tf.json"])
def test_nothing_is_kept_where_init_reads_more_than_the_synthesized_file(
    tools: Tools, more: str
) -> None:
    document = {**DOCUMENT, "module": {}} if more == "module" else DOCUMENT
    folder = folder_of(tools.project / "first", document)
    if more != "module":
        (folder / more).write_text("{}", encoding="utf-8")
    assert Initialised.of(tools, "pets", folder) is None


def test_a_place_that_cannot_be_written_costs_nothing_but_time(tools: Tools) -> None:
    (tools.project / ".gateprint").write_text("a file", encoding="utf-8")
    keep(tools)
    folder = folder_of(tools.project / "second")
    assert not kept(tools, "pets", folder).restore(folder)
