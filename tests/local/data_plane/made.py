"""A data plane below which everything is a fake, and APIs as API Gateway's own API shows them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from gateprint.access.evaluate import Decision
from gateprint.local.gateway.address import Address
from gateprint.local.gateway.authorize import Gate
from gateprint.local.gateway.backends.http import Outgoing
from gateprint.local.gateway.freeze import Documents, freeze
from gateprint.local.gateway.integrate import Backends
from gateprint.local.gateway.keys import ApiKey
from gateprint.local.gateway.limits import Limits
from gateprint.local.gateway.plane import DataPlane
from gateprint.local.gateway.pools import Pool, PoolTokens
from gateprint.local.gateway.snapshot import Snapshot
from gateprint.local.gateway.stage import Stage, read_stage
from gateprint.local.gateway.tokens import Authorizers
from gateprint.local.identity.authorization import AccountAuthorization
from gateprint.local.identity.credentials import Sessions
from gateprint.local.web import Caller, Headers, HttpRequest, HttpResponse, Invocation, Refusal
from tests.local.identity.fakes import FakeAccount

ACCOUNT, REGION, API, STAGE = "111122223333", "us-east-2", "abc123", "dev"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CALLER = Caller(
    access_key="ASIAEXAMPLE",
    arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/visitor",
    role_arn=f"arn:aws:iam::{ACCOUNT}:role/reader",
    user_id="AROAEXAMPLE:visitor",
    account=ACCOUNT,
)
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:pets"
URI = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
JSON = "application/json"
# Of a token the policy decides, and nothing that an account holds.
TOKENS = AccountAuthorization(FakeAccount(), Sessions(lambda: NOW), lambda: NOW)
EMPTY, NOTHING = Invocation('{"statusCode": 200}'), HttpResponse(200, (), b"")


def mock(body: str = "{}", **more: Any) -> dict[str, Any]:
    """A MOCK integration that answers 200 with a template."""
    answer = {"statusCode": "200", "responseTemplates": {JSON: body}}
    templates = {JSON: '{"statusCode": 200}'}
    return {
        "type": "MOCK",
        "requestTemplates": templates,
        "integrationResponses": {"200": answer},
        **more,
    }


def proxy(**more: Any) -> dict[str, Any]:
    return {"type": "AWS_PROXY", "httpMethod": "POST", "uri": URI, **more}


def custom(template: str, *answers: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "AWS",
        "httpMethod": "POST",
        "uri": URI,
        "requestTemplates": {JSON: template},
        "integrationResponses": {each["statusCode"]: each for each in answers},
        **more,
    }


def method(integration: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    kept = {"authorizationType": "NONE", "methodIntegration": integration or mock()}
    return {**kept, **more}


def documents(methods: Mapping[str, Mapping[str, Any]], **more: Any) -> Documents:
    """An API by its routes; `more` are fields of GetRestApi's answer, or of `Documents`."""
    names = ("gateway_responses", "validators", "models", "policy", "authorizers")
    kept = {name: more.pop(name) for name in names if name in more}
    paths: dict[str, dict[str, Any]] = {}
    for route, each in methods.items():
        verb, _, path = route.partition(" ")
        paths.setdefault(path, {})[verb] = each
    resources = [
        {"id": f"r{index}", "path": path, "resourceMethods": verbs}
        for index, (path, verbs) in enumerate(paths.items())
    ]
    return Documents(rest_api={"id": API, **more}, resources=resources, **kept)


def snapshot(methods: Mapping[str, Mapping[str, Any]], **more: Any) -> Snapshot:
    return freeze(documents(methods, **more), ACCOUNT, REGION, "dep1")


