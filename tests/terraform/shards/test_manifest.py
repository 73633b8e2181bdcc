"""Stacks are divided completely, evenly, always alike, and so that what belongs together stays."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateprint.terraform.shards.balance import Item, balanced
from gateprint.terraform.shards.choice import chosen, parse_choice
from gateprint.terraform.shards.manifest import (
    Manifest,
    ShardStack,
    make_manifest,
    manifest_json,
    read_manifest,
)

NUMBERS = st.integers(1, 12)


def made(seed: int) -> list[ShardStack]:
    """Up to 30 stacks of three accounts, some of which need one that comes before them."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    found: list[ShardStack] = []
    for number in range(chance.randrange(31)):
        earlier = [each.stack for each in found]
        needs = tuple(chance.sample(earlier, 1)) if earlier and chance.random() < 0.3 else ()
        found.append(
            ShardStack(
                stack=f"s{number:02}-prod",
                account=chance.choice("123"),
                region=chance.choice(["us-east-2", "eu-central-1"]),
                size=chance.randrange(1, 51),
                needs=needs,
                is_account=chance.random() < 0.1,
            )
        )
    return found


STACKS = st.integers(0, 2**32).map(made)


def shard_of(manifest: Manifest) -> dict[str, int]:
    return {name: each.index for each in manifest.shards for name in each.stacks}


@settings(max_examples=100, deadline=None)
@given(STACKS, NUMBERS)
def test_every_stack_is_in_exactly_one_shard(found: list[ShardStack], number: int) -> None:
    manifest = make_manifest(found, number)
    assert manifest.number == number
    assert list(manifest.stacks) == sorted(each.stack for each in found)


@settings(max_examples=100, deadline=None)
@given(STACKS, NUMBERS, st.randoms(use_true_random=False))
def test_the_order_of_the_stacks_does_not_matter(
    found: list[ShardStack], number: int, chance: random.Random
) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert make_manifest(found, number).digest == make_manifest(shuffled, number).digest


@settings(max_examples=100, deadline=None)
@given(STACKS, NUMBERS)
def test_stacks_that_need_one_another_stay_together(found: list[ShardStack], number: int) -> None:
    places = shard_of(make_manifest(found, number))
    accounts = {each.stack for each in found if each.is_account}
    for each in found:
        for need in each.needs:
            if not each.is_account and need not in accounts:
                assert places[each.stack] == places[need]


@settings(max_examples=100, deadline=None)
@given(STACKS, NUMBERS)
def test_the_accounts_own_stacks_are_in_the_first_shard(
    found: list[ShardStack], number: int
) -> None:
    manifest = make_manifest(found, number)
    assert set(manifest.first) == {each.stack for each in found if each.is_account}
    assert set(manifest.first) <= set(manifest.shard(1).stacks)


def lpt(weights: Sequence[int], number: int) -> int:
    """The heaviest bin of the textbook's way, written once more."""
    bins = [0] * number
    for each in sorted(weights, reverse=True):
        bins[bins.index(min(bins))] += each
    return max(bins)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 1_000), st.sampled_from("abcd")), max_size=40), NUMBERS)
def test_the_heaviest_bin_is_no_heavier_than_the_textbooks(
    found: list[tuple[int, str]], number: int
) -> None:
    items = [Item(f"{i:02}", weight, frozenset(of)) for i, (weight, of) in enumerate(found)]
    weights = [sum(each.weight for each in one) for one in balanced(items, number)]
    assert max(weights) <= lpt([weight for weight, _ in found], number)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=7), st.integers(1, 3))
def test_the_heaviest_bin_is_within_grahams_bound_of_the_best(
    weights: list[int], number: int
) -> None:
    items = [Item(str(i), weight) for i, weight in enumerate(weights)]
    heaviest = max(sum(each.weight for each in one) for one in balanced(items, number))
    assert heaviest * 3 * number <= best(weights, [0] * number) * (4 * number - 1)


def best(weights: list[int], bins: list[int]) -> int:
    """The best that can be done, by trying everything."""
    if not weights:
        return max(bins)
    tried = set()
    for index, each in enumerate(bins):
        if each not in bins[:index]:
            tried.add(best(weights[1:], [*bins[:index], each + weights[0], *bins[index + 1 :]]))
    return min(tried)


def test_accounts_and_regions_stay_together_where_the_balance_allows_it() -> None:
    found = [
        ShardStack(f"s{number:02}-{account}", account, "us-east-2")
        for account in "abc"
        for number in range(4)
    ]
    manifest = make_manifest(found, 3)
    assert [each.domains for each in manifest.shards] == [
        ("a/us-east-2",),
        ("b/us-east-2",),
        ("c/us-east-2",),
    ]


