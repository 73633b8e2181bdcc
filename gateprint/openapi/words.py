"""The words of OpenAPI and of API Gateway's extensions that both directions use; pure.

OpenAPI Specification 3.1.1; API Gateway developer guide, "OpenAPI extensions for API Gateway".
"""

from __future__ import annotations

import re

from gateprint.model.resolved import METHODS

OWN = "x-gateprint"
INTEGRATION = "x-amazon-apigateway-integration"
ANY_METHOD = "x-amazon-apigateway-any-method"
AUTHORIZER = "x-amazon-apigateway-authorizer"
AUTH_TYPE = "x-amazon-apigateway-authtype"
GATEWAY_RESPONSES = "x-amazon-apigateway-gateway-responses"
BINARY_TYPES = "x-amazon-apigateway-binary-media-types"
POLICY = "x-amazon-apigateway-policy"
ENDPOINTS = "x-amazon-apigateway-endpoint-configuration"

SIGV4 = "sigv4"
SIGV4_SCHEME = {"type": "apiKey", "name": "Authorization", "in": "header", AUTH_TYPE: "awsSigv4"}
# API Gateway developer guide, "Choose an API key source in API Gateway": HEADER.
API_KEY = "api_key"
API_KEY_SCHEME = {"type": "apiKey", "name": "x-api-key", "in": "header"}

# The method of a route, and where its operation stands in a path item.
OPERATIONS = {each: each.lower() for each in METHODS if each != "ANY"} | {"ANY": ANY_METHOD}

PARAMETER = re.compile(r"\{([^{}]+)\}")


def parameters_of(path: str) -> list[str]:
    """Return the names in a path's braces, with the plus of one that takes the rest."""
    return PARAMETER.findall(path)
