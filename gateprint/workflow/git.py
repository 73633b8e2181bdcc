"""Asks git for what a commit holds, without a lock, a hook, a filter or the network."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gateprint.errors import ToolFailed

_SECONDS = 60
# What the git of a hook hands on would name another repository than the current folder's.
_OF_ANOTHER = ("GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
_QUIET = {
    "GIT_ALLOW_PROTOCOL": "none",  # A partial clone would fetch what it lacks.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
# As git ls-tree --long writes it.
_ENTRY = re.compile(rb"(\d{6}) (\w+) ([0-9a-f]{40,64}) +(\d+|-)\t(.+)", re.DOTALL)
_HEADER = re.compile(rb"([0-9a-f]{40,64}) \w+ (\d+)\n")


class UnknownRevision(ToolFailed):
    """The command line names a revision that is no commit here."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a commit: its mode, its object's name, its size, and its path from the top."""

    mode: str
    object: str
    size_bytes: int
    path: bytes

    @property
    def is_link(self) -> bool:
        """Whether the content is the target of a link."""
        return self.mode == "120000"

    @property
    def is_submodule(self) -> bool:
        """Whether it is a folder that another repository holds."""
        return self.mode == "160000"


class Git:
    """The repository that holds a folder."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        program = shutil.which("git", path=environ.get("PATH", ""))
        if program is None:
            raise ToolFailed("git is not found", "install git, or put it on PATH")
        self._words = [program, "--no-pager", "--no-replace-objects"]
        self._environ = {k: v for k, v in environ.items() if k not in _OF_ANOTHER} | _QUIET
        self._folder = folder
        self.top = Path(self._top())

    def commit(self, revision: str) -> str:
        """Return the name of the commit that a revision stands for.

        Raises:
            UnknownRevision: it stands for none.
        """
        words = ["rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}"]
        done = None if "\0" in revision else self._start(words)
        name = done.stdout.decode("ascii", "replace").strip() if done else ""
        if done is None or done.returncode or not re.fullmatch("[0-9a-f]{40,64}", name):
            remedy = "name a branch, a tag or a commit, and fetch it first if it is not here yet"
            raise UnknownRevision(f'there is no commit "{revision}" in this repository', remedy)
        return name

    def is_dirty(self) -> bool:
        """Tell whether files differ from the commit that is checked out, or are new."""
        return bool(self._run(["-c", "core.fsmonitor=false", "status", "--porcelain", "-z"]))

    def entries(self, commit: str, folders: Iterable[str]) -> Iterator[Entry]:
        """Yield the files of a commit below some folders; the top is an empty name."""
        wanted = list(folders)
        paths = [] if "" in wanted else wanted
        listed = self._run(["ls-tree", "-r", "-z", "--long", "--full-tree", commit, "--", *paths])
        for line in listed.split(b"\0")[:-1]:
            found = _ENTRY.fullmatch(line)
            if found is None:
                raise self._failed("git lists files in an unknown form", line)
            mode, _, name, size, path = found.groups()
            length = int(size) if size != b"-" else 0
            yield Entry(mode.decode(), name.decode(), length, path)

    def read(self, objects: Sequence[str]) -> Mapping[str, bytes]:
        """Return the contents of objects, as they are stored, by their names."""
        names = list(dict.fromkeys(objects))
        text = "".join(f"{each}\n" for each in names).encode("ascii")
        written, found, at = self._run(["cat-file", "--batch"], text), {}, 0
        for each in names:
            header = _HEADER.match(written, at)
            if header is None:
                raise self._failed(f"the repository does not hold object {each}", b"")
            end = header.end() + int(header[2])
            found[each], at = written[header.end() : end], end + 1
        return found

    def _top(self) -> str:
        done = self._start(["rev-parse", "--show-toplevel"])
        if done.returncode:
            raise ToolFailed(
                "the current folder is in no work tree of git",
                "run it in the repository that holds the blueprints",
                done.stderr.decode("utf-8", "replace"),
            )
        return done.stdout.removesuffix(b"\n").decode("utf-8", "surrogateescape")

    def _run(self, words: Sequence[str], text: bytes = b"") -> bytes:
        done = self._start(words, text)
        if done.returncode:
            raise self._failed(f"git {words[0]} failed", done.stderr)
        return done.stdout

    @staticmethod
    def _failed(problem: str, detail: bytes) -> ToolFailed:
        remedy = (
            "see that git fsck finds nothing, and that the clone is neither partial nor shallow"
        )
        return ToolFailed(problem, remedy, detail.decode("utf-8", "replace"))

    def _start(self, words: Sequence[str], text: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(
                [*self._words, *words],
                cwd=self._folder,
                env=self._environ,
                input=text,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            problem = f"git {words[0]} did not end within {_SECONDS} seconds"
            raise ToolFailed(problem, "run it by hand to see what it waits for") from error
        except OSError as error:
            raise ToolFailed("git cannot be started", "install git", str(error)) from error
