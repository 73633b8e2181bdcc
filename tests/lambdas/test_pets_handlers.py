"""The pets functions list, replace, add and find pets, and refuse everything else plainly."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

DOG = {"type": "dog", "price": 12.5}


@pytest.fixture
def pets(load_app: Callable[[str], ModuleType]) -> ModuleType:
    return load_app("pets")


def event(body: object) -> dict[str, Any]:
    """The event that gateprint's request template makes."""
    return {"body": body, "path": {}, "query": {}, "caller": ""}


def request_for(pet_id: object) -> dict[str, Any]:
    """The event of a proxy integration."""
    return {"pathParameters": {"id": pet_id}, "headers": {}, "body": None}


def test_listing_returns_plain_json_data(pets: ModuleType) -> None:
    listed = pets.list_pets(event({}), None)
    assert json.loads(json.dumps(listed)) == listed
    assert [set(pet) for pet in listed] == [{"id", "type", "price"}] * 3


def test_a_list_replaces_the_catalogue(pets: ModuleType) -> None:
    updated = pets.update_pets(event({"pets": [DOG, {"type": "cat", "price": 3}]}), None)
    assert updated == [{"id": 1, **DOG}, {"id": 2, "type": "cat", "price": 3.0}]
    assert pets.list_pets(event({}), None) == updated


def test_one_pet_is_added(pets: ModuleType) -> None:
    before = list(pets.list_pets(event({}), None))
    assert pets.update_pets(event(DOG), None) == [*before, {"id": 4, **DOG}]


def test_an_empty_list_empties_the_catalogue(pets: ModuleType) -> None:
    assert pets.update_pets(event({"pets": []}), None) == []
    assert pets.update_pets(event(DOG), None) == [{"id": 1, **DOG}]


def test_fields_that_a_pet_does_not_have_are_ignored(pets: ModuleType) -> None:
    sent = {"id": 99, "type": " dog ", "price": 12.5, "__class__": "x"}
    assert pets.update_pets(event({"pets": [sent]}), None) == [{"id": 1, **DOG}]


def test_each_cold_start_begins_with_the_same_catalogue(
    load_app: Callable[[str], ModuleType],
) -> None:
    first = load_app("pets")
    first.update_pets(event({"pets": []}), None)
    assert len(load_app("pets").list_pets(event({}), None)) == 3


@pytest.mark.parametrize("price", [0, 0.01, 1_000_000])
def test_prices_at_the_limits_are_accepted(pets: ModuleType, price: float) -> None:
    updated = pets.update_pets(event({"pets": [{"type": "dog", "price": price}]}), None)
    assert updated[0]["price"] == price


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(None, id="nothing"),
        pytest.param({}, id="an empty object"),
        pytest.param([DOG], id="a bare list"),
        pytest.param("dog", id="text"),
        pytest.param({"pets": None}, id="pets is null"),
        pytest.param({"pets": DOG}, id="pets is an object"),
        pytest.param({"pets": [DOG, "dog"]}, id="one pet is text"),
        pytest.param({"pets": [DOG] * 101}, id="101 pets"),
        pytest.param({"price": 1}, id="no type"),
        pytest.param({"type": "dog"}, id="no price"),
        pytest.param({"type": "", "price": 1}, id="an empty type"),
        pytest.param({"type": "  ", "price": 1}, id="a blank type"),
        pytest.param({"type": 7, "price": 1}, id="a type that is no text"),
        pytest.param({"type": "d" * 41, "price": 1}, id="a long type"),
        pytest.param({"type": "d\nog", "price": 1}, id="a type of two lines"),
        pytest.param({"type": "\ud800", "price": 1}, id="half a character"),
        pytest.param({"type": "dog", "price": "1"}, id="a price as text"),
        pytest.param({"type": "dog", "price": True}, id="a price that is true"),
        pytest.param({"type": "dog", "price": -0.01}, id="a negative price"),
        pytest.param({"type": "dog", "price": 1_000_001}, id="a high price"),
        pytest.param({"type": "dog", "price": 10**400}, id="a price beyond float"),
        pytest.param({"type": "dog", "price": float("nan")}, id="NaN"),
        pytest.param({"type": "dog", "price": float("inf")}, id="Infinity"),
    ],
)
def test_what_is_no_pet_is_refused_and_changes_nothing(pets: ModuleType, body: object) -> None:
    before = list(pets.list_pets(event({}), None))
    with pytest.raises(pets.BadRequest, match=r"^\[400\] .+\Z"):
        pets.update_pets(event(body), None)
    assert pets.list_pets(event({}), None) == before


def test_the_catalogue_holds_a_hundred_pets_and_not_one_more(pets: ModuleType) -> None:
    assert len(pets.update_pets(event({"pets": [DOG] * 100}), None)) == 100
    with pytest.raises(pets.BadRequest, match="at most 100 pets"):
        pets.update_pets(event(DOG), None)


def test_a_refusal_repeats_nothing_of_what_was_sent(pets: ModuleType) -> None:
    with pytest.raises(pets.BadRequest) as caught:
        pets.update_pets(event({"type": "<script>" * 9, "price": 1}), None)
    assert "script" not in str(caught.value)


def test_a_pet_is_found_by_its_id(pets: ModuleType) -> None:
    response = pets.get_pet(request_for("2"), None)
    assert response["statusCode"] == 200
    assert json.loads(response["body"]) == pets.list_pets(event({}), None)[1]


def test_an_unknown_id_is_not_found(pets: ModuleType) -> None:
    response = pets.get_pet(request_for("4"), None)
    assert response["statusCode"] == 404
    assert json.loads(response["body"]) == {"message": "there is no such pet"}


@pytest.mark.parametrize(
    "pet_id", ["0", "-1", "01", "1.0", " 1", "1\n", "1/owner", "١", "", "9" * 10, "dog", None, 1]
)
def test_what_is_no_id_is_a_bad_request(pets: ModuleType, pet_id: object) -> None:
    response = pets.get_pet(request_for(pet_id), None)
    assert response["statusCode"] == 400
    assert set(json.loads(response["body"])) == {"message"}


@pytest.mark.parametrize("request_event", [{}, {"pathParameters": None}])
def test_a_request_without_path_parameters_is_a_bad_request(
    pets: ModuleType, request_event: dict[str, Any]
) -> None:
    assert pets.get_pet(request_event, None)["statusCode"] == 400


@pytest.mark.parametrize("pet_id", ["1", "4", "dog"])
def test_every_answer_lets_the_allowed_origin_read_it(
    pets: ModuleType, monkeypatch: pytest.MonkeyPatch, pet_id: str
) -> None:
    monkeypatch.setenv("ALLOWED_ORIGINS", "*")
    assert pets.get_pet(request_for(pet_id), None)["headers"]["Access-Control-Allow-Origin"] == "*"
