"""A Chromium that is installed already; one for all tests of a process."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A browser without a window; whichever folder has the fixture, a process has one."""
    browser, playwright = started()
    yield browser
    # Both are ended after the last test, by the first of the folders.
    if browser.is_connected():
        browser.close()
        playwright.stop()


@cache
def started() -> tuple[Browser, Playwright]:
    """Start Playwright, which may be started once in a process, and a browser."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        pytest.skip("no Chromium was found: apt-get install chromium, or set CHROMIUM to its path")
    # Chromium's sandbox refuses to run for root, who runs the tests in a container.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    playwright = sync_playwright().start()
    return playwright.chromium.launch(executable_path=path, args=arguments), playwright
