"""The smallest stacks that have something to publish, and a provider that serves all commands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gateprint.terraform.runs.folder import RunFolder
from tests.support.estate import Estate, standing_estate
from tests.support.quick_terraform import drop_endpoints
from tests.support.served_provider import served_provider

_BLUEPRINT = """\
blueprint: 1
name: @name@
stages:
  dev: {environment: nonprod}
apis:
  @name@:
    routes:
      GET /ping:
        mock: {status: 200, body: "pong"}
        auth: none
        public: says only that it is there
"""


@dataclass(frozen=True, slots=True)
class InCloud:
    """What the cloud has of a stack's API: ids, and names of stages."""

    apis: tuple[str, ...]
    stages: tuple[str, ...]
    paths: tuple[str, ...]


def blueprint(name: str) -> str:
    """Return a blueprint with one API, one route and one stage."""
    return _BLUEPRINT.replace("@name@", name)


@dataclass(frozen=True, slots=True)
class Tiny:
    """An estate of tiny blueprints, and the Terraform of each of their stacks."""

    estate: Estate
    documents: Mapping[str, Mapping[str, Any]]

    def plan(self, name: str, stack: str) -> RunFolder:
        """Plan a stack into the run `name`."""
        return self.estate.plan_documents(name, {stack: self.documents[stack]})

    def is_planned_empty(self, name: str, stack: str) -> bool:
        """Tell whether a new plan of a stack finds nothing to do."""
        (found,) = self.plan(name, stack).read().stacks
        return found.decision == "empty"


@contextmanager
def tiny_estate(root: Path, *names: str, is_served: bool = True, **texts: str) -> Iterator[Tiny]:
    """Yield an estate of tiny blueprints, and of others whose texts are given by name.

    If it is served, one process of the provider serves all commands, which have to follow one
    another: most of a command's time is the provider's start.
    """
    with standing_estate(root, {name: blueprint(name) for name in names} | texts) as estate:
        done = estate.gateprint("synth")
        assert done.code == 0, done.output
        endpoint = estate.cloud.endpoint
        served: AbstractContextManager[Mapping[str, str]]
        served = nullcontext({"AWS_ENDPOINT_URL": endpoint})
        if is_served:
            served = served_provider(root, endpoint)
        with served as more:
            yield Tiny(replace(estate, more=more), dict(_documents(root / "cdktf.out" / "stacks")))


def _documents(folder: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for each in sorted(folder.iterdir()):
        path = each / "cdk.tf.json"
        drop_endpoints(path)
        yield each.name, json.loads(path.read_text(encoding="utf-8"))


def in_cloud(estate: Estate, stack: str) -> InCloud:
    """Return what the cloud has of the API of a tiny stack."""
    gateway = estate.project.client("apigateway")
    name = stack.removesuffix("-local")
    found = gateway.get_rest_apis(limit=500)["items"]
    apis = [each["id"] for each in found if each["name"].startswith(f"{name}-")]
    stages = [one for each in apis for one in gateway.get_stages(restApiId=each)["item"]]
    paths = [one for each in apis for one in gateway.get_resources(restApiId=each)["items"]]
    return InCloud(
        tuple(apis),
        tuple(each["stageName"] for each in stages),
        tuple(sorted(each["path"] for each in paths)),
    )
