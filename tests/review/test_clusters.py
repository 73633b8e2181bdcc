"""Stacks that change in the same way are one group, whatever their names and ids are."""

from __future__ import annotations

from typing import Any

import pytest

from gateprint.review.attributes import AttributeChange, attribute_changes
from gateprint.review.clusters import Cluster, Named, clusters
from gateprint.review.plain import own_names
from gateprint.terraform.plans.plan import ResourceChange, TerraformPlan

SETTINGS = "aws_api_gateway_method_settings"
POLICY = "aws_iam_role_policy"
DEPLOYMENT = "aws_api_gateway_deployment"
GET, POST, DELETE = (f"arn:aws:execute-api:eu-west-1:1:abc/{each}/x" for each in "gpd")


def change(
    name: str,
    before: Any,
    after: Any,
    actions: tuple[str, ...] = ("update",),
    kind: str = SETTINGS,
    **more: Any,
) -> ResourceChange:
    return ResourceChange(f"{kind}.{name}", kind, name, actions, before, after, **more)


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


def named(blueprint: str, *changes: ResourceChange, environment: str = "prod") -> Named:
    names = own_names(blueprint, environment, "210987654321")
    return Named(f"{blueprint}-{environment}", plan(*changes), names)


def settings(blueprint: str, rate: int, api_id: str) -> ResourceChange:
    before = {"rest_api_id": api_id, "settings": [{"rate": 100}], "stage": f"{blueprint}-prod"}
    after = {"rest_api_id": api_id, "settings": [{"rate": rate}], "stage": f"{blueprint}-prod"}
    return change(f"{blueprint}_prod", before, after)


def throttled(blueprint: str, rate: int, api_id: str) -> Named:
    return named(blueprint, settings(blueprint, rate, api_id))


def granted(blueprint: str, *routes: str) -> Named:
    """Return a stack in which a role gets more routes; its document is longer than is shown."""
    padding = [f"arn:aws:execute-api:eu-west-1:1:{blueprint}/{number}" for number in range(9)]

    def document(*resources: str) -> str:
        listed = ", ".join(f'"{each}"' for each in (*padding, *resources))
        return f'{{"Statement": [{{"Resource": [{listed}]}}]}}'

    before, after = ({"policy": each} for each in (document(), document(*routes)))
    return named(blueprint, change(blueprint, before, after, kind=POLICY))


def sizes(found: tuple[Cluster, ...]) -> list[int]:
    return [len(each.stacks) for each in found]


def test_the_same_change_of_many_stacks_is_one_group_and_others_stand_apart():
    alike = [throttled(f"shop-{number}", 200, f"id{number}") for number in range(58)]
    found = clusters([*alike, throttled("odd", 300, "idx"), throttled("other", 50, "idy")])
    assert sizes(found) == [58, 1, 1]
    (same,) = found[0].changes
    # All are in one environment, so its name is no placeholder.
    assert same.address == f"{SETTINGS}.{{blueprint}}_prod"
    assert same.attributes == (AttributeChange("settings[0].rate", "100", "200"),)
    assert [each.example for each in found[1:]] == ["odd-prod", "other-prod"]
    assert found[1].changes[0].address == f"{SETTINGS}.odd_prod"


def test_a_name_within_a_word_is_not_the_stacks_own():
    shop = named("shop", change("workshop", {"a": 1}, {"a": 2}))
    twin = named("bar", change("workbar", {"a": 1}, {"a": 2}))
    assert sizes(clusters([shop, twin])) == [1, 1]


def test_environments_that_differ_are_placeholders():
    def tagged(environment: str) -> Named:
        stage = change(f"a_{environment}", {"a": 1}, {"a": 2})
        return named("a", stage, environment=environment)

    (found,) = clusters([tagged("test"), tagged("prod")])
    assert found.changes[0].address == f"{SETTINGS}.a_{{environment}}"


def test_documents_beyond_what_is_shown_make_groups_whatever_the_names_lengths_are():
    alike = [granted(name, GET, POST) for name in ("a", "shop-with-a-long-name")]
    other = granted("b", GET, DELETE)
    assert sizes(clusters([*alike, other])) == [2, 1]


