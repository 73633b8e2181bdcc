"""Digests of plans and runs."""

from __future__ import annotations

from typing import Any

import pytest

from gateprint.terraform.plans.digest import canonical, plan_digest, run_digest
from tests.terraform.plans.documents import real

RUN: dict[str, Any] = {
    "plan": "a1",
    "configuration": "b2",
    "lock_file": "c3",
    "tools": {"terraform": "1.11.4"},
    "revision": "d4",
}


def test_a_plan_that_is_made_again_has_the_same_digest() -> None:
    # Two runs of Terraform on the same stack differed in these two, and in nothing else.
    again = real("create") | {"timestamp": "2026-11-22T18:38:12Z"}
    again["relevant_attributes"] = list(reversed(again["relevant_attributes"]))
    assert plan_digest(again) == plan_digest(real("create"))


def test_the_order_in_which_names_are_written_does_not_matter() -> None:
    again = dict(reversed(real("create").items()))
    assert canonical(again) == canonical(real("create"))


def test_a_secret_that_differs_makes_another_digest() -> None:
    other = real("sensitive")
    other["variables"]["password"]["value"] = "another one"
    assert plan_digest(other) != plan_digest(real("sensitive"))


def test_what_is_done_makes_another_digest() -> None:
    other = real("create")
    other["resource_changes"][0]["change"]["actions"] = ["update"]
    assert plan_digest(other) != plan_digest(real("create"))


@pytest.mark.parametrize(
    "other",
    [
        {"plan": "a2"},
        {"configuration": "b3"},
        {"lock_file": "c4"},
        {"tools": {"terraform": "1.11.5"}},
        {"tools": {"terraform": "1.11.4", "provider": "5.100.0"}},
        {"revision": ""},
        {"plan": "a1b", "configuration": "2"},
    ],
)
def test_each_part_of_a_run_is_in_its_digest(other) -> None:
    assert run_digest(**(RUN | other)) != run_digest(**RUN)


def test_the_order_of_tools_does_not_matter() -> None:
    ways = [{"a": "1", "b": "2"}, {"b": "2", "a": "1"}]
    first, second = (run_digest(**(RUN | {"tools": tools})) for tools in ways)
    assert first == second
