"""One runner for all tests of a module: processes are started for each function anyway."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateprint.local.functions.runner import FunctionRunner
from tests.local.functions.written import WrittenAccount


@pytest.fixture
def account() -> WrittenAccount:
    return WrittenAccount()


@pytest.fixture
def runner(account: WrittenAccount, tmp_path: Path) -> Iterator[FunctionRunner]:
    runner = FunctionRunner(account, "http://127.0.0.1:1", tmp_path)
    yield runner
    runner.close()
