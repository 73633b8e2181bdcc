"""Where in a stack a written value should be, and what the stack says there."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.stack.terraform_json import Route, Stack, Template, rendered
from tests.support.project import ROOT


@dataclass(frozen=True, slots=True)
class At:
    """A written value: its file's data, the names and indexes on the way to it, and a stack."""

    written: Mapping[str, Any]
    names: tuple[str | int, ...]
    text: str
    stack: Stack
    environment: Mapping[str, Any]
    folder: Path

    @property
    def is_rehearsal(self) -> bool:
        return "endpoint" in self.environment

    @property
    def stages(self) -> list[str]:
        """The blueprint's stages that this stack has."""
        where = self.environment["environment"]
        return [
            name
            for name, stage in self.written["stages"].items()
            if self.is_rehearsal or stage["environment"] == where
        ]

    def stage_body(self) -> Mapping[str, Any]:
        body = self.stack.one("aws_api_gateway_stage", stage_name=str(self.names[0]))
        assert body is not None
        return body

    def api_body(self) -> Mapping[str, Any]:
        body = self.stack.one("aws_api_gateway_rest_api", name=f"{self.stack.name}-{self.names[0]}")
        assert body is not None
        return body

    def route(self) -> Route:
        return self.stack.routes()[str(self.names[1])]

    def function_body(self) -> Mapping[str, Any]:
        body = self.stack.one(
            "aws_lambda_function", function_name=f"{self.stack.name}-{self.names[0]}"
        )
        assert body is not None
        return body

    def plan_body(self) -> Mapping[str, Any]:
        body = self.stack.one(
            "aws_api_gateway_usage_plan", name=f"{self.stack.name}-{self.names[0]}"
        )
        assert body is not None
        return body

    def scope(self) -> Any:
        """Return the scope's description, of the resource server that is the name's front."""
        server, scope = str(self.names[1]).rsplit("/", 1)
        pool = Template(f"${{aws_cognito_user_pool.{self.names[0]}.id}}")
        body = self.stack.one("aws_cognito_resource_server", identifier=server, user_pool_id=pool)
        assert body is not None
        found = {each["scope_name"]: each["scope_description"] for each in body["scope"]}
        return found[scope]

    def role(self) -> Mapping[str, Any] | None:
        return self.stack.one("aws_iam_role", name=str(self.names[0]))

    def grant(self) -> Mapping[str, Any]:
        grants = self.written["roles"][self.names[0]]["allow"]
        found: Mapping[str, Any] = grants[self.names[1]]
        return found

    def granted_stages(self) -> list[str]:
        """The stages of this stack that the grant is about."""
        stages = self.grant()["stages"]
        return [each for each in self.stages if stages == "all" or each in stages]

    def granted_routes(self) -> list[str]:
        """The routes that the grant is about, as written."""
        routes = self.grant()["routes"]
        api = self.grant().get("api") or next(iter(self.written["apis"]))
        signed = [
            key
            for key, route in self.written["apis"][api]["routes"].items()
            if route.get("auth", "iam") == "iam"
        ]
        return signed if routes == "all" else list(routes)


def seconds(text: str) -> int:
    return int(text[:-1]) * {"s": 1, "m": 60, "h": 3600}[text[-1]]


def boolean(text: str) -> bool:
    return {"true": True, "false": False}[text]


def pattern(stage: str, route: str) -> str:
    """Return what IAM compares a request with: a parameter is any text."""
    method, _, path = route.partition(" ")
    parts = ["*" if each.startswith("{") else each for each in path[1:].split("/")]
    return f"{stage}/{'*' if method == 'ANY' else method}/{'/'.join(parts)}"


def is_account(at: At) -> bool:
    return at.stack.name == f"account-{at.environment['environment']}"


def settings(at: At) -> Mapping[str, Any]:
    body = at.stack.one("aws_api_gateway_method_settings", stage_name=str(at.names[0]))
    assert body is not None
    assert body["method_path"] == "*/*"
    found: Mapping[str, Any] = body["settings"]
    return found


def access_log_days(at: At) -> object:
    group = at.stage_body()["access_log_settings"]["destination_arn"]
    return str(at.stack.target(group)["retention_in_days"])


def origins(at: At) -> object:
    """Every place that knows the origins: preflights, answers of mocks, and functions."""
    index = int(at.names[1])
    places = [each.origins() for each in at.stack.preflights()]
    places += [each.origins() for each in at.stack.routes().values() if each.responses]
    for body in at.stack.all_of("aws_lambda_function").values():
        variables = body.get("environment", {"variables": {}})["variables"]
        if "ALLOWED_ORIGINS" in variables:
            places.append(variables["ALLOWED_ORIGINS"].split(" "))
    return {each[index] for each in places}


def preflight_kinds(at: At) -> object:
    return {each.integration["type"] for each in at.stack.preflights()}


def max_ages(at: At) -> object:
    name = "Access-Control-Max-Age"
    found = {each.headers()[name] for each in at.stack.preflights()}
    for body in at.stack.all_of("aws_api_gateway_gateway_response").values():
        found.add(body["response_parameters"][f"gatewayresponse.header.{name}"].strip("'"))
    return {int(each) for each in found}


