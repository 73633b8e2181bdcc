"""Where the sign-in page's metadata comes from: the inputs say nothing of it, `synth` asks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from gateprint.errors import InputRejected
from gateprint.local.site import key as module
from gateprint.model.metadata import read_metadata
from gateprint.workflow.inputs import load
from gateprint.workflow.places import Places
from gateprint.workflow.sign_in import home_of, load_with_sign_in
from tests.support.project import ROOT


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """The files of the project, and an empty folder for what is made."""
    folders = {name: ROOT / name for name in ("blueprints", "config", "lambdas")}
    return Places(project=tmp_path, **folders, environment="local")


def test_reading_the_inputs_makes_no_key(places: Places) -> None:
    assert load(places).environments[0].identity_providers[0].metadata_xml == ""
    assert list(places.project.iterdir()) == []


def test_the_metadata_has_the_key_of_the_home_every_time(places: Places) -> None:
    first, second = (load_with_sign_in(places).environments[0] for _ in range(2))
    assert first == second
    found = read_metadata(first.identity_providers[0].metadata_xml)
    assert found.issuer == "urn:acme.auth0.com"
    (kept,) = home_of(places, "local").iterdir()
    assert kept.name == module.NAME
    text = "".join(kept.read_text().split())
    assert all(each in text for each in found.certificates)


def test_the_roles_have_the_same_metadata_as_the_environment(places: Places) -> None:
    inputs = load_with_sign_in(places)
    texts = {
        role.identity_provider.metadata_xml
        for blueprint in inputs.blueprints
        for role in blueprint.roles
        if role.identity_provider is not None
    }
    assert texts == {inputs.environments[0].identity_providers[0].metadata_xml}


def test_a_real_account_needs_no_key(places: Places) -> None:
    nonprod = Places(
        places.project, places.blueprints, places.config, places.lambdas, environment="nonprod"
    )
    assert load_with_sign_in(nonprod).environments[0].identity_providers[0].metadata_xml
    assert list(places.project.iterdir()) == []


class Watched(type(Path())):  # type: ignore[misc]
    """A folder that remembers each time that it is read."""

    reads: ClassVar[list[Path]] = []

    def is_dir(self) -> bool:
        self.reads.append(self)
        return bool(super().is_dir())


def test_inputs_are_read_once_where_the_key_is_there(places: Places) -> None:
    first = load_with_sign_in(places)
    watched = replace(places, blueprints=Watched(places.blueprints))
    assert load_with_sign_in(watched) == first
    assert len(Watched.reads) == 1


def test_an_input_that_is_wrong_makes_no_key(places: Places, tmp_path: Path) -> None:
    blueprints = tmp_path / "blueprints"
    blueprints.mkdir()
    (blueprints / "pets.yaml").write_text("blueprint: 2\n", encoding="utf-8")
    with pytest.raises(InputRejected):
        load_with_sign_in(replace(places, blueprints=blueprints))
    assert not home_of(places, "local").exists()
