"""The account stack: what an AWS account holds once, whatever blueprints there are."""

from __future__ import annotations

from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.api_gateway_account import ApiGatewayAccount
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from cdktf_cdktf_provider_aws.iam_saml_provider import IamSamlProvider
from cdktf_cdktf_provider_aws.vpc_endpoint_policy import VpcEndpointPolicy
from constructs import Construct

from gateprint.access.endpoints import endpoint_policy
from gateprint.access.policy import service_trust_policy, to_json
from gateprint.model.resolved import Environment, IdentityProvider
from gateprint.stack import address
from gateprint.stack.base import named, new_stack, output
from gateprint.stack.text import literal


def account_stack(app: Construct, environment: Environment) -> TerraformStack:
    """Add the stack: SAML providers, API Gateway's log role, and policies of VPC endpoints."""
    tags = {**environment.tags, "gateprint:environment": environment.name}
    services = ("ec2",) if environment.vpc_endpoints else ()
    stack = new_stack(app, environment.account_stack, environment, tags, services)
    providers = {
        each.name: _saml_provider(stack, each).arn for each in environment.identity_providers
    }
    output(stack, "saml_provider_arns", providers, "The SAML providers, by name.")
    _log_role(stack, environment)
    for each in environment.vpc_endpoints:
        policy = VpcEndpointPolicy(
            stack,
            f"endpoint-policy.{each.id}",
            vpc_endpoint_id=each.id,
            policy=literal(to_json(endpoint_policy(environment, each))),
        )
        named(policy, address.of(each.id))
    return stack


def _saml_provider(stack: TerraformStack, provider: IdentityProvider) -> IamSamlProvider:
    resource = IamSamlProvider(
        stack,
        f"saml-provider.{provider.name}",
        name=provider.name,
        saml_metadata_document=literal(provider.metadata_xml),
    )
    return named(resource, address.of(provider.name))


def _log_role(stack: TerraformStack, environment: Environment) -> None:
    """Let API Gateway write execution and access logs: one role per account and region."""
    role = IamRole(
        stack,
        "role.api-gateway-logs",
        name=environment.log_role,
        description="API Gateway writes its logs as this role.",
        assume_role_policy=to_json(service_trust_policy("apigateway.amazonaws.com")),
    )
    named(role, "api-gateway-logs")
    managed = "service-role/AmazonAPIGatewayPushToCloudWatchLogs"
    attachment = IamRolePolicyAttachment(
        stack,
        "attachment.api-gateway-logs",
        role=role.name,
        policy_arn=f"arn:{environment.partition}:iam::aws:policy/{managed}",
    )
    named(attachment, "api-gateway-logs")
    account = ApiGatewayAccount(
        stack, "account.api-gateway", cloudwatch_role_arn=role.arn, depends_on=[attachment]
    )
    named(account, "api-gateway")
