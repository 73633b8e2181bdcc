"""A Terraform configuration with one of each resource type that gateprint generates, as data."""

from __future__ import annotations

import copy
from typing import Any

from tests.local.documents import Document, metadata_xml, policy, saml_trust, trust
from tests.local.gateway import gateway

ACCOUNT = "111122223333"
REGION = "us-east-1"
BUCKET = "gateprint-state"
PUSH_TO_LOGS = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"


def configuration(endpoint: str) -> Document:
    """The whole `main.tf.json`; the provider has its endpoint from the environment."""
    return {
        "terraform": {
            "required_providers": {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}},
            "backend": {"s3": _backend(endpoint)},
        },
        "provider": {"aws": _provider()},
        "resource": copy.deepcopy({**gateway(), **_callers(), **_lambda()}),
    }


def changed(document: Document, changes: Document) -> Document:
    """A copy with values replaced at dotted paths below `resource`; None removes one.

    A mapping under a path that names a whole resource changes its arguments one by one.
    """
    result = copy.deepcopy(document)
    for path, value in changes.items():
        *parents, last = path.split(".")
        place = result["resource"]
        for name in parents:
            place = place[name]
        if isinstance(value, dict) and _is_block(path):
            for argument, new in value.items():
                _replace(place[last], argument.split("."), new)
        else:
            _replace(place, [last], value)
    return result


def _is_block(path: str) -> bool:
    return path.count(".") == 1 or path.endswith(".settings")


def _replace(place: Document, names: list[str], value: Any) -> None:
    *parents, last = names
    for name in parents:
        place = place[name]
    if value is None:
        place.pop(last, None)
    else:
        place[last] = value


def _backend(endpoint: str) -> Document:
    return {
        "bucket": BUCKET,
        "key": "pets.tfstate",
        "region": REGION,
        "access_key": "local",
        "secret_key": "local",
        "endpoints": {"s3": endpoint},
        "use_path_style": True,
        "use_lockfile": True,
        "skip_credentials_validation": True,
        "skip_metadata_api_check": True,
        "skip_requesting_account_id": True,
        "skip_region_validation": True,
    }


def _provider() -> Document:
    return {
        "region": REGION,
        "access_key": "local",
        "secret_key": "local",
        "s3_use_path_style": True,
        "skip_metadata_api_check": True,
        "allowed_account_ids": [ACCOUNT],
        "default_tags": [{"tags": {"ManagedBy": "gateprint"}}],
    }


def _callers() -> Document:
    return {
        "aws_iam_saml_provider": {
            "company": {
                "name": "company",
                "saml_metadata_document": metadata_xml("login.example.com"),
                "tags": {"Team": "identity"},
            }
        },
        "aws_iam_role": {
            "reader": {
                "name": "pets-reader",
                "description": "Reads pets",
                "max_session_duration": 3600,
                "assume_role_policy": saml_trust("https://signin.aws.amazon.com/saml"),
                "tags": {"Team": "pets"},
            },
            "pets_lambda": {
                "name": "pets-lambda",
                "assume_role_policy": trust("lambda.amazonaws.com"),
            },
            "gateway_logs": {
                "name": "gateway-logs",
                "assume_role_policy": trust("apigateway.amazonaws.com"),
            },
        },
        "aws_iam_role_policy": {
            "reader": {
                "name": "invoke",
                "role": "${aws_iam_role.reader.id}",
                "policy": policy(
                    "Allow",
                    "execute-api:Invoke",
                    Resource="${aws_api_gateway_rest_api.pets.execution_arn}/Test/GET/pets",
                ),
            }
        },
        "aws_iam_policy": {
            "boundary": {
                "name": "pets-logs",
                "description": "Writes logs",
                "policy": policy("Allow", "logs:PutLogEvents", Resource="*"),
                "tags": {"Team": "pets"},
            }
        },
        "aws_iam_role_policy_attachment": {
            "reader": {
                "role": "${aws_iam_role.reader.name}",
                "policy_arn": "${aws_iam_policy.boundary.arn}",
            },
            "gateway_logs": {
                "role": "${aws_iam_role.gateway_logs.name}",
                "policy_arn": PUSH_TO_LOGS,
            },
        },
    }


def _lambda() -> Document:
    return {
        "aws_lambda_function": {
            "pets": {
                "function_name": "pets",
                "role": "${aws_iam_role.pets_lambda.arn}",
                "filename": "one.zip",
                "source_code_hash": '${filebase64sha256("one.zip")}',
                "description": "Pets",
                "runtime": "python3.11",
                "handler": "pets.handler",
                "timeout": 5,
                "memory_size": 128,
                "environment": {"variables": {"STAGE": "Test"}},
                "tags": {"Team": "pets"},
            }
        },
        "aws_lambda_permission": {
            "pets": {
                "statement_id": "AllowApiGateway",
                "action": "lambda:InvokeFunction",
                "function_name": "${aws_lambda_function.pets.function_name}",
                "principal": "apigateway.amazonaws.com",
                "source_arn": "${aws_api_gateway_rest_api.pets.execution_arn}/*/GET/pets",
            }
        },
    }
