"""The order of the tests: what takes minutes starts first, so that no core waits at the end."""

from __future__ import annotations

import os

import pytest
from xdist.scheduler import LoadFileScheduling

# Terraform and its provider are Go programs, and collect their garbage a quarter of their time;
# they may let it grow to four times of what they use instead of twice.
os.environ.setdefault("GOGC", "400")

_SLOW = ("terraform", "cdktf")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Move whole modules: `--dist loadfile` keeps each of them on one core."""
    slow = {item.path for item in items if any(item.get_closest_marker(each) for each in _SLOW)}
    items.sort(key=lambda item: item.path not in slow)


class _Scheduling(LoadFileScheduling):  # type: ignore[misc]  # xdist says nothing of types
    """One file on one core, and the tests that share one deployment too."""

    _TOGETHER = "tests/examples/"

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(self._TOGETHER):
            return self._TOGETHER
        return str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> _Scheduling:
    """Schedule by files: the same whatever `--dist` says."""
    return _Scheduling(config, log)
