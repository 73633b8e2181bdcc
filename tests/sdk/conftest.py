"""The browser of tests/browser, for the client in a page."""

from tests.support.chromium import chromium

__all__ = ["chromium"]
