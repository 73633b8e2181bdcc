"""The environment format: where a blueprint goes; pure."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from gateprint.model import fields
from gateprint.model.fields import refusal
from gateprint.model.schema import Model


class Hcp(Model):
    """State and runs in HCP Terraform."""

    organization: Annotated[
        str, fields.matching(r"[A-Za-z0-9][A-Za-z0-9_-]{1,39}", "an organization", "acme")
    ]
    project: Annotated[
        str, fields.matching(r"[A-Za-z0-9][A-Za-z0-9 _-]{2,39}", "a project", "apis")
    ]


class State(Model):
    """Where Terraform keeps its state: an S3 bucket with native locking, or HCP Terraform."""

    bucket: (
        Annotated[
            str,
            fields.matching(
                r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "an S3 bucket's name", "acme-terraform-state"
            ),
        ]
        | None
    ) = None
    region: fields.Region | None = None
    prefix: Annotated[
        str, fields.matching(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*", "a key prefix", "gateprint")
    ] = "gateprint"
    kms_key: (
        Annotated[
            str,
            fields.matching(
                r"(alias/|arn:aws[a-z-]*:kms:)?[A-Za-z0-9:/_-]+", "a KMS key", "alias/terraform"
            ),
        ]
        | None
    ) = None
    hcp: Hcp | None = None

    @model_validator(mode="after")
    def _one_place(self) -> State:
        if (self.bucket is None) == (self.hcp is None):
            raise refusal(
                "wrong-state",
                "the state has exactly one place",
                "give bucket, or hcp: {organization, project}",
            )
        if self.hcp is not None and self.model_fields_set != {"hcp"}:
            raise refusal("wrong-state", "hcp keeps the state by itself", "remove the other fields")
        return self


class IdentityProvider(Model):
    """The company's sign-in system: its issuer, and its SAML metadata file below config/."""

    issuer: Annotated[
        str, fields.matching(r"[A-Za-z0-9:/._~%+@-]{1,1024}", "an entityID", "urn:acme.auth0.com")
    ]
    metadata: Annotated[
        str,
        fields.matching(
            r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*",
            "a file below config/",
            "identity/auth0.xml",
            "wrong-metadata-path",
        ),
    ]


class Environment(Model):
    """A whole environment."""

    environment: fields.Name
    account: fields.Account
    region: fields.Region
    state: State
    identity_providers: Annotated[
        dict[fields.ProviderName, IdentityProvider], Field(max_length=100)
    ] = Field(default_factory=dict)
    tags: fields.Tags = Field(default_factory=dict)
    endpoint: fields.Endpoint | None = None
