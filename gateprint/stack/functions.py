"""The blueprint's Lambda functions, their log groups, and the one role that they run as."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.lambda_function import (
    LambdaFunction,
    LambdaFunctionEnvironment,
    LambdaFunctionTracingConfig,
)

from gateprint.access.policy import VERSION, service_trust_policy, to_json
from gateprint.model.resolved import Function, ResolvedBlueprint
from gateprint.stack import address
from gateprint.stack.archive import Archive
from gateprint.stack.base import named
from gateprint.stack.text import literals, optional


def add_functions(
    stack: TerraformStack, blueprint: ResolvedBlueprint, archives: Mapping[str, Archive]
) -> dict[str, LambdaFunction]:
    """Add every function, and return them by name. `archives` are by `Function.archive`."""
    if not blueprint.functions:
        return {}
    groups = {each.name: _log_group(stack, each) for each in blueprint.functions}
    role = _execution_role(stack, blueprint)
    policy = _log_policy(stack, blueprint, role)
    return {
        each.name: _function(stack, each, archives[each.archive], role, groups[each.name], policy)
        for each in blueprint.functions
    }


def _log_group(stack: TerraformStack, function: Function) -> CloudwatchLogGroup:
    group = CloudwatchLogGroup(
        stack,
        f"log-group.{function.name}",
        name=f"/aws/lambda/{function.aws_name}",
        retention_in_days=function.log_retention_days,
    )
    return named(group, address.of(function.name))


def _execution_role(stack: TerraformStack, blueprint: ResolvedBlueprint) -> IamRole:
    role = IamRole(
        stack,
        "role-of-functions",
        name=blueprint.functions_role,
        description=f"The functions of {blueprint.name} run as this role.",
        assume_role_policy=to_json(service_trust_policy("lambda.amazonaws.com")),
    )
    # `--r` is no escape of `address`, so no role of a blueprint has this address.
    return named(role, "functions--role")


def _log_policy(
    stack: TerraformStack, blueprint: ResolvedBlueprint, role: IamRole
) -> IamRolePolicy:
    where = blueprint.environment
    groups = f"arn:{where.partition}:logs:{where.region}:{where.account}:log-group:/aws/lambda/"
    document = {
        "Version": VERSION,
        "Statement": [
            {
                "Sid": "logs",
                "Effect": "Allow",
                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                "Resource": [f"{groups}{each.aws_name}:*" for each in blueprint.functions],
            },
            *([_TRACES] if any(each.has_tracing for each in blueprint.functions) else []),
        ],
    }
    policy = IamRolePolicy(
        stack, "policy-of-functions", name="logs", role=role.name, policy=to_json(document)
    )
    return named(policy, "functions--role")


# Lambda developer guide, "Visualize Lambda function invocations using AWS X-Ray", execution role
# permissions. They take no resource (service authorization reference, "Actions defined by X-Ray").
_TRACES = {
    "Sid": "traces",
    "Effect": "Allow",
    "Action": ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
    "Resource": "*",
}


def _tracing(function: Function) -> LambdaFunctionTracingConfig | None:
    """Return the mode; without a block the provider keeps the one that there is."""
    if function.has_tracing is None:
        return None
    return LambdaFunctionTracingConfig(mode="Active" if function.has_tracing else "PassThrough")


def _function(
    stack: TerraformStack,
    function: Function,
    archive: Archive,
    role: IamRole,
    group: CloudwatchLogGroup,
    policy: IamRolePolicy,
) -> LambdaFunction:
    variables = literals(function.environment)
    resource = LambdaFunction(
        stack,
        f"function.{function.name}",
        function_name=function.aws_name,
        description=optional(function.description),
        filename=archive.relative_path,
        source_code_hash=archive.digest_base64,
        handler=function.handler,
        runtime=function.runtime,
        memory_size=function.memory_mib,
        timeout=function.timeout_seconds,
        role=role.arn,
        environment=LambdaFunctionEnvironment(variables=variables) if variables else None,
        tracing_config=_tracing(function),
        # A function that runs before its log group exists would make one that never expires.
        depends_on=[group, policy],
    )
    return named(resource, address.of(function.name))
