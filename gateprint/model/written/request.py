"""What a request has to have before a backend sees it, as a blueprint says it; pure."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gateprint.model import kinds
from gateprint.model.schema import Model

_FOLDER = r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}"
SCHEMA_FILE = rf"({_FOLDER}/){{1,8}}{_FOLDER}\.(json|yaml)"
Parameter = Annotated[
    str,
    kinds.matching(
        r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}",
        "the name of a parameter: letters, digits and _ . -",
        "X-Request-Id",
    ),
]
Presence = Literal["required", "optional"]


class Request(Model):
    """What a request has to have. What has not is refused with 400, and no backend sees it.

    It is checked after the caller is, so it tells strangers nothing.
    """

    body: (
        Annotated[
            str,
            kinds.matching(
                SCHEMA_FILE,
                "a file in a folder beside the blueprint, .json or .yaml",
                "schemas/pet.json",
                "wrong-path",
            ),
        ]
        | None
    ) = None
    """The form of the body: a JSON Schema of draft 4, in a file below the blueprint's folder. Every
    body is checked, whatever `Content-Type` says of it, and a missing one too. Not for `GET`,
    `HEAD` and `ANY`.

    In AWS: `aws_api_gateway_model`, and `request_models` for `$default`
    """
    query: dict[Parameter, Presence] = Field(default_factory=dict, max_length=50)
    """Parameters of the query: `required` ones have to be there and not blank, `optional` ones are
    declared for readers.

    Key: the parameter's name, at most 128 letters, digits and `_.-`

    In AWS: `request_parameters` of the method
    """
    headers: dict[Parameter, Presence] = Field(default_factory=dict, max_length=50)
    """Headers in the same way. With `cors`, pages may send them.

    Key: the header's name, at most 128 letters, digits and `_.-`

    In AWS: `request_parameters` of the method
    """
