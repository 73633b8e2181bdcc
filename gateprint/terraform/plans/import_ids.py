"""How each generated type of resource is imported: the import id and where its parts are; pure.

Each format is the section "Import" of the resource's page in the documentation of AWS provider
5.100.0; the patterns are the ids that its source gives resources of the type in the state.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_API = r"(?P<rest_api_id>[^-]+)"
_PATH = rf"{_API}-(?P<resource_id>[^-]+)-(?P<http_method>[^-]+)"


@dataclass(frozen=True, slots=True)
class ImportFormat:
    """An import id: `parts` are attributes, joined with `separator`.

    `pattern` reads attributes out of the id that Terraform tells when a resource is complete;
    `id_from` is the attribute that this id always equals, empty if only AWS knows it.
    """

    parts: tuple[str, ...]
    separator: str = "/"
    pattern: str = ""
    id_from: str = ""

    def read(self, identity: str) -> Mapping[str, str]:
        """Return the attributes that are part of a resource's id."""
        found = re.fullmatch(self.pattern, identity) if self.pattern else None
        return found.groupdict() if found else {}


FORMATS: Mapping[str, ImportFormat] = {
    "aws_api_gateway_account": ImportFormat(("id",), pattern=r".*"),
    "aws_api_gateway_api_key": ImportFormat(("id",)),
    "aws_api_gateway_authorizer": ImportFormat(("rest_api_id", "id")),
    "aws_api_gateway_base_path_mapping": ImportFormat(
        ("domain_name", "base_path"), pattern=r"(?P<domain_name>[^/]+)/(?P<base_path>[^/]*)"
    ),
    "aws_api_gateway_domain_name": ImportFormat(("domain_name",), id_from="domain_name"),
    "aws_api_gateway_gateway_response": ImportFormat(
        ("rest_api_id", "response_type"), pattern=rf"aggr-{_API}-(?P<response_type>.+)"
    ),
    "aws_api_gateway_integration": ImportFormat(
        ("rest_api_id", "resource_id", "http_method"), pattern=rf"agi-{_PATH}"
    ),
    "aws_api_gateway_integration_response": ImportFormat(
        ("rest_api_id", "resource_id", "http_method", "status_code"),
        pattern=rf"agir-{_PATH}-(?P<status_code>\d+)",
    ),
    "aws_api_gateway_method": ImportFormat(
        ("rest_api_id", "resource_id", "http_method"), pattern=rf"agm-{_PATH}"
    ),
    "aws_api_gateway_method_response": ImportFormat(
        ("rest_api_id", "resource_id", "http_method", "status_code"),
        pattern=rf"agmr-{_PATH}-(?P<status_code>\d+)",
    ),
    "aws_api_gateway_method_settings": ImportFormat(
        ("rest_api_id", "stage_name", "method_path"), pattern=rf"{_API}-.*"
    ),
    "aws_api_gateway_model": ImportFormat(("rest_api_id", "name")),
    "aws_api_gateway_request_validator": ImportFormat(("rest_api_id", "id")),
    "aws_api_gateway_resource": ImportFormat(("rest_api_id", "id")),
    "aws_api_gateway_rest_api": ImportFormat(("id",)),
    "aws_api_gateway_rest_api_policy": ImportFormat(
        ("rest_api_id",), pattern=r"(?P<rest_api_id>.+)"
    ),
    "aws_api_gateway_stage": ImportFormat(
        ("rest_api_id", "stage_name"), pattern=rf"ags-{_API}-(?P<stage_name>.+)"
    ),
    "aws_api_gateway_usage_plan": ImportFormat(("id",)),
    "aws_api_gateway_usage_plan_key": ImportFormat(
        ("usage_plan_id", "key_id"), pattern=r"(?P<key_id>.+)"
    ),
    "aws_cloudwatch_log_group": ImportFormat(("name",), id_from="name"),
    "aws_cognito_resource_server": ImportFormat(
        ("user_pool_id", "identifier"), "|", pattern=r"(?P<user_pool_id>[^|]+)\|(?P<identifier>.+)"
    ),
    "aws_cognito_user_pool": ImportFormat(("id",)),
    "aws_cognito_user_pool_client": ImportFormat(("user_pool_id", "id")),
    "aws_cognito_user_pool_domain": ImportFormat(("domain",), id_from="domain"),
    "aws_iam_policy": ImportFormat(("id",)),
    "aws_iam_role": ImportFormat(("name",), id_from="name"),
    "aws_iam_role_policy": ImportFormat(
        ("role", "name"), ":", pattern=r"(?P<role>[^:]+):(?P<name>.+)"
    ),
    "aws_iam_role_policy_attachment": ImportFormat(("role", "policy_arn")),
    "aws_iam_saml_provider": ImportFormat(("id",)),
    "aws_lambda_function": ImportFormat(("function_name",), id_from="function_name"),
    "aws_lambda_alias": ImportFormat(("function_name", "name")),
    "aws_lambda_permission": ImportFormat(("function_name", "statement_id")),
    "aws_vpc_endpoint_policy": ImportFormat(("vpc_endpoint_id",), id_from="vpc_endpoint_id"),
    "aws_wafv2_web_acl_association": ImportFormat(
        ("web_acl_arn", "resource_arn"),
        ",",
        pattern=r"(?P<web_acl_arn>[^,]+),(?P<resource_arn>.+)",
    ),
}

NOT_ADOPTED: Mapping[str, str] = {
    "aws_api_gateway_deployment": (
        "an imported deployment has no triggers, so Terraform would replace it at once; a new one "
        "is created instead, the stage moves to it, and the lost one stays in its API, where it "
        "serves nobody, until the API is deleted"
    ),
}
"""Types that are better made anew, with the reason and the consequence."""
