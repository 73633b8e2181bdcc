"""What gateprint generates of sound blueprints keeps what the attack list asks for.

The documents are those of tests/golden, which the tests of the stack compare with the real ones.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateprint.model.partition import audiences
from tests.attacks.generated import GENERATED
from tests.attacks.test_attacks import ATTACKS
from tests.support.project import ROOT

STACKS = sorted((ROOT / "tests" / "golden").glob("*.tf.json"))
SIGNED_HEADERS = {"Authorization", "X-Amz-Security-Token", "X-Amz-Date"}


def bodies(kind: str) -> Iterator[dict[str, Any]]:
    """Yield the resources of a kind in all stacks."""
    for path in STACKS:
        # A retired stack has none.
        resources = json.loads(path.read_text(encoding="utf-8")).get("resource", {})
        yield from resources.get(kind, {}).values()


def trusts() -> list[dict[str, Any]]:
    """Return the statements of all trust policies."""
    documents = [json.loads(each["assume_role_policy"]) for each in bodies("aws_iam_role")]
    return [statement for each in documents for statement in each["Statement"]]


def federated() -> list[dict[str, Any]]:
    return [each for each in trusts() if "Federated" in each["Principal"]]


def test_every_row_of_the_attack_list_is_tried_or_looked_at() -> None:
    rows = {each.row for each in ATTACKS} | set(GENERATED)
    assert rows == {f"A{number}" for number in range(66)}


def test_the_tests_that_look_at_rows_exist() -> None:
    named = {test for _, test in GENERATED.values()}
    assert all((ROOT / "tests" / each).is_file() for each in named)


def test_every_attack_has_a_name_of_its_own() -> None:
    names = [(each.row, each.name) for each in ATTACKS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        (
            "us-east-2",
            (
                "https://signin.aws.amazon.com/saml",
                "https://us-east-2.signin.aws.amazon.com/saml",
            ),
        ),
        (
            "cn-north-1",
            ("https://signin.amazonaws.cn/saml", "https://cn-north-1.signin.amazonaws.cn/saml"),
        ),
        (
            "us-gov-west-1",
            (
                "https://signin.amazonaws-us-gov.com/saml",
                "https://us-gov-west-1.signin.amazonaws-us-gov.com/saml",
            ),
        ),
    ],
)
def test_a49_the_audience_is_one_of_two_exact_addresses(
    region: str, expected: tuple[str, ...]
) -> None:
    assert audiences(region) == expected


def test_a48_a49_every_sign_in_is_for_aws_and_of_one_exact_issuer() -> None:
    assert federated()
    for each in federated():
        exact = each["Condition"]["StringEquals"]
        assert tuple(exact["SAML:aud"]) == audiences("us-east-2")
        assert exact["SAML:iss"] == "urn:acme.auth0.com"


def test_a50_no_condition_is_true_where_the_attribute_is_missing() -> None:
    operators = {name for each in federated() for name in each["Condition"]}
    assert operators == {"StringEquals", "ForAnyValue:StringEquals"}


def test_a51_a52_the_principal_is_one_declared_provider_of_the_account() -> None:
    found = {each["Principal"]["Federated"] for each in federated()}
    accounts = ("123456789012", "210987654321")
    assert found == {f"arn:aws:iam::{account}:saml-provider/auth0" for account in accounts}


def test_a53_only_the_role_that_says_so_trusts_api_gateway() -> None:
    trusting = {
        each["name"]
        for each in bodies("aws_iam_role")
        if "apigateway.amazonaws.com" in each["assume_role_policy"]
    }
    # The third is API Gateway's own, for logs: no user assumes it.
    assert {"auth0-api-role"} <= trusting
    assert not any(
        "Federated" in json.dumps(each)
        for each in bodies("aws_iam_role")
        if each["name"] in trusting - {"auth0-api-role"}
    )


def test_a54_no_trust_policy_takes_session_tags() -> None:
    assert {each["Action"] for each in trusts()} == {"sts:AssumeRoleWithSAML", "sts:AssumeRole"}


_BY_AUTHORIZER = {"CUSTOM", "COGNITO_USER_POOLS"}


def test_a43_a_route_without_auth_is_signed_and_none_is_of_another_kind() -> None:
    methods = list(bodies("aws_api_gateway_method"))
    assert {each["authorization"] for each in methods} == {
        *("AWS_IAM", "COGNITO_USER_POOLS", "CUSTOM", "NONE")
    }
    asking = [each for each in methods if each["authorization"] in _BY_AUTHORIZER]
    assert all(each["authorizer_id"].startswith("${aws_api_gateway_authorizer.") for each in asking)


def test_a44_a60_preflights_check_nobody_and_ask_for_no_key() -> None:
    methods = list(bodies("aws_api_gateway_method"))
    assert {each["authorization"] for each in methods if each["http_method"] == "OPTIONS"} == {
        "NONE"
    }
    keyed = [each for each in methods if each.get("api_key_required")]
    assert not any(each["http_method"] == "OPTIONS" for each in keyed)
    assert not any("value" in each for each in bodies("aws_api_gateway_api_key"))


def test_a59_preflights_let_browsers_sign() -> None:
    name = "method.response.header.Access-Control-Allow-Headers"
    preflights = [
        each["response_parameters"][name]
        for each in bodies("aws_api_gateway_integration_response")
        if name in each.get("response_parameters", {})
    ]
    assert preflights
    for each in preflights:
        assert set(each.strip("'").split(",")) >= SIGNED_HEADERS
        assert "*" not in each


def test_a57_credentials_mode_is_never_allowed() -> None:
    assert not any("Allow-Credentials" in path.read_text(encoding="utf-8") for path in STACKS)


def permissions() -> list[str]:
    return [each["source_arn"] for each in bodies("aws_lambda_permission")]


def test_a62_a_function_may_be_invoked_by_one_api_of_the_account_alone() -> None:
    api = r"\$\{aws_api_gateway_rest_api\.[a-z]+\.id\}"
    # One permission for each route would outgrow the function's policy of 20,480 bytes.
    called = r"\*/\*/\*|authorizers/\$\{aws_api_gateway_authorizer\.[a-z0-9_]+\.id\}"
    account = "(123456789012|210987654321)"
    form = re.compile(rf"arn:aws:execute-api:us-east-2:{account}:{api}/({called})")
    assert permissions()
    assert all(form.fullmatch(each) for each in permissions())


def test_a46_a_public_api_has_no_resource_policy() -> None:
    assert not any("policy" in each for each in bodies("aws_api_gateway_rest_api"))
    assert not list(bodies("aws_api_gateway_rest_api_policy"))


def test_a64_bodies_are_never_logged() -> None:
    settings = [each["settings"] for each in bodies("aws_api_gateway_method_settings")]
    assert settings
    assert all(each["data_trace_enabled"] is False for each in settings)


def test_a65_every_deployment_is_triggered_by_what_it_publishes() -> None:
    deployments = list(bodies("aws_api_gateway_deployment"))
    assert deployments
    for each in deployments:
        assert re.fullmatch(r"[0-9a-f]{64}", each["triggers"]["published"])


def test_a31_a36_no_permission_has_a_star_for_stage_or_method() -> None:
    for body in bodies("aws_iam_role_policy"):
        for statement in json.loads(body["policy"])["Statement"]:
            for arn in statement["Resource"] if "execute-api" in body["policy"] else ():
                stage, method = arn.split("/")[1:3]
                assert "*" not in stage + method, arn


def test_the_project_of_the_attacks_names_no_path_of_a_machine() -> None:
    for path in sorted((Path(__file__).parent / "project").rglob("*.yaml")):
        assert "/home" not in path.read_text(encoding="utf-8")
