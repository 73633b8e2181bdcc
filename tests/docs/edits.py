"""A workspace in a repository, in which somebody edited a blueprint as a page shows it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.docs.pages import ROOT, Block, blocks
from tests.docs.workspace import make_workspace

LEFT_OUT = "…\n"
_EDIT = "edit of "


def make_edited(folder: Path, shown: Block) -> Path:
    """Commit the blueprint of a page, and make its edit in the work tree; return the folder.

    Both are the last ones above the block `shown`.
    """
    make_workspace(folder)
    (folder / "lambdas").unlink()
    shutil.copytree(ROOT / "lambdas", folder / "lambdas")
    name = _above(shown, _EDIT).marker.removeprefix(_EDIT)
    before = _above(shown, f"blueprint: {name}").text
    path = folder / "blueprints" / f"{name}.yaml"
    path.write_text(before, encoding="utf-8")
    _commit(folder)
    path.write_text(edited(before, _above(shown, _EDIT).text), encoding="utf-8")
    return folder


def edited(text: str, diff: str) -> str:
    """Return the text with a diff's hunks applied; hunks are divided by `…`."""
    for hunk in diff.split(LEFT_OUT):
        lines = hunk.splitlines(keepends=True)
        old = "".join(each[1:] for each in lines if each[0] in " -")
        new = "".join(each[1:] for each in lines if each[0] in " +")
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def _above(shown: Block, marker: str) -> Block:
    """Return the last block with such a marker on the page before the block."""
    found = [each for each in blocks(shown.page) if each.marker.startswith(marker)]
    return [each for each in found if each.line < shown.line][-1]


def _commit(folder: Path) -> None:
    author = ("-c", "user.name=gateprint", "-c", "user.email=gateprint@localhost")
    for words in (("init", "--quiet"), ("add", "."), (*author, "commit", "--quiet", "-m", "one")):
        subprocess.run(["git", *words], cwd=folder, check=True)