@dataclass
class Cloud:
    """Everything below the data plane, and what was asked of it."""

    snapshot: Snapshot
    stage: Stage = field(default_factory=lambda: read_stage({"stageName": STAGE}))
    caller: Caller | Refusal = CALLER
    decide: Callable[[str], Decision] = lambda _arn: Decision("allow")
    invocation: Invocation | Callable[[str], Invocation] = EMPTY
    http: HttpResponse | Exception = NOTHING
    keys: Mapping[str, ApiKey] = field(default_factory=dict)
    pools: Mapping[str, Pool] = field(default_factory=dict)
    may_invoke: bool = True
    function_timeout: float = 3.0
    asked: list[str] = field(default_factory=list)
    contexts: list[Mapping[str, tuple[str, ...]]] = field(default_factory=list)
    events: list[Any] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    outgoing: list[Outgoing] = field(default_factory=list)
    records: list[Mapping[str, Any]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    seconds: float = 0.0
    domains: Mapping[str, Mapping[str, tuple[str, str]]] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    endpoint_policies: Mapping[str, str] = field(default_factory=dict)

    def base_paths(self, domain: str) -> Mapping[str, tuple[str, str]] | None:
        return self.domains.get(domain)

    def is_closed(self, api_id: str) -> bool:
        return api_id in self.closed

    def find(self, api_id: str, stage: str) -> tuple[Snapshot, Stage] | None:
        return (self.snapshot, self.stage) if (api_id, stage) == (API, STAGE) else None

    def write_log(self, _group_arn: str, _stream: str, line: str) -> None:
        self.lines.append(line)

    def find_key(self, value: str, _api_id: str, _stage: str) -> ApiKey | None:
        return self.keys.get(value)

    def pool(self, arn: str) -> Pool | None:
        return self.pools.get(arn)

    def is_invocable(self, _function_arn: str, source_arn: str) -> bool:
        self.sources.append(source_arn)
        return self.may_invoke

    def timeout_seconds(self, _function_arn: str) -> float:
        return self.function_timeout

    def authenticate(self, _request: HttpRequest, _region: str) -> Caller | Refusal:
        return self.caller

    def authorize(
        self,
        _caller: Caller | None,
        method_arn: str,
        _resource_policy: str | None,
        context: Mapping[str, tuple[str, ...]],
    ) -> Decision:
        self.asked.append(method_arn)
        self.contexts.append(context)
        return self.decide(method_arn)

    def authorize_token(
        self,
        policy: str,
        method_arn: str,
        resource_policy: str | None,
        context: Mapping[str, tuple[str, ...]],
    ) -> Decision:
        return TOKENS.authorize_token(policy, method_arn, resource_policy, context)

    def policy(self, endpoint: str) -> str | None:
        return self.endpoint_policies.get(endpoint)

    def authorize_passage(
        self,
        caller: Caller | None,
        method_arn: str,
        endpoint_policy: str,
        context: Mapping[str, tuple[str, ...]],
    ) -> Decision:
        return TOKENS.authorize_passage(caller, method_arn, endpoint_policy, context)

    def invoke(self, _function_arn: str, event_json: str) -> Invocation:
        self.events.append(json.loads(event_json))
        return self.invocation(event_json) if callable(self.invocation) else self.invocation

    def send(self, outgoing: Outgoing) -> HttpResponse:
        self.outgoing.append(outgoing)
        if isinstance(self.http, Exception):
            raise self.http
        return self.http

    def write(self, record: Mapping[str, Any]) -> None:
        self.records.append(record)

    @property
    def plane(self) -> DataPlane:
        limits = Limits(self, lambda: self.seconds)
        backends = Backends(self, self, self)
        tokens = PoolTokens(self, NOW.timestamp)
        gate = Gate(self, self, Authorizers(self, self, lambda: self.seconds), tokens, self)
        return DataPlane(self, gate, limits, backends, self, lambda: NOW)


def request(
    target: str = "/pets", verb: str = "GET", body: bytes = b"", headers: Headers = ()
) -> HttpRequest:
    """A request, as it comes over the wire; `target` has the query."""
    path, _, query = target.partition("?")
    return HttpRequest(verb, path, query, headers, body, "127.0.0.1")


def call(cloud: Cloud, target: str = "/pets", verb: str = "GET", **more: Any) -> HttpResponse:
    """Make one request to the stage."""
    made = request(target, verb, **more)
    return cloud.plane.answer(made, Address(API, STAGE, made.path))


def text(response: HttpResponse) -> tuple[int, str]:
    return response.status, response.body.decode()


def header(response: HttpResponse, name: str) -> str | None:
    found = [value for key, value in response.headers if key.lower() == name.lower()]
    assert len(found) < 2
    return found[0] if found else None


def staged(cloud: Cloud, **more: Any) -> Cloud:
    """The same with other stage settings, as GetStage answers."""
    return replace(cloud, stage=read_stage({"stageName": STAGE, **more}))
