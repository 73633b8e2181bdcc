"""One estate, with its embedded cloud, for the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.estate import Estate, standing_estate


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    """Stacks without the AWS provider."""
    with standing_estate(tmp_path_factory.mktemp("estate")) as estate:
        yield estate
