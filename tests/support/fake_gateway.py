"""A server that answers as API Gateway does, from a table; and an account that describes it."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from botocore.exceptions import ClientError

REFUSALS = {
    "missing": ("MissingAuthenticationTokenException", "Missing Authentication Token"),
    "denied": ("AccessDeniedException", "User: somebody is not authorized to perform: …"),
    "forged": (
        "InvalidSignatureException",
        "The request signature we calculated does not match.\n\nx-amz-security-token:SECRET",
    ),
    "keyless": ("ForbiddenException", "Forbidden"),
    "malformed": ("BadRequestException", "Missing required request parameters: [any]"),
}
_STATUS = {"malformed": 400}


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it came, and who signed it."""

    method: str
    path: str
    key: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class FakeGateway:
    """Answers `decide(seen)`: a status, or the name of a refusal; whatever else ran a handler."""

    decide: Callable[[Seen], int | str]
    preflight: Mapping[str, str] = field(default_factory=dict)
    refusal: Mapping[str, str] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    ran: list[Seen] = field(default_factory=list)

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve on a free port; gives the address."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()

    def answer(self, seen: Seen) -> tuple[int, Mapping[str, str], bytes]:
        self.seen.append(seen)
        mark = {"x-amz-apigw-id": "fake"}
        found = self.decide(seen)
        if isinstance(found, str):
            kind, message = REFUSALS[found]
            headers = {**mark, "x-amzn-ErrorType": kind, **self.refusal}
            return _STATUS.get(found, 403), headers, json.dumps({"message": message}).encode()
        if seen.method == "OPTIONS":
            return found, {**mark, **self.preflight}, b""
        if found == 415:
            return 415, {**mark, "x-amzn-ErrorType": "BadRequestException"}, b"{}"
        self.ran.append(seen)
        return found, mark, b'{"message": "of the backend"}'


def _handler(gateway: FakeGateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            signature = self.headers.get("Authorization", "")
            key = signature.partition("Credential=")[2].partition("/")[0]
            named = {name.lower(): value for name, value in self.headers.items()}
            seen = Seen(self.command, self.path, key, named, body)
            status, headers, text = gateway.answer(seen)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_PATCH = _do  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


@dataclass
class FakeAccount:
    """The AWS API of an account with one REST API, as far as `verify` asks it."""

    name: str
    api_id: str
    stages: tuple[str, ...]
    resources: list[dict[str, Any]]
    roles: Mapping[str, Any]
    export: Mapping[str, Any] | None = None
    simulated: Mapping[tuple[str, str], str] = field(default_factory=dict)
    published: Mapping[str, Mapping[str, Any]] | None = None
    account: str = "123456789012"

    def __call__(self, _service: str) -> FakeAccount:
        return self

    def get_paginator(self, operation: str) -> _Pages:
        return _Pages(getattr(self, f"_{operation}"))

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": self.account}

    def get_stages(self, **_: str) -> dict[str, Any]:
        return {"item": [{"stageName": each} for each in self.stages]}

    def get_stage(self, **_: str) -> dict[str, Any]:
        return {"deploymentId": "d1"}

    def get_deployment(self, **_: Any) -> dict[str, Any]:
        if self.published is None:
            raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "GetDeployment")
        return {"id": "d1", "apiSummary": self.published}

    def get_export(self, **_: Any) -> dict[str, Any]:
        if self.export is None:
            raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "GetExport")
        return {"body": io.BytesIO(json.dumps(self.export).encode())}

    def _get_rest_apis(self, **_: Any) -> Iterator[dict[str, Any]]:
        yield {"items": [{"name": self.name, "id": self.api_id}]}

    def _get_resources(self, **_: Any) -> Iterator[dict[str, Any]]:
        yield {"items": self.resources}

    def _get_account_authorization_details(self, **_: Any) -> Iterator[dict[str, Any]]:
        yield {"RoleDetailList": [self._role(name) for name in self.roles]}

    def _role(self, name: str) -> dict[str, Any]:
        policy = {"PolicyName": "own", "PolicyDocument": self.roles[name]}
        return {
            "RoleName": name,
            "Arn": f"arn:aws:iam::{self.account}:role/{name}",
            "RolePolicyList": [policy],
            "AttachedManagedPolicies": [],
        }

    def _simulate_principal_policy(self, **asked: Any) -> Iterator[dict[str, Any]]:
        role = asked["PolicySourceArn"].rpartition("/")[2]
        if not self.simulated:
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "SimulatePrincipalPolicy")
        known = [each for each in asked["ResourceArns"] if (role, each) in self.simulated]
        yield {
            "EvaluationResults": [
                {"EvalResourceName": each, "EvalDecision": self.simulated[role, each]}
                for each in known
            ]
        }


@dataclass(frozen=True, slots=True)
class _Pages:
    operation: Callable[..., Iterator[dict[str, Any]]]

    def paginate(self, **arguments: Any) -> Iterator[dict[str, Any]]:
        return self.operation(**arguments)
