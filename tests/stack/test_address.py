"""Addresses are readable, and one to one with what they name."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateprint.stack import address

READABLE = (
    ("pets", "GET", "/pets", "pets_get_pets"),
    ("pets", "POST", "/pets", "pets_post_pets"),
    ("pets", "GET", "/pets/{id}", "pets_get_pets__id"),
    ("pets", "GET", "/pets/{pet-id}/owner", "pets_get_pets__pet-id_owner"),
    ("pets", "ANY", "/{proxy+}", "pets_any___proxy"),
    ("pets", "GET", "/", "pets_get"),
    ("pet-shop", "DELETE", "/pet-owners/{id}", "pet-shop_delete_pet-owners__id"),
    ("pets", "GET", "/a_b", "pets_get_a--ub"),
    ("pets", "GET", "/v1.2", "pets_get_v1--d2"),
    ("pets", "GET", "/-", "pets_get_--h"),
)


@pytest.mark.parametrize(("api", "verb", "path", "expected"), READABLE)
def test_a_method_has_a_readable_address(api, verb, path, expected):
    assert address.method(api, verb, [each for each in path.split("/") if each]) == expected


def test_a_path_resource_has_a_readable_address():
    assert address.path_resource("pets", ("pets", "{id}")) == "pets_pets__id"


def test_names_with_underscores_stay_readable():
    assert address.of("list_pets") == "list_pets"
    assert address.of("auth0-api-role") == "auth0-api-role"
    assert address.of("a+b@c.d") == "a--pb--ac--dd"


# Texts of an alphabet are made five times as fast as those of a regular expression.
_LOWER, _DIGITS = string.ascii_lowercase, string.digits


def _texts(first: str, more: str, longest: int) -> st.SearchStrategy[str]:
    return st.builds(str.__add__, st.sampled_from(first), st.text(more, max_size=longest - 1))


names = _texts(_LOWER, _LOWER + _DIGITS + "-", 7)
literals = st.text(string.ascii_letters + _DIGITS + "_.,:-", min_size=1, max_size=5)
inner = st.text(_LOWER + _DIGITS + "_.-", min_size=1, max_size=4)
parameters = inner.map("{{{}}}".format)
greedy = inner.map("{{{}+}}".format)
role_names = _texts(string.ascii_letters, string.ascii_letters + _DIGITS + "_+=.@-", 9)
paths = st.tuples(
    st.lists(st.one_of(literals, parameters), max_size=4), st.lists(greedy, max_size=1)
).map(lambda both: tuple(both[0] + both[1]))
methods = st.tuples(names, st.sampled_from(["GET", "POST", "ANY"]), paths)


@settings(deadline=None, derandomize=True, max_examples=700)
@given(methods, methods)
def test_two_methods_never_share_an_address(one, other):
    assert (address.method(*one) == address.method(*other)) == (one == other)


@settings(deadline=None, derandomize=True, max_examples=700)
@given(names, paths, names, paths)
def test_two_path_resources_never_share_an_address(api, path, other_api, other_path):
    one, other = address.path_resource(api, path), address.path_resource(other_api, other_path)
    assert (one == other) == ((api, path) == (other_api, other_path))


@settings(deadline=None, derandomize=True, max_examples=500)
@given(
    role_names,
    role_names,
)
def test_two_roles_never_share_an_address(one, other):
    assert (address.of(one) == address.of(other)) == (one == other)


@settings(deadline=None, derandomize=True, max_examples=500)
@given(methods)
def test_an_address_is_an_identifier_of_terraform(method):
    assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", address.method(*method))
