"""Stacks that change in the same way are one group, whatever their names and ids are."""

from __future__ import annotations

from typing import Any

import pytest

from gateprint.review.attributes import AttributeChange, attribute_changes
from gateprint.review.clusters import Named, clusters, own_names
from gateprint.terraform.plans.plan import ResourceChange, TerraformPlan

SETTINGS = "aws_api_gateway_method_settings"


def change(
    name: str, before: Any, after: Any, actions: tuple[str, ...] = ("update",), **more: Any
) -> ResourceChange:
    return ResourceChange(f"{SETTINGS}.{name}", SETTINGS, name, actions, before, after, **more)


def plan(*changes: ResourceChange) -> TerraformPlan:
    return TerraformPlan(
        changes,
        drift=(),
        output_changes=(),
        is_errored=False,
        is_complete=True,
        is_applyable=True,
        terraform_version="1.11.4",
        references={},
        configuration_digest="",
    )


def throttled(blueprint: str, rate: int, api_id: str) -> Named:
    before = {"rest_api_id": api_id, "settings": [{"rate": 100}], "stage": f"{blueprint}-prod"}
    after = {"rest_api_id": api_id, "settings": [{"rate": rate}], "stage": f"{blueprint}-prod"}
    names = own_names(blueprint, "prod", "210987654321")
    return Named(f"{blueprint}-prod", plan(change(f"{blueprint}_prod", before, after)), names)


def test_the_same_change_of_many_stacks_is_one_group_and_others_stand_apart():
    alike = [throttled(f"shop-{number}", 200, f"id{number}") for number in range(58)]
    found = clusters([*alike, throttled("odd", 300, "idx"), throttled("other", 50, "idy")])
    assert [len(each.stacks) for each in found] == [58, 1, 1]
    (same,) = found[0].changes
    assert same.address == f"{SETTINGS}.{{blueprint}}_{{environment}}"
    assert same.attributes == (AttributeChange("settings[0].rate", "100", "200"),)
    assert [each.example for each in found[1:]] == ["odd-prod", "other-prod"]
    assert found[1].changes[0].address == f"{SETTINGS}.odd_prod"


def test_a_name_within_a_word_is_not_the_stacks_own():
    named = throttled("shop", 200, "a1")
    other = Named("shop-prod", plan(change("workshop", {"a": 1}, {"a": 2})), named.names)
    twin = Named("bar-prod", plan(change("workbar", {"a": 1}, {"a": 2})), own_names("bar", "", ""))
    assert len(clusters([other, twin])) == 2


@pytest.mark.parametrize(
    ("before", "after", "unknown", "expected"),
    [
        ({"a": 1, "b": {"c": 2}}, {"a": 1, "b": {"c": 3}}, {}, [("b.c", "2", "3")]),
        ({"a": None}, {"a": ""}, {}, []),
        ({"p": '{"x": 1}'}, {"p": '{ "x":1 }'}, {}, []),
        ({"p": '{"x": 1}'}, {"p": '{"x": 2}'}, {}, [("p", '{"x": 1}', '{"x": 2}')]),
        ({"a": "1"}, {}, {"a": True}, [("a", "1", "(known after apply)")]),
        ({"l": [1, 2]}, {"l": [1]}, {}, [("l", "[1, 2]", "[1]")]),
        ({"l": [{"a": 1}]}, {"l": []}, {}, [("l[0]", '{"a": 1}', "(none)")]),
        ({"t": "x" * 200}, {"t": "y"}, {}, [("t", "x" * 119 + "…", "y")]),
    ],
)
def test_what_differs_is_told_by_path(before, after, unknown, expected):
    found = attribute_changes(change("a", before, after, after_unknown=unknown))
    assert [(each.path, each.before, each.after) for each in found] == expected


def test_of_a_replaced_resource_only_known_values_and_the_reason_are_told():
    found = attribute_changes(
        change(
            "a",
            {"id": "1", "type": "x", "name": "n"},
            {"name": "m"},
            ("delete", "create"),
            after_unknown={"id": True, "type": True},
            replace_paths=(("type",),),
        )
    )
    assert [each.path for each in found] == ["name", "type"]


@pytest.mark.parametrize("actions", [("create",), ("delete",), ("no-op",)])
def test_of_what_comes_or_goes_nothing_is_compared(actions):
    assert attribute_changes(change("a", None, {"a": 1}, actions)) == ()
