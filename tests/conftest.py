"""The order of the tests: what takes minutes starts first, so that no core waits at the end."""

from __future__ import annotations

import os

import pytest

# Terraform and its provider are Go programs, and collect their garbage a quarter of their time;
# they may let it grow to four times of what they use instead of twice.
os.environ.setdefault("GOGC", "400")

_SLOW = ("terraform", "cdktf")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Move whole modules: `--dist loadfile` keeps each of them on one core."""
    slow = {item.path for item in items if any(item.get_closest_marker(each) for each in _SLOW)}
    items.sort(key=lambda item: item.path not in slow)
