"""Reads from an AWS account what decides about a request to one of its APIs; changes nothing."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from gateprint.errors import ToolFailed
from gateprint.model.resolved import Api, Environment, MockBackend, Route
from gateprint.model.words import listed
from gateprint.workflow.aws_failures import explained

Clients = Callable[[str], Any]
Progress = Callable[[str], None]
# A whole account has been read within seconds; beyond this something hangs.
_MOST_SECONDS = 120.0
_AUTH = {"NONE": "none", "AWS_IAM": "iam"}
_PUBLIC = "in the account its authorization is NONE"


@dataclass(frozen=True, slots=True)
class Holder:
    """A role of the account with its policy documents, by name or ARN, as they are written."""

    name: str
    arn: str
    documents: Mapping[str, Any]
    boundary: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Account:
    """What an account holds: a REST API with all its methods, and every role.

    `api.routes` have `none`, `iam` or the name of another kind of authorization. `policy` is the
    resource policy's JSON, empty where there is none.
    """

    api_id: str
    api: Api
    policy: str
    roles: tuple[Holder, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which API of an environment's account: its name in AWS, and the stage that it must have."""

    environment: Environment
    stack: str
    api: str
    stage: str

    @property
    def rest_api(self) -> str:
        """The name that the REST API has in AWS."""
        return f"{self.stack}-{self.api}"


def clients_of(environment: Environment) -> Clients:
    """Return what makes the clients: of the environment's endpoint, or with the user's sign-in.

    Each service's client is made once, which takes longer than to ask it.

    Raises:
        ToolFailed: nothing listens on the endpoint.
    """
    if environment.endpoint is not None:
        from gateprint.local.client import client  # noqa: PLC0415
        from gateprint.local.endpoint import parse  # noqa: PLC0415
        from gateprint.local.health import is_busy  # noqa: PLC0415

        endpoint = environment.endpoint
        if not is_busy(parse(endpoint)):
            # AWS's client would ask again and again.
            raise ToolFailed(
                f"the embedded cloud of {environment.name} does not run",
                f"run gateprint local start --environment {environment.name}, and deploy again",
            )
        return cache(lambda service: client(service, endpoint, environment.region))
    return cache(lambda service: _client(service, environment.region))


def _client(service: str, region: str) -> Any:
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    retries: Any = {"mode": "standard", "total_max_attempts": 4}
    config = Config(connect_timeout=5, read_timeout=30, retries=retries)
    make: Any = boto3.Session(region_name=region).client
    return make(service, config=config)


def read_account(
    wanted: Wanted,
    clients: Clients,
    progress: Progress,
    clock: Callable[[], float] = time.monotonic,
) -> Account:
    """Return what the account of an environment holds.

    Raises:
        ToolFailed: AWS refuses or does not answer, it is another account, or nothing is deployed.
    """
    reader = _Reader(wanted, clients, clock, clock() + _MOST_SECONDS)
    with explained(wanted.environment):
        reader.check_account()
        progress(f"reading {wanted.rest_api} in account {wanted.environment.account}")
        found = reader.rest_api()
        reader.check_stage(found["id"])
        routes = tuple(reader.routes(found["id"]))
        progress("reading the account's roles and policies")
        roles = tuple(reader.roles())
    return Account(found["id"], _api(wanted.api, found, routes), found.get("policy") or "", roles)


def deployed_id(
    wanted: Wanted, clients: Clients, clock: Callable[[], float] = time.monotonic
) -> str:
    """Return the id of a REST API that has the stage.

    Raises:
        ToolFailed: as `read_account` does.
    """
    reader = _Reader(wanted, clients, clock, clock() + _MOST_SECONDS)
    with explained(wanted.environment):
        reader.check_account()
        found = str(reader.rest_api()["id"])
        reader.check_stage(found)
    return found


