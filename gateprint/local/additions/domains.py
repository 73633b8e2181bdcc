"""API Gateway's domain names: their mutual TLS, changes and tags, and base paths that are gone."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from moto.apigateway import urls
from moto.apigateway.exceptions import (
    BadRequestException,
    BasePathNotFoundException,
)
from moto.apigateway.models import APIGatewayBackend, DomainName
from moto.apigateway.responses import APIGatewayResponse

from gateprint.local.additions.grafting import (
    add_missing,
    answer,
    body,
    is_success,
    names,
    patch,
    wrap,
)
from gateprint.local.additions.patch import Shape

DOMAIN = Shape(
    {
        "certificateArn": "certificate_arn",
        "endpointConfiguration": "endpoint_configuration",
        "mutualTlsAuthentication": "mutual_tls",
        "regionalCertificateArn": "regional_certificate_arn",
        "securityPolicy": "security_policy",
    },
    lists=frozenset({"endpointConfiguration/types"}),
)
_TAGS = (
    "{0}/tags/arn:(?P<partition>[^/]+):apigateway:(?P<region_name>[^/]+)::"
    "/domainnames/(?P<domain_name>[^/]+)$"
)
# What the other type of endpoint has.
_FOREIGN = {
    "REGIONAL": ("distributionDomainName", "distributionHostedZoneId", "certificateUploadDate"),
    "EDGE": ("regionalDomainName", "regionalHostedZoneId"),
}


def install() -> None:
    """Add the update, and repair how domains are made, shown, tagged and left."""
    urls.url_paths.setdefault(_TAGS, APIGatewayResponse.dispatch)
    add_missing(APIGatewayResponse, {"update_domain_name": update_domain_name})
    wrap(APIGatewayResponse, "create_domain_name", create_domain_name)
    for operation in ("get_tags", "tag_resource", "untag_resource"):
        wrap(APIGatewayResponse, operation, tagging)
    wrap(DomainName, "to_json", domain_json)
    wrap(APIGatewayBackend, "delete_domain_name", delete_domain_name)
    for operation in ("get_base_path_mapping", "delete_base_path_mapping"):
        wrap(APIGatewayBackend, operation, base_path)


def create_domain_name(original: Any, response: Any) -> Any:
    """CreateDomainName: once, and with the mutual TLS that moto does not keep."""
    asked = body(response)
    if asked.get("domainName") in response.backend.domain_names:
        raise BadRequestException("The domain name you provided already exists.")
    created = original(response)
    if not is_success(created):
        return created
    domain = response.backend.get_domain_name(asked["domainName"])
    domain.mutual_tls = asked.get("mutualTlsAuthentication")
    return answer(domain.to_json(), 201)


def update_domain_name(response: Any) -> Any:
    """UpdateDomainName, the fields of a domain; without a truststore there is no mutual TLS."""
    domain = response.backend.get_domain_name(*names(response, "domain_name"))
    patch(response, DOMAIN, domain)
    if not (domain.mutual_tls or {}).get("truststoreUri"):
        domain.mutual_tls = None
    return answer(domain.to_json())


def domain_json(original: Any, domain: Any) -> dict[str, Any]:
    """Show what moto leaves out, and nothing of the type that the domain is not."""
    endpoint = {"ipAddressType": "ipv4", **(domain.endpoint_configuration or {"types": ["EDGE"]})}
    foreign = _FOREIGN.get(endpoint["types"][0], ())
    shown = {name: value for name, value in original(domain).items() if name not in foreign}
    mutual = getattr(domain, "mutual_tls", None)
    extra = {"mutualTlsAuthentication": mutual} if mutual else {}
    return {**shown, "endpointConfiguration": endpoint, **extra}


def tagging(original: Any, response: Any) -> Any:
    """GetTags, TagResource and UntagResource of a domain."""
    place = unquote(response.path.split("/tags/")[1])
    if "::/domainnames/" not in place:
        return original(response)
    domain = response.backend.get_domain_name(place.rpartition("/")[2])
    if response.method == "PUT":
        domain.tags = {**(domain.tags or {}), **body(response)["tags"]}
    elif response.method == "DELETE":
        gone = response.querystring.get("tagKeys", [])
        domain.tags = {key: value for key, value in (domain.tags or {}).items() if key not in gone}
    else:
        return answer({"tags": domain.tags or {}})
    return answer({}, 204)


def delete_domain_name(original: Any, backend: Any, domain_name: str) -> Any:
    """Forget its base paths too; one of the same name begins without any."""
    backend.base_path_mappings.pop(domain_name, None)
    return original(backend, domain_name)


def base_path(original: Any, backend: Any, domain_name: str, base: str) -> Any:
    """Say that a base path is not there where its domain has none, which moto falls over."""
    backend.get_domain_name(domain_name)
    if base not in (backend.base_path_mappings.get(domain_name) or {}):
        raise BasePathNotFoundException
    return original(backend, domain_name, base)
