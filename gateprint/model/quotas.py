"""AWS's quotas that a blueprint can meet: the one list of them, with sources; pure.

A raisable quota is one that AWS raises on request; an environment says so under `quotas`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quota:
    """A limit of AWS: its name in `quotas`, what is counted and in which unit, and what helps."""

    name: str
    counts: str
    unit: str
    limit: int
    source: str
    remedy: str
    is_raisable: bool = False
    is_of_account: bool = False


_API_GATEWAY = "API Gateway developer guide, Quotas for configuring and running a REST API"
_IAM = "IAM user guide, IAM and AWS STS quotas"
_LAMBDA = "Lambda developer guide, Lambda quotas"

PATH_RESOURCES = Quota(
    "path_resources",
    "path resources of an API",
    "path resources",
    300,
    _API_GATEWAY,
    "divide the API into several",
    is_raisable=True,
)
STAGES = Quota(
    "stages", "stages of an API", "stages", 10, _API_GATEWAY, "divide the blueprint into several"
)
STAGE_VARIABLES = Quota(
    "stage_variables",
    "variables of a stage",
    "variables",
    100,
    _API_GATEWAY,
    "keep some of them elsewhere, such as in Parameter Store",
)
MODELS = Quota(
    "models",
    "models of an API",
    "models",
    60,
    _API_GATEWAY,
    "let routes share schemas, or divide the API into several",
)
METHOD_ARN = Quota(
    "method_arn", "ARN of a method", "bytes", 1_600, _API_GATEWAY, "shorten the path"
)
RESOURCE_POLICY = Quota(
    "resource_policy",
    "resource policy of an API",
    "bytes",
    8_192,
    _API_GATEWAY,
    "divide the API into several",
    is_raisable=True,
)
REGIONAL_APIS = Quota(
    "regional_apis",
    "regional APIs of an account in a region",
    "APIs",
    600,
    _API_GATEWAY,
    "put some blueprints into another environment",
    is_raisable=True,
    is_of_account=True,
)
EDGE_APIS = Quota(
    "edge_apis",
    "edge-optimized APIs of an account in a region",
    "APIs",
    120,
    _API_GATEWAY,
    "make some of them regional",
    is_raisable=True,
    is_of_account=True,
)
PRIVATE_APIS = Quota(
    "private_apis",
    "private APIs of an account in a region",
    "APIs",
    600,
    _API_GATEWAY,
    "put some blueprints into another environment",
    is_raisable=True,
    is_of_account=True,
)
USAGE_PLANS = Quota(
    "usage_plans",
    "usage plans of an account in a region",
    "plans",
    300,
    _API_GATEWAY,
    "give several customers one plan",
    is_raisable=True,
    is_of_account=True,
)
API_KEYS = Quota(
    "api_keys",
    "API keys of an account in a region",
    "keys",
    10_000,
    _API_GATEWAY,
    "put some blueprints into another environment",
    is_of_account=True,
)
PLANS_OF_KEY = Quota(
    "plans_of_key",
    "usage plans of an API key",
    "plans",
    10,
    _API_GATEWAY,
    "give the customer a second key",
    is_raisable=True,
)
TRUST_POLICY = Quota(
    "trust_policy",
    "trust policy of a role",
    "characters",
    2_048,
    _IAM,
    "name fewer values under when, or divide the role into several",
    is_raisable=True,
)
INLINE_POLICIES = Quota(
    "inline_policies",
    "inline policies of a role, white space apart",
    "characters",
    10_240,
    _IAM,
    "grant fewer routes, or divide the role into several",
)
MANAGED_POLICY = Quota(
    "managed_policy",
    "managed policy of a role, white space apart",
    "characters",
    6_144,
    _IAM,
    "grant fewer routes, or divide the role into several",
)
ROLE_POLICIES = Quota(
    "role_policies",
    "managed policies of a role",
    "policies",
    10,
    _IAM,
    "grant fewer routes, or divide the role into several",
    is_raisable=True,
)
POLICIES = Quota(
    "policies",
    "customer managed policies of an account",
    "policies",
    1_500,
    _IAM,
    "put some blueprints into another environment",
    is_raisable=True,
    is_of_account=True,
)
ROLES = Quota(
    "roles",
    "roles of an account",
    "roles",
    1_000,
    _IAM,
    "put some blueprints into another environment",
    is_raisable=True,
    is_of_account=True,
)
ROLE_NAME = Quota("role_name", "name of a role", "characters", 64, _IAM, "shorten the name")
SAML_PROVIDERS = Quota(
    "saml_providers", "SAML providers of an account", "providers", 100, _IAM, "remove some"
)
ENDPOINT_POLICY = Quota(
    "endpoint_policy",
    "policy of a VPC endpoint",
    "characters",
    20_480,
    "AWS PrivateLink guide, AWS PrivateLink quotas",
    "divide the APIs over several endpoints, or write policy: account",
)
FUNCTION_NAME = Quota(
    "function_name", "name of a function", "characters", 64, _LAMBDA, "shorten the name"
)
FUNCTION_ENVIRONMENT = Quota(
    "function_environment",
    "environment variables of a function",
    "bytes",
    4_096,
    _LAMBDA,
    "keep some of them elsewhere, such as in Parameter Store",
)

QUOTAS = (
    *(PATH_RESOURCES, STAGES, STAGE_VARIABLES, MODELS, METHOD_ARN, RESOURCE_POLICY),
    *(REGIONAL_APIS, EDGE_APIS, PRIVATE_APIS),
    *(USAGE_PLANS, API_KEYS, PLANS_OF_KEY),
    *(TRUST_POLICY, INLINE_POLICIES, MANAGED_POLICY, ROLE_POLICIES, POLICIES),
    *(ROLES, ROLE_NAME, SAML_PROVIDERS),
    *(ENDPOINT_POLICY, FUNCTION_NAME, FUNCTION_ENVIRONMENT),
)
