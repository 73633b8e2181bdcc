"""How what a role may call is divided among policies."""

from __future__ import annotations

import json

import pytest

from gateprint.access.iam.language import Language
from gateprint.access.packing import Limits, Packed, Pattern, pack
from gateprint.access.routes.templates import answered, on

LIMITS = Limits(prefix_length=66, managed_policies=10)


def patterns(*texts: str, api: str = "pets") -> list[Pattern]:
    return [Pattern(api, text) for text in texts]


def packed(
    allowed: list[Pattern],
    denied: list[Pattern] | None = None,
    closed: list[Language] | None = None,
    limits: Limits = LIMITS,
) -> Packed:
    return pack(allowed, denied or [], lambda: {"pets": closed or []}, limits)


def collection(count: int, stage: str = "dev") -> list[Pattern]:
    return patterns(*(f"{stage}/GET/collection-{each:04}" for each in range(count)))


def texts(found: Packed) -> list[list[str]]:
    return [[each.text for each in policy] for policy in (found.inline, *found.managed)]


def test_what_fits_is_one_inline_policy_with_every_pattern() -> None:
    allowed = patterns("dev/GET/pets/*", "dev/GET/pets/*/toys")
    assert packed(allowed) == Packed(tuple(allowed))


def test_nothing_is_nothing() -> None:
    assert packed([]) == Packed(())


def test_what_others_hold_anyway_goes_first() -> None:
    below = [f"dev/GET/pets/*/toy-{each:04}" for each in range(200)]
    beside = ["dev/GET/pets", "dev/POST/pets/*", "test/GET/pets/*/toy-0001"]
    found = packed(patterns("dev/GET/pets/*", *below, *beside))
    assert texts(found) == [sorted(["dev/GET/pets/*", *beside])]


def test_a_parameter_that_is_not_empty_holds_what_is_below_it_but_not_itself() -> None:
    below = [f"dev/GET/pets/*/toy-{each:04}" for each in range(200)]
    found = packed(patterns("dev/GET/pets/?*", *below, "dev/GET/pets/*/*"))
    assert texts(found) == [["dev/GET/pets/?*"]]
    found = packed(patterns("dev/GET/pets/?*", "dev/GET/pets/*", *below))
    assert texts(found) == [["dev/GET/pets/*"]]


def test_an_api_holds_nothing_for_another() -> None:
    below = [f"dev/GET/pets/toy-{each:04}" for each in range(60)]
    found = packed([*patterns("dev/GET/pets/*", *below), *patterns(*below, api="cats")])
    assert texts(found) == [[*below, "dev/GET/pets/*"]]


def test_the_rest_goes_to_managed_policies() -> None:
    found = packed(collection(250))
    assert [len(each) for each in texts(found)] == [81, 64, 64, 41]
    assert [each for policy in texts(found) for each in policy] == [
        each.text for each in collection(250)
    ]
    assert not found.is_widened


def test_one_route_more_changes_one_policy() -> None:
    before, after = packed(collection(250)), packed(collection(251))
    assert texts(before)[:-1] == texts(after)[:-1]
    assert texts(before)[-1] == texts(after)[-1][:-1]


def test_denials_take_room_from_the_inline_policy() -> None:
    denied = patterns(*(f"dev/GET/collection-{each:04}/owner" for each in range(50)))
    assert [len(each) for each in texts(packed(collection(110), denied))] == [28, 64, 18]


def test_denials_may_fill_the_inline_policy() -> None:
    denied = patterns(*(f"dev/GET/collection-{each:04}/owner" for each in range(120)))
    assert [len(each) for each in texts(packed(collection(60), denied))] == [0, 60]


def test_a_wildcard_stands_for_a_part_of_the_api_where_all_is_granted() -> None:
    few = Limits(prefix_length=66, managed_policies=1)
    assert texts(packed(collection(250), limits=few)) == [["*"]]
    assert packed(collection(250), limits=few).is_widened


@pytest.mark.parametrize(
    ("closed", "expected"),
    [
        ("POST /pets", "dev/GET/*"),
        ("GET /pets", "dev/GET/pets/*"),
        ("ANY /", "dev/GET/pets/*"),
        ("GET /pets/{id}/owner", "dev/GET/pets/1/toys/*"),
        ("GET /pets/1/toys", "dev/GET/pets/1/toys/*"),
    ],
)
def test_a_wildcard_reaches_nothing_that_is_closed(closed: str, expected: str) -> None:
    allowed = patterns(*(f"dev/GET/pets/1/toys/{each:04}" for each in range(250)))
    few = Limits(prefix_length=66, managed_policies=1)
    language = on("dev", answered(closed))
    assert texts(packed(allowed, closed=[language], limits=few)) == [[expected]]


def test_where_nothing_helps_there_are_too_many_policies() -> None:
    few = Limits(prefix_length=66, managed_policies=1)
    closed = [on("dev", answered(f"GET /collection-{each:04}/{{id}}")) for each in range(250)]
    found = packed(collection(250), closed=closed, limits=few)
    assert json.dumps(texts(found)).count("collection") == 250
    assert len(found.managed) > 1
