"""Pushes a run's folder to a store, and pulls it into another machine's, whole or not at all."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from gateprint.errors import ToolFailed
from gateprint.terraform.bundles.archive import files_below, pack, sha256, unpack
from gateprint.terraform.bundles.content import RUN, TOP, Archive, Bundle, bundle_json, read_bundle
from gateprint.terraform.bundles.stores import Store
from gateprint.terraform.runs.folder import RunFolder
from gateprint.terraform.runs.record import Run, ShardOf

_JOURNAL, _REVIEW = "journal.jsonl", "review.json"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LARGEST_INDEX_BYTES = 1 << 27
_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Pushed:
    """A run in a store; `digest` finds it, `content` is the digest of all that was pushed."""

    digest: str
    content: str
    stacks: int
    size_bytes: int


def push(folder: RunFolder, store: Store) -> Pushed:
    """Copy a run to a store; what is there of an earlier push is brought up to date.

    Raises:
        ToolFailed: there is no run, the store has more of it than the folder, or it fails.
    """
    run, digest = folder.read(), folder.digest()
    top = {name: each for name in TOP for each in _read(folder.path / name)}
    _require_newest(_kept(store, digest), top, store)
    archives = [_put(store, digest, *pack(RUN, top))]
    names = [each.stack for each in run.stacks if folder.stack(each.stack).path.is_dir()]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        archives += pool.map(lambda name: _push_stack(folder, store, digest, name), names)
    text = bundle_json(Bundle(digest, tuple(archives))).encode()
    # Last: a bundle that has been begun cannot be pulled.
    store.put(f"{digest}/bundle.json", text)
    if run.shard:
        store.put(_shard_key(run.shard), digest.encode())
    return Pushed(digest, sha256(text), len(names), sum(each.size_bytes for each in archives))


def _kept(store: Store, digest: str) -> Bundle | None:
    """Return what an earlier push has left; what cannot be read is replaced."""
    try:
        return read_bundle(store.get(f"{digest}/bundle.json", _LARGEST_INDEX_BYTES) or b"")
    except ValueError:
        return None


def _push_stack(folder: RunFolder, store: Store, digest: str, name: str) -> Archive:
    return _put(store, digest, *pack(name, files_below(folder.stack(name).path)))


def _put(store: Store, digest: str, archive: Archive, data: bytes) -> Archive:
    store.put(f"{digest}/{archive.key}", data)
    return archive


def _read(path: Path) -> Iterator[bytes]:
    if path.is_file() and not path.is_symlink():
        yield path.read_bytes()


def _require_newest(kept: Bundle | None, top: dict[str, bytes], store: Store) -> None:
    """Refuse to replace a bundle that knows more: its journal goes on, or it was reviewed."""
    if kept is None:
        return
    journal = kept.top.file(_JOURNAL)
    own = top.get(_JOURNAL, b"")
    is_older = journal is not None and sha256(own[: journal.size_bytes]) != journal.sha256
    if is_older or (kept.top.file(_REVIEW) is not None and _REVIEW not in top):
        raise ToolFailed(
            f"{store.name} has a bundle of this run with events or a review that are not here",
            f"pull it first, and go on from there: gateprint bundle pull {kept.run} --out DIR",
        )


def pull(digest: str, path: Path, store: Store, content: str | None = None) -> RunFolder:
    """Copy a run from a store into a new folder, after comparing every file with its digest.

    `content` is `Pushed.content`, where more than the plans must be what was pushed: the review,
    and the journal.

    Raises:
        ToolFailed: there is no such bundle, something differs, or the folder is there already.
    """
    if not _DIGEST.fullmatch(digest):
        raise ToolFailed("this is not the digest of a run", "give all 64 digits of it")
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise ToolFailed(f"{path} is there already", "name a folder that is not there yet")
    bundle = _bundle_of(store, digest, content)
    if bundle is None:
        remedy = "push it where it was planned: gateprint bundle push RUN"
        raise ToolFailed(f"{store.name} has no bundle of the run {digest}", remedy)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}-"))
    try:
        _fill(fresh, bundle, store)
        fresh.replace(path)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return RunFolder(path)


def digest_of_shard(shard: ShardOf, store: Store) -> str | None:
    """Return the digest of the run that was pushed last for a shard; None where none was."""
    found = store.get(_shard_key(shard), _LARGEST_INDEX_BYTES)
    if found is None:
        return None
    text = found.decode("ascii", "replace").strip()
    if not _DIGEST.fullmatch(text):
        raise _differs(store, f"what it says of shard {shard.index} is no digest")
    return text


def require_shard(folder: RunFolder, shard: ShardOf) -> None:
    """Raise ToolFailed unless a run is the one of a shard."""
    if folder.read().shard != shard:
        problem = f"{folder.path} is not the run of shard {shard.index} of {shard.number}"
        raise ToolFailed(problem, "push that shard's run again")


def _shard_key(shard: ShardOf) -> str:
    return f"shards/{shard.manifest}/{shard.index}-of-{shard.number}"


def _bundle_of(store: Store, digest: str, content: str | None = None) -> Bundle | None:
    text = store.get(f"{digest}/bundle.json", _LARGEST_INDEX_BYTES)
    if text is None:
        return None
    if content is not None and sha256(text) != content:
        raise _differs(store, "its content is another than was asked for")
    try:
        bundle = read_bundle(text)
    except ValueError as error:
        raise _differs(store, str(error)) from error
    if bundle.run != digest:
        raise _differs(store, "it is of another run")
    return bundle


def _fill(folder: Path, bundle: Bundle, store: Store) -> None:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(lambda each: _pull_archive(folder, bundle, each, store), bundle.archives))
    found = RunFolder(folder)
    if not found.run_json.is_file() or found.digest() != bundle.run:
        raise _differs(store, "its run.json has another digest")
    run = found.read()
    _require_stacks(run, (each.name for each in bundle.archives if each.name != RUN), store)


def _require_stacks(run: Run, names: Iterable[str], store: Store) -> None:
    known, found = {each.stack for each in run.stacks}, set(names)
    lacking = {each.stack for each in run.planned} - found
    if lacking or found - known:
        wrong = sorted(lacking | (found - known))
        raise _differs(store, f"its stacks are not those of the run: {', '.join(wrong[:5])}")


def _pull_archive(folder: Path, bundle: Bundle, archive: Archive, store: Store) -> None:
    data = store.get(f"{bundle.run}/{archive.key}", archive.size_bytes)
    if data is None:
        raise _differs(store, f"{archive.key} is missing")
    target = folder if archive.name == RUN else folder / "stacks" / archive.name
    try:
        unpack(archive, data, target)
    except ValueError as error:
        raise _differs(store, str(error)) from error


def _differs(store: Store, reason: str) -> ToolFailed:
    return ToolFailed(
        f"a bundle in {store.name} is not what was pushed: {reason}",
        "push the run again, and find out who else writes there",
    )
