"""Which requests a canary gets, and what GetStage says of it."""

from __future__ import annotations

import pytest

from gateprint.local.gateway.canary import Canary, read_canary


@pytest.mark.parametrize(
    ("percent", "chance", "is_drawn"),
    [(0, 0.0, False), (10, 0.0999, True), (10, 0.1, False), (100, 0.9999, True)],
)
def test_a_request_is_drawn_by_its_chance(percent: float, chance: float, is_drawn: bool) -> None:
    assert Canary(percent, "d").is_drawn(chance) is is_drawn


def test_a_canary_without_a_deployment_has_that_of_its_stage() -> None:
    assert read_canary({"deploymentId": "one"}) is None
    document = {"deploymentId": "one", "canarySettings": {"percentTraffic": 5.0}}
    assert read_canary(document) == Canary(5.0, "one", {})
