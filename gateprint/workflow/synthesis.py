"""Synthesizes and proves the stacks of a plan; what was synthesized and proved before is kept.

An entry is named by everything that it was made from: the resolved input, the packed functions,
gateprint's own code, CDKTF and its bindings. So a hit needs neither Node nor another proof.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from gateprint import __version__
from gateprint.model.resolved import Environment, ResolvedBlueprint
from gateprint.stack.archive import Archive
from gateprint.terraform.configuration import digest_of_files, write_files
from gateprint.terraform.runs.folder import write_private
from gateprint.terraform.runs.record import text_digest
from gateprint.workflow.inputs import Inputs
from gateprint.workflow.making import TERRAFORM, make_stacks
from gateprint.workflow.packing import archives_of
from gateprint.workflow.places import Places

Progress = Callable[[str], None]

CACHE = Path(".gateprint") / "cache" / "synth"
_CODE = (
    *("access", "model", "stack", "terraform/mirror.py", "errors.py"),
    *("workflow/making.py", "workflow/proof.py"),
)
_SHORTEST_TERRAFORM = 2


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack to be synthesized: the blueprint's, or with None the account's own."""

    name: str
    environment: Environment
    blueprint: ResolvedBlueprint | None


@dataclass(frozen=True, slots=True)
class Synthesized:
    """A stack with its files, by relative name, as they are to lie in its folder."""

    stack: Stack
    files: Mapping[str, bytes]

    @property
    def digest(self) -> str:
        """Return the digest of its configuration."""
        return digest_of_files(self.files)

    def write(self, folder: Path) -> None:
        """Write it into a folder, which is made."""
        write_files(self.files, folder)


def stacks_of(inputs: Inputs) -> tuple[Stack, ...]:
    """Return all stacks of the inputs, the accounts' own first."""
    accounts = [Stack(each.account_stack, each, None) for each in inputs.environments]
    return (*accounts, *(Stack(each.stack, each.environment, each) for each in inputs.blueprints))


def synthesize_stacks(
    inputs: Inputs,
    places: Places,
    outdir: Path,
    environ: MutableMapping[str, str],
    progress: Progress,
) -> tuple[Stack, ...]:
    """Write the stacks of all inputs below `outdir/stacks`, each proved; return them.

    Raises:
        AccessDiffers, ToolFailed: as `synthesized`.
    """
    found = synthesized(inputs, places, environ, progress)
    for each in found:
        each.write(outdir / "stacks" / each.stack.name)
    return tuple(each.stack for each in found)


def synthesized(
    inputs: Inputs,
    places: Places,
    environ: MutableMapping[str, str],
    progress: Progress,
    *,
    with_cache: bool = True,
) -> tuple[Synthesized, ...]:
    """Return the stacks of all inputs, each proved; nothing is written but the cache.

    Without the cache all are made anew, and nothing is written at all.

    Raises:
        AccessDiffers: what was synthesized gives other access than the blueprints state.
        ToolFailed: there is no Node, or CDKTF fails.
    """
    archives = archives_of(inputs, places)
    stacks = stacks_of(inputs)
    cache = Cache(places.project / CACHE) if with_cache else NoCache()
    keys = {each.name: _key(each, archives) for each in stacks}
    known = {name: text for name, key in keys.items() if (text := cache.read(key))}
    missing = [each for each in stacks if each.name not in known]
    if missing:
        progress(f"synthesizing {len(missing):,} of {len(stacks):,} stacks")
        for made in make_stacks(only(inputs, missing), archives, environ):
            known |= made
            for name, text in made.items():
                cache.write(keys[name], text)
    return tuple(Synthesized(each, _files(each, known[each.name], archives)) for each in stacks)


def only(inputs: Inputs, stacks: Iterable[Stack]) -> Inputs:
    """Return the inputs of some stacks."""
    names = {each.name for each in stacks}
    return replace(
        inputs,
        environments=tuple(each for each in inputs.environments if each.account_stack in names),
        blueprints=tuple(each for each in inputs.blueprints if each.stack in names),
    )


def _files(stack: Stack, text: str, archives: Mapping[str, Archive]) -> dict[str, bytes]:
    functions = stack.blueprint.functions if stack.blueprint else ()
    packed = [archives[each] for each in {each.archive for each in functions}]
    return {TERRAFORM: text.encode(), **{each.relative_path: each.content for each in packed}}


def _key(stack: Stack, archives: Mapping[str, Archive]) -> str:
    # Frozen values write themselves in full, in the order of their fields.
    written = repr(stack.blueprint or stack.environment)
    functions = stack.blueprint.functions if stack.blueprint else ()
    packed = {each.archive: archives[each.archive].digest_base64 for each in functions}
    return text_digest(json.dumps([_maker(), written, packed], sort_keys=True))


@functools.cache
def _maker() -> str:
    """Return the digest of all code that a stack's Terraform and its proof depend on."""
    digest = hashlib.sha256(__version__.encode())
    for package in ("cdktf", "cdktf-cdktf-provider-aws", "constructs", "jsii"):
        digest.update(f"{package} {version(package)}\n".encode())
    home = Path(str(files("gateprint")))
    for path in _code(home):
        digest.update(path.relative_to(home).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _code(home: Path) -> Iterator[Path]:
    for name in _CODE:
        place = home / name
        found = sorted(place.rglob("*")) if place.is_dir() else [place]
        yield from (each for each in found if each.suffix in {".py", ".js", ".json"})


@dataclass(frozen=True, slots=True)
class Cache:
    """Texts by key, in a folder of the project; an entry that is not whole is none."""

    folder: Path

    def read(self, key: str) -> str:
        """Return the text of an entry; nothing where there is none, or a damaged one."""
        with contextlib.suppress(OSError, UnicodeDecodeError):
            digest, _, text = self._path(key).read_text(encoding="utf-8").partition("\n")
            if digest == self._seal(key, text) and len(text) >= _SHORTEST_TERRAFORM:
                return text
        return ""

    def write(self, key: str, text: str) -> None:
        """Keep a text; a folder that cannot be written keeps nothing."""
        with contextlib.suppress(OSError):
            write_private(self._path(key), f"{self._seal(key, text)}\n{text}")

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]

    def _seal(self, key: str, text: str) -> str:
        return text_digest(f"{key}\n{text}")


class NoCache:
    """Keeps nothing."""

    def read(self, _key: str) -> str:
        """Return nothing."""
        return ""

    def write(self, _key: str, _text: str) -> None:
        """Do nothing."""
