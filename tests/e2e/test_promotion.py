"""blueprints/examples/promotion.yaml with the real Terraform: stages move one after the other."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3

from tests.support.project import ROOT, Project

pytestmark = [pytest.mark.cdktf, pytest.mark.terraform]

STACK = "catalogue-local"
OLD, NEW = "goldfish", "hamster"
NEWS: tuple[int, Any] = (200, {"news": []})
NOT_THERE = (403, {"message": "Missing Authentication Token"})
ROUTES = "    routes:\n"
WITH_NEWS = f"""{ROUTES}      GET /news:
        mock: {{status: 200, body: '{{"news": []}}'}}
        auth: none
        public: news are for everybody
"""


@pytest.fixture(scope="module")
def catalogue(project: Project) -> Iterator[Project]:
    """The example: dev follows the blueprint, test and prod have releases, prod a canary."""
    example = (ROOT / "blueprints" / "examples" / "promotion.yaml").read_text(encoding="utf-8")
    (project.root / "blueprints" / "pets.yaml").unlink()
    (project.root / "blueprints" / "catalogue.yaml").write_text(example, encoding="utf-8")
    with project.made_quick(STACK) as quick:
        quick.apply_again(STACK)
        yield quick


def ask(project: Project, stage: str, path: str) -> tuple[int, Any]:
    [api] = project.client("apigateway").get_rest_apis()["items"]
    url = f"{project.endpoint}/_aws/execute-api/{api['id']}/{stage}{path}"
    answer = urllib3.request("GET", url)
    return answer.status, answer.json()


def third_pet(project: Project, stage: str) -> str:
    """Return what only the function's code says."""
    status, pets = ask(project, stage, "/pets")
    assert status == 200, pets
    return str(pets[2]["type"])


def deployments(project: Project) -> dict[str, str]:
    gateway = project.client("apigateway")
    [api] = gateway.get_rest_apis()["items"]
    found = gateway.get_stages(restApiId=api["id"])["item"]
    return {each["stageName"]: each["deploymentId"] for each in found}


def test_a_change_reaches_the_stage_that_follows_and_no_other(catalogue: Project) -> None:
    before = deployments(catalogue)
    app = catalogue.root / "lambdas" / "pets" / "app.py"
    app.write_text(app.read_text(encoding="utf-8").replace(OLD, NEW), encoding="utf-8")
    path = catalogue.root / "blueprints" / "catalogue.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(ROUTES, WITH_NEWS), encoding="utf-8")
    catalogue.apply(STACK)
    pets = {stage: third_pet(catalogue, stage) for stage in ("dev", "test", "prod")}
    assert pets == {"dev": NEW, "test": OLD, "prod": OLD}
    news = {stage: ask(catalogue, stage, "/news") for stage in ("dev", "test", "prod")}
    assert news == {"dev": NEWS, "test": NOT_THERE, "prod": NOT_THERE}
    after = deployments(catalogue)
    assert after["dev"] != before["dev"]
    assert (after["test"], after["prod"]) == (before["test"], before["prod"])
    catalogue.assert_unchanged(STACK)


def test_verify_asks_stages_about_what_their_releases_serve(catalogue: Project) -> None:
    # Nobody can sign in: the account's own stack is not deployed.
    words = ("verify", "--environment", "local", "--allow-missing", "--format", "json")
    done = catalogue.run(sys.executable, "-m", "gateprint", *words)
    assert done.code == 0, done.output
    found = json.loads(done.output[done.output.index("{") :])
    asked = {each["stage"] for each in found["rows"] if each["route"] == "GET /news"}
    assert asked == {"dev"}
    assert "prod of catalogue is not asked about GET /news: its release has none" in done.output


def test_a_new_release_reaches_test_and_half_of_prod(catalogue: Project) -> None:
    catalogue.gateprint("promote", "catalogue", "--to", "test", "--release", "v3")
    catalogue.gateprint("promote", "catalogue", "--to", "prod", "--canary", "50")
    catalogue.apply(STACK)
    assert (third_pet(catalogue, "test"), ask(catalogue, "test", "/news")) == (NEW, NEWS)
    seen = {(third_pet(catalogue, "prod")) for _ in range(40)}
    assert seen == {OLD, NEW}
    catalogue.assert_unchanged(STACK)


def test_prod_gets_exactly_what_test_has(catalogue: Project) -> None:
    catalogue.gateprint("promote", "catalogue", "--to", "prod")
    catalogue.apply(STACK)
    found = deployments(catalogue)
    assert found["prod"] == found["test"]
    assert {third_pet(catalogue, "prod") for _ in range(20)} == {NEW}, "the canary is gone"
    assert ask(catalogue, "prod", "/news") == NEWS


def test_prod_goes_back_and_its_canary_follows_the_blueprint(catalogue: Project) -> None:
    catalogue.gateprint("promote", "catalogue", "--to", "prod", "--release", "2026-11-20-1")
    path = catalogue.root / "blueprints" / "catalogue.yaml"
    text = path.read_text(encoding="utf-8")
    back = "    release: 2026-11-20-1 "
    assert text.count(back) == 1
    path.write_text(text.replace(back, f"    canary: {{percent: 0}}\n{back}"), encoding="utf-8")
    catalogue.apply(STACK)
    assert (third_pet(catalogue, "prod"), ask(catalogue, "prod", "/news")) == (OLD, NOT_THERE)
    catalogue.assert_unchanged(STACK)


def test_all_of_it_goes_again(catalogue: Project) -> None:
    done = catalogue.terraform(STACK, "destroy", "-auto-approve", "-input=false")
    assert done.code == 0, done.output
