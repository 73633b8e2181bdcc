"""`verify` in the embedded cloud: all is as stated, and each planted fault is found."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from gateprint.cli.main import run
from gateprint.local import cloud
from gateprint.local.client import client
from gateprint.workflow.places import Places
from gateprint.workflow.sign_in import load_with_sign_in
from tests.local.conftest import say_nothing, settings_in
from tests.local.one_of_each import ACCOUNT, REGION
from tests.support.deployed import Deployed, deploy

BLUEPRINT = """\
blueprint: 1
name: shop
stages: {dev: {environment: cloud}, test: {environment: cloud}}
apis:
  shop:
    cors: {origins: ["https://shop.example.com", "https://desk.example.com"]}
    routes:
      GET /pets: {mock: {status: 200, body: "[]"}, auth: none, public: the catalogue is open}
      POST /pets: {mock: {status: 201}}
      GET /pets/{id}: {mock: {status: 200}}
      DELETE /pets/{id}: {mock: {status: 204}}
      GET /terms/{document+}: {http: "http://127.0.0.1:1/{document}"}
roles:
  shop-reader:
    identity_provider: own
    allow: [{stages: all, routes: ["GET /pets/{id}"]}]
  shop-manager:
    identity_provider: own
    when: {edupersonaffiliation: [staff], edupersonprimaryorgunitdn: ["ou=service,o=acme"]}
    allow:
      - {stages: [dev], routes: all}
      - {stages: [test], routes: [POST /pets]}
"""
ENVIRONMENT = """\
environment: cloud
account: "{account}"
region: {region}
endpoint: {endpoint}
state: {{bucket: gateprint-state}}
identity_providers:
  own: {{issuer: "urn:gateprint:sign-in"}}
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """A project with a cloud of its own, in which its blueprint is deployed."""
    root = tmp_path_factory.mktemp("project")
    settings = settings_in(root / ".gateprint" / "cloud")
    config = ENVIRONMENT.format(account=ACCOUNT, region=REGION, endpoint=settings.endpoint)
    for name, text in {"blueprints/shop.yaml": BLUEPRINT, "config/cloud.yaml": config}.items():
        (root / name).parent.mkdir()
        (root / name).write_text(text)
    (root / "lambdas").mkdir()
    before = Path.cwd()
    os.chdir(root)
    cloud.start(settings, say_nothing)
    clients = functools.cache(lambda service: client(service, settings.endpoint, REGION))
    (blueprint,) = load_with_sign_in(Places(environment="cloud")).blueprints
    yield deploy(clients, blueprint)
    cloud.stop(settings, say_nothing)
    os.chdir(before)


