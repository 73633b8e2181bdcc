"""A hostile input: a row of the attack list, an edit of a sound project, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tests.support.edits import Edit

BLUEPRINT = "blueprints/pets.yaml"
ENVIRONMENT = "config/nonprod.yaml"
METADATA = "config/identity/auth0.xml"


@dataclass(frozen=True, slots=True)
class Attack:
    """`row` is the number in the attack list, `A0` for what it does not name.

    `edit` marks each place where a message is expected; `codes` are the messages' codes there, or
    one for all of them. A `rejected` input writes nothing; a `warned` one is accepted; a `plain`
    one is accepted without a word, because it means just what is written. `names` must be in the
    message, where neither the field nor the value at the place is what the message should name.
    """

    row: str
    name: str
    edit: Edit
    codes: str | tuple[str, ...] = ""
    file: str = BLUEPRINT
    outcome: Literal["rejected", "warned", "plain"] = "rejected"
    names: str = ""


def warned(row: str, name: str, edit: Edit, code: str, file: str = BLUEPRINT) -> Attack:
    """Return an input that is accepted with a warning."""
    return Attack(row, name, edit, code, file, "warned")


def plain(row: str, name: str, edit: Edit, file: str = BLUEPRINT) -> Attack:
    """Return an input that only looks hostile."""
    return Attack(row, name, edit, (), file, "plain")
