"""What `verify` reads of an account: addresses, what a stage serves, and what IAM would say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from botocore.exceptions import ClientError

from gateprint.access.answers.answer import ACTION, Caller, Target, rule
from gateprint.access.answers.provenance import Asked
from gateprint.access.probes import Probe
from gateprint.access.routes.routing import route_of
from gateprint.errors import NotModelled
from gateprint.model.resolved import Api, Environment, ResolvedBlueprint
from gateprint.workflow.aws_failures import explained
from gateprint.workflow.deployed import Account, Clients
from gateprint.workflow.held import Held, held_target
from gateprint.workflow.verify_credentials import role_arn
from gateprint.workflow.verify_validators import checks_of

# What an account has where tokens are asked for; which authorizer it is, is not asked here.
_BY_TOKEN = ("CUSTOM", "COGNITO_USER_POOLS")
Said = Literal[
    "let through", "not authorized", "no signature", "no token", "no key", "not deployed"
]
_TEMPLATED = {"aws", "http"}


@dataclass(frozen=True, slots=True)
class Found:
    """A deployed REST API: its id, and the names of its stages."""

    api_id: str
    stages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Served:
    """A method as the deployment of a stage has it; kinds are in small letters.

    `is_iam` is false for anything that is not surely IAM, `is_custom` for what surely asks no
    authorizer. `required` are the parameters without which a request is refused, as in
    `the query kind`.
    """

    is_iam: bool
    integration: str
    passthrough: str = ""
    templates: tuple[str, ...] = ()
    is_custom: bool = False
    needs_key: bool = False
    checks_body: bool = False
    required: tuple[str, ...] = ()

    def is_harmless_with(self, key: str) -> bool:
        """Tell whether no backend is reached with this API key, or with none."""
        return self.integration == "mock" or (self.needs_key and not key)

    def is_refusing(self, media_type: str) -> bool:
        """Tell whether a body of this type is refused with 415, which comes before the backend.

        API Gateway developer guide, "Method request behavior for payloads without mapping
        templates". Proxy integrations pass on whatever comes.
        """
        if self.integration not in _TEMPLATED or media_type in self.templates:
            return False
        is_strict = self.passthrough == "when_no_templates" and bool(self.templates)
        return self.passthrough == "never" or is_strict


def rest_apis(environment: Environment, clients: Clients) -> Mapping[str, list[str]]:
    """Return the ids of the account's REST APIs by name.

    Raises:
        ToolFailed: AWS refuses or does not answer.
    """
    found: dict[str, list[str]] = {}
    with explained(environment):
        pages = clients("apigateway").get_paginator("get_rest_apis").paginate()
        for each in (item for page in pages for item in page["items"]):
            found.setdefault(each["name"], []).append(each["id"])
    return found


def stages_of(environment: Environment, clients: Clients, api_id: str) -> tuple[str, ...]:
    """Return the names of an API's stages."""
    with explained(environment):
        found = clients("apigateway").get_stages(restApiId=api_id)["item"]
    return tuple(str(each["stageName"]) for each in found)


def url_of(environment: Environment, api_id: str, stage: str) -> str:
    """Return a stage's address, without a slash at the end."""
    if environment.endpoint is not None:
        return f"{environment.endpoint.rstrip('/')}/_aws/execute-api/{api_id}/{stage}"
    suffix = "amazonaws.com.cn" if environment.partition == "aws-cn" else "amazonaws.com"
    return f"https://{api_id}.execute-api.{environment.region}.{suffix}/{stage}"


def url_at(environment: Environment, address: str) -> str:
    """Return the address below a domain's base path, `<name>/<base path>`, without a slash."""
    if environment.endpoint is not None:
        return f"{environment.endpoint.rstrip('/')}/_aws/domains/{address}"
    return f"https://{address}"


def served_by(
    environment: Environment, clients: Clients, api_id: str, stage: str
) -> Mapping[tuple[str, str], Served]:
    """Return what the deployment of a stage has, by verb (ANY too) and path; nothing if unknown.

    GetExport shows the deployment, GetResources what was changed since (API Gateway API
    reference). The embedded cloud cannot export: its functions are its own.
    """
    if environment.endpoint is not None:
        return {}
    try:
        answer = clients("apigateway").get_export(
            restApiId=api_id,
            stageName=stage,
            exportType="oas30",
            parameters={"extensions": "apigateway"},
            accepts="application/json",
        )
        document = json.loads(answer["body"].read())
    except (ClientError, ValueError):
        return {}
    return dict(read_export(document))


_ANY = "x-amazon-apigateway-any-method"


def read_export(document: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], Served]]:
    """Yield the methods of an exported API (developer guide, "API Gateway extensions")."""
    schemes = document.get("components", {}).get("securitySchemes", {})
    kinds = {name: each.get("x-amazon-apigateway-authtype") for name, each in schemes.items()}
    signed = {name for name, kind in kinds.items() if kind == "awsSigv4"}
    custom = {name for name, kind in kinds.items() if kind in {"custom", "cognito_user_pools"}}
    keys = {name for name, each in schemes.items() if _is_key(each)}
    for path, operations in document.get("paths", {}).items():
        for verb, each in operations.items():
            if isinstance(each, dict) and "x-amazon-apigateway-integration" in each:
                found = _served(each, signed, custom, keys)
                checked = replace(found, **checks_of(document, each))
                yield ("ANY" if verb == _ANY else verb.upper(), path), checked


