"""Every field of a blueprint is changed in place and applied; afterwards nothing is left to do.

The steps follow one another on one stack, because a Terraform run costs seconds: each takes the
blueprint as the one before left it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from gateprint.model.manual.json_schema import json_schema
from tests.support.project import Project

pytestmark = pytest.mark.terraform

Change = Callable[[dict[str, Any]], None]
VPC_ENDPOINT = "vpce-0123456789abcdef0"
SCHEMA = json_schema("blueprint")
DEFINITIONS = SCHEMA["$defs"]
PRICES = "arn:aws:lambda:us-east-2:000000000000:function:pets-local-get_pet"


@dataclass(frozen=True, slots=True)
class Step:
    """A change of a blueprint, and the fields that it changes, as `_field_names` writes them."""

    name: str
    fields: tuple[str, ...]
    change: Change
    has_other_backends: bool = False


def _settings(data: dict[str, Any]) -> None:
    data["owner"] = "team-catalogue"
    data["description"] = "Another ${description} with %{ signs }."
    data["stages"]["prod"] = {
        "environment": "nonprod",
        "description": "For customers: ${stage}.",
        "throttle": {"rate": 12.5, "burst": 7},
        "variables": {"table": "pets-v2"},
        "tracing": True,
        "log_level": "info",
        "access_log": {"retention_days": 14},
        "cache": {"size_gb": 0.5, "ttl": "2m"},
    }


def _settings_again(data: dict[str, Any]) -> None:
    prod = data["stages"]["prod"]
    prod["throttle"] = {"rate": 200, "burst": 100}
    prod["log_level"] = "error"
    prod["access_log"] = {"retention_days": 30}
    prod["cache"] = {"size_gb": 1.6, "ttl": "5m"}
    prod["variables"] = {"table": "pets-v3", "colour": "green"}
    data["stages"]["qa"] = {"environment": "nonprod"}
    del data["stages"]["test"]
    api = data["apis"]["pets"]
    api["description"] = "Pets, ${again}."
    api["binary_types"] = ["image/png"]
    api["cors"] = {"origins": ["https://shop.example.com"], "preflight": "mock", "max_age": "5m"}


def _origins_and_auth(data: dict[str, Any]) -> None:
    api = data["apis"]["pets"]
    api["binary_types"] = ["image/png", "image/jpeg"]
    api["cors"]["origins"] = ["https://shop.example.com", "https://admin.example.com:8443"]
    api["routes"]["POST /pets"] |= {"auth": "none", "public": "for a while"}


def _functions(data: dict[str, Any]) -> None:
    data["functions"]["get_pet"] |= {
        "proxy": False,
        "handler": "app.list_pets",
        "runtime": "python3.13",
        "memory_mib": 256,
        "tracing": True,
        "timeout": "5s",
        "environment": {"TABLE": "pets ${x}"},
        "description": "Gets a pet.",
        "log_retention_days": 90,
    }
    data["functions"]["list_pets"]["proxy"] = True
    data["functions"]["update_pets"]["source"] = "noop"
    data["functions"]["update_pets"]["handler"] = "app.handler"


def _routes(data: dict[str, Any]) -> None:
    routes = data["apis"]["pets"]["routes"]
    routes["GET /pets"] = {
        "mock": {"status": 200, "body": '{"price": "$5 #1 ${x}"}'},
        "description": "All pets.",
    }
    routes["POST /pets"] = {"lambda_arn": PRICES}
    routes["GET /pets/{id}"] = {"http": "https://prices.example.com/v1/{id}"}
    routes["DELETE /pets/{id}"] = {"function": "get_pet"}
    data["roles"]["auth0-api-role"]["allow"][0]["routes"] = "all"


def _routes_again(data: dict[str, Any]) -> None:
    routes = data["apis"]["pets"]["routes"]
    routes["GET /pets"]["mock"] = {"status": 201, "body": "{}"}
    routes["GET /pets/{id}"]["http"] = "https://prices.example.com/v2/{id}"
    del routes["DELETE /pets/{id}"]
    routes["GET /pets/{id}/owner"] = {"function": "get_pet"}
    role = data["roles"]["auth0-api-role"]
    inspector = data["roles"]["pets-inspector"]
    inspector["allow"][0]["overreach"] = "accepted because inspectors may see owners"
    role["allow"] = [
        {"stages": ["prod", "dev"], "routes": ["GET /pets/{id}"], "overreach": "deny"},
        {
            "stages": ["qa"],
            "api": "pets",
            "routes": ["GET /pets/{id}"],
            "overreach": "accepted because this is a rehearsal",
        },
    ]


def _roles(data: dict[str, Any]) -> None:
    data["roles"]["auth0-api-role"] |= {
        "assumed_by_gateway": False,
        "max_session": "2h",
        "description": "Callers.",
        "when": {"edupersonaffiliation": ["staff"], "sub": ["someone"]},
    }
    auditor = data["roles"].pop("pets-auditor")
    auditor["identity_provider"] = "auth0"
    data["roles"]["pets-inspector"] = auditor


def _private(data: dict[str, Any]) -> None:
    api = data["apis"]["pets"]
    api["endpoint"] = "private"
    api["vpc_endpoints"] = [VPC_ENDPOINT]
    api["only_from"] = {
        "source_ips": ["10.1.0.0/16", "2001:db8:1::/48"],
        "vpcs": ["vpc-0123456789abcdef0"],
        "organization": "o-exampleorgid",
    }


def _private_again(data: dict[str, Any]) -> None:
    api = data["apis"]["pets"]
    api["vpc_endpoints"] = [VPC_ENDPOINT, "vpce-0aaaaaaaaaaaaaaa1"]
    del api["cors"], api["binary_types"], api["only_from"]
    data["functions"].pop("update_pets")
    prod = data["stages"]["prod"]
    for name in ("throttle", "variables", "tracing", "log_level", "access_log", "cache"):
        del prod[name]


def _in_turn(*changes: Change) -> Change:
    def change(data: dict[str, Any]) -> None:
        for each in changes:
            each(data)

    return change


STEPS = (
    Step(
        "settings appear, and functions and roles change",
        (
            *("owner", "description", "stages.environment", "stages.description"),
            *("stages.throttle", "stages.variables", "stages.tracing", "stages.log_level"),
            *("stages.access_log", "stages.cache"),
            *("functions.source", "functions.handler", "functions.runtime", "functions.proxy"),
            *("functions.description", "functions.memory_mib", "functions.timeout"),
            "functions.tracing",
            *("functions.environment", "functions.log_retention_days"),
            *("roles", "roles.identity_provider", "roles.description", "roles.max_session"),
            *("roles.assumed_by_gateway", "roles.when"),
        ),
        _in_turn(_settings, _functions, _roles),
        has_other_backends=True,
    ),
    Step(
        "settings, stages, origins, auth and backends change",
        (
            *("stages", "stages.throttle.rate", "stages.throttle.burst", "stages.cache.size_gb"),
            *("stages.access_log.retention_days", "stages.cache.ttl"),
            *("apis.description", "apis.binary_types", "apis.cors", "apis.cors.origins"),
            *("apis.cors.preflight", "apis.cors.max_age"),
            *("apis.routes.auth", "apis.routes.public", "apis.routes", "apis.routes.function"),
            *("apis.routes.lambda_arn", "apis.routes.http", "apis.routes.mock"),
            *("apis.routes.description", "roles.allow.routes"),
        ),
        _in_turn(_settings_again, _origins_and_auth, _routes),
        has_other_backends=True,
    ),
    Step(
        "the backends change again, and the API becomes private",
        (
            *("apis.routes.mock.status", "apis.routes.mock.body", "roles.allow.stages"),
            *("roles.allow", "roles.allow.api", "roles.allow.overreach"),
            *("apis.endpoint", "apis.vpc_endpoints", "apis.only_from"),
            *("apis.only_from.source_ips", "apis.only_from.vpcs", "apis.only_from.organization"),
        ),
        _in_turn(_routes_again, _private),
    ),
    Step("what was optional goes again", ("functions",), _private_again),
)

# Fields that no change in place can have: they name the stack, or something outside of it.
ELSEWHERE = {
    "blueprint": "the format's version",
    "name": "another name is another stack",
    "apis": "another API is another set of resources, as in the first apply",
    "stages.waf_acl": "it has an example of its own: tests/examples/test_web_acl.py",
    "roles.existing": "the role is another blueprint's: test_existing_role",
    **dict.fromkeys(
        (
            *("authorizers", "authorizers.issuer", "authorizers.audience", "authorizers.cache"),
            *("authorizers.algorithms", "authorizers.jwks", "authorizers.leeway"),
            # tests/e2e/test_cognito.py
            *(
                "user_pools",
                "user_pools.password_length",
                "user_pools.mfa",
                "user_pools.self_sign_up",
                "user_pools.deletion_protection",
                "user_pools.domain",
                "user_pools.scopes",
                "user_pools.clients",
                "user_pools.clients.callback_urls",
                "user_pools.clients.logout_urls",
                "user_pools.clients.scopes",
                "user_pools.clients.access_token",
                "user_pools.clients.id_token",
                "user_pools.clients.refresh_token",
                "authorizers.user_pools",
            ),
            *("apis.routes.authorizer", "apis.routes.scopes"),
        ),
        "they need an issuer of tokens: test_tokens.py",
    ),
    **dict.fromkeys(
        (
            *("apis.routes.request", "apis.routes.request.body"),
            *("apis.routes.request.query", "apis.routes.request.headers"),
        ),
        "they have files of their own: test_requests.py",
    ),
    **dict.fromkeys(
        (
            *("stages.release", "stages.kept_releases", "stages.canary"),
            *("stages.canary.percent", "stages.canary.release"),
        ),
        "stages move one after the other: test_promotion.py",
    ),
    **dict.fromkeys(
        (
            *("plans", "plans.description", "plans.api", "plans.stages", "plans.throttle"),
            *("plans.throttle.rate", "plans.throttle.burst", "plans.quota", "plans.quota.per"),
            *("plans.quota.requests", "plans.routes", "plans.routes.rate", "plans.routes.burst"),
            *("plans.keys", "apis.routes.api_key"),
        ),
        "plans and keys: test_api_keys.py",
    ),
    **dict.fromkeys(
        (
            *("apis.routes.identity_token", "apis.routes.identity_token.claim"),
            *("apis.routes.identity_token.issuer", "apis.routes.identity_token.header"),
        ),
        "they need an issuer of tokens: test_identity_token.py",
    ),
    **dict.fromkeys(
        (
            *("domains", "domains.certificate", "domains.endpoint", "domains.tls"),
            *("domains.mutual_tls", "domains.mutual_tls.truststore", "domains.mutual_tls.version"),
            *("domains.existing", "domains.base_paths", "domains.base_paths.api"),
            *("domains.base_paths.stage", "apis.default_endpoint", "stages.metrics"),
            *("apis.routes.throttle", "apis.routes.throttle.rate", "apis.routes.throttle.burst"),
        ),
        "they have examples of their own: test_domains.py",
    ),
    "retired": "everything goes, and nothing is left to be changed: tests/stack/test_retired.py",
    "retired.reason": "it stays in the file",
    "retired.by": "it stays in the file",
}


@pytest.fixture(scope="module")
def deployed(project: Project) -> Iterator[Project]:
    """The stack of pets alone: that of the account changes with no blueprint."""
    with project.made_quick("pets-local") as quick:
        quick.apply_again("pets-local")
        yield quick


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name.replace(" ", "-"))
def test_a_changed_field_arrives_and_then_nothing_changes(deployed: Project, step: Step) -> None:
    """Apply one step after the other; each plan afterwards is empty."""
    data = deployed.read()
    step.change(data)
    deployed.write(data)
    output = deployed.apply("pets-local")
    assert "0 added, 0 changed, 0 destroyed" not in output
    if step.has_other_backends:
        # Terraform deletes the old integration after it has put the new one in its place; the
        # deployment that was made in between is whole, and the second apply mends the API.
        output = deployed.apply_again("pets-local")
        assert "aws_api_gateway_deployment" not in output.partition("Terraform will perform")[2]
    deployed.assert_unchanged("pets-local")


def test_text_with_signs_of_terraform_reached_aws_as_written(deployed: Project) -> None:
    """The steps before wrote `${` into descriptions."""
    gateway = deployed.client("apigateway")
    (api,) = gateway.get_rest_apis()["items"]
    stage = gateway.get_stage(restApiId=api["id"], stageName="prod")
    assert api["description"] == "Pets, ${again}."
    assert stage["description"] == "For customers: ${stage}."


def test_every_field_of_a_blueprint_has_a_step() -> None:
    """A new field without a step here fails this test."""
    covered = {name for step in STEPS for name in step.fields} | set(ELSEWHERE)
    assert covered == set(_field_names(SCHEMA))


def _field_names(node: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """Yield the dotted names of all fields; the names that users choose are left out."""
    for name, below in node.get("properties", {}).items():
        yield f"{prefix}{name}"
        for each in _objects_below(below):
            yield from _field_names(each, f"{prefix}{name}.")


def _objects_below(node: dict[str, Any]) -> list[dict[str, Any]]:
    if "$ref" in node:
        return [DEFINITIONS[node["$ref"].rpartition("/")[2]]]
    inner = [
        *node.get("anyOf", ()),
        node.get("items"),
        node.get("additionalProperties"),
        *node.get("patternProperties", {}).values(),
    ]
    return [found for each in inner if isinstance(each, dict) for found in _objects_below(each)]
