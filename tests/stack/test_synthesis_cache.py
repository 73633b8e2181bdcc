"""What was synthesized once is kept; what is damaged, foreign or of another input is not used."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gateprint.workflow.inputs import Inputs
from gateprint.workflow.places import Places
from gateprint.workflow.sign_in import load_with_sign_in
from gateprint.workflow.synthesis import CACHE, Cache, Synthesized, synthesized
from tests.applies.tiny import blueprint
from tests.support.project import ROOT

KEY, OTHER = "a" * 64, "b" * 64


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    cache = Cache(tmp_path / "cache")
    cache.write(KEY, '{"resource": {}}')
    return cache


def _entry(cache: Cache, key: str = KEY) -> Path:
    return cache.folder / key[:2] / key[2:]


def test_a_text_is_found_by_its_key_alone(cache: Cache) -> None:
    assert cache.read(KEY) == '{"resource": {}}'
    assert cache.read(OTHER) == ""


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _edit(path: Path) -> None:
    path.write_text(path.read_text().replace("resource", "output"))


def _empty(path: Path) -> None:
    path.write_text("")


def _no_text(path: Path) -> None:
    path.write_bytes(b"\xff\xfe")


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES = (_cut, _edit, _empty, _no_text, _folder)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_entry_is_none(damage: Callable[[Path], None], cache: Cache) -> None:
    damage(_entry(cache))
    assert cache.read(KEY) == ""


def test_the_entry_of_another_key_is_none(cache: Cache) -> None:
    _entry(cache, OTHER).parent.mkdir()
    _entry(cache).rename(_entry(cache, OTHER))
    assert cache.read(OTHER) == ""


def test_a_folder_that_cannot_be_written_keeps_nothing_and_harms_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache = Cache(tmp_path / "file")
    cache.write(KEY, "{}")
    assert cache.read(KEY) == ""


@dataclass
class Estate:
    """A project of tiny blueprints; `said` is what the last synthesis told."""

    root: Path
    said: list[str] = field(default_factory=list)

    @property
    def places(self) -> Places:
        names = {"blueprints": self.root / "blueprints", "config": self.root / "config"}
        return Places(project=self.root, lambdas=ROOT / "lambdas", environment="local", **names)

    def inputs(self) -> Inputs:
        return load_with_sign_in(self.places)

    def synthesize(self) -> dict[str, Synthesized]:
        self.said.clear()
        found = synthesized(self.inputs(), self.places, os.environ, self.said.append)
        return {each.stack.name: each for each in found}

    def entries(self) -> list[Path]:
        return [path for path in (self.root / CACHE).rglob("*") if path.is_file()]

    def write(self, name: str, text: str) -> None:
        (self.root / "blueprints" / f"{name}.yaml").write_text(text, encoding="utf-8")


@pytest.fixture
def estate(tmp_path: Path) -> Estate:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    (tmp_path / "blueprints").mkdir()
    estate = Estate(tmp_path)
    for name in ("ants", "bees"):
        estate.write(name, blueprint(name))
    return estate


@pytest.mark.cdktf
def test_only_what_changed_is_synthesized_again(estate: Estate) -> None:
    first = estate.synthesize()
    assert estate.said == ["synthesizing 3 of 3 stacks"]
    assert estate.synthesize() == first
    assert estate.said == []
    estate.write("bees", blueprint("bees").replace("pong", "PONG"))
    second = estate.synthesize()
    assert estate.said == ["synthesizing 1 of 3 stacks"]
    assert second["ants-local"] == first["ants-local"]
    assert second["bees-local"] != first["bees-local"]


@pytest.mark.cdktf
def test_a_damaged_cache_gives_the_same_terraform(estate: Estate) -> None:
    first = estate.synthesize()
    one, two, _ = estate.entries()
    one.write_text(two.read_text())
    two.write_bytes(b"\xff")
    assert estate.synthesize() == first
    assert estate.said == ["synthesizing 2 of 3 stacks"]
    assert estate.synthesize() == first
    assert estate.said == []


def _synth(estate: Estate, *more: str, **environ: str) -> subprocess.CompletedProcess[str]:
    words = (sys.executable, "-m", "gateprint", "synth", "--environment", "local", *more)
    inherited = {**os.environ, "PYTHONPATH": str(ROOT), "CDKTF_OUTDIR": "out", **environ}
    return subprocess.run(
        words, cwd=estate.root, env=inherited, capture_output=True, text=True, check=False
    )


@pytest.mark.cdktf
def test_a_hit_starts_no_node_and_without_the_cache_nothing_is_kept(estate: Estate) -> None:
    (estate.root / "lambdas").symlink_to(ROOT / "lambdas")
    no_node = {"JSII_NODE": "no-such-node"}
    fresh = _synth(estate, "--no-cache")
    assert (fresh.returncode, estate.entries()) == (0, [])
    written = _tree(estate.root / "out")
    assert _synth(estate, **no_node).returncode == 4
    assert _synth(estate).stderr == "· synthesizing 3 of 3 stacks\n"
    shutil.rmtree(estate.root / "out")
    hit = _synth(estate, **no_node)
    assert (hit.returncode, hit.stdout, hit.stderr) == (0, fresh.stdout, "")
    assert _tree(estate.root / "out") == written
    again = _synth(estate, GATEPRINT_NO_CACHE="1", **no_node)
    assert (again.returncode, "no no-such-node on PATH" in again.stderr) == (4, True)


def _tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
