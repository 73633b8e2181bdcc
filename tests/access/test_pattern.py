"""Whether a granted route reaches another, compared with the enumeration of all short requests."""

from __future__ import annotations

import re
from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateprint.access.arn import request_pattern
from gateprint.access.routes.pattern import is_reaching

# Segments of requests: one that routes name, one that none does, and none at all.
VALUES = ("a", "b", "x", "")
METHODS = ("GET", "POST", "PUT")
MOST_SEGMENTS = 3
# A common request needs no more segments than both routes have together.
LONGEST = 2 * MOST_SEGMENTS
SEGMENT = {"a": "a", "b": "b", "{p}": "[^/]+", "{rest+}": ".+"}
PATHS = st.lists(st.sampled_from(["a", "b", "{p}"]), max_size=MOST_SEGMENTS - 1).flatmap(
    lambda path: st.sampled_from([path, [*path, "{rest+}"]])
)
ROUTES = st.builds(
    lambda method, path: f"{method} /{'/'.join(path)}",
    st.sampled_from(["GET", "POST", "ANY"]),
    PATHS,
)


@cache
def requests() -> tuple[str, ...]:
    """Return METHOD/path of all short requests."""
    lengths = range(1, LONGEST + 1)
    paths = ("/".join(each) for length in lengths for each in product(VALUES, repeat=length))
    return tuple(f"{method}/{path}" for path in paths for method in METHODS)


@cache
def allowed(key: str) -> frozenset[str]:
    """Return the requests that a policy for the route matches: its `*` spans slashes."""
    method, path = key.split(" ")
    pattern = request_pattern("s", method, path).removeprefix("s/")
    expression = re.compile(re.escape(pattern).replace(r"\*", ".*"), re.DOTALL)
    return frozenset(each for each in requests() if expression.fullmatch(each))


@cache
def answered(key: str) -> frozenset[str]:
    """Return the requests that API Gateway gives to the route."""
    method, path = key.split(" ")
    verb = "[^/]+" if method == "ANY" else method
    segments = [SEGMENT.get(each, each) for each in path[1:].split("/")]
    expression = re.compile("/".join([verb, *segments]), re.DOTALL)
    return frozenset(each for each in requests() if expression.fullmatch(each))


@given(ROUTES, ROUTES)
@settings(deadline=None, derandomize=True, max_examples=400)
def test_a_grant_reaches_a_route_exactly_where_a_request_is_both(granted: str, other: str) -> None:
    assert is_reaching(granted, other) is not allowed(granted).isdisjoint(answered(other))


@pytest.mark.parametrize(
    ("granted", "other", "expected"),
    [
        ("GET /pets/{id}", "GET /pets/{id}", True),
        ("GET /pets/{id}", "GET /pets/{id}/owner", True),
        ("GET /pets/{id}", "GET /pets", False),
        ("GET /pets/{id}", "POST /pets/{id}", False),
        ("GET /pets/{id}/owner", "GET /pets/{id}", False),
        ("GET /pets", "GET /{any}", True),
        ("GET /pets/a", "GET /{any}", False),
        ("GET /pets/a", "GET /{rest+}", True),
        ("GET /", "GET /", True),
        ("GET /", "GET /{id}", False),
        ("GET /", "GET /{rest+}", False),
        ("GET /{rest+}", "GET /", True),
        ("ANY /pets", "DELETE /pets", True),
        ("ANY /pets", "GET /a/pets", True),
        ("GET /pets", "ANY /pets", True),
        ("GET /{a}/owner", "GET /{a}/{b}", True),
        ("GET /{a}/x", "GET /{a}/y", False),
    ],
)
def test_a_grant_reaches_a_route(granted: str, other: str, expected: bool) -> None:
    assert is_reaching(granted, other) is expected


def test_long_routes_are_decided_quickly() -> None:
    one = "GET /" + "/".join(["{p}", "a"] * 200)
    assert not is_reaching(one, "GET /" + "/".join(["{p}", "b"] * 200 + ["b"]))
