"""How the additions reach moto's classes, and how a handler reads its request."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from moto.apigateway.exceptions import BadRequestException

from gateprint.local.additions.patch import Operation, PatchRejected, Shape

Handler = Callable[..., Any]


def add_missing(owner: type, handlers: Mapping[str, Handler]) -> None:
    """Give `owner` the handlers that it lacks; what moto has by now is left alone."""
    for name, handler in handlers.items():
        if not hasattr(owner, name):
            setattr(owner, name, handler)


def wrap(owner: type, name: str, wrapper: Callable[..., Any]) -> None:
    """Put `wrapper(original, self, ...)` around a method that moto has, but not as AWS does."""
    original = getattr(owner, name)

    @functools.wraps(original)
    def wrapped(self: Any, *args: Any, **kwargs: Any) -> Any:
        return wrapper(original, self, *args, **kwargs)

    setattr(owner, name, wrapped)


def patch(response: Any, shape: Shape, thing: object) -> None:
    """Apply all of the request's patch operations to `thing`."""
    apply(shape, thing, raw_operations(response))


def apply(shape: Shape, thing: object, raw: list[dict[str, str]]) -> None:
    """Apply patch operations to `thing`; what AWS refuses is a BadRequestException."""
    try:
        shape.patch(thing, [Operation.parse(operation) for operation in raw])
    except (PatchRejected, ValueError) as rejection:
        raise BadRequestException(str(rejection)) from rejection


def raw_operations(response: Any) -> list[dict[str, str]]:
    """The request's patch operations, in order: `{"op", "path", "value"}`."""
    return body(response).get("patchOperations") or []


def body(response: Any) -> dict[str, Any]:
    """The request's JSON body; an empty one where there is none."""
    return dict(json.loads(response.body or "{}"))


def names(response: Any, *wanted: str) -> list[str]:
    """Parts of the request's path by botocore's names, such as `restapi_id`."""
    return [response.uri_match[name] for name in wanted]


def answer(thing: Mapping[str, Any], status: int = 200) -> tuple[int, dict[str, Any], str]:
    """A JSON response in the form that moto's handlers return."""
    return status, {"status": status}, json.dumps(thing)


def is_success(answered: tuple[int, dict[str, Any], str]) -> bool:
    """Whether one of moto's handlers answered 2xx."""
    return answered[0] < HTTPStatus.BAD_REQUEST
