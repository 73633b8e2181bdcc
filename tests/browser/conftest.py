"""The pets APIs in an embedded cloud of their own, and their page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support.chromium import chromium
from tests.support.project import Project, make_project

__all__ = ["chromium"]

_SIGNER = Path(__file__).parents[2] / "node_modules" / "aws4fetch"
# The routes of a second API, which pages of one origin may read: localhost, not 127.0.0.1.
ROUTES = {
    "GET /orders": {"mock": {"status": 200, "body": '{"orders": []}'}},
    "GET /open": {
        "mock": {"status": 200, "body": '{"open": true}'},
        "auth": "none",
        "public": "opening hours",
    },
}
_DONE_MILLISECONDS = 15_000


@dataclass(frozen=True, slots=True)
class Shop:
    """A deployed shop: where its pages are, and the address of the other API's stage dev.

    `other_site` is the same site under the name that the other API allows.
    """

    site: str
    other_site: str
    desk: str


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The blueprint pets with one more API, as Terraform deploys it."""
    if not _SIGNER.is_dir():
        pytest.skip("the package aws4fetch is not in node_modules: make setup")
    project = make_project(tmp_path_factory.mktemp("shop"))
    (project.root / "blueprints" / "orders.yaml").unlink()
    site = project.gateprint("local", "start").split()[-1]
    other_site = site.replace("127.0.0.1", "localhost")
    _add_desk(project, other_site)
    try:
        with project.made_quick("pets-local") as quick:
            quick.apply_again("pets-local")
        _add_provider(project)
        yield Shop(site, other_site, _desk(project))
    finally:
        project.gateprint("local", "stop")


def _add_desk(project: Project, origin: str) -> None:
    blueprint = project.read()
    cors = {"origins": [origin], "preflight": "mock"}
    blueprint["apis"]["desk"] = {"cors": cors, "routes": ROUTES}
    for role in blueprint["roles"].values():
        for grant in role["allow"]:
            grant["api"] = "pets"
    project.write(blueprint)


def _add_provider(project: Project) -> None:
    """Create the SAML provider as it was synthesized; to apply its stack would take longer."""
    stack = json.loads((project.stack("account-local") / "cdk.tf.json").read_text())
    [provider] = stack["resource"]["aws_iam_saml_provider"].values()
    project.client("iam").create_saml_provider(
        Name=provider["name"], SAMLMetadataDocument=provider["saml_metadata_document"]
    )


def _desk(project: Project) -> str:
    apis = project.client("apigateway").get_rest_apis()["items"]
    identity = next(each["id"] for each in apis if each["name"].endswith("desk"))
    return f"{project.endpoint}/_aws/execute-api/{identity}/dev"


@pytest.fixture
def page(chromium: Browser, shop: Shop) -> Iterator[Page]:
    """The pets page, just opened by somebody who has never been there."""
    context = chromium.new_context(base_url=shop.site)
    context.set_default_timeout(_DONE_MILLISECONDS)
    page = context.new_page()
    page.goto("/")
    page.wait_for_selector("html[data-ready]")
    yield page
    context.close()
