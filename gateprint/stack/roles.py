"""The callers' roles: trust policy, and policies with exactly the granted routes."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf import TerraformResource, TerraformStack
from cdktf_cdktf_provider_aws.iam_policy import IamPolicy
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment

from gateprint.access.policy import (
    inline_policy_name,
    role_documents,
    to_json,
    trust_policy,
)
from gateprint.model.resolved import ResolvedBlueprint, Role
from gateprint.stack import address
from gateprint.stack.base import named
from gateprint.stack.text import literal, optional


def add_roles(
    stack: TerraformStack, blueprint: ResolvedBlueprint, api_ids: Mapping[str, str]
) -> dict[str, str]:
    """Add every role that is the blueprint's own; return their ARNs by name.

    `api_ids` are references to the ids of the blueprint's APIs, as Terraform reads them.
    """
    arns = {}
    for role in blueprint.roles:
        own = _role(stack, blueprint, role)
        if own is not None:
            arns[role.name] = own.arn
        _permissions(stack, blueprint, role, own, api_ids)
    return arns


def _role(stack: TerraformStack, blueprint: ResolvedBlueprint, role: Role) -> IamRole | None:
    if role.identity_provider is None:
        return None
    resource = IamRole(
        stack,
        f"role.{role.name}",
        name=role.name,
        description=optional(role.description),
        max_session_duration=role.max_session_seconds,
        assume_role_policy=literal(to_json(trust_policy(role, blueprint.environment))),
    )
    return named(resource, address.of(role.name))


def _permissions(
    stack: TerraformStack,
    blueprint: ResolvedBlueprint,
    role: Role,
    own: IamRole | None,
    api_ids: Mapping[str, str],
) -> None:
    documents = role_documents(blueprint, role, api_ids)
    name = own.name if own is not None else role.name
    attachments = [
        _managed(stack, blueprint, role, name, number, to_json(document))
        for number, document in enumerate(documents.managed, start=1)
    ]
    if documents.inline is None:
        return
    policy = IamRolePolicy(
        stack,
        f"permissions.{role.name}",
        name=inline_policy_name(blueprint, role),
        role=name,
        # Not literal: the document names the APIs by reference, and its other parts hold no `${`.
        policy=to_json(documents.inline),
        # What moves out of it is allowed elsewhere before it is gone here.
        depends_on=attachments or None,
    )
    named(policy, address.of(role.name))


def _managed(
    stack: TerraformStack,
    blueprint: ResolvedBlueprint,
    role: Role,
    role_name: str,
    number: int,
    policy_json: str,
) -> TerraformResource:
    """Add a customer managed policy, and attach it to the role."""
    part = f"{role.name}.{number}"
    # A blueprint's name has no dot, so that two names are never the same.
    policy = IamPolicy(stack, f"policy.{part}", name=f"{blueprint.name}.{part}", policy=policy_json)
    named(policy, f"{address.of(role.name)}--{number}")
    attachment = IamRolePolicyAttachment(
        stack, f"attachment.{part}", role=role_name, policy_arn=policy.arn
    )
    return named(attachment, f"{address.of(role.name)}--{number}")
