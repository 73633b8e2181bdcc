"""What `verify` says of one API of the examples."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.examples.rest_apis import rest_api
from tests.support.project import Project


def verified(project: Project, api: str, *options: str) -> list[dict[str, Any]]:
    """Return the rows about an API."""
    words = ("verify", "--environment", "local", "--api", api, "--format", "json", *options)
    done = project.run(sys.executable, "-m", "gateprint", *words)
    report = json.loads(done.output[done.output.index("{") :])
    assert report["not_asked"] == {}
    rows: list[dict[str, Any]] = report["rows"]
    assert (done.code == 0) == (not wrong(rows)), done.output
    return rows


def wrong(rows: list[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    """Return what is not as stated: kind, who, the request, and what was found."""
    names = ("kind", "role", "request", "found")
    return [tuple(each[name] for name in names) for each in rows if each["verdict"] != "ok"]


def of_kind(rows: list[dict[str, Any]], *kinds: str) -> list[tuple[str, str, str, str]]:
    """Return the rows of some kinds: who, the request, what is expected, and where it is from."""
    names = ("role", "request", "expected", "evidence")
    return [tuple(each[name] for name in names) for each in rows if each["kind"] in kinds]


@contextmanager
def published(project: Project, name: str, stage: str) -> Iterator[None]:
    """While it lasts, the stage serves what the API is by now; afterwards what it did before."""
    gateway, api_id = project.client("apigateway"), rest_api(project, name)["id"]
    kept = gateway.get_stage(restApiId=api_id, stageName=stage)["deploymentId"]
    new = gateway.create_deployment(restApiId=api_id)["id"]

    def serve(deployment: str) -> None:
        change = [{"op": "replace", "path": "/deploymentId", "value": deployment}]
        gateway.update_stage(restApiId=api_id, stageName=stage, patchOperations=change)

    serve(new)
    yield
    serve(kept)
    gateway.delete_deployment(restApiId=api_id, deploymentId=new)
