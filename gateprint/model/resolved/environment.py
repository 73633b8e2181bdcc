"""An environment with every default final; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateprint.model.naming import log_role_name, stack_name
from gateprint.model.partition import partition_of
from gateprint.model.resolved.vpc_endpoint import VpcEndpoint

# Stacks are named <blueprint>-<environment>, so no blueprint may have this name.
ACCOUNT_STACK = "account"


@dataclass(frozen=True, slots=True)
class S3State:
    """Terraform state in an S3 bucket with native locking."""

    bucket: str
    region: str
    prefix: str
    kms_key: str | None = None

    def key_of(self, stack: str) -> str:
        """Return the object key of a stack's state."""
        return f"{self.prefix}/{stack}.tfstate"


@dataclass(frozen=True, slots=True)
class HcpState:
    """Terraform state and runs in HCP Terraform."""

    organization: str
    project: str


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """IAM's SAML provider: its name and ARN, the expected issuer, and the metadata's text.

    The text is empty where the provider is the embedded cloud's own sign-in page, unless whoever
    loads the environment gives it: the page's key is made on each machine.
    """

    name: str
    arn: str
    issuer: str
    metadata_xml: str


@dataclass(frozen=True, slots=True)
class Environment:
    """Where stacks go: account, region, state, sign-in; `endpoint` only for the embedded cloud.

    `own_issuer` is that cloud's sign-in page, where it issues the tokens of all blueprints.
    """

    name: str
    account: str
    region: str
    state: S3State | HcpState
    identity_providers: tuple[IdentityProvider, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    endpoint: str | None = None
    quotas: Mapping[str, int] = field(default_factory=dict)
    vpc_endpoints: tuple[VpcEndpoint, ...] = ()
    own_issuer: str | None = None

    @property
    def partition(self) -> str:
        """Return the second field of this environment's ARNs."""
        return partition_of(self.region).name

    @property
    def account_stack(self) -> str:
        """Return the name of the stack that holds what an account has once."""
        return stack_name(ACCOUNT_STACK, self.name)

    @property
    def log_role(self) -> str:
        """Return the name of the role that API Gateway writes its logs as."""
        return log_role_name(self.name)
