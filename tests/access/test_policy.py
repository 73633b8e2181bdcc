"""The policy documents of the pets blueprint and its relatives, whole."""

from __future__ import annotations

from typing import Any

import pytest

from gateprint.access.policy import (
    resource_policy,
    role_documents,
    to_json,
    trust_policy,
)
from gateprint.model.resolved import Environment, ResolvedBlueprint, Role
from tests.access.shapes import grant, shape
from tests.model.made import ISSUER, NONPROD, ROOT, SMALL, edited, environment_of, resolved_of

PETS = (ROOT / "blueprints/pets.yaml").read_text(encoding="utf-8")
PARTITIONS = [
    ("us-east-2", "aws", "signin.aws.amazon.com"),
    ("cn-north-1", "aws-cn", "signin.amazonaws.cn"),
    ("us-gov-west-1", "aws-us-gov", "signin.amazonaws-us-gov.com"),
]
IDS = {"pets": "a1b2c3"}


def place(region: str, name: str = "nonprod") -> Environment:
    text = {"us-east-2": region, "environment: nonprod": f"environment: {name}"}
    return environment_of(edited(NONPROD, text))


def pets(region: str = "us-east-2", environment: str = "nonprod") -> ResolvedBlueprint:
    return resolved_of(PETS, place(region, environment))


def role(blueprint: ResolvedBlueprint, name: str) -> Role:
    return next(each for each in blueprint.roles if each.name == name)


@pytest.mark.parametrize(("region", "partition", "host"), PARTITIONS)
def test_the_trust_policy_of_the_pets_role(region: str, partition: str, host: str) -> None:
    assert trust_policy(role(pets(region), "auth0-api-role"), place(region)) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "auth0",
                "Effect": "Allow",
                "Action": "sts:AssumeRoleWithSAML",
                "Principal": {
                    "Federated": f"arn:{partition}:iam::123456789012:saml-provider/auth0"
                },
                "Condition": {
                    "StringEquals": {
                        "SAML:aud": [f"https://{host}/saml", f"https://{region}.{host}/saml"],
                        "SAML:iss": ISSUER,
                    }
                },
            },
            {
                "Sid": "gateway",
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "apigateway.amazonaws.com"},
            },
        ],
    }


@pytest.mark.parametrize(("region", "partition", "_host"), PARTITIONS)
def test_the_permissions_policy_of_the_pets_role(region: str, partition: str, _host: str) -> None:
    blueprint = pets(region)
    arn = f"arn:{partition}:execute-api:{region}:123456789012:a1b2c3"
    assert role_documents(blueprint, role(blueprint, "auth0-api-role"), IDS).inline == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "invoke",
                "Effect": "Allow",
                "Action": "execute-api:Invoke",
                "Resource": [
                    f"{arn}/dev/GET/pets/*",
                    f"{arn}/dev/POST/pets",
                    f"{arn}/test/GET/pets/*",
                    f"{arn}/test/POST/pets",
                ],
            }
        ],
    }


def test_a_role_that_is_granted_nothing_here_has_no_permissions_policy() -> None:
    blueprint = pets()
    assert role_documents(blueprint, role(blueprint, "pets-auditor"), IDS).inline is None


def test_the_auditor_is_granted_one_route_in_production() -> None:
    blueprint = pets(environment="prod")
    document = role_documents(blueprint, role(blueprint, "pets-auditor"), IDS).inline
    assert document is not None
    assert [each["Resource"] for each in document["Statement"]] == [
        ["arn:aws:execute-api:us-east-2:123456789012:a1b2c3/prod/GET/pets/*"]
    ]


def conditions(when: str) -> Any:
    text = edited(SMALL, {"    allow:\n": f"    when: {when}\n    allow:\n"})
    (statement,) = trust_policy(resolved_of(text).roles[0], environment_of())["Statement"]
    kept = dict(statement["Condition"])
    kept["StringEquals"] = {
        key: value
        for key, value in kept["StringEquals"].items()
        if key not in {"SAML:aud", "SAML:iss"}
    }
    return kept


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        pytest.param("{}", {"StringEquals": {}}, id="no condition"),
        pytest.param(
            "{edupersonaffiliation: [staff, auditor]}",
            {
                "StringEquals": {},
                "ForAnyValue:StringEquals": {"SAML:edupersonaffiliation": ["staff", "auditor"]},
            },
            id="a list of the user's: any of it",
        ),
        pytest.param(
            "{sub_type: [persistent]}",
            {"StringEquals": {"SAML:sub_type": ["persistent"]}},
            id="a single value of the user's",
        ),
        pytest.param(
            "{uid: ['0123'], sub: [NO], cn: [a]}",
            {
                "StringEquals": {"SAML:sub": ["NO"]},
                "ForAnyValue:StringEquals": {"SAML:cn": ["a"], "SAML:uid": ["0123"]},
            },
            id="both, sorted, as text",
        ),
    ],
)
def test_attributes_become_conditions(when: str, expected: dict[str, Any]) -> None:
    assert conditions(when) == expected


