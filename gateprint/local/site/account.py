"""What the site reads of the embedded cloud, through its AWS API, and the exchange at its STS."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from gateprint.local.site.people import SamlRole, federated_by
from gateprint.model.metadata import read_metadata

Clients = Callable[[str], Any]
PETS = "/pets"


@dataclass(frozen=True, slots=True)
class Provider:
    """A SAML provider of the account; `is_own` where it trusts the sign-in page's key."""

    name: str
    arn: str
    issuer: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class PetsApi:
    """A deployed API that has a path /pets, and the addresses of its stages by name."""

    id: str
    name: str
    stages: dict[str, str]


@dataclass(frozen=True, slots=True)
class Session:
    """Temporary credentials, as the page keeps them; `expires` is an ISO time in UTC."""

    access_key: str
    secret_key: str
    token: str
    expires: str
    role: str
    name: str

    def __repr__(self) -> str:
        return f"Session({self.name} as {self.role})"


class ExchangeRefused(Exception):
    """STS gives no credentials for the assertion: its own code and message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Account:
    """The account that the embedded cloud plays; `certificate` is the sign-in page's own."""

    clients: Clients
    endpoint: str
    certificate: str

    def providers(self) -> dict[str, Provider]:
        """Return the SAML providers by ARN."""
        iam = self.clients("iam")
        listed = iam.list_saml_providers()["SAMLProviderList"]
        found = (
            self._provider(each["Arn"], iam.get_saml_provider(SAMLProviderArn=each["Arn"]))
            for each in listed
        )
        return {each.arn: each for each in found}

    def _provider(self, arn: str, answer: dict[str, Any]) -> Provider:
        name = arn.rpartition("/")[2]
        try:
            metadata = read_metadata(answer["SAMLMetadataDocument"])
        except ValueError:  # whoever calls the API directly may send anything
            return Provider(name, arn, "", is_own=False)
        is_own = self.certificate in metadata.certificates
        return Provider(name, arn, metadata.issuer, is_own)

    def roles(self) -> tuple[SamlRole, ...]:
        """Return the roles that people of a SAML provider may assume, by name."""
        providers = self.providers()
        pages = self.clients("iam").get_paginator("list_roles").paginate()
        found = (
            role for page in pages for each in page["Roles"] for role in _roles(each, providers)
        )
        return tuple(sorted(found, key=lambda role: role.name))

    def apis(self) -> tuple[PetsApi, ...]:
        """Return the deployed APIs with a path /pets, by name."""
        gateway = self.clients("apigateway")
        pages = gateway.get_paginator("get_rest_apis").paginate()
        found = (self._api(each) for page in pages for each in page["items"])
        return tuple(sorted((each for each in found if each), key=lambda api: (api.name, api.id)))

    def _api(self, item: dict[str, Any]) -> PetsApi | None:
        gateway, identity = self.clients("apigateway"), item["id"]
        pages = gateway.get_paginator("get_resources").paginate(restApiId=identity)
        if not any(each["path"] == PETS for page in pages for each in page["items"]):
            return None
        stages = sorted(
            each["stageName"] for each in gateway.get_stages(restApiId=identity)["item"]
        )
        base = f"{self.endpoint}/_aws/execute-api/{identity}"
        return PetsApi(
            identity,
            item["name"],
            {name: f"{base}/{name}" for name in stages},
        )

    def exchange(self, role_arn: str, provider_arn: str, assertion: str, seconds: int) -> Session:
        """Return the credentials that STS gives for an assertion.

        Raises:
            ExchangeRefused: STS refuses it.
        """
        try:
            answer = self.clients("sts").assume_role_with_saml(
                RoleArn=role_arn,
                PrincipalArn=provider_arn,
                SAMLAssertion=assertion,
                DurationSeconds=seconds,
            )
        except ClientError as error:
            told = error.response["Error"]
            raise ExchangeRefused(told["Code"], told["Message"]) from error
        given = answer["Credentials"]
        return Session(
            given["AccessKeyId"],
            given["SecretAccessKey"],
            given["SessionToken"],
            given["Expiration"].isoformat(),
            role_arn.rpartition("/")[2],
            answer["AssumedRoleUser"]["Arn"].rpartition("/")[2],
        )


def _roles(item: dict[str, Any], providers: dict[str, Provider]) -> Iterator[SamlRole]:
    trust = item["AssumeRolePolicyDocument"]
    document = json.loads(trust) if isinstance(trust, str) else trust
    for arn in federated_by(document):
        if arn in providers:
            provider = providers[arn]
            yield SamlRole(
                name=item["RoleName"],
                arn=item["Arn"],
                provider_arn=arn,
                issuer=provider.issuer,
                trust=document,
                max_seconds=item.get("MaxSessionDuration", 3600),
                is_own=provider.is_own,
            )
