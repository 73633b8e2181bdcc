"""Waves: one stack first, then growing parts, nothing before what it needs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateprint.terraform.waves import waves

LETTERS = "abcdefghijklmnopqrst"


def test_waves_grow_from_one_to_all() -> None:
    stacks = [f"s{number:03}" for number in range(100)]
    assert [len(each) for each in waves(stacks, {})] == [1, 4, 20, 75]


@pytest.mark.parametrize(
    ("number", "sizes"),
    [(0, []), (1, [1]), (2, [1, 1]), (4, [1, 3]), (5, [1, 1, 3]), (20, [1, 4, 15])],
)
def test_few_stacks_make_few_waves(number: int, sizes: list[int]) -> None:
    assert [len(each) for each in waves(LETTERS[:number], {})] == sizes


def test_what_others_need_comes_before_them() -> None:
    assert waves("abc", {"a": ("c",)}) == (("b",), ("c", "a"))


def test_an_accounts_own_stack_goes_with_the_first_that_needs_it() -> None:
    needs = {"a": ("acct",), "b": ("acct",), "c": ("other",)}
    found = waves(["acct", "a", "b", "c", "other"], needs, frozenset({"acct", "other"}))
    assert found == (("acct", "a"), ("other", "b", "c"))


def test_one_that_nobody_needs_comes_last() -> None:
    assert waves(["acct", "a"], {}, frozenset({"acct"})) == (("a",), ("acct",))


def test_needs_outside_of_the_run_do_not_count() -> None:
    assert waves("ab", {"a": ("elsewhere",), "b": ("elsewhere",)}) == (("a",), ("b",))


@st.composite
def _estates(draw: st.DrawFn) -> tuple[list[str], dict[str, list[str]], frozenset[str]]:
    """Stacks of which each may need earlier ones; those apart need nothing."""
    names = [f"s{number}" for number in range(draw(st.integers(0, 40)))]
    apart = frozenset(draw(st.sets(st.sampled_from(names), max_size=4))) if names else frozenset()
    needs = {}
    for place, name in enumerate(names):
        earlier = names[:place]
        if earlier and name not in apart:
            needs[name] = draw(st.lists(st.sampled_from(earlier), max_size=3, unique=True))
    return draw(st.permutations(names)), needs, apart


@given(_estates())
def test_each_stack_is_in_one_wave_after_all_that_it_needs(
    estate: tuple[list[str], dict[str, list[str]], frozenset[str]],
) -> None:
    stacks, needs, apart = estate
    found = waves(stacks, needs, apart)
    order = [name for wave in found for name in wave]
    assert sorted(order) == sorted(stacks)
    assert all(found)
    for name, needed in needs.items():
        assert all(order.index(each) < order.index(name) for each in needed)
    if set(stacks) - apart:
        assert len(set(found[0]) - apart) == 1


@given(st.permutations(LETTERS))
def test_the_order_of_the_input_does_not_matter(stacks: list[str]) -> None:
    assert waves(stacks, {"a": ("b",)}) == waves(LETTERS, {"a": ("b",)})