def test_the_gateway_is_trusted_only_where_the_blueprint_says_so() -> None:
    statements = trust_policy(resolved_of(SMALL).roles[0], environment_of())["Statement"]
    assert [each["Sid"] for each in statements] == ["auth0"]


def test_a_sid_holds_letters_and_digits_alone() -> None:
    environment = environment_of(edited(NONPROD, {"  auth0: {": "  Acme-AD_1.x: {"}))
    blueprint = resolved_of(
        edited(SMALL, {"identity_provider: auth0": "identity_provider: Acme-AD_1.x"}), environment
    )
    assert trust_policy(blueprint.roles[0], environment)["Statement"][0]["Sid"] == "AcmeAD1x"


def test_an_existing_role_keeps_its_own_trust_policy() -> None:
    blueprint = resolved_of(edited(SMALL, {"identity_provider: auth0": "existing: true"}))
    with pytest.raises(ValueError, match="no trust policy of its own"):
        trust_policy(blueprint.roles[0], environment_of())


def test_a_denied_overreach_becomes_a_deny_statement() -> None:
    routes = ["GET /pets/{id}", "GET /pets/{id}/owner"]
    _, blueprint = shape(routes, [grant(["GET /pets/{id}"], overreach="deny")], ["dev"])
    document = role_documents(blueprint, blueprint.roles[0], IDS).inline
    arn = "arn:aws:execute-api:us-east-2:123456789012:a1b2c3/dev/GET/pets"
    assert document is not None
    assert document["Statement"] == [
        {
            "Sid": "invoke",
            "Effect": "Allow",
            "Action": "execute-api:Invoke",
            "Resource": [f"{arn}/*"],
        },
        {
            "Sid": "overreach",
            "Effect": "Deny",
            "Action": "execute-api:Invoke",
            "Resource": [f"{arn}/*/owner", f"{arn}/*/owner/"],
        },
    ]


def test_each_api_is_named_by_its_own_id() -> None:
    grants = [grant("all", api="pets"), grant("all", api="cats")]
    _, blueprint = shape({"pets": ["GET /a"], "cats": ["GET /a"]}, grants)
    document = role_documents(blueprint, blueprint.roles[0], {"pets": "p1", "cats": "c1"}).inline
    assert document is not None
    assert [arn.split(":")[-1] for arn in document["Statement"][0]["Resource"]] == [
        "c1/dev/GET/a",
        "p1/dev/GET/a",
    ]


DOOR = "    endpoint: private\n    vpc_endpoints: [vpce-0123456789abcdef0]\n"
PRIVATE = edited(SMALL, {"    routes:\n": f"{DOOR}    routes:\n"})
ARN = "arn:aws:execute-api:us-east-2:123456789012:a1b2c3"
DENY = {
    "Sid": "vpc",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "execute-api:Invoke",
    "Resource": f"{ARN}/*",
    "Condition": {"StringNotEquals": {"aws:SourceVpce": ["vpce-0123456789abcdef0"]}},
}


def resource_statements(text: str) -> Any:
    blueprint = resolved_of(text)
    document = resource_policy(environment_of(), ("dev", "test"), blueprint.apis[0], "a1b2c3")
    return document and document["Statement"]


def test_a_public_endpoint_has_no_resource_policy() -> None:
    assert resource_statements(SMALL) is None


def test_a_private_api_denies_what_does_not_come_through_its_door() -> None:
    assert resource_statements(PRIVATE) == [DENY]


def test_a_private_api_allows_only_what_nobody_is_checked_on() -> None:
    text = edited(
        PRIVATE,
        {
            "    endpoint:": "    cors: {origins: ['*']}\n    endpoint:",
            "      GET /pets/{id}:": "      GET /: {mock: {status: 200}, auth: none, public: all}\n"
            "      GET /pets/{id}:",
        },
    )
    allow = {
        "Sid": "public",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": [
            f"{ARN}/{stage}/{rest}"
            for stage in ("dev", "test")
            for rest in ("GET/", "OPTIONS/", "OPTIONS/pets/*")
        ],
    }
    assert resource_statements(text) == [DENY, allow]


def test_equal_documents_are_equal_texts() -> None:
    assert to_json({"b": ["ü"], "a": 1}) == to_json({"a": 1, "b": ["ü"]}) == '{"a":1,"b":["ü"]}'
