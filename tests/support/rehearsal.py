"""Somebody who signs in to a project's embedded cloud, and sends signed requests there."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from gateprint.local.site.key import signing_key
from gateprint.local.site.people import recipient
from gateprint.local.site.response import SignIn, signed_response
from gateprint.model.partition import partition_of
from tests.support.project import Project

ACCOUNT, REGION = "000000000000", "us-east-2"
ISSUER = "urn:acme.auth0.com"


@dataclass(frozen=True, slots=True)
class Visitor:
    """A session of a role, under a name; what it sends it signs."""

    project: Project
    credentials: Credentials
    api: str

    def headers(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str]
    ) -> dict[str, str]:
        """The headers with a signature over all of them."""
        request = AWSRequest(method, url, data=body, headers=dict(headers))
        SigV4Auth(self.credentials, "execute-api", REGION).add_auth(request)
        return dict(request.headers.items())

    def ask(
        self,
        request: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
        later: Mapping[str, str] | None = None,
    ) -> tuple[int, Any, str | None]:
        """Status, body, and which origin may read it. `later` are headers put in after signing."""
        method, path = request.split()
        url = f"{self.project.endpoint}/_aws/execute-api/{self.api}/dev{path}"
        sent = {**self.headers(method, url, body or b"", headers), **(later or {})}
        answer = urllib3.request(method, url, headers=sent, body=body)
        return answer.status, answer.json(), answer.headers.get("Access-Control-Allow-Origin")


def signed_in(project: Project, role: str, session: str, api: str) -> Visitor:
    """Take a SAML response of the embedded cloud's own page to its STS."""
    provider = f"arn:aws:iam::{ACCOUNT}:saml-provider/auth0"
    role_arn, now = f"arn:aws:iam::{ACCOUNT}:role/{role}", dt.datetime.now(dt.UTC)
    audience = partition_of(REGION).entity_id
    said = SignIn(ISSUER, role_arn, provider, recipient(REGION), audience, session, session, 900)
    key = signing_key(project.root / ".gateprint" / "local", now)
    answer = project.client("sts").assume_role_with_saml(
        RoleArn=role_arn,
        PrincipalArn=provider,
        SAMLAssertion=signed_response(said, key, now, secrets.token_hex()),
    )["Credentials"]
    keys = (answer["AccessKeyId"], answer["SecretAccessKey"], answer["SessionToken"])
    return Visitor(project, Credentials(*keys), api)
