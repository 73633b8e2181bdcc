"""Reads the inputs as they were at a git revision; the work tree and the index stay untouched."""

from __future__ import annotations

import datetime as dt
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from gateprint.access.changes.comparison import Changes, changes
from gateprint.errors import Diagnostic, InputRejected, ToolFailed
from gateprint.workflow.files import environments_in, shown
from gateprint.workflow.git import Entry, Git
from gateprint.workflow.inputs import Inputs, load
from gateprint.workflow.places import Places

_MOST_FILES, _MOST_BYTES = 50_000, 128 << 20
_COMMITTED = re.compile(rb"^committer .*> (\d{1,11}) [+-]\d{4}$", re.MULTILINE)


def changes_since(places: Places, revision: str, environ: Mapping[str, str]) -> Changes:
    """Return who gains and who loses what since a git revision, in the folders of today.

    Raises:
        InputRejected: the input of today is wrong, or today's rules refuse that of then.
        UnknownRevision: there is no such commit.
        ToolFailed: git is missing or fails, or does not hold the folders.
    """
    after = load(places)
    return changes(inputs_at(places, revision, environ).blueprints, after.blueprints)


def inputs_at(places: Places, revision: str, environ: Mapping[str, str]) -> Inputs:
    """Return the inputs as they were at a revision of the repository of the current folder.

    What was not there yet is nothing: an environment, the blueprints, all of it. Certificates are
    judged by the commit's date. There are no warnings, as nobody can change the past.

    Raises:
        InputRejected: today's rules refuse the input of then.
        UnknownRevision: there is no such commit.
        ToolFailed: git is missing or fails, or does not hold the folders.
    """
    git = Git(places.project, environ)
    folders = {
        "blueprints": _inside(places.blueprints, git.top),
        "config": _inside(places.config, git.top),
        "lambdas": _inside(places.lambdas, git.top),
    }
    commit = git.commit(revision)
    with tempfile.TemporaryDirectory(prefix="gateprint-") as name:
        root = Path(name)
        there = {each: root / path for each, path in folders.items()}
        now = _unpack(git, commit, list(folders.values()), root, there["lambdas"])
        for each in there.values():
            if not os.path.lexists(each):
                each.mkdir(parents=True)
        return _load(Places(root, **there, environment=places.environment), revision, now)


def _inside(folder: Path, top: Path) -> str:
    """Return the path of a folder from the top of the work tree, empty for the top itself."""
    try:
        path = folder.resolve().relative_to(top.resolve()).as_posix()
    except ValueError:
        problem = f"{shown(folder)} is not in the git repository of the current folder"
        raise ToolFailed(problem, "run it in the repository that holds the blueprints") from None
    return "" if path == "." else path


def _load(places: Places, revision: str, now: dt.datetime) -> Inputs:
    known = set(environments_in(places.config))
    if places.environment is not None and places.environment not in known:
        return Inputs((), ())
    try:
        return replace(load(places, now=now, with_waivers=False), warnings=())
    except InputRejected as error:
        told = (_of_then(each, places.project, revision) for each in error.diagnostics)
        raise InputRejected(told) from None


def _of_then(one: Diagnostic, root: Path, revision: str) -> Diagnostic:
    """Return a diagnostic with paths as git writes them, and a remedy that does not edit a file."""

    def told(text: str) -> str:
        return text.replace(f"{root}{os.sep}", f"{revision}:")

    location = replace(one.location, path=told(one.location.path))
    problem = f"{told(one.problem)} (on the old side of the comparison)"
    remedy = f"compare with a later revision than {revision}, whose input is accepted"
    return replace(one, location=location, problem=problem, remedy=remedy)


def _unpack(
    git: Git, commit: str, folders: Sequence[str], root: Path, lambdas: Path
) -> dt.datetime:
    """Write the files of a commit below `root`, and return when it was made."""
    entries = list(git.entries(commit, folders))
    _check(entries, commit)
    read = [each for each in entries if _is_read(each, root, lambdas)]
    contents = git.read([commit, *(each.object for each in read)])
    # Links come last, so that nothing is written through one.
    for each in sorted(entries, key=lambda one: one.is_link):
        try:
            _write(root / os.fsdecode(each.path), each, contents.get(each.object, b""))
        except (OSError, ValueError) as error:
            problem = f"{os.fsdecode(each.path)} of commit {commit[:12]} cannot be written"
            remedy = "make room in the folder of temporary files, or choose another with TMPDIR"
            raise ToolFailed(problem, remedy, str(error)) from error
    return _committed(contents[commit])


def _is_read(entry: Entry, root: Path, lambdas: Path) -> bool:
    """Tell whether the content matters: of the functions' files only that of Python's does."""
    path = root / os.fsdecode(entry.path)
    return entry.is_link or path.suffix == ".py" or not path.is_relative_to(lambdas)


def _check(entries: Sequence[Entry], commit: str) -> None:
    """Refuse what cannot be written, or not be known.

    Raises:
        ToolFailed: there is too much of it, a submodule, or a path that leads elsewhere.
    """
    at = f"commit {commit[:12]}"
    if len(entries) > _MOST_FILES or sum(each.size_bytes for each in entries) > _MOST_BYTES:
        problem = (
            f"the folders of {at} hold more than {_MOST_FILES:,} files or {_MOST_BYTES >> 20} MiB"
        )
        raise ToolFailed(problem, "keep only blueprints, environments and functions in them")
    for each in entries:
        name = os.fsdecode(each.path)
        if each.is_submodule:
            problem = f"{name} is a submodule in {at}, whose files this repository does not hold"
            raise ToolFailed(problem, "keep the files themselves in the repository")
        if {"", ".", ".."} & set(name.split("/")):
            raise ToolFailed(f"{at} holds the path {name}", "see what git fsck says")


def _write(path: Path, entry: Entry, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if entry.is_link:
        path.symlink_to(os.fsdecode(content))
    else:
        with path.open("xb") as file:
            file.write(content)


def _committed(commit: bytes) -> dt.datetime:
    """Return when a commit was made, or the clock's time where its date is beyond all calendars."""
    found = _COMMITTED.search(commit)
    try:
        return dt.datetime.fromtimestamp(int(found[1]), dt.UTC) if found else _clock()
    except (OverflowError, ValueError, OSError):
        return _clock()


def _clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
