"""The NoOp function answers with nothing, whatever it is sent."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest


@pytest.mark.parametrize("event", [{}, {"body": "{"}, {"headers": {"Origin": "null"}}])
def test_the_preflight_function_returns_an_empty_object(
    load_app: Callable[[str], ModuleType], event: dict[str, object]
) -> None:
    assert load_app("noop").handler(event, None) == {}