def _is_key(scheme: Mapping[str, Any]) -> bool:
    """Tell an API key from what else API Gateway calls an `apiKey`: it has no kind of its own."""
    is_header = (scheme.get("in"), str(scheme.get("name")).lower()) == ("header", "x-api-key")
    return is_header and "x-amazon-apigateway-authtype" not in scheme


def _served(
    operation: Mapping[str, Any], signed: set[str], custom: set[str], keys: set[str]
) -> Served:
    asked = [set(each) for each in operation.get("security", [])]
    integration = operation["x-amazon-apigateway-integration"]
    return Served(
        is_iam=bool(asked) and all(each & signed for each in asked),
        integration=str(integration.get("type", "")).lower(),
        passthrough=str(integration.get("passthroughBehavior", "")).lower(),
        templates=tuple(integration.get("requestTemplates", {})),
        is_custom=bool(asked) and all(each & custom for each in asked),
        needs_key=bool(asked) and all(each & keys for each in asked),
    )


@dataclass(frozen=True, slots=True)
class Documents:
    """Decides with what an account holds, where no request may be sent.

    What was decided is an answer about the API as it is, not about what its stages still serve.
    """

    blueprint: ResolvedBlueprint
    api: Api
    account: Account
    held: Held
    simulated: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def say(self, probe: Probe) -> tuple[Said, bool]:
        """Return what would become of a probe, and whether IAM's own simulator says so too.

        Raises:
            NotModelled: that is not known for certain, or the two disagree.
        """
        target = self._target(probe)
        route = route_of(target.api, probe.call.method, probe.call.path)
        if route is None:
            return "not deployed", False
        if route.auth in _BY_TOKEN:
            return "no token", False
        if not probe.role and route.auth != "none":
            return "no signature", False
        if probe.role not in self.held.roles and probe.role:
            raise NotModelled(f"the account holds no role {probe.role}")
        caller = self.held.caller(probe.role) if route.auth != "none" else Caller("", "")
        outcome = rule(target, caller, probe.call).outcome
        let_through: Said = "no key" if route.needs_key else "let through"
        said: Said = let_through if outcome == "allow" else "not authorized"
        if route.auth == "none":
            return said, False
        return said, self._is_confirmed(target, probe, said)

    def _is_confirmed(self, target: Target, probe: Probe, said: Said) -> bool:
        simulated = self.simulated.get((probe.role, target.resource_of(probe.call)))
        if simulated is None:
            return False
        if (simulated == "allowed") != (said in {"let through", "no key"}):
            raise NotModelled(f"IAM's simulator says {simulated}, the documents say {said}")
        return True

    def _target(self, probe: Probe) -> Target:
        asked = Asked(self.blueprint, self.api, probe.place.stage, probe.call)
        target = held_target(asked, self.account)
        return replace(target, whereabouts=probe.whereabouts.instead_of(target.whereabouts))

    def arn_of(self, probe: Probe) -> str:
        """Return the ARN of a probe's request."""
        return self._target(probe).resource_of(probe.call)


def simulate(
    environment: Environment, clients: Clients, questions: Sequence[tuple[str, str]]
) -> Mapping[tuple[str, str], str]:
    """Ask IAM's simulator about roles and ARNs; nothing where it may not be asked.

    SimulatePrincipalPolicy runs nothing. It takes a resource policy for users alone, so an API
    that has one is not for it; what needs more of the context than this is left out (IAM API
    reference, SimulatePrincipalPolicy).
    """
    by_role: dict[str, list[str]] = {}
    for role, arn in questions:
        by_role.setdefault(role, []).append(arn)
    found: dict[tuple[str, str], str] = {}
    for role, arns in by_role.items():
        with suppress(ClientError):  # not allowed to ask, or there is no such role
            found |= _simulated(environment, clients, role, arns)
    return found


def _simulated(
    environment: Environment, clients: Clients, role: str, arns: Sequence[str]
) -> Iterator[tuple[tuple[str, str], str]]:
    pages = clients("iam").get_paginator("simulate_principal_policy")
    for page in pages.paginate(
        PolicySourceArn=role_arn(role, environment),
        ActionNames=[ACTION],
        ResourceArns=list(dict.fromkeys(arns)),
        ContextEntries=[
            _entry("aws:SecureTransport", "boolean", "true"),
            _entry("aws:RequestedRegion", "string", environment.region),
        ],
    ):
        for each in page["EvaluationResults"]:
            if not each.get("MissingContextValues"):
                yield (role, each["EvalResourceName"]), each["EvalDecision"]


def _entry(name: str, kind: str, value: str) -> dict[str, Any]:
    return {"ContextKeyName": name, "ContextKeyType": kind, "ContextKeyValues": [value]}
