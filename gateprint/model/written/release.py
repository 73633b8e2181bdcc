"""Releases and canaries of a stage, as a blueprint says them; pure."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from gateprint.model import kinds
from gateprint.model.naming import LATEST
from gateprint.model.schema import Model

# Lambda API reference, CreateAlias: what an alias may be called; it is one of each function.
RELEASE_NAME = r"(?![0-9]+$)[A-Za-z0-9][A-Za-z0-9_-]{0,63}"


def _not_latest(name: str) -> str:
    if name.lower() != LATEST:
        return name
    problem = f'"{name}" is the alias of what the blueprint says'
    raise kinds.refusal("reserved-name", problem, "name the release otherwise")


ReleaseName = Annotated[
    str,
    kinds.matching(
        RELEASE_NAME,
        "a release's name: letters, digits, _ and -, not digits alone",
        "2026-11-20-1",
        "wrong-name",
    ),
    AfterValidator(_not_latest),
]


class Canary(Model):
    """What a part of a stage's callers gets, by chance and request for request."""

    percent: Annotated[float, kinds.number(0, 100)]
    """How many of a hundred requests the canary gets, with up to 6 decimals.

    In AWS: `percent_traffic` of the stage's canary settings
    """
    release: ReleaseName | None = None
    """The release that they get; another one than the stage's.

    Default: what the blueprint says

    In AWS: `deployment_id` of the canary settings, and the stage variable that chooses the alias of
    each function
    """