def _api(name: str, found: Mapping[str, Any], routes: tuple[Route, ...]) -> Api:
    place = found.get("endpointConfiguration") or {}
    return Api(
        name,
        routes,
        endpoint=next(iter(place.get("types", ())), "REGIONAL"),
        vpc_endpoints=tuple(place.get("vpcEndpointIds") or ()),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    wanted: Wanted
    clients: Clients
    clock: Callable[[], float]
    deadline: float

    def check_account(self) -> None:
        environment = self.wanted.environment
        account = self.clients("sts").get_caller_identity()["Account"]
        if account != environment.account:
            raise ToolFailed(
                f"these credentials are of account {account}, "
                f"and {environment.name} is account {environment.account}",
                f"sign in to {environment.account}, as with AWS_PROFILE, and ask again",
            )

    def rest_api(self) -> Mapping[str, Any]:
        pages = self._pages("apigateway", "get_rest_apis", PaginationConfig={"PageSize": 500})
        found = [each for page in pages for each in page["items"]]
        named = [each for each in found if each["name"] == self.wanted.rest_api]
        if len(named) == 1:
            return dict(named[0])
        many = f"{len(named)} REST APIs" if named else "no REST API"
        remedy = f"remove {listed([each['id'] for each in named[1:]])}" if named else self._deploy()
        raise ToolFailed(f"{self._here()} holds {many} named {self.wanted.rest_api}", remedy)

    def check_stage(self, api_id: str) -> None:
        found = self.clients("apigateway").get_stages(restApiId=api_id)["item"]
        names = [each["stageName"] for each in found]
        if self.wanted.stage not in names:
            known = f"only {listed(sorted(names))}" if names else "no stage"
            problem = f"{self.wanted.rest_api} has {known}, not {self.wanted.stage}"
            raise ToolFailed(f"in {self._here()} {problem}", self._deploy())

    def _here(self) -> str:
        where = self.wanted.environment
        return f"account {where.account} in {where.region}"

    def _deploy(self) -> str:
        return f"deploy it first: npx cdktf deploy {self.wanted.stack}"

    def routes(self, api_id: str) -> Iterator[Route]:
        more = {"embed": ["methods"], "PaginationConfig": {"PageSize": 500}}
        for page in self._pages("apigateway", "get_resources", restApiId=api_id, **more):
            for resource in page["items"]:
                for verb, method in sorted(resource.get("resourceMethods", {}).items()):
                    if not method.get("authorizationType"):
                        method = self._method(api_id, resource["id"], verb)  # noqa: PLW2901
                    yield _route(verb, resource["path"], method)

    def _method(self, api_id: str, resource_id: str, verb: str) -> Mapping[str, Any]:
        """Ask for one method: an answer that names methods alone would make them all public."""
        found: Mapping[str, Any] = self.clients("apigateway").get_method(
            restApiId=api_id, resourceId=resource_id, httpMethod=verb
        )
        return found

    def roles(self) -> Iterator[Holder]:
        kinds = ["Role", "LocalManagedPolicy"]
        if self.wanted.environment.endpoint is None:
            # The embedded cloud would send all of AWS's 1,500 policies, attached or not.
            kinds.append("AWSManagedPolicy")
        details: list[Mapping[str, Any]] = []
        managed: dict[str, Any] = {}
        for page in self._pages("iam", "get_account_authorization_details", Filter=kinds):
            details += page.get("RoleDetailList", [])
            for policy in page.get("Policies", []):
                managed.update(_default_version(policy))
        for each in details:
            yield self._holder(each, managed)

    def _holder(self, role: Mapping[str, Any], managed: dict[str, Any]) -> Holder:
        inline = {each["PolicyName"]: each["PolicyDocument"] for each in role["RolePolicyList"]}
        attached = [each["PolicyArn"] for each in role["AttachedManagedPolicies"]]
        boundary = (role.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn")
        return Holder(
            role["RoleName"],
            role["Arn"],
            {**inline, **{arn: self._document(arn, managed) for arn in attached}},
            {boundary: self._document(boundary, managed)} if boundary else {},
            {each["Key"]: each["Value"] for each in role.get("Tags", [])},
        )

    def _document(self, arn: str, managed: dict[str, Any]) -> Any:
        """Return a managed policy, asking for it where the account's details left it out."""
        if arn not in managed:
            self._check_time()
            iam = self.clients("iam")
            version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
            found = iam.get_policy_version(PolicyArn=arn, VersionId=version)
            managed[arn] = found["PolicyVersion"]["Document"]
        return managed[arn]

    def _pages(self, service: str, operation: str, **arguments: Any) -> Iterator[Mapping[str, Any]]:
        for page in self.clients(service).get_paginator(operation).paginate(**arguments):
            self._check_time()
            yield page

    def _check_time(self) -> None:
        if self.clock() > self.deadline:
            problem = f"reading the account took more than {_MOST_SECONDS:.0f} seconds"
            raise ToolFailed(problem, "ask again later; nothing was decided")


def _default_version(policy: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for version in policy.get("PolicyVersionList", []):
        if version.get("IsDefaultVersion"):
            yield policy["Arn"], version["Document"]


def _route(verb: str, path: str, method: Mapping[str, Any]) -> Route:
    kind = str(method["authorizationType"])
    auth = _AUTH.get(kind, kind)
    public = _PUBLIC if auth == "none" else None
    needs_key = bool(method.get("apiKeyRequired"))
    return Route(verb, path, MockBackend(200, ""), auth, public, needs_key=needs_key)


def resource_policy_of(text: str) -> Any:
    """Return the document of a resource policy, which API Gateway shows escaped once more.

    What is no JSON is returned as it is.
    """
    for written in (text, f'"{text}"'):
        try:
            found = json.loads(written)
            return json.loads(found) if isinstance(found, str) else found
        except ValueError:
            continue
    return text
