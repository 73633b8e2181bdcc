"""Both examples in one cloud: the order of their stacks, and a role that both add policies to.

The tests follow one another on one deployed project, because a deployment takes a minute.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.support.project import Project, make_project

pytestmark = pytest.mark.terraform

STACKS = ("account-local", "orders-local", "pets-local")


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    project = make_project(tmp_path_factory.mktemp("project"))
    project.gateprint("local", "start")
    deploy = ("npx", "--no-install", "cdktf", "deploy", *STACKS, "--auto-approve")
    project.succeed(*deploy, seconds=900)
    yield project
    project.gateprint("local", "stop")


def test_the_first_deployment_makes_all_stacks_and_leaves_nothing_to_do(deployed: Project) -> None:
    for name in STACKS:
        deployed.assert_unchanged(name)


def test_show_tells_what_both_made(deployed: Project) -> None:
    found = json.loads(deployed.gateprint("show", "--format", "json"))
    assert [each["stack"] for each in found["stacks"]] == ["orders-local", "pets-local"]
    assert set(found["stacks"][0]["invoke_urls"]["orders"]) == {"dev", "test", "prod"}


def test_the_shared_role_has_a_policy_of_each_blueprint(deployed: Project) -> None:
    iam = deployed.client("iam")
    names = iam.list_role_policies(RoleName="pets-auditor")["PolicyNames"]
    assert sorted(names) == ["api-gateway-policy", "api-gateway-policy-orders"]
    policy = iam.get_role_policy(RoleName="pets-auditor", PolicyName="api-gateway-policy-orders")
    (statement,) = policy["PolicyDocument"]["Statement"]
    routes = {arn.split("/", 1)[1] for arn in statement["Resource"]}
    assert routes == {
        "prod/GET/orders",
        "prod/GET/orders/*",
        "prod/GET/orders/*/lines",
        "prod/GET/orders/*/invoices/*",
    }


def test_the_owner_of_the_role_is_not_destroyed_before_what_adds_to_it(deployed: Project) -> None:
    words = ("npx", "--no-install", "cdktf", "destroy", "--auto-approve")
    alone = deployed.run(*words, "pets-local")
    assert alone.code != 0
    assert "dependant stacks are not included in the stacks to run: orders-local" in alone.output
    deployed.succeed(*words, "pets-local", "orders-local", seconds=900)
    assert deployed.client("apigateway").get_rest_apis()["items"] == []
    roles = {each["RoleName"] for each in deployed.client("iam").list_roles()["Roles"]}
    assert not roles & {"pets-auditor", "orders-desk", "orders-local-functions"}
