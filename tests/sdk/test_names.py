"""Whatever routes and parameters are called, a client's names are identifiers, and differ."""

from __future__ import annotations

import keyword
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateprint.model.routes import is_route
from gateprint.sdk.client import Operation
from gateprint.sdk.names import JAVASCRIPT_RESERVED, PYTHON_RESERVED, words_of
from tests.sdk.made import HOSTILE_ROUTES, blueprint, client, route

IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)

SEGMENT = st.from_regex(r"[A-Za-z0-9_.,-][A-Za-z0-9_.,:-]{0,7}", fullmatch=True)
PARAMETER = st.from_regex(r"\{[A-Za-z0-9_.-]{1,8}\}", fullmatch=True) | st.sampled_from(
    [f"{{{each}}}" for each in sorted(PYTHON_RESERVED | JAVASCRIPT_RESERVED)]
)
KEY = st.builds(
    lambda method, segments: f"{method} /{'/'.join(segments)}",
    st.sampled_from(["GET", "POST", "ANY", "DELETE"]),
    st.lists(SEGMENT | PARAMETER, max_size=5),
).filter(is_route)


@pytest.mark.parametrize(
    ("key", "python", "javascript"),
    [
        ("GET /pets", "get_pets", "getPets"),
        ("GET /pets/{id}", "get_pets_by_id", "getPetsById"),
        ("GET /", "get_root", "getRoot"),
        ("ANY /files/{rest+}", "any_files_by_rest", "anyFilesByRest"),
        (
            "PUT /carts/{cart}/lines/{product}",
            *("put_carts_by_cart_lines_by_product",) * 1,
            "putCartsByCartLinesByProduct",
        ),
        ("GET /petShop/v2.1", "get_pet_shop_v_2_1", "getPetShopV21"),
        ("GET /HTTPServer", "get_http_server", "getHttpServer"),
        ("GET /-", "get", "get"),
    ],
)
def test_a_name_is_made_of_the_method_and_the_path(key: str, python: str, javascript: str):
    [found] = client(blueprint([route(key)])).operations
    assert (found.python, found.javascript) == (python, javascript)


def test_of_routes_with_one_name_the_first_keeps_it():
    keys = ("GET /pets/{id}", "GET /pets/by-id", "GET /petsById")
    found = client(blueprint(map(route, keys))).operations
    assert [each.javascript for each in found] == ["getPetsById", "getPetsById2", "getPetsById3"]
    assert [each.python for each in found] == [
        "get_pets_by_id",
        "get_pets_by_id2",
        "get_pets_by_id3",
    ]


@pytest.mark.parametrize(
    ("path", "python", "javascript"),
    [
        ("{petId}", ["pet_id"], ["petId"]),
        ("{pet_id}/{petId}", ["pet_id", "pet_id2"], ["pet_id", "petId"]),
        ("{a-b}/{a.b}", ["a_b", "a_b2"], ["aB", "aB2"]),
        ("{class}/{self}/{body}", ["class_", "self_", "body_"], ["class", "self", "body"]),
        ("{__proto__}/{constructor}", ["proto", "constructor"], ["proto", "constructor_"]),
        ("{2}/{-}", ["p2", "p"], ["p2", "p"]),
    ],
)
def test_parameters_keep_their_names_as_far_as_a_language_lets_them(
    path: str, python: list[str], javascript: list[str]
):
    [found] = client(blueprint([route(f"GET /{path}")])).operations
    assert [each.python for each in found.parameters] == python
    assert [each.javascript for each in found.parameters] == javascript


@given(st.lists(KEY, min_size=1, max_size=8, unique=True))
@settings(max_examples=150, deadline=None)
def test_names_are_identifiers_and_differ_whatever_the_routes(keys: list[str]):
    assert_usable(client(blueprint(map(route, keys))).operations)


def test_names_are_identifiers_and_differ_for_the_worst_routes():
    assert [each for each in HOSTILE_ROUTES if not is_route(each)] == []
    assert_usable(client(blueprint(map(route, HOSTILE_ROUTES))).operations)


def assert_usable(operations: tuple[Operation, ...]) -> None:
    for names in ([each.python for each in operations], [each.javascript for each in operations]):
        assert_differ(names)
    for each in operations:
        python = [one.python for one in each.parameters]
        assert_differ(python)
        assert not set(python) & PYTHON_RESERVED
        javascript = [one.javascript for one in each.parameters]
        assert_differ(javascript)
        assert not set(javascript) & JAVASCRIPT_RESERVED
    assert not any(keyword.iskeyword(each.python) for each in operations)


def assert_differ(names: list[str]) -> None:
    assert len(set(names)) == len(names)
    assert [each for each in names if not IDENTIFIER.fullmatch(each)] == []


@pytest.mark.parametrize("text", ["", "-", "...", "__"])
def test_punctuation_is_no_word(text: str):
    assert words_of(text) == []
