"""The review counts as Terraform does.

Seen with Terraform 1.11.4, but for deposed objects and what is created and forgotten.
"""

from __future__ import annotations

from typing import Any

import pytest

from gateprint.review.counting import counted
from tests.terraform.plans.documents import change, plan

A, B = "terraform_data.a", "terraform_data.b"

# The plan, and Terraform's "Plan: … to add, … to change, … to destroy."
CASES: dict[str, tuple[list[dict[str, Any]], tuple[int, int, int]]] = {
    "create": ([change(A)], (1, 0, 0)),
    "update": ([change(A, ["update"])], (0, 1, 0)),
    "delete": ([change(A, ["delete"])], (0, 0, 1)),
    "replace": ([change(A, ["delete", "create"])], (1, 0, 1)),
    "replace, the new one first": ([change(A, ["create", "delete"])], (1, 0, 1)),
    "replace, the old one is forgotten": ([change(A, ["create", "forget"])], (1, 0, 0)),
    "import": ([change(A, ["no-op"], importing="x")], (0, 0, 0)),
    "import and update": ([change(A, ["update"], importing="x")], (0, 1, 0)),
    "forget": ([change(A, ["forget"])], (0, 0, 0)),
    "no-op": ([change(A, ["no-op"])], (0, 0, 0)),
    "read": ([change(A, ["read"])], (0, 0, 0)),
    "move": ([change(A, ["no-op"], previous_address=B)], (0, 0, 0)),
    "deposed": ([change(A, ["delete"], deposed="0a1b2c3d")], (0, 0, 1)),
    "deposed beside a replacement": (
        [change(A, ["create", "delete"]), change(A, ["delete"], deposed="0a1b2c3d")],
        (1, 0, 2),
    ),
    "several": (
        [change(A), change(B, ["update"]), change(B, ["delete"]), change(A, ["no-op"])],
        (1, 1, 1),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_counts_are_those_of_terraform(name: str):
    changes, expected = CASES[name]
    found = counted([plan(*changes)], 0)
    assert (found.to_add, found.to_change, found.to_destroy) == expected


def test_the_stacks_of_a_run_are_added_up():
    plans = [plan(change(A)), plan(change(A), change(B, ["delete", "create"]))]
    found = counted(plans, 7)
    assert (found.changed, found.unchanged) == (2, 7)
    assert found.actions == {"create": 2, "replace": 1}
    assert (found.to_add, found.to_change, found.to_destroy) == (3, 0, 1)
