"""`bundle push|pull`: runs that travel between machines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gateprint.errors import ToolFailed
from gateprint.terraform.bundles.stores import FolderStore, S3Store, Store
from gateprint.terraform.bundles.transfer import (
    Pushed,
    digest_of_shard,
    pull,
    push,
    require_shard,
)
from gateprint.terraform.runs.folder import RunFolder
from gateprint.terraform.runs.record import ShardOf
from gateprint.terraform.shards.manifest import Manifest
from gateprint.workflow.environments import load_environment
from gateprint.workflow.places import Places
from gateprint.workflow.state import bucket_clients

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class PulledShards:
    """The folders of the runs that were there, and the shards that had none."""

    folders: tuple[Path, ...]
    missing: tuple[int, ...]


def store_of(places: Places, directory: Path | None) -> Store:
    """Return the folder if one is given, else the environment's state bucket.

    Raises:
        InputRejected: the environment is wrong.
        ToolFailed: none is chosen, HCP Terraform keeps its state, or its endpoint does not answer.
    """
    if directory is not None:
        return FolderStore(directory)
    if places.environment is None:
        remedy = "add --environment NAME, or --store DIR for a folder"
        raise ToolFailed("there is no store: no environment is chosen", remedy)
    environment = load_environment(places, places.environment)
    return S3Store(environment, bucket_clients(environment)("s3"))


def push_run(path: Path, store: Store) -> Pushed:
    """Copy a run to a store.

    Raises:
        ToolFailed: as `push`.
    """
    return push(RunFolder(path), store)


def pull_run(digest: str, path: Path, store: Store, content: str | None = None) -> RunFolder:
    """Copy a run from a store.

    Raises:
        ToolFailed: as `pull`.
    """
    return pull(digest, path, store, content)


def pull_shard(shard: ShardOf, path: Path, store: Store) -> RunFolder:
    """Copy the run that was pushed last for a shard.

    Raises:
        ToolFailed: there is none, or it is another's, and as `pull`.
    """
    digest = digest_of_shard(shard, store)
    if digest is None:
        problem = f"{store.name} has no run of shard {shard.index} of {shard.number}"
        raise ToolFailed(problem, "plan that shard, and push it: gateprint bundle push RUN")
    folder = pull(digest, path, store)
    require_shard(folder, shard)
    return folder


def pull_shards(manifest: Manifest, path: Path, store: Store, progress: Progress) -> PulledShards:
    """Copy the runs of all shards that have one into `path`/1, `path`/2 and so on.

    Raises:
        ToolFailed: one differs from what was pushed, or its folder is there already.
    """
    folders, missing = [], []
    for each in manifest.shards:
        shard = ShardOf(manifest.digest, each.index, manifest.number)
        if digest_of_shard(shard, store) is None:
            missing.append(each.index)
            continue
        progress(f"shard {each.index} of {manifest.number}")
        folders.append(pull_shard(shard, path / str(each.index), store).path)
    return PulledShards(tuple(folders), tuple(missing))
