"""A Terraform configuration with one of each resource type that gateprint generates, as data."""

from __future__ import annotations

import base64
import copy
import json
from typing import Any

Document = dict[str, Any]

ACCOUNT = "123456789012"
REGION = "us-east-1"
BUCKET = "gateprint-state"
API = "${aws_api_gateway_rest_api.pets.id}"
PETS = "${aws_api_gateway_resource.pets.id}"
INVOKE_ARN = "${aws_lambda_function.pets.invoke_arn}"
PUSH_TO_LOGS = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
SERVICES = ("apigateway", "iam", "lambda", "logs", "s3", "sts", "wafv2")


def metadata_xml(host: str) -> str:
    """SAML metadata longer than the provider's minimum of 1000 characters."""
    certificate = base64.b64encode(host.encode() * 60).decode()
    return (
        '<?xml version="1.0"?>'
        '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" '
        f'entityID="https://{host}/saml"><IDPSSODescriptor protocolSupportEnumeration='
        '"urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor use="signing"><KeyInfo '
        'xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>'
        f"{certificate}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>"
        '<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" '
        f'Location="https://{host}/sso"/></IDPSSODescriptor></EntityDescriptor>'
    )


def policy(effect: str, action: str, **rest: Any) -> str:
    """A policy document of one statement."""
    statement = {"Effect": effect, "Action": action, **rest}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def trust(service: str) -> str:
    """A trust policy for an AWS service."""
    return policy("Allow", "sts:AssumeRole", Principal={"Service": service})


def saml_trust(audience: str) -> str:
    """A trust policy for the SAML provider."""
    return policy(
        "Allow",
        "sts:AssumeRoleWithSAML",
        Principal={"Federated": "${aws_iam_saml_provider.company.arn}"},
        Condition={"StringEquals": {"SAML:aud": audience}},
    )


def resource_policy(effect: str, cidr: str) -> str:
    """A resource policy, with text that must survive the escaping: quotes, a backslash, é."""
    return policy(
        effect,
        "execute-api:Invoke",
        Sid="Doors",
        Principal="*",
        Resource="${aws_api_gateway_rest_api.pets.execution_arn}/*",
        Condition={
            "IpAddress": {"aws:SourceIp": cidr},
            "StringNotEquals": {"aws:UserAgent": 'a"b\\c é'},
        },
    )


def configuration(endpoint: str) -> Document:
    """The whole `main.tf.json`."""
    return {
        "terraform": {
            "required_providers": {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}},
            "backend": {"s3": _backend(endpoint)},
        },
        "provider": {"aws": _provider(endpoint)},
        "resource": copy.deepcopy({**_gateway(), **_callers(), **_lambda()}),
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


def _provider(endpoint: str) -> Document:
    return {
        "region": REGION,
        "access_key": "local",
        "secret_key": "local",
        "s3_use_path_style": True,
        "skip_metadata_api_check": True,
        "allowed_account_ids": [ACCOUNT],
        "endpoints": [dict.fromkeys(SERVICES, endpoint)],
        "default_tags": [{"tags": {"ManagedBy": "gateprint"}}],
    }


def _method(path_resource: str, verb: str, authorization: str, **rest: Any) -> Document:
    return {
        "rest_api_id": API,
        "resource_id": path_resource,
        "http_method": verb,
        "authorization": authorization,
        **rest,
    }


def _of(method: str, **rest: Any) -> Document:
    """The arguments that name a method, for what hangs on it."""
    return {
        "rest_api_id": API,
        "resource_id": f"${{aws_api_gateway_method.{method}.resource_id}}",
        "http_method": f"${{aws_api_gateway_method.{method}.http_method}}",
        **rest,
    }


def _gateway() -> Document:
    return {
        "aws_api_gateway_rest_api": {
            "pets": {
                "name": "pets",
                "description": "Pets",
                "binary_media_types": ["image/png"],
                "minimum_compression_size": "1024",
                "endpoint_configuration": {"types": ["REGIONAL"]},
                "tags": {"Team": "pets"},
            }
        },
        "aws_api_gateway_rest_api_policy": {
            "pets": {"rest_api_id": API, "policy": resource_policy("Allow", "10.0.0.0/8")}
        },
        "aws_api_gateway_resource": {
            "pets": {
                "rest_api_id": API,
                "parent_id": "${aws_api_gateway_rest_api.pets.root_resource_id}",
                "path_part": "pets",
            },
            "pet": {"rest_api_id": API, "parent_id": PETS, "path_part": "{id}"},
        },
        "aws_api_gateway_request_validator": {
            "body": {
                "rest_api_id": API,
                "name": "body",
                "validate_request_body": True,
                "validate_request_parameters": False,
            }
        },
        **_methods(),
        **_integrations(),
        **_deployed(),
        "aws_api_gateway_gateway_response": {
            "unauthorized": {
                "rest_api_id": API,
                "response_type": "UNAUTHORIZED",
                "status_code": "401",
                "response_parameters": {
                    "gatewayresponse.header.Access-Control-Allow-Origin": "'https://a.example'"
                },
                "response_templates": {
                    "application/json": '{"message":$context.error.messageString}'
                },
            }
        },
        "aws_api_gateway_account": {
            "this": {
                "cloudwatch_role_arn": "${aws_iam_role.gateway_logs.arn}",
                "depends_on": ["aws_iam_role_policy_attachment.gateway_logs"],
            }
        },
    }


