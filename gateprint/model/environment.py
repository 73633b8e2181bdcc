"""The environment format: where a blueprint goes; pure."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gateprint.model import fields, kinds
from gateprint.model import quotas as aws
from gateprint.model.schema import Model
from gateprint.model.written.vpc_endpoint import VpcEndpoint, VpcEndpointId

_MOST = 1_000_000


class Hcp(Model):
    """State and runs in HCP Terraform."""

    organization: Annotated[
        str, kinds.matching(r"[A-Za-z0-9][A-Za-z0-9_-]{1,39}", "an organization", "acme")
    ]
    """The organization in HCP Terraform."""
    project: Annotated[str, kinds.matching(r"[A-Za-z0-9][A-Za-z0-9 _-]{2,39}", "a project", "apis")]
    """The project in which each stack gets its workspace."""


class State(Model):
    """Where Terraform keeps its state: an S3 bucket with native locking, or HCP Terraform."""

    bucket: (
        Annotated[
            str,
            kinds.matching(
                r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "an S3 bucket's name", "acme-terraform-state"
            ),
        ]
        | None
    ) = None
    """S3 bucket that keeps the state, encrypted, and locked by a file beside it. `gateprint state
    init` makes it, or mends it.

    Default: one of `bucket`, `hcp`
    """
    region: fields.Region | None = None
    """Region of the bucket.

    Default: the environment's
    """
    prefix: Annotated[
        str,
        kinds.matching(
            r"(?!(.*/)?\.{1,2}(/|$))[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*",
            "a key prefix: letters, digits, _.- and /, without . and .. alone",
            "gateprint",
        ),
    ] = "gateprint"
    """First part of the object's key, which is `<prefix>/<stack>.tfstate`."""
    kms_key: (
        Annotated[
            str,
            kinds.matching(
                r"(alias/|arn:aws[a-z-]*:kms:)?[A-Za-z0-9:/_-]+", "a KMS key", "alias/terraform"
            ),
        ]
        | None
    ) = None
    """KMS key that encrypts the state: an alias, an ARN or an id.

    Default: S3's own key
    """
    hcp: Hcp | None = None
    """HCP Terraform keeps the state and runs the plans, in a workspace per stack. No other field
    stands beside it.

    Default: one of `bucket`, `hcp`
    """


class IdentityProvider(Model):
    """A sign-in system of the company that speaks SAML.

    It becomes a SAML provider in the stack `account-<environment>`, beside API Gateway's role for
    logs: what an account holds only once. A blueprint's stack names the provider by its ARN, which
    account and name determine, and never reads another stack's state.
    """

    issuer: Annotated[
        str, kinds.matching(r"[A-Za-z0-9:/._~%+@-]{1,1024}", "an entityID", "urn:acme.auth0.com")
    ]
    """The `entityID` of the metadata, character by character.

    In AWS: the condition `SAML:iss` of trust policies
    """
    metadata: (
        Annotated[
            str,
            kinds.matching(
                r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*",
                "a file below config/",
                "identity/auth0.xml",
                "wrong-metadata-path",
            ),
        ]
        | None
    ) = None
    """The provider's SAML metadata: a file below `config/`. Only beside `endpoint` it may be left
    out: the embedded cloud's own sign-in page is the provider then, with a key that is made on this
    machine and stays in `.gateprint`.

    Default: beside `endpoint` the embedded cloud's own sign-in page; none elsewhere

    In AWS: the document of the `aws_iam_saml_provider`
    """


