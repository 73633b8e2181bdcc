"""What API Gateway checks of a request before a backend sees it; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Place = Literal["querystring", "header"]


@dataclass(frozen=True, slots=True)
class Body:
    """The form of a body: `model` is its name in API Gateway, `schema_json` the compact schema."""

    file: str
    model: str
    schema_json: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the query, or a header."""

    place: Place
    name: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Request:
    """What a request has to have, and what it may have besides."""

    body: Body | None = None
    parameters: tuple[Parameter, ...] = ()

    @property
    def validator(self) -> str:
        """Return the name of the validator that checks it; empty where none has to."""
        is_strict = any(each.is_required for each in self.parameters)
        if self.body is not None:
            return "body-and-parameters" if is_strict else "body"
        return "parameters" if is_strict else ""