Ask = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def ask(shop: Deployed, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run `verify` and read its JSON."""

    def call(*arguments: str) -> tuple[int, dict[str, Any]]:
        code = run(["verify", "--environment", "cloud", "--format", "json", *arguments])
        printed = capsys.readouterr()
        assert printed.out, printed.err
        return code, json.loads(printed.out)

    return call


def differing(report: dict[str, Any]) -> set[tuple[str, str, str, str]]:
    return {
        (each["stage"], each["kind"], each["role"], each["request"])
        for each in report["rows"]
        if each["verdict"] != "ok"
    }


def test_what_was_deployed_is_as_stated(ask: Ask, shop: Deployed) -> None:
    code, report = ask()
    assert differing(report) == set()
    assert report["not_asked"] == {}
    assert code == 0
    by_backend = {(each["route"], each["evidence"]) for each in report["rows"]}
    assert ("GET /terms/{document+}", "the account's documents") in by_backend
    assert ("POST /pets", "before the backend") in by_backend
    signed = {(each["role"], each["stage"], each["route"]) for each in report["rows"]}
    assert {("shop-manager", "test", "DELETE /pets/{id}"), ("shop-reader", "dev", "GET /pets")} <= (
        signed
    )


def test_every_request_is_in_the_access_log(
    ask: Ask, shop: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    ask()
    assert run(["logs", "--environment", "cloud", "--format", "json"]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    decided = {(each["role"], each["route"], each["stage"], each["decision"]) for each in records}
    assert ("shop-reader", "GET /pets/{id}", "dev", "allow") in decided
    assert ("shop-reader", "POST /pets", "dev", "implicit-deny") in decided
    assert run(["logs", "--environment", "cloud"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_a_dry_run_sends_nothing_but_preflights(ask: Ask, shop: Deployed) -> None:
    code, report = ask("--dry")
    assert code == 0
    called = {each["kind"] for each in report["rows"] if each["evidence"] == "called"}
    assert called == {"preflight"}


def patch(path: str, value: str) -> list[dict[str, str]]:
    return [{"op": "replace", "path": path, "value": value}]


@contextmanager
def open_to_everybody(shop: Deployed) -> Iterator[None]:
    place = shop.method("POST /pets")
    shop.gateway.update_method(**place, patchOperations=patch("/authorizationType", "NONE"))
    shop.redeploy("dev")
    yield
    shop.gateway.update_method(**place, patchOperations=patch("/authorizationType", "AWS_IAM"))
    shop.redeploy("dev")


@contextmanager
def wide(shop: Deployed) -> Iterator[None]:
    iam, place = shop.clients("iam"), {"RoleName": "shop-reader", "PolicyName": "wide"}
    arn = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{shop.api_id}/test/*"
    allow = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": arn}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam.put_role_policy(**place, PolicyDocument=document)
    yield
    iam.delete_role_policy(**place)


@contextmanager
def without_a_preflight(shop: Deployed) -> Iterator[None]:
    place = shop.method("OPTIONS /pets/{id}")
    mock = {"type": "MOCK", "requestTemplates": {"application/json": '{"statusCode": 200}'}}
    kept = shop.gateway.get_method(**place)["methodIntegration"]["integrationResponses"]["200"]
    shop.gateway.delete_method(**place)
    shop.redeploy("dev")
    yield
    shop.gateway.put_method(**place, authorizationType="NONE")
    shop.gateway.put_integration(**place, **mock)
    headers = kept["responseParameters"]
    declared = dict.fromkeys(headers, False)
    shop.gateway.put_method_response(**place, statusCode="200", responseParameters=declared)
    more = {"responseParameters": headers, "responseTemplates": kept["responseTemplates"]}
    shop.gateway.put_integration_response(**place, statusCode="200", **more)
    shop.redeploy("dev")


@contextmanager
def stale(shop: Deployed) -> Iterator[None]:
    """The stage test has a deployment from before there was a route."""
    place = shop.method("DELETE /pets/{id}")
    shop.gateway.delete_method(**place)
    shop.redeploy("test")
    yield from _restored(shop, place)


def _restored(shop: Deployed, place: dict[str, str]) -> Iterator[None]:
    shop.gateway.put_method(**place, authorizationType="AWS_IAM")
    mock = {"type": "MOCK", "requestTemplates": {"application/json": '{"statusCode": 204}'}}
    shop.gateway.put_integration(**place, **mock)
    shop.gateway.put_method_response(**place, statusCode="204")
    shop.gateway.put_integration_response(**place, statusCode="204")
    yield
    shop.redeploy("test")


@contextmanager
def removed(shop: Deployed) -> Iterator[None]:
    """The stage test has a deployment from when there was one route more."""
    place = {**shop.method("DELETE /pets/{id}"), "httpMethod": "PATCH"}
    mock = {"type": "MOCK", "requestTemplates": {"application/json": '{"statusCode": 200}'}}
    shop.gateway.put_method(**place, authorizationType="NONE")
    shop.gateway.put_integration(**place, **mock)
    shop.redeploy("test")
    shop.gateway.delete_method(**place)
    yield
    shop.redeploy("test")


@contextmanager
def unreadable_refusals(shop: Deployed) -> Iterator[None]:
    place = {"restApiId": shop.api_id, "responseType": "MISSING_AUTHENTICATION_TOKEN"}
    kept = shop.gateway.get_gateway_response(**place)["responseParameters"]
    rest = {name: text for name, text in kept.items() if not name.endswith("Allow-Origin")}
    shop.gateway.put_gateway_response(**place, responseParameters=rest)
    shop.redeploy("dev")
    yield
    shop.gateway.put_gateway_response(**place, responseParameters=kept)
    shop.redeploy("dev")


PET = "/pets/gateprint-probe"
Plant = Callable[[Deployed], AbstractContextManager[None]]
FAULTS: list[tuple[Plant, set[tuple[str, str, str, str]]]] = [
    (
        open_to_everybody,
        {
            ("dev", "unsigned", "", "POST /pets"),
            ("dev", "signed", "shop-reader", "POST /pets"),
            ("dev", "tampered", "shop-reader", "POST /pets"),
        },
    ),
    (
        wide,
        {
            ("test", "signed", "shop-reader", "POST /pets"),
            ("test", "signed", "shop-reader", f"DELETE {PET}"),
            ("test", "signed", "shop-reader", "GET /terms/gateprint-probe"),
        },
    ),
    (without_a_preflight, {("dev", "preflight", "", f"OPTIONS {PET}")}),
    (
        stale,
        {
            ("test", "signed", "shop-reader", f"DELETE {PET}"),
            ("test", "signed", "shop-manager", f"DELETE {PET}"),
        },
    ),
    (removed, {("test", "removed", "", "PATCH /pets/{id}")}),
    (
        unreadable_refusals,
        {
            ("dev", "unsigned", "", "POST /pets"),
            ("dev", "unsigned", "", f"GET {PET}"),
            ("dev", "unsigned", "", f"DELETE {PET}"),
        },
    ),
]


@pytest.mark.parametrize(
    ("plant", "found"), FAULTS, ids=[each[0].__name__.replace("_", "-") for each in FAULTS]
)
def test_a_planted_fault_is_found_and_nothing_else(
    ask: Ask, shop: Deployed, plant: Plant, found: set[tuple[str, str, str, str]]
) -> None:
    with plant(shop):
        code, report = ask()
    assert (code, differing(report)) == (3, found)
    assert ask()[0] == 0, "the fault is gone"


def test_what_publishes_a_stage_anew_is_said(
    ask: Ask, shop: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    command = (
        "terraform -chdir=cdktf.out/stacks/shop-cloud apply "
        "-replace=aws_api_gateway_deployment.shop_test"
    )
    with removed(shop):
        _, report = ask("--dry")
        assert run(["verify", "--environment", "cloud", "--dry"]) == 3
    assert report["remedies"] == [command]
    printed = capsys.readouterr().out
    assert f"= fix: {command}" in printed.splitlines()[-1]
    assert "served until the stage is published anew" in " ".join(printed.split())
