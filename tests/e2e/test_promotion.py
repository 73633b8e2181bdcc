"""blueprints/examples/promotion.yaml with the real Terraform: stages move one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import urllib3

from tests.support.project import ROOT, Project

pytestmark = [pytest.mark.cdktf, pytest.mark.terraform]

STACK = "catalogue-local"


@pytest.fixture(scope="module")
def catalogue(project: Project) -> Iterator[Project]:
    example = ROOT / "blueprints" / "examples" / "promotion.yaml"
    (project.root / "blueprints" / "pets.yaml").unlink()
    written = project.root / "blueprints" / "catalogue.yaml"
    written.write_text(example.read_text(encoding="utf-8"), encoding="utf-8")
    with project.made_quick(STACK) as quick:
        quick.apply_again(STACK)
        yield quick


def ask(project: Project, stage: str, path: str = "/version") -> tuple[int, Any]:
    [api] = project.client("apigateway").get_rest_apis()["items"]
    url = f"{project.endpoint}/_aws/execute-api/{api['id']}/{stage}{path}"
    answer = urllib3.request("GET", url)
    return answer.status, answer.json()


def test_first(catalogue: Project) -> None:
    for stage in ("dev", "test", "prod"):
        print(ask(catalogue, stage))
    catalogue.assert_unchanged(STACK)


def test_blueprint_change(catalogue: Project) -> None:
    app = catalogue.root / "lambdas/pets/app.py"
    app.write_text(app.read_text().replace('"goldfish"', '"hamster"'))
    data = catalogue.read("catalogue")
    routes = data["apis"]["catalogue"]["routes"]
    routes["GET /news"] = {"function": "version", "auth": "none", "public": "news"}
    catalogue.write(data, "catalogue")
    print(catalogue.apply(STACK))
    for stage in ("dev", "test", "prod"):
        print(stage, ask(catalogue, stage), ask(catalogue, stage, "/news"))
    catalogue.assert_unchanged(STACK)
    assert False
