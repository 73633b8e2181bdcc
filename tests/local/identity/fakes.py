"""A key ring and an account in memory, and requests as a client sends them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotoCredentials

from gateprint.local.identity.account import AccountRole, AccountUser, Document
from gateprint.local.identity.sigv4 import Credentials
from gateprint.local.web import Caller, HttpRequest

ACCOUNT = "123456789012"
REGION = "us-east-2"
ENDPOINT = "http://127.0.0.1:4599"
KEY, SECRET, TOKEN = "ASIAEXAMPLEEXAMPLE22", "a secret/with+signs", "a/token+with=signs=="
LONG_KEY = "AKIAEXAMPLEEXAMPLE22"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/pets-reader"
CALLER = Caller(
    KEY,
    f"arn:aws:sts::{ACCOUNT}:assumed-role/pets-reader/carla",
    ROLE_ARN,
    "AROAEXAMPLE:carla",
    ACCOUNT,
)
USER = Caller(LONG_KEY, f"arn:aws:iam::{ACCOUNT}:user/robot", "", "AIDAEXAMPLE", ACCOUNT)


@dataclass(frozen=True, slots=True)
class Ring:
    """A key ring with a session, a user, and a key that is over."""

    keys: Mapping[str, Credentials] = field(
        default_factory=lambda: {
            KEY: Credentials(CALLER, SECRET, TOKEN),
            LONG_KEY: Credentials(USER, SECRET),
        }
    )
    over: frozenset[str] = frozenset({"ASIAOVEROVEROVEROVER"})

    def find(self, access_key: str) -> Credentials | None:
        return self.keys.get(access_key)

    def is_expired(self, access_key: str) -> bool:
        return access_key in self.over


@dataclass(slots=True)
class FakeAccount:
    """An account that holds what a test puts there."""

    roles: dict[str, AccountRole] = field(default_factory=dict)
    users: dict[str, AccountUser] = field(default_factory=dict)
    providers: dict[str, str] = field(default_factory=dict)
    member_of: str | None = None

    def role(self, role_id: str) -> AccountRole | None:
        return self.roles.get(role_id)

    def role_by_arn(self, arn: str) -> AccountRole | None:
        return next((each for each in self.roles.values() if each.arn == arn), None)

    def user(self, user_id: str) -> AccountUser | None:
        return self.users.get(user_id)

    def user_credentials(self, access_key: str) -> Credentials | None:
        return None

    def organization(self) -> str | None:
        return self.member_of

    def metadata(self, provider_arn: str) -> str | None:
        return self.providers.get(provider_arn)


def allowing(
    resource: str, *, effect: str = "Allow", name: str = "own", **more: object
) -> Document:
    """A policy document of one statement."""
    statement = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": resource, **more}
    return Document(name, json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


def signed(
    url: str,
    method: str = "GET",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    *,
    key: str = KEY,
    secret: str = SECRET,
    token: str | None = TOKEN,
    region: str = REGION,
    service: str = "execute-api",
    expires: int | None = None,
) -> HttpRequest:
    """A request that botocore has signed, in the query where it `expires`."""
    credentials = BotoCredentials(key, secret, token)
    request = AWSRequest(method, url, data=body, headers={**(headers or {})})
    request.headers["Host"] = urlsplit(url).netloc
    if expires is None:
        SigV4Auth(credentials, service, region).add_auth(request)
    else:
        SigV4QueryAuth(credentials, service, region, expires=expires).add_auth(request)
    parts = urlsplit(str(request.url))
    return HttpRequest(
        method, parts.path, parts.query, tuple(request.headers.items()), body, "127.0.0.1"
    )


def now() -> dt.datetime:
    """The time, as the server's clock has it."""
    return dt.datetime.now(dt.UTC)
