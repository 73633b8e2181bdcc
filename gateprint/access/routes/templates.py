"""Which requests a route answers, and what IAM reads into it, as languages; pure.

A request is `stage/METHOD/path`, as the last field of an execute-api ARN has it.
"""

from __future__ import annotations

from functools import lru_cache

from gateprint.access.iam.language import RUN, SEGMENT, SOME, Language, Part, joined
from gateprint.model.routes import split_route

# What API Gateway calls ANY (developer guide, "Set up HTTP methods").
EVERY_METHOD = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")


def by_method(key: str) -> tuple[str, ...]:
    """Return a route as one for each method that it answers."""
    method, path = split_route(key)
    return tuple(f"{each} {path}" for each in EVERY_METHOD) if method == "ANY" else (key,)


@lru_cache(maxsize=32_768)
def answered(key: str) -> Language:
    """Return what API Gateway gives to a route: `METHOD/path` of all requests that fit it.

    A parameter is one segment that is not empty, `{name+}` the rest of the path, not empty either.
    """
    method, path = split_route(key)
    verb: tuple[Part, ...] = SEGMENT if method == "ANY" else (method,)
    parts: list[Part] = [*verb]
    for segment in path[1:].split("/"):
        parts += ["/", *_requested(segment)]
    return joined(parts)


def _requested(segment: str) -> tuple[Part, ...]:
    if not segment.startswith("{"):
        return (segment,)
    return SOME if segment.endswith("+}") else SEGMENT


@lru_cache(maxsize=32_768)
def answered_with_slash(key: str) -> Language:
    """Return the same with a slash at the end; for the root, which has one already, just that.

    API Gateway gives such a request to the same route; AWS does not say which spelling IAM sees.
    """
    return answered(key) if key.endswith(" /") else joined((*answered(key), "/"))


@lru_cache(maxsize=32_768)
def granted(key: str) -> Language:
    """Return the most that a policy may allow for a route: IAM's `*` for parameters and ANY."""
    method, path = split_route(key)
    parts: list[Part] = [RUN if method == "ANY" else method]
    for segment in path[1:].split("/"):
        parts += ["/", RUN if segment.startswith("{") else segment]
    return joined(parts)


def on(stage: str, language: Language) -> Language:
    """Return a language of `METHOD/path` as one of `stage/METHOD/path`."""
    return joined((f"{stage}/", *language))
