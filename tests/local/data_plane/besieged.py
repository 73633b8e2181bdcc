"""An API in the embedded cloud that hostile requests are made to, and the callers who make them."""

from __future__ import annotations

import datetime as dt
import http.client
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.support.saml_response import (
    AFFILIATION,
    ATTRIBUTES,
    Fields,
    posted,
    provider_metadata,
    signed,
)

Clients = Callable[[str], Any]

READER, WRITER, NOBODY = "siege-reader", "siege-writer", "siege-nobody"
# What reaches a backend says so.
REACHED = '{"reached": "$context.httpMethod $context.resourcePath"}'
SIGNED = (
    "GET /pets",
    "POST /pets",
    "GET /pets/{id}",
    "DELETE /pets/{id}",
    "GET /pets/{id}/owner",
    "GET /admin",
    "GET /files/{path+}",
)
PUBLIC = ("GET /health", "OPTIONS /pets")


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it goes over the wire."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Got:
    """What came back."""

    status: int
    body: str
    headers: Mapping[str, str]


class _SignedAt(SigV4Auth):
    """Signs as if it were later, or earlier."""

    def __init__(self, credentials: Credentials, service: str, region: str, minutes: int) -> None:
        super().__init__(credentials, service, region)
        self._minutes = dt.timedelta(minutes=minutes)

    def _modify_request_before_signing(self, request: AWSRequest) -> None:
        moment = dt.datetime.now(dt.UTC) + self._minutes
        request.context["timestamp"] = f"{moment:%Y%m%dT%H%M%SZ}"
        super()._modify_request_before_signing(request)  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class Besieged:
    """The API and its callers' credentials, by role."""

    endpoint: str
    region: str
    account: str
    api_id: str
    credentials: Mapping[str, Credentials]

    def path(self, path: str, stage: str = "dev") -> str:
        """Return the path of a request to a stage."""
        return f"/_aws/execute-api/{self.api_id}/{stage}{path}"

    def sign(
        self,
        path: str,
        method: str = "GET",
        *,
        role: str = READER,
        body: bytes = b"",
        stage: str = "dev",
        headers: Mapping[str, str] | None = None,
        scope: tuple[str, str] | None = None,
        minutes: int = 0,
    ) -> Sent:
        """Return a request that botocore has signed, or had signed so many minutes ago.

        `scope` is another region and service than those of the API.
        """
        request = self._request(method, self.path(path, stage), body, headers)
        region, service = scope or (self.region, "execute-api")
        _SignedAt(self.credentials[role], service, region, minutes).add_auth(request)
        return _sent(request, self.path(path, stage), body)

    def presign(self, path: str, seconds: int = 60, role: str = READER) -> Sent:
        """Return a request with its signature in the query."""
        request = self._request("GET", self.path(path), b"", None)
        auth = SigV4QueryAuth(self.credentials[role], "execute-api", self.region, expires=seconds)
        auth.add_auth(request)
        parts = urlsplit(str(request.url))
        return Sent("GET", f"{parts.path}?{parts.query}", {"Host": str(parts.netloc)})

    def _request(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str] | None
    ) -> AWSRequest:
        given = {"Host": urlsplit(self.endpoint).netloc, **(headers or {})}
        return AWSRequest(method, f"{self.endpoint}{path}", headers=given, data=body)

    def plain(self, path: str, method: str = "GET", **headers: str) -> Sent:
        """Return a request that nobody signed."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return Sent(method, self.path(path), {"Host": urlsplit(self.endpoint).netloc, **given})

    def send(self, sent: Sent) -> Got:
        """Send a request exactly as it is written."""
        host = urlsplit(self.endpoint)
        connection = http.client.HTTPConnection(host.hostname or "", host.port, timeout=30)
        try:
            connection.putrequest(sent.method, sent.path, skip_host=True, skip_accept_encoding=True)
            for name, value in sent.headers.items():
                connection.putheader(name, value)
            if sent.body and "Transfer-Encoding" not in sent.headers:
                connection.putheader("Content-Length", str(len(sent.body)))
            connection.endheaders(sent.body or None)
            answer = connection.getresponse()
            text = answer.read().decode()
            return Got(
                answer.status, text, {name.lower(): each for name, each in answer.headers.items()}
            )
        finally:
            connection.close()

    def denied(self, resource: str, role: str = READER, *, explicit: bool = False) -> str:
        """Return AWS's refusal of a role's session; `resource` is as in `dev/GET/pets`."""
        caller = f"arn:aws:sts::{self.account}:assumed-role/{role}/visitor@example.com"
        place = f"{self.region}:********{self.account[-4:]}:{self.api_id}/{resource}"
        arn = f"arn:aws:execute-api:{place}"
        text = f"User: {caller} is not authorized to perform: execute-api:Invoke on resource: {arn}"
        suffix = " with an explicit deny" if explicit else ""
        return _compact({"Message": text + suffix})


def _sent(request: AWSRequest, path: str, body: bytes) -> Sent:
    return Sent(str(request.method), path, dict(request.headers.items()), body)


def _compact(document: Any) -> str:
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)


@contextmanager
def besieged(clients: Clients, endpoint: str, region: str, account: str) -> Iterator[Besieged]:
    """Deploy the API with two stages, and sign its three callers in; remove all afterwards."""
    iam, gateway = clients("iam"), clients("apigateway")
    provider = iam.create_saml_provider(Name="siege", SAMLMetadataDocument=provider_metadata())
    provider_arn = str(provider["SAMLProviderArn"])
    api_id = _api(gateway)
    place = f"arn:aws:execute-api:{region}:{account}:{api_id}"
    for role, statements in _policies(place).items():
        _role(iam, role, provider_arn, statements)
    roles = {each: f"arn:aws:iam::{account}:role/{each}" for each in (READER, WRITER, NOBODY)}
    credentials = {name: _assume(clients("sts"), arn, provider_arn) for name, arn in roles.items()}
    yield Besieged(endpoint, region, account, api_id, credentials)
    gateway.delete_rest_api(restApiId=api_id)
    for role in roles:
        for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
            iam.delete_role_policy(RoleName=role, PolicyName=policy)
        iam.delete_role(RoleName=role)
    iam.delete_saml_provider(SAMLProviderArn=provider_arn)


def _policies(place: str) -> dict[str, list[dict[str, Any]]]:
    """The reader sees pets of dev but not their owners; the writer adds pets to prod."""

    def statement(effect: str, *resources: str) -> dict[str, Any]:
        arns = [f"{place}/{each}" for each in resources]
        return {"Effect": effect, "Action": "execute-api:Invoke", "Resource": arns}

    return {
        READER: [
            statement("Allow", "dev/GET/pets", "dev/GET/pets/*", "dev/GET/files/open/*"),
            statement("Deny", "dev/GET/pets/*/owner"),
        ],
        WRITER: [statement("Allow", "prod/POST/pets")],
        NOBODY: [],
    }


def _role(iam: Any, name: str, provider: str, statements: list[dict[str, Any]]) -> None:
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithSAML",
        "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)
    if statements:
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        iam.put_role_policy(RoleName=name, PolicyName="calls", PolicyDocument=document)


def _assume(sts: Any, role_arn: str, provider_arn: str) -> Credentials:
    given = sts.assume_role_with_saml(
        RoleArn=role_arn,
        PrincipalArn=provider_arn,
        SAMLAssertion=posted(signed(_fields(role_arn, provider_arn))),
    )["Credentials"]
    return Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])


def _fields(role_arn: str, provider_arn: str) -> Fields:
    now = dt.datetime.now(dt.UTC)

    def at(minutes: int) -> str:
        return f"{now + dt.timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%SZ}"

    attributes = {
        f"{ATTRIBUTES}Role": [f"{role_arn},{provider_arn}"],
        f"{ATTRIBUTES}RoleSessionName": ["visitor@example.com"],
        AFFILIATION: ["staff"],
    }
    times = {"not_before": at(-2), "not_on_or_after": at(5), "confirmed_until": at(5)}
    return replace(Fields(), issued=at(-1), attributes=attributes, **times)


def _api(gateway: Any) -> str:
    made = gateway.create_rest_api(name="siege")
    api_id, ids = str(made["id"]), {"": str(made["rootResourceId"])}
    for route in (*SIGNED, *PUBLIC):
        verb, _, path = route.partition(" ")
        resource = _resource(gateway, api_id, ids, path)
        method = {"restApiId": api_id, "resourceId": resource, "httpMethod": verb}
        kind = "AWS_IAM" if route in SIGNED else "NONE"
        gateway.put_method(**method, authorizationType=kind)
        gateway.put_integration(
            **method, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'}
        )
        gateway.put_method_response(**method, statusCode="200")
        gateway.put_integration_response(
            **method, statusCode="200", responseTemplates={"application/json": REACHED}
        )
    deployment = gateway.create_deployment(restApiId=api_id)["id"]
    for stage in ("dev", "prod"):
        gateway.create_stage(restApiId=api_id, stageName=stage, deploymentId=deployment)
    return api_id


def _resource(gateway: Any, api_id: str, ids: dict[str, str], path: str) -> str:
    parent, _, part = path.rpartition("/")
    if path not in ids:
        above = ids[""] if not parent else _resource(gateway, api_id, ids, parent)
        made = gateway.create_resource(restApiId=api_id, parentId=above, pathPart=part)
        ids[path] = made["id"]
    return ids[path]
