"""What of an API depends on a stage's release, and what a release remembers of it; pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from gateprint.model.naming import (
    LATEST,
    RELEASE,
    RELEASE_FUNCTIONS,
    RELEASE_ROUTES,
    RELEASE_VARIABLE,
)
from gateprint.model.resolved import ResolvedBlueprint, Stage
from gateprint.stack.published import Method, PublishedApi


def through_alias(blueprint: ResolvedBlueprint, method: Method, uri: str) -> Method:
    """Return a method whose function is called by the alias that the stage names.

    A snapshot holds the address as it is written here; the stage's variable completes it, so that
    a stage which changes its deployment changes the functions' versions with it (API Gateway
    developer guide, "API Gateway stage variables reference": a Lambda function's alias). Where no
    stage names a release, nothing is said, and the function is called as it is.
    """
    if not blueprint.releases or method.integration.function is None:
        return method
    return replace(method, integration=replace(method.integration, uri=uri))


def qualified(arn: str) -> str:
    """Return the ARN of a function by the alias that the stage names."""
    return f"{arn}:${{stageVariables.{RELEASE_VARIABLE}}}"


def variables_of(blueprint: ResolvedBlueprint, stage: Stage) -> dict[str, str]:
    """Return a stage's variables: its own, and where there are releases the one of its own."""
    own = {RELEASE_VARIABLE: stage.release or LATEST} if blueprint.releases else {}
    return {**stage.variables, **own}


def triggers_of(published: PublishedApi, release: str) -> dict[str, str]:
    """Return what a release's deployment remembers: its name alone makes it another one.

    Terraform keeps the rest as it was when the release was taken, however the API changes; AWS
    never sees it (Terraform registry, `aws_api_gateway_deployment`, `triggers`).
    """
    routes = {
        f"{each.verb} /{'/'.join(each.segments)}": _authorization(each)
        for each in published.methods
        if each.verb != "OPTIONS"
    }
    functions = {each.integration.function for each in published.methods} - {None}
    return {
        RELEASE: release,
        "published": published.digest,
        RELEASE_ROUTES: _text(routes),
        RELEASE_FUNCTIONS: " ".join(sorted(map(str, functions))),
    }


def _authorization(method: Method) -> str:
    return f"{method.authorization} {method.authorizer or ''}".rstrip()


def _text(found: Mapping[str, object]) -> str:
    return json.dumps(found, sort_keys=True, separators=(",", ":"))
