"""`python -m tests.docs.picture` makes the README's picture: its own review, in Chromium."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.docs.edits import make_edited
from tests.docs.pages import ROOT, blocks
from tests.support.chromium import started

PICTURE = ROOT / "docs" / "images" / "review.png"
_WIDTH, _HEIGHT = 1000, 640
_REVIEW = ("review", "--against", "HEAD", "--write")


def main() -> None:
    """Review the README's edit, and photograph the page."""
    (shown,) = [each for each in blocks(ROOT / "README.md") if "in part: " in each.marker]
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "review.html"
        project = make_edited(Path(folder) / "project", shown)
        words = [sys.executable, "-m", "gateprint", *_REVIEW, f"html={page}"]
        subprocess.run(words, cwd=project, check=True, stdout=subprocess.DEVNULL)
        browser, playwright = started()
        view = browser.new_page(viewport={"width": _WIDTH, "height": _HEIGHT})
        view.goto(page.as_uri())
        PICTURE.parent.mkdir(exist_ok=True)
        view.screenshot(path=PICTURE)
        browser.close()
        playwright.stop()


if __name__ == "__main__":
    main()
