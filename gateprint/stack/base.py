"""What every stack has: provider, state and tags; and how a construct gets its address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from cdktf import (
    CloudBackend,
    NamedCloudWorkspace,
    S3Backend,
    TerraformElement,
    TerraformOutput,
    TerraformStack,
)
from cdktf_cdktf_provider_aws.provider import (
    AwsProvider,
    AwsProviderDefaultTags,
    AwsProviderEndpoints,
)
from constructs import Construct

from gateprint.model.resolved import Environment, S3State
from gateprint.stack.text import literals
from gateprint.terraform.mirror import PROVIDER_SOURCE, VERSION_CONSTRAINTS

# Every service that a stack calls: an environment with an endpoint must reach no other.
_SERVICES = ("apigateway", "iam", "lambda", "cloudwatchlogs", "s3", "sts", "wafv2")
# The embedded cloud checks no credentials; real ones never go there.
_LOCAL_CREDENTIALS = {"access_key": "embedded-cloud", "secret_key": "embedded-cloud"}

T = TypeVar("T", bound=TerraformElement)


def new_stack(
    app: Construct,
    name: str,
    environment: Environment,
    tags: Mapping[str, str],
    services: tuple[str, ...] = (),
) -> TerraformStack:
    """Return an empty stack with its provider, its state and its default tags.

    `services` are what it calls beside those that every stack does.
    """
    stack = TerraformStack(app, name)
    _provider(stack, environment, tags, services)
    _backend(stack, name, environment)
    required = {"source": PROVIDER_SOURCE, "version": VERSION_CONSTRAINTS}
    stack.add_override("terraform.required_providers.aws", required)
    return stack


def _provider(
    stack: TerraformStack,
    environment: Environment,
    tags: Mapping[str, str],
    services: tuple[str, ...],
) -> None:
    # Credentials of another account are refused before anything is planned.
    settings: dict[str, Any] = {
        "region": environment.region,
        "allowed_account_ids": [environment.account],
        "default_tags": [AwsProviderDefaultTags(tags=literals(tags))],
    }
    if environment.endpoint is not None:
        addresses = dict.fromkeys((*_SERVICES, *services), environment.endpoint)
        # `lambda` is a word of Python's own; the bindings spell it with an underscore.
        addresses["lambda_"] = addresses.pop("lambda")
        settings |= _LOCAL_CREDENTIALS
        settings |= {"s3_use_path_style": True, "skip_metadata_api_check": "true"}
        settings["endpoints"] = [AwsProviderEndpoints(**addresses)]
    AwsProvider(stack, "aws", **settings)


def _backend(stack: TerraformStack, name: str, environment: Environment) -> None:
    state = environment.state
    if not isinstance(state, S3State):
        workspace = NamedCloudWorkspace(name, project=state.project)
        CloudBackend(stack, organization=state.organization, workspaces=workspace)
        return
    S3Backend(
        stack,
        bucket=state.bucket,
        key=state.key_of(name),
        region=state.region,
        encrypt=True,
        kms_key_id=state.kms_key,
    )
    overrides: dict[str, Any] = {"use_lockfile": True}
    if environment.endpoint is not None:
        addresses = dict.fromkeys(("s3", "iam", "sts"), environment.endpoint)
        overrides |= {
            "endpoints": addresses,
            "use_path_style": True,
            "skip_metadata_api_check": True,
            **_LOCAL_CREDENTIALS,
        }
    for key, value in overrides.items():
        # CDKTF 0.21's S3Backend knows none of these.
        stack.add_override(f"terraform.backend.s3.{key}", value)


def named(element: T, address: str) -> T:
    """Give an element its address, and return it."""
    element.override_logical_id(address)
    return element


def output(stack: TerraformStack, name: str, value: Any, description: str) -> None:
    """Add an output under exactly this name."""
    named(TerraformOutput(stack, f"output.{name}", value=value, description=description), name)
