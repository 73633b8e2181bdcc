"""What IAM is asked about one request to AWS: actions and resources, from its bytes; pure.

After the service authorization reference of each service, and for tags given at creation the IAM
user guide, "Tagging IAM resources".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

_CREDENTIAL = re.compile(r"Credential=[^/]+/\d+/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request")
_API = re.compile(r"^/restapis/[^/]+")
_DIGEST = re.compile(r"[0-9a-f]{32,64}")
_IDS = re.compile(r"/(resources|deployments)/[^/]+")
_LAMBDA = {
    ("POST", ""): "CreateFunction",
    ("GET", ""): "GetFunction",
    ("DELETE", ""): "DeleteFunction",
    ("GET", "versions"): "ListVersionsByFunction",
    ("PUT", "code"): "UpdateFunctionCode",
    ("PUT", "configuration"): "UpdateFunctionConfiguration",
    ("GET", "configuration"): "GetFunctionConfiguration",
    ("GET", "policy"): "GetPolicy",
    ("POST", "policy"): "AddPermission",
    ("DELETE", "policy"): "RemovePermission",
    ("GET", "code-signing-config"): "GetFunctionCodeSigningConfig",
    ("PUT", "concurrency"): "PutFunctionConcurrency",
    ("DELETE", "concurrency"): "DeleteFunctionConcurrency",
}
_LAMBDA_TAGS = {"GET": "ListTags", "POST": "TagResource", "DELETE": "UntagResource"}
_S3 = {
    "GET": "GetObject",
    "HEAD": "GetObject",
    "PUT": "PutObject",
    "POST": "PutObject",
    "DELETE": "DeleteObject",
}
_TAGGED = {
    "CreateRole": "TagRole",
    "CreatePolicy": "TagPolicy",
    "CreateSAMLProvider": "TagSAMLProvider",
}


@dataclass(frozen=True, slots=True)
class Call:
    """One question to IAM."""

    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return json.dumps([self.action, self.resource, dict(self.context)], sort_keys=True)


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it was sent; `account` is whose credentials signed it."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    account: str

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        found = parse_qs(urlsplit(self.target).query, keep_blank_values=True)
        return {name: values[0] for name, values in found.items()}

    @property
    def form(self) -> dict[str, str]:
        found = parse_qs(self.body.decode(errors="replace"), keep_blank_values=True)
        return {name: values[0] for name, values in found.items()}

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.body or b"{}"))


def calls_of(sent: Sent) -> Iterator[Call]:
    """Yield what IAM is asked; nothing about a request that needs no permission."""
    found = _CREDENTIAL.search(sent.headers.get("authorization", ""))
    if found is None:
        return
    region, service = found.groups()
    read = {"apigateway": _gateway, "iam": _iam, "lambda": _lambda, "logs": _logs, "s3": _s3}
    if service in read:
        yield from read[service](sent, region)
    elif service != "sts":  # GetCallerIdentity needs no permission
        raise ValueError(f"no service of gateprint's: {service} {sent.method} {sent.target}")


def _gateway(sent: Sent, region: str) -> Iterator[Call]:
    path = _IDS.sub(r"/\1/abc123", _API.sub("/restapis/a1b2c3d4e5", sent.path))
    path = re.sub(r"restapis%2F[a-z0-9]+", "restapis%2Fa1b2c3d4e5", path)
    yield Call(f"apigateway:{sent.method}", f"arn:aws:apigateway:{region}::{path}")
    if sent.method == "PATCH" and path == "/account":
        for each in sent.json.get("patchOperations", ()):
            if each.get("path") == "/cloudwatchRoleArn" and each.get("value"):
                yield _passed(each["value"], "apigateway.amazonaws.com")


def _passed(role_arn: str, service: str) -> Call:
    return Call("iam:PassRole", role_arn, {"iam:PassedToService": service})


def _iam(sent: Sent, _region: str) -> Iterator[Call]:
    form = sent.form
    action, front = form["Action"], f"arn:aws:iam::{sent.account}:"
    if "RoleName" in form:
        resource = f"{front}role/{form['RoleName']}"
    elif "SAMLProvider" in action:
        resource = form.get("SAMLProviderArn") or f"{front}saml-provider/{form['Name']}"
    else:
        resource = form.get("PolicyArn") or f"{front}policy/{form['PolicyName']}"
    is_attached = action in {"AttachRolePolicy", "DetachRolePolicy"}
    context = {"iam:PolicyARN": form["PolicyArn"]} if is_attached else {}
    yield Call(f"iam:{action}", resource, context)
    if action in _TAGGED and any(name.startswith("Tags.") for name in form):
        yield Call(f"iam:{_TAGGED[action]}", resource)


def _lambda(sent: Sent, region: str) -> Iterator[Call]:
    front = f"arn:aws:lambda:{region}:{sent.account}:function:"
    _, version, kind, *rest = sent.path.split("/")
    del version
    if kind == "tags":
        yield Call(f"lambda:{_LAMBDA_TAGS[sent.method]}", unquote(rest[0]))
        return
    body = sent.json if sent.body[:1] == b"{" else {}
    name = unquote(rest[0]) if rest and rest[0] else body["FunctionName"]
    resource = name if name.startswith("arn:") else front + name
    action = _LAMBDA[sent.method, rest[1] if len(rest) > 1 else ""]
    context = {"lambda:Principal": body["Principal"]} if action == "AddPermission" else {}
    yield Call(f"lambda:{action}", resource, context)
    if action == "CreateFunction" and body.get("Tags"):
        yield Call("lambda:TagResource", resource)
    if body.get("Role"):
        yield _passed(body["Role"], "lambda.amazonaws.com")


def _logs(sent: Sent, region: str) -> Iterator[Call]:
    action = sent.headers["x-amz-target"].partition(".")[2]
    body = sent.json
    front = f"arn:aws:logs:{region}:{sent.account}:log-group:"
    resource = "*"
    if action != "DescribeLogGroups":
        resource = body.get("resourceArn") or f"{front}{body['logGroupName']}"
    yield Call(f"logs:{action}", resource)
    if action == "CreateLogGroup" and body.get("tags"):
        yield Call("logs:TagResource", resource)


def _s3(sent: Sent, _region: str) -> Iterator[Call]:
    bucket, _, key = unquote(sent.path).lstrip("/").partition("/")
    key = _DIGEST.sub(lambda found: "0" * len(found[0]), key)
    arn = f"arn:aws:s3:::{bucket}"
    if not key and "delete" in sent.query:
        for each in re.findall(r"<Key>([^<]+)</Key>", sent.body.decode()):
            yield Call("s3:DeleteObject", f"{arn}/{each}")
    elif not key:
        yield Call("s3:ListBucket", arn, {"s3:prefix": sent.query.get("prefix", "")})
    else:
        yield Call(f"s3:{_S3[sent.method]}", f"{arn}/{key}")