def _methods() -> Document:
    validator = "${aws_api_gateway_request_validator.body.id}"
    return {
        "aws_api_gateway_method": {
            "get_pets": _method(
                PETS,
                "GET",
                "AWS_IAM",
                request_parameters={"method.request.querystring.kind": False},
            ),
            "post_pets": _method(PETS, "POST", "AWS_IAM", request_validator_id=validator),
            "get_pet": _method("${aws_api_gateway_resource.pet.id}", "GET", "NONE"),
            "options_pets": _method(PETS, "OPTIONS", "NONE"),
        },
        "aws_api_gateway_method_response": {
            "options_pets": _of(
                "options_pets",
                status_code="200",
                response_models={"application/json": "Empty"},
                response_parameters={
                    "method.response.header.Access-Control-Allow-Origin": True,
                    "method.response.header.Access-Control-Allow-Methods": True,
                },
            ),
            "post_pets": _of("post_pets", status_code="200"),
        },
    }


def _integrations() -> Document:
    return {
        "aws_api_gateway_integration": {
            "get_pets": _of(
                "get_pets",
                type="AWS_PROXY",
                integration_http_method="POST",
                uri=INVOKE_ARN,
                cache_key_parameters=["method.request.querystring.kind"],
                timeout_milliseconds=20000,
            ),
            "post_pets": _of(
                "post_pets",
                type="AWS",
                integration_http_method="POST",
                uri=INVOKE_ARN,
                passthrough_behavior="WHEN_NO_TEMPLATES",
                request_parameters={"integration.request.header.X-Stage": "context.stage"},
                request_templates={"application/json": "$input.body"},
            ),
            "get_pet": _of(
                "get_pet",
                type="AWS_PROXY",
                integration_http_method="POST",
                uri=INVOKE_ARN,
            ),
            "options_pets": _of(
                "options_pets",
                type="MOCK",
                request_templates={"application/json": '{"statusCode": 200}'},
            ),
        },
        "aws_api_gateway_integration_response": {
            "options_pets": _of(
                "options_pets",
                status_code="${aws_api_gateway_method_response.options_pets.status_code}",
                depends_on=["aws_api_gateway_integration.options_pets"],
                response_parameters={
                    "method.response.header.Access-Control-Allow-Origin": "'https://a.example'",
                    "method.response.header.Access-Control-Allow-Methods": "'GET,OPTIONS'",
                },
            ),
            "post_pets": _of(
                "post_pets",
                status_code="${aws_api_gateway_method_response.post_pets.status_code}",
                depends_on=["aws_api_gateway_integration.post_pets"],
                response_templates={"application/json": "$input.body"},
            ),
        },
    }


def _deployed() -> Document:
    stage = {"rest_api_id": API, "stage_name": "${aws_api_gateway_stage.test.stage_name}"}
    return {
        "aws_api_gateway_deployment": {
            "pets": {
                "rest_api_id": API,
                "description": "first",
                "triggers": {"redeployment": "1"},
                "lifecycle": {"create_before_destroy": True},
                "depends_on": [
                    "aws_api_gateway_integration.get_pets",
                    "aws_api_gateway_integration.post_pets",
                    "aws_api_gateway_integration.get_pet",
                    "aws_api_gateway_integration.options_pets",
                ],
            }
        },
        "aws_api_gateway_stage": {
            "test": {
                "rest_api_id": API,
                "stage_name": "Test",
                "deployment_id": "${aws_api_gateway_deployment.pets.id}",
                "description": "Test",
                "cache_cluster_enabled": True,
                "cache_cluster_size": "0.5",
                "variables": {"colour": "red", "old": "1"},
                "xray_tracing_enabled": False,
                "access_log_settings": {
                    "destination_arn": "${aws_cloudwatch_log_group.access.arn}",
                    "format": '{"id":"$context.requestId"}',
                },
                "tags": {"Team": "pets"},
                "depends_on": ["aws_api_gateway_account.this"],
            }
        },
        "aws_api_gateway_method_settings": {
            "all": {**stage, "method_path": "*/*", "settings": _settings()},
            "get_pet": {
                **stage,
                "method_path": "pets/{id}/GET",
                "settings": {"throttling_rate_limit": 7, "throttling_burst_limit": 3},
            },
        },
        "aws_wafv2_web_acl": {
            "pets": {
                "name": "pets",
                "scope": "REGIONAL",
                "default_action": {"allow": {}},
                "visibility_config": {
                    "cloudwatch_metrics_enabled": False,
                    "metric_name": "pets",
                    "sampled_requests_enabled": False,
                },
            }
        },
        "aws_wafv2_web_acl_association": {
            "test": {
                "resource_arn": "${aws_api_gateway_stage.test.arn}",
                "web_acl_arn": "${aws_wafv2_web_acl.pets.arn}",
            }
        },
        "aws_cloudwatch_log_group": {
            "access": {"name": "/gateprint/pets", "retention_in_days": 30, "tags": {"Team": "pets"}}
        },
    }


def _settings() -> Document:
    return {
        "throttling_rate_limit": 50.5,
        "throttling_burst_limit": 20,
        "logging_level": "ERROR",
        "data_trace_enabled": False,
        "metrics_enabled": True,
        "caching_enabled": True,
        "cache_ttl_in_seconds": 60,
        "cache_data_encrypted": True,
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