def test_what_new_resources_hold_makes_groups():
    def made(blueprint: str, auth: str) -> Named:
        after = {"authorization": auth, "api": f"{blueprint}-api"}
        return named(blueprint, change(blueprint, None, after, ("create",)))

    assert sizes(clusters([made("a", "NONE"), made("b", "NONE"), made("c", "AWS_IAM")])) == [2, 1]


@pytest.mark.parametrize("digest", ["{0}" * 64, "{0}" * 32, "f{0}" * 20, "{0}" * 43 + "="], ids=len)
def test_digests_do_not_tear_stacks_apart(digest: str):
    def published(blueprint: str, letter: str) -> Named:
        before, after = ({"triggers": {"p": digest.format(each)}} for each in ("0", letter))
        return named(blueprint, change("x_dev", before, after, kind=DEPLOYMENT))

    (found,) = clusters([published("a", "b"), published("b", "c")])
    (same,) = found.changes
    assert same.attributes == (AttributeChange("triggers.p", "(digest)", "(digest)"),)


def test_an_outlier_says_what_it_does_more_and_less_than_the_others():
    log = change("log", {"days": 7}, {"days": 30})
    tag = change("tag", {"a": 1}, {"a": 2})
    alike = [named(name, settings(name, 200, name), log) for name in ("shop-1", "shop-2")]
    odd = named("odd", settings("odd", 300, "x"), log, tag)
    stranger = named("stranger", tag)
    greatest, first, second = clusters([stranger, odd, *alike])
    assert greatest.difference is None
    assert second.difference is None
    difference = first.difference
    assert difference is not None
    assert difference.example == "shop-1-prod"
    rate = "settings[0].rate"
    assert [(each.address, each.attributes) for each in difference.more] == [
        (f"{SETTINGS}.odd_prod", (AttributeChange(rate, "100", "300"),)),
        (f"{SETTINGS}.tag", (AttributeChange("a", "1", "2"),)),
    ]
    assert [(each.address, each.attributes) for each in difference.less] == [
        (f"{SETTINGS}.odd_prod", (AttributeChange(rate, "100", "200"),))
    ]


@pytest.mark.parametrize(
    ("before", "after", "unknown", "expected"),
    [
        ({"a": 1, "b": {"c": 2}}, {"a": 1, "b": {"c": 3}}, {}, [("b.c", "2", "3")]),
        ({"a": None}, {"a": ""}, {}, []),
        ({"p": '{"x": 1}'}, {"p": '{ "x":1 }'}, {}, []),
        ({"p": '{"x": 1}'}, {"p": '{"x": 2}'}, {}, [("p.x", "1", "2")]),
        ({"p": '{"x": [1]}'}, {"p": '{"x": [1, 2]}'}, {}, [("p.x", "(none)", "2")]),
        ({"p": '{"x": 1}'}, {"p": "x"}, {}, [("p", '{"x": 1}', "x")]),
        ({"a": "1"}, {}, {"a": True}, [("a", "1", "(known after apply)")]),
        ({"l": [1, 2]}, {"l": [1]}, {}, [("l", "2", "(none)")]),
        ({"l": [1, 2]}, {"l": [2, 1]}, {}, [("l", "[1, 2]", "[2, 1]")]),
        ({"l": [{"a": 1}]}, {"l": []}, {}, [("l[0]", '{"a": 1}', "(none)")]),
        ({"t": "x" * 200}, {"t": "y"}, {}, [("t", "x" * 119 + "…", "y")]),
    ],
)
def test_what_differs_is_told_by_path(before, after, unknown, expected):
    found = attribute_changes(change("a", before, after, after_unknown=unknown))
    assert [(each.path, each.before, each.after) for each in found] == expected


def test_of_two_long_texts_the_part_is_shown_in_which_they_differ():
    before, after = ({"t": f"{'x' * 300}\n y{each}" + "z" * 300} for each in "ab")
    (found,) = attribute_changes(change("a", before, after))
    assert found.before == f"…{'x' * 13} ya{'z' * 102}…"
    assert found.after == f"…{'x' * 13} yb{'z' * 102}…"


def test_what_only_follows_comes_last():
    before, after = ({"triggers": {"p": each}} for each in "ab")
    deployment = change("a", before, after, ("create", "delete"), DEPLOYMENT)
    (found,) = clusters([named("shop", deployment, settings("shop", 200, "x"))])
    assert [each.action for each in found.changes] == ["update", "replace"]


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
