"""The project of the story: its files are edited, and gateprint's commands run in this process."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

from click import Choice
from click.testing import CliRunner, Result

from gateprint.cli.main import gateprint
from gateprint.cli.review import review as review_verb
from gateprint.review.review import Review
from gateprint.terraform.runs.folder import RunFolder
from gateprint.workflow.inputs import Inputs, load
from gateprint.workflow.places import Places
from gateprint.workflow.progress import Silent
from gateprint.workflow.review import review
from gateprint.workflow.sign_in import load_with_sign_in
from gateprint.workflow.synthesis import CACHE, Cache, Synthesized, synthesized
from tests.support.edits import Edit, edited
from tests.support.project import Project

FORMATS: tuple[str, ...] = next(
    tuple(each.type.choices)
    for each in review_verb.params
    if each.name == "form" and isinstance(each.type, Choice)
)
# Where a report is made by CI, its lines are links.
_OF_CI = ("GITHUB_", "GITLAB_", "CI_")
_HERE = Places(environment="local")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Told:
    """What a review tells in each format, and the inputs before and after the step."""

    name: str
    code: int
    texts: Mapping[str, str]
    before: Inputs
    after: Inputs
    run: RunFolder

    @property
    def data(self) -> dict[str, Any]:
        """The review as data."""
        found: dict[str, Any] = json.loads(self.texts["json"])
        return found


@dataclass(frozen=True, slots=True)
class StoryProject:
    """A project whose cloud runs, and the variables of its commands.

    What is synthesized has no endpoints, as tests/support/quick_terraform.py says.
    """

    project: Project
    environ: Mapping[str, str]

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.project.root

    def gateprint(self, *words: str) -> Result:
        """Run a verb, whatever its outcome."""
        return self._here(lambda: CliRunner().invoke(gateprint, words, standalone_mode=False))

    def succeed(self, *words: str) -> None:
        """Run a verb that must end with 0."""
        done = self.gateprint(*words)
        assert (done.exception, done.return_value) == (None, 0), done.output

    def plan(self, name: str, *stacks: str) -> RunFolder:
        """Plan into the run `name`; one after another, since the provider is one process."""
        self.synthesized()
        self.succeed("plan", *stacks, "--parallel", "1", "--out", f"runs/{name}")
        return RunFolder(self.root / "runs" / name)

    def apply(self, run: RunFolder) -> None:
        """Apply a run that was reviewed."""
        self.succeed("apply", str(run.path), "--parallel", "1")

    def tell(self, name: str, run: RunFolder, before: Inputs) -> Told:
        """Review a run in all formats."""
        files = {form: self.root / "told" / name / form for form in FORMATS}
        words = [word for form, path in files.items() for word in ("--write", f"{form}={path}")]
        done = self.gateprint("review", str(run.path), *words)
        assert done.return_value in {0, 3}, done.output
        texts = {form: path.read_text(encoding="utf-8") for form, path in files.items()}
        return Told(name, done.return_value, texts, before, self.inputs(), run)

    def review(self, run: RunFolder) -> Review:
        """Return a review as a value."""
        return self._here(lambda: review(run, _HERE, os.environ, Silent()))

    def inputs(self) -> Inputs:
        """Return what the blueprints say now."""
        return self._here(lambda: load(_HERE))

    def synthesized(self) -> dict[str, Synthesized]:
        """Synthesize what is new, and return all stacks by name."""
        self._synthesize()
        for each, text in self.kept_terraform().items():
            self.keep_terraform(each, _without_endpoints(text))
        return {each.stack.name: each for each in self._synthesize()}

    def kept_terraform(self) -> dict[str, str]:
        """Return what was synthesized until now, by key."""
        cache = Cache(self.root / CACHE)
        keys = [path.parent.name + path.name for path in cache.folder.glob("*/*")]
        return {each: cache.read(each) for each in keys}

    def keep_terraform(self, key: str, text: str) -> None:
        """Let a synthesis be another one: planned and reviewed is then this."""
        Cache(self.root / CACHE).write(key, text)

    def write(self, name: str, text: str) -> None:
        """Write a blueprint."""
        (self.root / "blueprints" / f"{name}.yaml").write_text(text, encoding="utf-8")

    def edit(self, name: str, edit: Edit) -> str:
        """Change a blueprint; return what it was."""
        text = (self.root / "blueprints" / f"{name}.yaml").read_text(encoding="utf-8")
        self.write(name, edited(text, edit).text)
        return text

    def write_config(self, name: str, text: str) -> None:
        """Write a file of config/."""
        (self.root / "config" / name).write_text(text, encoding="utf-8")

    def remove_config(self, name: str) -> None:
        """Remove a file of config/, if it is there."""
        (self.root / "config" / name).unlink(missing_ok=True)

    def edit_config(self, name: str, edit: Edit) -> None:
        """Change a file of config/."""
        text = (self.root / "config" / name).read_text(encoding="utf-8")
        self.write_config(name, edited(text, edit).text)

    def _synthesize(self) -> tuple[Synthesized, ...]:
        return self._here(
            lambda: synthesized(load_with_sign_in(_HERE), _HERE, os.environ, _say_nothing)
        )

    def _here(self, ask: Callable[[], T]) -> T:
        """Ask from the project's folder; CDKTF leaves variables behind, which go afterwards."""
        environ = {**self.project.environ, **self.environ}
        known = {name: text for name, text in environ.items() if not name.startswith(_OF_CI)}
        with contextlib.chdir(self.root), patch.dict(os.environ, known, clear=True):
            return ask()


def _without_endpoints(text: str) -> str:
    document = json.loads(text)
    for each in document["provider"]["aws"]:
        each.pop("endpoints", None)
    return json.dumps(document, indent=2)


def _say_nothing(_: str) -> None:
    """Tell nobody."""
