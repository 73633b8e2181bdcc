"""An API with a user pool, keys, checks and a policy becomes a blueprint, and is taken over."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.openapi.secured_by_hand import (
    DOMAIN,
    FUNCTION,
    NETWORK,
    PET,
    SHOP,
    Secured,
    make_secured,
)
from tests.support.project import Project, make_project

pytestmark = [pytest.mark.terraform, pytest.mark.cdktf]
STACK = "secured-local"
# None of these exists: a deployment cannot be taken over, and the others nobody has made yet.
MADE = {
    "aws_api_gateway_deployment.secured_live",
    "aws_api_gateway_method_settings.secured_live",
    "aws_lambda_permission.prices_secured--external",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    project = make_project(tmp_path_factory.mktemp("project"))
    for name in ("orders", "pets"):
        (project.root / "blueprints" / f"{name}.yaml").unlink()
    project.gateprint("local", "start")
    yield project
    project.gateprint("local", "stop")


@pytest.fixture(scope="module")
def secured(project: Project) -> Secured:
    """The API, imported: its blueprint is in the project, and the import blocks beside it."""
    made = make_secured(project.client)
    words = ("--environment", "local", "--name", "secured", "--out", "blueprints/secured.yaml")
    project.gateprint("import", "aws", made.api, *words, "--imports", "imports.tf.json")
    return made


def test_the_blueprint_says_who_is_checked_and_what(project: Project, secured: Secured):
    written = project.read("secured")
    assert written["authorizers"] == {"customers": {"user_pools": [secured.pool]}}
    assert written["plans"] == {
        "partners": {
            "stages": "all",
            "throttle": {"rate": 5, "burst": 10},
            "quota": {"requests": 1000, "per": "day"},
            "keys": ["acme-corp"],
        }
    }
    assert written["domains"] == {
        DOMAIN: {"existing": True, "base_paths": {"/pets": {"stage": "live"}}}
    }
    (api,) = written["apis"].values()
    assert api["only_from"] == {"source_ips": [NETWORK]}
    assert api["routes"] == {
        "GET /health": {"lambda_arn": FUNCTION, "auth": "none", "public": api_open("everybody")},
        "GET /pets": {
            "lambda_arn": FUNCTION,
            "auth": "cognito",
            "authorizer": "customers",
            "scopes": ["pets/read"],
        },
        "POST /pets": {
            "lambda_arn": FUNCTION,
            "request": {
                "body": "schemas/secured/Pet.json",
                "headers": {"X-Trace": "optional"},
                "query": {"source": "required"},
            },
            "auth": "none",
            "public": api_open("key"),
            "api_key": True,
        },
    }
    schema = json.loads(
        (project.root / "blueprints" / "schemas" / "secured" / "Pet.json").read_text()
    )
    assert schema == {name: each for name, each in PET.items() if name != "$schema"}


def api_open(to: str) -> str:
    return {
        "everybody": "imported: the description lets everybody in; decide whether it should",
        "key": "imported: the description asks for an API key alone, which is no authorization; "
        "decide whether it should",
    }[to]


def test_no_value_of_a_key_is_written_anywhere(project: Project, secured: Secured):
    for path in (project.root / "imports.tf.json", project.root / "blueprints" / "secured.yaml"):
        assert secured.key_value not in path.read_text()


def test_its_stack_takes_over_what_exists_and_the_next_plan_is_empty(
    project: Project, secured: Secured
):
    with project.made_quick(STACK) as quick:
        text = (project.root / "imports.tf.json").read_text()
        (quick.stack(STACK) / "imports.tf.json").write_text(text)
        done = quick.terraform(STACK, "plan", "-out=plan", "-input=false", "-lock=false")
        assert done.code == 0, done.output
        shown = quick.terraform(STACK, "show", "-json", "plan")
        changes = {
            each["address"]: each["change"] for each in json.loads(shown.output)["resource_changes"]
        }
        made = {each for each in changes if "create" in changes[each]["actions"]}
        assert made == MADE
        assert not [each for each in changes if "delete" in changes[each]["actions"]]
        assert {each for each in changes if not changes[each].get("importing")} == MADE
        done = quick.terraform(STACK, "apply", "-input=false", "plan")
        assert done.code == 0, done.output
        quick.assert_unchanged(STACK)
    gateway = project.client("apigateway")
    (plan,) = gateway.get_usage_plans()["items"]
    assert (plan["id"], plan["name"]) == (secured.plan, "secured-local-partners")
    key = gateway.get_api_key(apiKey=secured.key, includeValue=True)
    assert (key["name"], key["value"]) == ("secured-local-acme-corp", secured.key_value)


def test_a_description_of_others_is_planned_with_its_authorizer_model_and_plan(
    project: Project, secured: Secured
):
    (project.root / "shop.json").write_text(json.dumps(SHOP))
    words = ("--environment", "local", "--audience", "shop", "--out", "blueprints/shop.yaml")
    project.gateprint("import", "openapi", "shop.json", *words)
    with project.made_quick("shop-local") as quick:
        done = quick.terraform("shop-local", "plan", "-out=plan", "-input=false", "-lock=false")
        assert done.code == 0, done.output
        shown = quick.terraform("shop-local", "show", "-json", "plan")
    planned = {
        each["address"]: each["change"]["after"]
        for each in json.loads(shown.output)["resource_changes"]
    }
    method = planned["aws_api_gateway_method.shop_post_pets"]
    assert (method["authorization"], method["api_key_required"]) == ("CUSTOM", True)
    assert planned["aws_api_gateway_authorizer.shop_login"]["type"] == "TOKEN"
    schema = json.loads(planned["aws_api_gateway_model.shop_Pet"]["schema"])
    assert schema == {"type": "object", "required": ["name"]}
    assert "aws_api_gateway_usage_plan.imported" in planned
    assert "aws_api_gateway_rest_api_policy.shop" in planned
