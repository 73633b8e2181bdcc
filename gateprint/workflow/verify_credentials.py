"""The credentials of each role for `verify`: of a profile, an assertion, or a sign-in of its own.

None of them is printed or written anywhere.
"""

from __future__ import annotations

import base64
import datetime as dt
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from gateprint.errors import ToolFailed
from gateprint.model.partition import partition_of
from gateprint.model.resolved import Environment
from gateprint.workflow.aws_failures import explained
from gateprint.workflow.deployed import Clients
from gateprint.workflow.files import read_text
from gateprint.workflow.roles import PlacedRole

_SESSION = "gateprint-verify"
_SECONDS = 900  # the shortest that STS gives


class NoCredentials(Exception):
    """There are no credentials of a role: the message says why, and holds no secret."""


Credentialed = Callable[[PlacedRole], Credentials]


@dataclass(frozen=True, slots=True)
class Given:
    """What the user gave for roles: profiles of AWS's configuration, and assertions in files."""

    profiles: Mapping[str, str] = field(default_factory=dict)
    assertions: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FromUser:
    """Credentials of a real account's roles, as the user gave them."""

    given: Given
    clients: Clients
    session_of: Callable[[str, str], Any]

    def __call__(self, placed: PlacedRole) -> Credentials:
        """Return a role's credentials.

        Raises:
            NoCredentials: none were given, or STS refuses the assertion.
            ToolFailed: the profile is of another role, or cannot be used.
        """
        name = placed.role.name
        if name in self.given.profiles:
            return self._of_profile(placed, self.given.profiles[name])
        if name in self.given.assertions:
            text = _read_assertion(self.given.assertions[name])
            return _exchanged(placed, text, self.clients)
        raise NoCredentials("neither --profile nor --assertion gives credentials")

    def _of_profile(self, placed: PlacedRole, profile: str) -> Credentials:
        with explained(placed.environment):
            session = self.session_of(profile, placed.environment.region)
            arn = str(session.client("sts").get_caller_identity()["Arn"])
            found = session.get_credentials().get_frozen_credentials()
        account, name = arn.split(":")[4], arn.split("/")[-2] if "/" in arn else ""
        if (account, name) != (placed.environment.account, placed.role.name):
            raise ToolFailed(
                f"profile {profile} is {arn}, not a session of {placed.role.name}",
                f"give --profile {placed.role.name}=PROFILE with a profile of that role",
            )
        return Credentials(found.access_key, found.secret_key, found.token)


@dataclass(frozen=True, slots=True)
class FromSignIn:
    """Credentials of the embedded cloud's roles: a SAML response of our own, taken to its STS."""

    home: Path
    clients: Clients
    now: Callable[[], dt.datetime]

    def __call__(self, placed: PlacedRole) -> Credentials:
        """Return a role's credentials; somebody signs in who has the claims that it asks for.

        Raises:
            NoCredentials: STS refuses, or nobody's sign-in leads to the role.
        """
        return _exchanged(placed, self._response(placed), self.clients)

    def _response(self, placed: PlacedRole) -> str:
        from gateprint.local.site.key import signing_key  # noqa: PLC0415
        from gateprint.local.site.people import Person, recipient  # noqa: PLC0415
        from gateprint.local.site.response import SignIn, signed_response  # noqa: PLC0415

        region = placed.environment.region
        claims = {key: values[:1] for key, values in placed.role.when.items()}
        person = Person(_SESSION, _SESSION, "", claims)
        sign_in = SignIn(
            issuer=_provider_of(placed).issuer,
            role_arn=role_arn(placed.role.name, placed.environment),
            provider_arn=_provider_of(placed).arn,
            recipient=recipient(region),
            audience=partition_of(region).entity_id,
            session_name=_SESSION,
            name_id=person.name_id,
            seconds=_SECONDS,
            name_id_format=person.name_id_format,
            claims=claims,
        )
        now = self.now()
        return signed_response(sign_in, signing_key(self.home, now), now, secrets.token_hex())


def role_arn(name: str, environment: Environment) -> str:
    """Return the ARN of a role."""
    return f"arn:{environment.partition}:iam::{environment.account}:role/{name}"


def _provider_of(placed: PlacedRole) -> Any:
    if placed.role.identity_provider is None:
        raise NoCredentials("no blueprint says who may assume it")
    return placed.role.identity_provider


def _exchanged(placed: PlacedRole, assertion: str, clients: Clients) -> Credentials:
    with explained(placed.environment):
        try:
            answer = clients("sts").assume_role_with_saml(
                RoleArn=role_arn(placed.role.name, placed.environment),
                PrincipalArn=_provider_of(placed).arn,
                SAMLAssertion=assertion,
                DurationSeconds=_SECONDS,
            )
        except ClientError as error:
            told: Mapping[str, Any] = error.response.get("Error", {})
            code = told.get("Code", "refused")
            raise NoCredentials(f"STS: {code}: {told.get('Message', '')}"[:200]) from None
    found = answer["Credentials"]
    return Credentials(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])


def _read_assertion(path: Path) -> str:
    """Return the value of `SAMLResponse` in base64; a file may have its XML instead.

    Raises:
        InputRejected: the file cannot be read, or is far too large.
    """
    text = read_text(path, inside=path.parent).strip()
    if text.startswith("<"):
        return base64.b64encode(text.encode()).decode()
    return "".join(text.removeprefix("SAMLResponse=").split())
