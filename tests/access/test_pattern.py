"""Overlap of patterns, compared with the enumeration of all short texts."""

from __future__ import annotations

import re
from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateprint.access.pattern import Pattern, Token, is_overlapping, of_policy, of_route

ALPHABET = "ab/"
MOST_TOKENS = 3
# A character that runs match in both patterns can be left out of a common text, so the shortest
# one has at most as many characters as both patterns have tokens for a single character.
LONGEST = 2 * MOST_TOKENS
EXPRESSIONS = {"one": "[^/]", "segment": "[^/]*", "any": ".*"}
TOKENS = [*(Token("char", each) for each in ALPHABET), Token("one"), Token("segment"), Token("any")]
PATTERNS = st.lists(st.sampled_from(TOKENS), max_size=MOST_TOKENS).map(tuple)


@cache
def texts() -> tuple[str, ...]:
    lengths = range(LONGEST + 1)
    return tuple("".join(each) for length in lengths for each in product(ALPHABET, repeat=length))


@cache
def language(pattern: Pattern) -> frozenset[str]:
    """Return the texts that the pattern matches, as Python's own engine sees it."""
    source = "".join(EXPRESSIONS.get(each.kind) or re.escape(each.char) for each in pattern)
    expression = re.compile(source, re.DOTALL)
    return frozenset(each for each in texts() if expression.fullmatch(each))


@given(PATTERNS, PATTERNS)
@settings(deadline=None, derandomize=True, max_examples=400)
def test_two_patterns_overlap_exactly_where_a_text_matches_both(
    one: Pattern, other: Pattern
) -> None:
    assert is_overlapping(one, other) is not language(one).isdisjoint(language(other))


@given(PATTERNS, PATTERNS)
@settings(deadline=None, derandomize=True, max_examples=100)
def test_overlap_does_not_depend_on_the_order(one: Pattern, other: Pattern) -> None:
    assert is_overlapping(one, other) is is_overlapping(other, one)


@pytest.mark.parametrize(
    ("policy", "route", "expected"),
    [
        ("dev/GET/pets/*", "GET /pets/{id}", True),
        ("dev/GET/pets/*", "GET /pets/{id}/owner", True),
        ("dev/GET/pets/*", "GET /pets", False),
        ("dev/GET/pets/*", "POST /pets/{id}", False),
        ("dev/GET/pets", "GET /{any}", True),
        ("dev/GET/pets/a", "GET /{any}", False),
        ("dev/GET/pets/a", "GET /{rest+}", True),
        ("dev/GET/", "GET /", True),
        ("dev/GET/", "GET /{id}", False),
        ("dev/GET/", "GET /{rest+}", False),
        ("dev/*/pets", "DELETE /pets", True),
        ("dev/*/pets", "GET /a/pets", True),
        ("dev/GET/pets", "ANY /pets", True),
        ("test/GET/pets", "GET /pets", False),
        ("dev/GET/*/owner", "GET /{a}/{b}", True),
    ],
)
def test_a_policy_reaches_a_route(policy: str, route: str, expected: bool) -> None:
    method, path = route.split(" ")
    assert is_overlapping(of_policy(policy), of_route("dev", method, path)) is expected


def test_long_patterns_are_decided_quickly() -> None:
    stars = of_policy("*a" * 200)
    assert not is_overlapping(stars, of_policy("*b" * 200 + "b"))