def test_past_seconds_count_and_the_others_are_estimated_by_their_size() -> None:
    sizes = {"a-prod": 10.0, "b-prod": 20.0, "c-prod": 5.0}
    found = [ShardStack(name, "1", "us-east-2", size) for name, size in sizes.items()]
    manifest = make_manifest(found, 3, {"a-prod": 4.0, "b-prod": 8.0, "gone-prod": 100.0})
    seconds = {each.stacks: each.seconds for each in manifest.shards}
    assert seconds == {("a-prod",): 4.0, ("b-prod",): 8.0, ("c-prod",): 2.0}


def test_no_machine_is_idle_for_the_sake_of_order() -> None:
    weights = [8, 4, 2]
    items = [Item(str(weight), weight, frozenset("a")) for weight in weights]
    assert all(balanced(items, 3))


def test_each_account_has_machines_by_its_weight() -> None:
    stacks = {"a": 8, "b": 4}
    items = [
        Item(f"{of}{index}", 5, frozenset(of))
        for of, number in stacks.items()
        for index in range(number)
    ]
    domains = [{of for each in one for of in each.domains} for one in balanced(items, 3)]
    assert domains == [{"a"}, {"a"}, {"b"}]


def test_more_shards_than_stacks_leaves_the_last_ones_empty() -> None:
    manifest = make_manifest([ShardStack("a-prod", "1", "us-east-2")], 3)
    assert (manifest.empty, manifest.shard(1).stacks) == ((2, 3), ("a-prod",))


def test_no_stacks_make_empty_shards() -> None:
    assert make_manifest([], 2).empty == (1, 2)


@pytest.mark.parametrize("number", [0, -1, 10_001])
def test_a_number_out_of_reach_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="shards can be made"):
        make_manifest([], number)


def test_a_stack_that_is_given_twice_is_refused() -> None:
    found = ShardStack("a-prod", "1", "us-east-2")
    with pytest.raises(ValueError, match="twice"):
        make_manifest([found, found], 2)


def test_a_thousand_stacks_take_no_time_to_speak_of() -> None:
    found = [ShardStack(f"s{i:04}-prod", str(i % 5), "us-east-2", 1 + i % 37) for i in range(1_000)]
    weights = [each.seconds for each in make_manifest(found, 256).shards]
    assert max(weights) <= 1.1 * sum(weights) / 256 + 1


# --- shards.json


def a_manifest() -> Manifest:
    found = [ShardStack(f"{name}-prod", "1", "us-east-2") for name in "abc"]
    return make_manifest([*found, ShardStack("account-prod", "1", "us-east-2", is_account=True)], 2)


@settings(max_examples=50, deadline=None)
@given(STACKS, NUMBERS)
def test_a_manifest_survives_its_file(found: list[ShardStack], number: int) -> None:
    manifest = make_manifest(found, number)
    assert read_manifest(manifest_json(manifest)) == manifest


def test_another_division_has_another_digest() -> None:
    found = [ShardStack(f"{name}-prod", "1", "us-east-2") for name in "abc"]
    others = [make_manifest(found, 3), make_manifest(found[:2], 2)]
    others.append(make_manifest([replace(found[0], size=2.0), *found[1:]], 2))
    digests = {each.digest for each in [make_manifest(found, 2), *others]}
    assert len(digests) == 4


def edited(**values: object) -> str:
    return json.dumps({**json.loads(manifest_json(a_manifest())), **values})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "Expecting"),
        ("[]", "not a manifest"),
        ("{}", "not a manifest"),
        ("[" * 100_000, "not a manifest"),
        (edited(format=2), "another version"),
        (edited(number=3), "was changed"),
        (edited(first=[]), "was changed"),
        (edited(shards=[]), "was changed"),
        (edited(digest="0" * 64), "was changed"),
    ],
)
def test_what_is_no_manifest_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        read_manifest(text)


# --- 3/8


def test_a_shard_is_counted_from_one() -> None:
    manifest = a_manifest()
    assert chosen(manifest, "1/2") == manifest.shards[0].stacks
    assert chosen(manifest, "2/2") == manifest.shards[1].stacks


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("0/2", "counted from 1/2 to 2/2"),
        ("3/2", "counted from 1/2 to 2/2"),
        ("1/0", "at least one"),
        ("1/3", "write 1/2, or make another"),
        ("1", "as in 3/8"),
        ("1/2/3", "as in 3/8"),
        ("-1/2", "as in 3/8"),
        ("1/2\n", "as in 3/8"),
        ("١/٢", "as in 3/8"),
        (f"1/{'9' * 9}", "as in 3/8"),
    ],
)
def test_a_shard_that_is_none_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        chosen(a_manifest(), text)


def test_a_choice_is_an_index_and_a_number() -> None:
    assert parse_choice("3/8") == (3, 8)
