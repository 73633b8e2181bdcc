"""The browser of tests/browser, for the client in a page."""

from tests.browser.conftest import chromium

__all__ = ["chromium"]
