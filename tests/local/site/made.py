"""A site over an account that is described here, and a signing key for all tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from werkzeug.test import Client

from gateprint.local.site.account import Account
from gateprint.local.site.application import Site
from gateprint.local.site.issuer import OwnIssuer
from gateprint.local.site.key import SigningKey, make_key
from gateprint.local.site.metadata import sign_in_metadata

NOW = dt.datetime(2026, 6, 1, 12, 0, tzinfo=dt.UTC)
HOST = "http://127.0.0.1:4600"
REGION = "us-east-2"
ISSUER = "urn:acme.auth0.com"
PROVIDER = "arn:aws:iam::000000000000:saml-provider/auth0"
AUDIENCES = ["https://signin.aws.amazon.com/saml", f"https://{REGION}.signin.aws.amazon.com/saml"]


@cache
def key() -> SigningKey:
    """Return the sign-in page's key; it lives as long as the tests."""
    return make_key(NOW)


@cache
def issuer() -> OwnIssuer:
    return OwnIssuer(HOST)


def trust(provider: str = PROVIDER, **claims: Sequence[str]) -> dict[str, Any]:
    """Return a trust policy as gateprint deploys it."""
    condition: dict[str, Any] = {"StringEquals": {"SAML:aud": AUDIENCES, "SAML:iss": ISSUER}}
    if claims:
        named = {f"SAML:{name}": list(values) for name, values in claims.items()}
        condition["ForAnyValue:StringEquals"] = named
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithSAML",
        "Principal": {"Federated": provider},
        "Condition": condition,
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def role(name: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a role as IAM lists it."""
    arn = f"arn:aws:iam::000000000000:role/{name}"
    return {"RoleName": name, "Arn": arn, "AssumeRolePolicyDocument": document}


SERVICE = {
    "Effect": "Allow",
    "Action": "sts:AssumeRole",
    "Principal": {"Service": "lambda.amazonaws.com"},
}
ROLES = (
    role("buyers", trust()),
    role("auditors", trust(edupersonaffiliation=["auditor"])),
    role("pilots", trust(edupersonentitlement=["urn:acme:fly"])),
    role("function", {"Version": "2012-10-17", "Statement": [SERVICE]}),
)


@dataclass
class FakeAws:
    """An account: its roles, the metadata of its provider, and what STS answers."""

    roles: Sequence[Mapping[str, Any]] = ROLES
    metadata: str = ""
    refusal: tuple[str, str] | None = None
    paths: Sequence[str] = ("/", "/pets", "/pets/{id}")
    exchanged: list[Mapping[str, Any]] = field(default_factory=list)

    def __call__(self, _service: str) -> FakeAws:
        return self

    def get_paginator(self, name: str) -> _Pages:
        pages: dict[str, Mapping[str, Any]] = {
            "list_roles": {"Roles": self.roles},
            "get_rest_apis": {"items": [{"id": "abc123", "name": "pets"}]},
            "get_resources": {"items": [{"path": each} for each in self.paths]},
        }
        return _Pages(pages[name])

    def list_saml_providers(self) -> Mapping[str, Any]:
        return {"SAMLProviderList": [{"Arn": PROVIDER}]}

    def get_saml_provider(self, **_asked: str) -> Mapping[str, Any]:
        own = sign_in_metadata(ISSUER, key().certificate_base64, HOST)
        return {"SAMLMetadataDocument": self.metadata or own}

    def get_stages(self, **_asked: str) -> Mapping[str, Any]:
        return {"item": [{"stageName": "dev"}, {"stageName": "prod"}]}

    def assume_role_with_saml(self, **asked: Any) -> Mapping[str, Any]:
        self.exchanged.append(asked)
        if self.refusal:
            code, message = self.refusal
            raise ClientError({"Error": {"Code": code, "Message": message}}, "AssumeRoleWithSAML")
        name = asked["RoleArn"].rpartition("/")[2]
        return {
            "Credentials": {
                "AccessKeyId": "ASIAEXAMPLE",
                "SecretAccessKey": "example",
                "SessionToken": "token",
                "Expiration": NOW + dt.timedelta(seconds=asked["DurationSeconds"]),
            },
            "AssumedRoleUser": {
                "Arn": f"arn:aws:sts::000000000000:assumed-role/{name}/auditor@shop.example.com"
            },
        }


@dataclass(frozen=True, slots=True)
class _Pages:
    page: Mapping[str, Any]

    def paginate(self, **_asked: Any) -> list[Mapping[str, Any]]:
        return [self.page]


def site(aws: FakeAws | None = None, modules: Path = Path("node_modules")) -> Site:
    """Return the site of an account."""
    account = Account(aws or FakeAws(), "http://127.0.0.1:4599", key().certificate_base64)
    return Site(account, key(), REGION, modules, issuer(), lambda: NOW)


def browser(aws: FakeAws | None = None, modules: Path = Path("node_modules")) -> Client:
    """Return a client of the site, which sends no header by itself."""
    return Client(site(aws, modules))