class Quotas(Model):
    """Quotas that AWS has raised for this account, as its Service Quotas console shows them.

    What is over a quota is refused before it is planned.
    """

    path_resources: Annotated[int, kinds.integer(aws.PATH_RESOURCES.limit, _MOST)] | None = None
    """Path resources of an API, a part of a path each.

    Default: 300
    """
    resource_policy: Annotated[int, kinds.integer(aws.RESOURCE_POLICY.limit, _MOST)] | None = None
    """Bytes of an API's resource policy.

    Default: 8192
    """
    regional_apis: Annotated[int, kinds.integer(aws.REGIONAL_APIS.limit, _MOST)] | None = None
    """Regional APIs of the account in the region.

    Default: 600
    """
    edge_apis: Annotated[int, kinds.integer(aws.EDGE_APIS.limit, _MOST)] | None = None
    """Edge-optimized APIs of the account in the region.

    Default: 120
    """
    private_apis: Annotated[int, kinds.integer(aws.PRIVATE_APIS.limit, _MOST)] | None = None
    """Private APIs of the account in the region.

    Default: 600
    """
    usage_plans: Annotated[int, kinds.integer(aws.USAGE_PLANS.limit, _MOST)] | None = None
    """Usage plans of the account in the region.

    Default: 300
    """
    plans_of_key: Annotated[int, kinds.integer(aws.PLANS_OF_KEY.limit, _MOST)] | None = None
    """Usage plans of an API key.

    Default: 10
    """
    trust_policy: Annotated[int, kinds.integer(aws.TRUST_POLICY.limit, _MOST)] | None = None
    """Characters of a role's trust policy.

    Default: 2048
    """
    role_policies: Annotated[int, kinds.integer(aws.ROLE_POLICIES.limit, _MOST)] | None = None
    """Managed policies of a role.

    Default: 10
    """
    policies: Annotated[int, kinds.integer(aws.POLICIES.limit, _MOST)] | None = None
    """Customer managed policies of the account.

    Default: 1500
    """
    roles: Annotated[int, kinds.integer(aws.ROLES.limit, _MOST)] | None = None
    """Roles of the account.

    Default: 1000
    """


class Environment(Model):
    """Where a blueprint goes: an account, a region, and the sign-in systems known there."""

    environment: fields.EnvironmentName
    """Name of the environment, which is also the file's: 1 to 32 small letters, digits and
    hyphens, a letter first.

    In AWS: part of the stacks' and of most resources' names
    """
    account: Annotated[fields.Account, Field(examples=["123456789012"])]
    """The AWS account: twelve digits in quotes. Credentials of any other account are refused
    before anything is planned.

    In AWS: `allowed_account_ids` of the provider
    """
    region: fields.Region
    """The AWS region, of the partitions `aws`, `aws-cn` and `aws-us-gov`. Partition, sign-in
    audience and ARNs follow from it.

    In AWS: the region of everything
    """
    state: State
    """Where Terraform keeps its state.

    In AWS: an object in S3 for each stack
    """
    identity_providers: Annotated[
        dict[fields.ProviderName, IdentityProvider], Field(max_length=aws.SAML_PROVIDERS.limit)
    ] = Field(default_factory=dict)
    """The company's sign-in systems.

    Key: the provider's name in IAM, at most 128 letters, digits and `._-`, a letter first

    In AWS: `aws_iam_saml_provider`, in the stack `account-<environment>`
    """
    tags: fields.Tags = Field(default_factory=dict)
    """Tags of everything that can have tags.

    Key: the tag's name, to 128 characters

    In AWS: the provider's `default_tags`
    """
    endpoint: fields.Endpoint | None = Field(default=None, examples=["http://127.0.0.1:4599"])
    """Address of the embedded cloud, on this machine and with a port. Every AWS call of this
    environment goes there.

    Default: none: AWS itself

    In AWS: `endpoints` of the provider
    """
    quotas: Quotas | None = None
    """Quotas that AWS has raised for this account.

    Default: AWS's own
    """
    tokens: Literal["issuer", "sign_in"] = "issuer"
    """Who issues the tokens that authorizers take: `issuer`, whom each of them names, or `sign_in`,
    the embedded cloud's own sign-in page in place of all that are not on this machine. Only beside
    `endpoint`.

    In AWS: settings of the functions that check tokens
    """
    vpc_endpoints: dict[VpcEndpointId, VpcEndpoint] = Field(default_factory=dict, max_length=20)
    """VPC endpoints whose policies gateprint keeps, each of them whole.

    Key: the endpoint's id

    Default: none: the endpoints' policies are their owners'

    In AWS: `aws_vpc_endpoint_policy`, in the stack `account-<environment>`
    """