def mock_body(at: At) -> object:
    (response,) = at.route().responses.values()
    return rendered(response["response_templates"]["application/json"])


def mock_status(at: At) -> object:
    asked = at.route().integration["request_templates"]["application/json"]
    (status,) = at.route().responses
    return {status, asked.removeprefix('{"statusCode": ').removesuffix("}")}


def invoked(at: At) -> object:
    """The function of a route, which lets this API invoke it."""
    body = at.stack.function_of(at.route())
    permission = at.stack.one("aws_lambda_permission", function_name=body["function_name"])
    assert permission is not None
    assert permission["principal"] == "apigateway.amazonaws.com"
    return body["function_name"].removeprefix(f"{at.stack.name}-")


def source(at: At) -> object:
    """The folder of lambdas/ whose files are in the archive."""
    body = at.function_body()
    packed = zipfile.ZipFile(at.stack.folder / body["filename"])
    module = f"{body['handler'].partition('.')[0]}.py"
    (found,) = [
        folder.name
        for folder in (at.folder / "lambdas").iterdir()
        if (folder / module).is_file() and (folder / module).read_bytes() == packed.read(module)
    ]
    return found


def proxy_kinds(at: At) -> object:
    own = at.function_body()
    return {
        route.integration["type"]
        for key, route in at.stack.routes().items()
        if not key.startswith("OPTIONS ")
        and route.integration["type"].startswith("AWS")
        and at.stack.function_of(route) == own
    }


def log_days(at: At) -> object:
    name = f"/aws/lambda/{at.function_body()['function_name']}"
    group = at.stack.one("aws_cloudwatch_log_group", name=name)
    assert group is not None
    return str(group["retention_in_days"])


def variables(at: At) -> Mapping[str, str]:
    found: Mapping[str, str] = at.function_body()["environment"]["variables"]
    return found


def role_name(at: At) -> object:
    """The role that is made here, or that a policy is added to."""
    if at.role() is not None:
        return at.names[0]
    policies = at.stack.all_of("aws_iam_role_policy").values()
    return next((body["role"] for body in policies if body["role"] == at.names[0]), None)


def role_arrives(at: At) -> tuple[object, object] | None:
    is_existing = at.written["roles"][at.names[0]].get("existing") == "true"
    has_nothing_here = not at.stack.requests(str(at.names[0]), "Allow")
    return None if is_existing and has_nothing_here else (at.text, role_name(at))


def identity_provider(at: At) -> object:
    (statement,) = [each for each in at.stack.trust(str(at.names[0])) if "Condition" in each]
    return statement["Principal"]["Federated"].rpartition(":saml-provider/")[2]


def is_assumed_by_gateway(at: At) -> object:
    principals = [each["Principal"] for each in at.stack.trust(str(at.names[0]))]
    return {"Service": "apigateway.amazonaws.com"} in principals


def granted_requests(at: At) -> set[str]:
    """Return what a grant allows on the stages of this stack."""
    return {pattern(stage, route) for stage in at.granted_stages() for route in at.granted_routes()}


def granted(at: At) -> tuple[object, object] | None:
    """Every stage and route of the grant is allowed."""
    expected = granted_requests(at)
    return (expected, expected & at.stack.requests(str(at.names[0]), "Allow")) if expected else None


def granted_stage(at: At) -> tuple[object, object] | None:
    expected = {pattern(at.text, route) for route in at.granted_routes()}
    found = expected & at.stack.requests(str(at.names[0]), "Allow")
    return (expected, found) if at.text in at.stages else None


def granted_route(at: At) -> tuple[object, object] | None:
    expected = {pattern(stage, at.text) for stage in at.granted_stages()}
    return (expected, expected & at.stack.requests(str(at.names[0]), "Allow")) if expected else None


def overreach(at: At) -> tuple[object, object] | None:
    """`deny` becomes a Deny; an accepted overreach becomes nothing."""
    denied = at.stack.requests(str(at.names[0]), "Deny")
    return (at.text == "deny", bool(denied)) if at.granted_stages() else None


def is_in_its_environment(at: At) -> tuple[object, object] | None:
    if at.is_rehearsal:
        return None
    bodies = at.stack.all_of("aws_api_gateway_stage").values()
    names = {body["stage_name"] for body in bodies}
    return at.text == at.environment["environment"], at.names[0] in names


def issuers(at: At) -> tuple[object, object] | None:
    """Every role that signs in through the provider checks its issuer."""
    if is_account(at):
        return None
    found = set()
    for body in at.stack.all_of("aws_iam_role").values():
        trust = body["assume_role_policy"]
        if f":saml-provider/{at.names[0]}" in trust:
            found.add(at.stack.conditions(body["name"])["SAML:iss"])
    return {at.text}, found


def metadata(at: At) -> tuple[object, object] | None:
    if not is_account(at):
        return None
    body = at.stack.one("aws_iam_saml_provider", name=str(at.names[0]))
    assert body is not None
    text = (ROOT / "config" / at.text).read_text(encoding="utf-8")
    return text, body["saml_metadata_document"]
