"""What credentials need of the bucket that keeps the states, and the runs that travel; pure.

After the S3 backend's documentation (developer.hashicorp.com/terraform/language/backend/s3, "S3
Bucket Permissions") and what gateprint itself does there (docs/operations.md, "Permissions").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from gateprint.model.resolved import Environment, ResolvedBlueprint, S3State
from gateprint.terraform.permissions.table import Purpose

Statement = dict[str, Any]


def state_statements(
    environment: Environment, blueprints: Sequence[ResolvedBlueprint], purpose: Purpose
) -> Iterator[Statement]:
    """Yield what a purpose needs; nothing where HCP Terraform keeps the state.

    A plan writes no state: only the run that it made. Who applies forgets the state of what was
    retired, once it is empty.
    """
    state = environment.state
    if not isinstance(state, S3State):
        return
    bucket = f"arn:{environment.partition}:s3:::{state.bucket}"
    states, runs = f"{bucket}/{state.prefix}", f"{bucket}/{state.prefix}-runs/*"
    # Not limited by s3:prefix: S3 calls an absent object absent, and not forbidden, only to who may
    # list, and where that depends on a prefix AWS does not say what it does. New stacks have none.
    yield _allow("StateList", ["s3:ListBucket"], [bucket])
    read = [f"{states}/*.tfstate", f"{states}/*.tflock"]
    yield _allow("StateRead", ["s3:GetObject"], read)
    if purpose != "drift":
        yield _allow("Runs", ["s3:GetObject", "s3:PutObject"], [runs])
    if purpose == "apply":
        records = f"{states}/applied/*"
        yield _allow("StateWrite", ["s3:PutObject"], [*read, records])
        retired = sorted({each.stack for each in blueprints if each.is_retired})
        gone = [f"{states}/{each}.tfstate" for each in retired]
        yield _allow("StateForget", ["s3:DeleteObject"], [f"{states}/*.tflock", records, *gone])
    if state.kms_key is not None:
        yield _key(environment, state, state.kms_key, purpose)


def _key(environment: Environment, state: S3State, key: str, purpose: Purpose) -> Statement:
    """Return the use of the state's key, through S3 alone.

    IAM knows a key by its ARN, never by its alias; which alias it has is a condition (KMS developer
    guide, "Use aliases to control access to KMS keys", and "kms:ViaService").
    """
    through = {"kms:ViaService": f"s3.{state.region}.{_suffix(environment.partition)}"}
    condition: Statement = {"StringEquals": through}
    front = f"arn:{environment.partition}:kms:{state.region}:{environment.account}:"
    arn = key if key.startswith("arn:") else f"{front}{key}"
    alias = arn.split(":", 5)[5]
    if alias.startswith("alias/"):
        arn = f"{arn.removesuffix(alias)}key/*"
        condition["ForAnyValue:StringEquals"] = {"kms:ResourceAliases": alias}
    elif not key.startswith("arn:"):
        arn = f"{front}key/{key}"
    actions = ["kms:Decrypt"] if purpose == "drift" else ["kms:Decrypt", "kms:GenerateDataKey"]
    return _allow("StateKey", actions, [arn]) | {"Condition": condition}


def _suffix(partition: str) -> str:
    return "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"


def _allow(sid: str, actions: list[str], resources: list[str]) -> Statement:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}
