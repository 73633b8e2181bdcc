"""The documents in the configuration: SAML metadata, trust, permissions, resource policies."""

from __future__ import annotations

import base64
import json
from typing import Any

Document = dict[str, Any]


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
