"""A project with one small blueprint and one environment, in files."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from gateprint.workflow.places import Places
from tests.support.project import ROOT

_FOLDERS = ("blueprints", "config", "lambdas")
STACK = "pets-nonprod"
PETS = """\
blueprint: 1
name: pets
stages:
  dev: {environment: nonprod, throttle: {rate: 100, burst: 50}, access_log: {retention_days: 30}}
apis:
  pets:
    routes:
      GET /pets: {mock: {status: 200}}
      POST /pets: {mock: {status: 201}}
roles:
  pets-reader:
    identity_provider: auth0
    when: {edupersonaffiliation: [staff]}
    allow:
      - {stages: all, routes: [GET /pets]}
"""


@dataclass(frozen=True, slots=True)
class SmallProject:
    """Its folder, which holds nothing that was made."""

    root: Path

    @property
    def places(self) -> Places:
        """Where its files are, for its one environment."""
        blueprints, config, lambdas = (self.root / each for each in _FOLDERS)
        return Places(self.root, blueprints, config, lambdas, "nonprod")

    def says(self, text: str, name: str = "pets") -> None:
        """Let a blueprint be this."""
        (self.root / "blueprints" / f"{name}.yaml").write_text(text, encoding="utf-8")

    def waives(self, text: str) -> None:
        """Accept findings."""
        (self.root / "config" / "review.yaml").write_text(text, encoding="utf-8")


def make_small_project(root: Path) -> SmallProject:
    """Write the project into a folder."""
    for each in _FOLDERS:
        (root / each).mkdir()
    shutil.copy(ROOT / "config" / "nonprod.yaml", root / "config")
    shutil.copytree(ROOT / "config" / "identity", root / "config" / "identity")
    found = SmallProject(root)
    found.says(PETS)
    return found
