"""Every change that an edited blueprint can make in place, in a few batches."""

from __future__ import annotations

from typing import Any

from tests.local.documents import metadata_xml, policy, resource_policy, saml_trust

_METHOD = "aws_api_gateway_method"
_INTEGRATION = "aws_api_gateway_integration"
_ANSWER = "aws_api_gateway_integration_response"
_STAGE = "aws_api_gateway_stage.test"
_SETTINGS = "aws_api_gateway_method_settings.all.settings"
_LAMBDA = "aws_lambda_function.pets"
_CORS = "method.response.header.Access-Control-Allow-"

VALUES: dict[str, Any] = {
    "aws_api_gateway_rest_api.pets": {
        "name": "animals",
        "description": 'All "animals", é',
        "binary_media_types": ["image/jpeg", "application/pdf"],
        "minimum_compression_size": "2048",
        "disable_execute_api_endpoint": True,
        "endpoint_configuration": {"types": ["EDGE"]},
        "tags": {"Team": "animals", "Cost": "1"},
    },
    "aws_api_gateway_rest_api_policy.pets.policy": resource_policy("Deny", "192.168.0.0/16"),
    "aws_api_gateway_resource.pet.path_part": "{petId}",
    "aws_api_gateway_request_validator.body": {
        "name": "parameters",
        "validate_request_body": False,
        "validate_request_parameters": True,
    },
    f"{_METHOD}.get_pets": {
        "authorization": "NONE",
        "request_parameters": {
            "method.request.querystring.kind": True,
            "method.request.header.X-Trace": False,
        },
    },
    f"{_METHOD}.get_pet": {"authorization": "AWS_IAM", "operation_name": "readPet"},
    f"{_METHOD}.post_pets": {
        "api_key_required": True,
        "request_validator_id": None,
        "request_models": {"application/json": "Empty"},
    },
    "aws_api_gateway_method_response.options_pets": {
        "response_models": {"text/plain": "Empty"},
        "response_parameters": {
            f"{_CORS}Origin": False,
            f"{_CORS}Methods": True,
            f"{_CORS}Headers": True,
        },
    },
    f"{_INTEGRATION}.get_pets": {"cache_key_parameters": None, "timeout_milliseconds": 1000},
    f"{_INTEGRATION}.post_pets": {
        "uri": '${replace(aws_lambda_function.pets.invoke_arn, "/invoc", ":live/invoc")}',
        "request_parameters": {"integration.request.header.X-Api": "context.apiId"},
        "request_templates": {"application/json": "{}", "text/plain": "$input.body"},
        "cache_namespace": "pets",
    },
    f"{_INTEGRATION}.options_pets.request_templates": {"application/json": '{"statusCode": 204}'},
    f"{_ANSWER}.options_pets.response_parameters": {
        f"{_CORS}Origin": "'https://b.example'",
        f"{_CORS}Methods": "'GET,POST,OPTIONS'",
        f"{_CORS}Headers": "'authorization'",
    },
    f"{_ANSWER}.post_pets": {
        "response_templates": {"application/json": "{}", "text/plain": "x"},
    },
}

DEPLOYED: dict[str, Any] = {
    "aws_api_gateway_gateway_response.unauthorized": {
        "status_code": "403",
        "response_parameters": {
            "gatewayresponse.header.Access-Control-Allow-Origin": "'https://b.example'",
            "gatewayresponse.header.Vary": "'Origin'",
        },
        "response_templates": {"application/json": "{}"},
    },
    "aws_api_gateway_account.this.cloudwatch_role_arn": "${aws_iam_role.pets_lambda.arn}",
    "aws_api_gateway_deployment.pets": {"description": "second", "triggers": {"redeployment": "2"}},
    _STAGE: {
        "description": "The test stage",
        "cache_cluster_size": "1.6",
        "variables": {"colour": "blue", "new": "2"},
        "xray_tracing_enabled": True,
        "access_log_settings.format": '{"ip":"$context.identity.sourceIp"}',
        "tags": {"Team": "animals"},
    },
    _SETTINGS: {
        "throttling_rate_limit": 0.5,
        "throttling_burst_limit": 1,
        "logging_level": "INFO",
        "data_trace_enabled": True,
        "metrics_enabled": False,
        "caching_enabled": False,
        "cache_ttl_in_seconds": 600,
        "cache_data_encrypted": False,
        "require_authorization_for_cache_control": False,
        "unauthorized_cache_control_header_strategy": "FAIL_WITH_403",
    },
    "aws_cloudwatch_log_group.access": {"retention_in_days": 7, "tags": {"Cost": "1"}},
    "aws_iam_saml_provider.company": {
        "saml_metadata_document": metadata_xml("sso.example.com"),
        "tags": {"Team": "security", "Cost": "1"},
    },
    "aws_iam_role.reader": {
        "description": "Reads animals",
        "max_session_duration": 43200,
        "assume_role_policy": saml_trust("https://us-east-1.signin.aws.amazon.com/saml"),
        "permissions_boundary": "${aws_iam_policy.boundary.arn}",
        "tags": {"Cost": "1"},
    },
    "aws_iam_role_policy.reader.policy": policy("Deny", "execute-api:*", Resource="*"),
    "aws_iam_policy.boundary": {
        "policy": policy("Allow", "logs:CreateLogStream", Resource="*"),
        "tags": {"Cost": "1"},
    },
    _LAMBDA: {
        "description": "Animals",
        "runtime": "python3.12",
        "handler": "pets.other",
        "timeout": 20,
        "memory_size": 512,
        "environment": {"variables": {"STAGE": "Live", "LEVEL": "INFO"}},
        "filename": "two.zip",
        "source_code_hash": '${filebase64sha256("two.zip")}',
        "tags": {"Cost": "1"},
        "tracing_config": {"mode": "Active"},
        "ephemeral_storage": {"size": 1024},
        "architectures": ["arm64"],
        "logging_config": {"log_format": "JSON", "application_log_level": "WARN"},
        "reserved_concurrent_executions": 5,
        "role": "${aws_iam_role.gateway_logs.arn}",
    },
    "aws_lambda_permission.pets.source_arn": (
        "${aws_api_gateway_rest_api.pets.execution_arn}/Test/GET/pets"
    ),
}

REMOVED: dict[str, Any] = {
    "aws_api_gateway_rest_api.pets": {
        "description": "",
        "binary_media_types": [],
        "disable_execute_api_endpoint": False,
        "minimum_compression_size": "-1",
        "tags": None,
    },
    "aws_api_gateway_rest_api_policy": None,
    "aws_wafv2_web_acl_association": None,
    f"{_METHOD}.get_pets": {"authorization": "AWS_IAM", "request_parameters": None},
    "aws_api_gateway_method_response.options_pets.response_models": None,
    f"{_ANSWER}.post_pets": {"response_templates": None},
    _STAGE: {
        "description": "",
        "variables": None,
        "access_log_settings": None,
        "cache_cluster_enabled": False,
        "cache_cluster_size": None,
        "tags": None,
    },
    "aws_api_gateway_method_settings.get_pet": None,
    "aws_cloudwatch_log_group.access": {"retention_in_days": 0, "tags": None},
    "aws_iam_saml_provider.company.tags": None,
    "aws_iam_role.reader": {"description": None, "permissions_boundary": None, "tags": None},
    "aws_iam_role_policy_attachment.reader": None,
    _LAMBDA: {"environment": None, "description": "", "tags": None},
}
