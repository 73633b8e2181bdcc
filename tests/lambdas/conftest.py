"""Loads the functions as Lambda does: each with its own `app`, and with `shared` beside it."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

LAMBDAS = Path(__file__).parents[2] / "lambdas"


@pytest.fixture(autouse=True)
def lambda_path(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make `shared` importable during a test, and forget it afterwards."""
    monkeypatch.delenv("ALLOWED_ORIGINS", raising=False)
    monkeypatch.syspath_prepend(LAMBDAS)
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "shared"]:
        del sys.modules[name]


@pytest.fixture
def load_app(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """Return a function that executes `<source>/app.py` anew, like a cold start."""

    def load(source: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(f"{source}_app", LAMBDAS / source / "app.py")
        assert spec is not None
        assert spec.loader is not None
        app = importlib.util.module_from_spec(spec)
        # As after an import: dataclasses look their own module up.
        monkeypatch.setitem(sys.modules, spec.name, app)
        spec.loader.exec_module(app)
        return app

    return load


@pytest.fixture
def http() -> ModuleType:
    """The shared helper."""
    return importlib.import_module("shared.http")
