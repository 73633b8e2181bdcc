"""The main job, as a platform team does it: real cdktf, Terraform and provider; then boto3 looks.

Both examples are in one cloud: the order of their stacks matters, and both add policies to a role.
The tests follow one another on one deployed project, because a deployment takes a minute.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.conftest import state_keys
from tests.support.project import Project, make_project

pytestmark = pytest.mark.terraform

STACKS = ("account-local", "orders-local", "pets-local")

HEADERS = (
    "'Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token,X-Amz-Content-Sha256'"
)


def cdktf(project: Project, *words: str) -> str:
    return project.succeed("npx", "--no-install", "cdktf", *words, seconds=900)


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    project = make_project(tmp_path_factory.mktemp("project"))
    project.gateprint("local", "start")
    cdktf(project, "deploy", *STACKS, "--auto-approve")
    yield project
    project.gateprint("local", "stop")


@pytest.fixture(scope="module")
def gateway(deployed: Project) -> Any:
    return deployed.client("apigateway")


@pytest.fixture(scope="module")
def api_id(gateway: Any) -> str:
    apis = {each["name"]: str(each["id"]) for each in gateway.get_rest_apis()["items"]}
    assert set(apis) == {"orders-local-orders", "pets-local-pets"}
    return apis["pets-local-pets"]


@pytest.fixture(scope="module")
def resources(gateway: Any, api_id: str) -> dict[str, str]:
    found = gateway.get_resources(restApiId=api_id)["items"]
    return {each["path"]: each["id"] for each in found}


AUTHORIZATIONS = (
    ("/pets", "GET", "NONE", "AWS"),
    ("/pets", "POST", "AWS_IAM", "AWS"),
    ("/pets", "OPTIONS", "NONE", "AWS"),
    ("/pets/{id}", "GET", "AWS_IAM", "AWS_PROXY"),
    ("/pets/{id}", "OPTIONS", "NONE", "AWS"),
)


@pytest.mark.parametrize("expected", AUTHORIZATIONS, ids=lambda each: f"{each[1]} {each[0]}")
def test_each_method_has_its_authorization_and_integration(gateway, api_id, resources, expected):
    path, verb, authorization, kind = expected
    method = gateway.get_method(restApiId=api_id, resourceId=resources[path], httpMethod=verb)
    assert method["authorizationType"] == authorization
    assert method["methodIntegration"]["type"] == kind


@pytest.mark.parametrize(("path", "methods"), [("/pets", "GET,POST"), ("/pets/{id}", "GET")])
def test_a_preflight_answers_with_the_headers(gateway, api_id, resources, path, methods):
    found = gateway.get_integration_response(
        restApiId=api_id, resourceId=resources[path], httpMethod="OPTIONS", statusCode="200"
    )
    assert found["responseParameters"] == {
        "method.response.header.Access-Control-Allow-Headers": HEADERS,
        "method.response.header.Access-Control-Allow-Methods": f"'{methods},OPTIONS'",
        "method.response.header.Access-Control-Allow-Origin": "'*'",
        "method.response.header.Access-Control-Max-Age": "'600'",
    }


def test_a_refusal_of_the_gateway_has_the_headers_too(gateway, api_id):
    found = gateway.get_gateway_response(restApiId=api_id, responseType="ACCESS_DENIED")
    assert (
        found["responseParameters"]["gatewayresponse.header.Access-Control-Allow-Origin"] == "'*'"
    )


def test_there_are_three_stages_on_deployments_of_their_own(gateway, api_id):
    stages = gateway.get_stages(restApiId=api_id)["item"]
    assert {each["stageName"] for each in stages} == {"dev", "test", "prod"}
    assert len({each["deploymentId"] for each in stages}) == 3
    (prod,) = [each for each in stages if each["stageName"] == "prod"]
    assert prod["methodSettings"]["*/*"]["throttlingRateLimit"] == 100
    assert prod["methodSettings"]["*/*"]["throttlingBurstLimit"] == 50


def test_the_trust_policy_has_both_statements(deployed):
    role = deployed.client("iam").get_role(RoleName="auth0-api-role")["Role"]
    assert role["MaxSessionDuration"] == 3600
    assert role["AssumeRolePolicyDocument"]["Statement"] == [
        {
            "Sid": "auth0",
            "Effect": "Allow",
            "Action": "sts:AssumeRoleWithSAML",
            "Principal": {"Federated": "arn:aws:iam::000000000000:saml-provider/auth0"},
            "Condition": {
                "StringEquals": {
                    "SAML:aud": [
                        "https://signin.aws.amazon.com/saml",
                        "https://us-east-2.signin.aws.amazon.com/saml",
                    ],
                    "SAML:iss": "urn:acme.auth0.com",
                }
            },
        },
        {
            "Sid": "gateway",
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "apigateway.amazonaws.com"},
        },
    ]


def test_the_inline_policy_grants_exactly_the_granted_routes(deployed, api_id):
    found = deployed.client("iam").get_role_policy(
        RoleName="auth0-api-role", PolicyName="api-gateway-policy"
    )
    arn = f"arn:aws:execute-api:us-east-2:000000000000:{api_id}"
    routes = ("GET/pets/*", "POST/pets")
    (statement,) = found["PolicyDocument"]["Statement"]
    assert statement == {
        "Sid": "invoke",
        "Effect": "Allow",
        "Action": "execute-api:Invoke",
        "Resource": sorted(
            f"{arn}/{stage}/{route}" for stage in ("dev", "test", "prod") for route in routes
        ),
    }


def test_only_this_api_may_invoke_its_functions(deployed, api_id):
    policy = json.loads(
        deployed.client("lambda").get_policy(FunctionName="pets-local-get_pet")["Policy"]
    )
    (statement,) = policy["Statement"]
    assert statement["Principal"] == {"Service": "apigateway.amazonaws.com"}
    assert statement["Condition"]["ArnLike"]["AWS:SourceArn"] == (
        f"arn:aws:execute-api:us-east-2:000000000000:{api_id}/*/*/*"
    )


def test_the_saml_provider_and_the_log_groups_are_there(deployed):
    providers = deployed.client("iam").list_saml_providers()["SAMLProviderList"]
    assert [each["Arn"] for each in providers] == ["arn:aws:iam::000000000000:saml-provider/auth0"]
    prefix = "/aws/lambda/pets-local-"
    logs = deployed.client("logs")
    groups = logs.describe_log_groups(logGroupNamePrefix=prefix)["logGroups"]
    assert {each["logGroupName"]: each["retentionInDays"] for each in groups} == {
        "/aws/lambda/pets-local-get_pet": 30,
        "/aws/lambda/pets-local-list_pets": 30,
        "/aws/lambda/pets-local-noop": 7,
        "/aws/lambda/pets-local-update_pets": 30,
    }


def test_the_state_lies_in_the_bucket_and_nothing_holds_its_lock(deployed):
    assert state_keys(deployed) == [f"gateprint/{name}.tfstate" for name in STACKS]


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


def test_show_tells_what_was_made(deployed, api_id):
    found = json.loads(deployed.gateprint("show", "--format", "json"))
    orders, stack = found["stacks"]
    assert [orders["stack"], stack["stack"]] == ["orders-local", "pets-local"]
    assert set(orders["invoke_urls"]["orders"]) == {"dev", "test", "prod"}
    assert stack["api_ids"] == {"pets": api_id}
    assert set(stack["invoke_urls"]["pets"]) == {"dev", "test", "prod"}
    assert set(stack["role_arns"]) == {"auth0-api-role", "pets-auditor"}


def test_afterwards_nothing_is_left_to_do(deployed):
    assert "No changes." in cdktf(deployed, "diff", "pets-local")
    deployed.assert_unchanged("account-local")
    deployed.assert_unchanged("orders-local")


def test_of_two_applies_at_once_one_is_refused_and_the_state_stays_whole(deployed):
    script = (
        "import sys; from pathlib import Path; from tests.support.project import Project;"
        "done = Project(Path(sys.argv[1]), sys.argv[2]).terraform("
        "'pets-local', 'apply', '-auto-approve', '-input=false');"
        "print(done.output); sys.exit(done.code)"
    )
    words = [sys.executable, "-c", script, str(deployed.root), deployed.endpoint]
    running = [
        subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(2)
    ]
    outputs = [each.communicate(timeout=120)[0] for each in running]
    codes = sorted(each.returncode for each in running)
    assert codes == [0, 1], outputs
    assert sum("Error acquiring the state lock" in each for each in outputs) == 1
    deployed.assert_unchanged("pets-local")


def test_the_owner_of_a_role_is_not_destroyed_before_what_adds_to_it(deployed):
    words = ("npx", "--no-install", "cdktf", "destroy", "--auto-approve", "pets-local")
    alone = deployed.run(*words)
    assert alone.code != 0
    assert "dependant stacks are not included in the stacks to run: orders-local" in alone.output


def test_destroy_leaves_nothing_of_the_stacks(deployed):
    cdktf(deployed, "destroy", "--auto-approve", "pets-local", "orders-local")
    assert deployed.client("apigateway").get_rest_apis()["items"] == []
    roles = {each["RoleName"] for each in deployed.client("iam").list_roles()["Roles"]}
    of_pets = {"auth0-api-role", "pets-auditor", "pets-local-functions"}
    assert not roles & (of_pets | {"orders-desk", "orders-local-functions"})
