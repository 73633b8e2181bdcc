"""The pets shop's catalogue: list it, update it, get one pet.

The catalogue lives in the memory of the warm process. That is this example's shortcut: Lambda
runs several such processes and ends them as it likes, so a real function keeps its data in a
database.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypedDict

from shared.http import BadRequest, answer
from shared.identity import identity_of

MAX_PETS = 100
MAX_TYPE_CHARACTERS = 40
MAX_PRICE = 1_000_000

_ID = re.compile(r"[1-9][0-9]{0,8}")


class Pet(TypedDict):
    """A pet for sale; `price` is in dollars."""

    id: int
    type: str
    price: float


class UpdatedPet(Pet, total=False):
    """A pet, and the name of the session that updated it, where that was verified."""

    updated_by: str


_catalogue: list[UpdatedPet] = [
    {"id": 1, "type": "dog", "price": 250.0},
    {"id": 2, "type": "cat", "price": 125.5},
    {"id": 3, "type": "goldfish", "price": 0.99},
]


def list_pets(_event: Mapping[str, Any], _context: Any) -> list[UpdatedPet]:
    """Return all pets (`proxy: false`)."""
    return _catalogue


def update_pets(event: Mapping[str, Any], _context: Any) -> list[UpdatedPet]:
    """Change the catalogue and return it (`proxy: false`).

    The body `{"pets": [{"type", "price"}, …]}` replaces all pets, and one pet `{"type", "price"}`
    is added. Ids are given here, counted from 1; other fields are ignored. Raises BadRequest, and
    changes nothing, where the body is invalid or there would be more than MAX_PETS pets.

    Where the route asks for an identity token, the pets that were sent say who updated them.
    """
    body = event.get("body")
    if isinstance(body, dict) and "pets" in body:
        kept, sent = [], body["pets"]
    else:
        kept, sent = _catalogue, [body]
    if not isinstance(sent, list):
        raise BadRequest("pets must be a list")
    if len(kept) + len(sent) > MAX_PETS:
        raise BadRequest(f"there can be at most {MAX_PETS} pets")
    updated = [_pet(fields, number) for number, fields in enumerate(sent, len(kept) + 1)]
    identity = identity_of(event)
    if identity is not None:
        for pet in updated:
            pet["updated_by"] = identity.session_name
    _catalogue[:] = [*kept, *updated]
    return _catalogue


def get_pet(event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    """Answer with one pet, with 404 for an unknown id, or with 400 for what is no id."""
    text = (event.get("pathParameters") or {}).get("id")
    if not isinstance(text, str) or not _ID.fullmatch(text):
        return answer(event, 400, {"message": "the id must be a whole number from 1"})
    pet = next((pet for pet in _catalogue if pet["id"] == int(text)), None)
    if pet is None:
        return answer(event, 404, {"message": "there is no such pet"})
    return answer(event, 200, pet)


def get_identity(event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    """Answer with who the caller is, with 404 where the route asks for no identity token."""
    identity = identity_of(event)
    if identity is None:
        return answer(event, 404, {"message": "nobody asked who you are"})
    return answer(event, 200, {"subject": identity["sub"], "session": identity.session_name})


def _pet(fields: Any, number: int) -> UpdatedPet:
    if not isinstance(fields, dict):
        raise BadRequest("a pet must be an object with type and price")
    return {"id": number, "type": _type(fields.get("type")), "price": _price(fields.get("price"))}


def _type(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise BadRequest("type must be text")
    if len(value) > MAX_TYPE_CHARACTERS:
        raise BadRequest(f"type must have at most {MAX_TYPE_CHARACTERS} characters")
    return value.strip()


def _price(value: Any) -> float:
    # Python counts True as 1; and NaN, which no comparison accepts, fails the second test.
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 <= value <= MAX_PRICE:
        raise BadRequest(f"price must be a number from 0 to {MAX_PRICE}")
    return float(value)
