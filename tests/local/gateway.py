"""One of each of API Gateway's resources, with what a stage needs beside it."""

from __future__ import annotations

from typing import Any

from tests.local.documents import Document, resource_policy

API = "${aws_api_gateway_rest_api.pets.id}"
PETS = "${aws_api_gateway_resource.pets.id}"
INVOKE_ARN = "${aws_lambda_function.pets.invoke_arn}"


def gateway() -> Document:
    """The resources by type and name."""
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
