"""Domain names of one's own, and which stage answers below which of their base paths."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.api_gateway_base_path_mapping import ApiGatewayBasePathMapping
from cdktf_cdktf_provider_aws.api_gateway_domain_name import (
    ApiGatewayDomainName,
    ApiGatewayDomainNameEndpointConfiguration,
    ApiGatewayDomainNameMutualTlsAuthentication,
)
from cdktf_cdktf_provider_aws.api_gateway_stage import ApiGatewayStage

from gateprint.model.resolved import BasePath, Domain, MutualTls, ResolvedBlueprint
from gateprint.stack import address
from gateprint.stack.base import named, output

Stages = Mapping[str, Mapping[str, ApiGatewayStage]]


def add_domains(stack: TerraformStack, blueprint: ResolvedBlueprint, stages: Stages) -> None:
    """Add every domain with its base paths, and the outputs that the DNS needs.

    `stages` are by API and stage.
    """
    targets: dict[str, dict[str, str]] = {}
    for domain in blueprint.domains:
        owned = None if domain.certificate_arn is None else _domain(stack, domain)
        if owned is not None:
            targets[domain.name] = _target(domain, owned)
        for base in domain.base_paths:
            _mapping(stack, domain, base, owned, stages[base.api][base.stage])
    if blueprint.domains:
        urls = {each.name: _urls(each) for each in blueprint.domains}
        output(stack, "domain_urls", urls, "What answers where, by domain, API and stage.")
    if targets:
        said = "What a domain's name has to lead to in the DNS: a CNAME, or an alias of the zone."
        output(stack, "domain_targets", targets, said)


def base_path_address(domain: Domain, base: BasePath) -> str:
    """Return the address of a base path: that of its domain is the root's."""
    return address.joined(domain.name, *([base.path] if base.path else []))


def _domain(stack: TerraformStack, domain: Domain) -> ApiGatewayDomainName:
    """Add a domain; CloudFront's certificate has an argument of its own (Terraform registry)."""
    is_edge = domain.endpoint == "EDGE"
    certificate = "certificate_arn" if is_edge else "regional_certificate_arn"
    arguments: dict[str, Any] = {certificate: domain.certificate_arn}
    resource = ApiGatewayDomainName(
        stack,
        f"domain.{domain.name}",
        domain_name=domain.name,
        security_policy=domain.security_policy,
        endpoint_configuration=ApiGatewayDomainNameEndpointConfiguration(types=[domain.endpoint]),
        mutual_tls_authentication=_mutual_tls(domain.mutual_tls),
        **arguments,
    )
    return named(resource, address.part(domain.name))


def _mutual_tls(mutual: MutualTls | None) -> ApiGatewayDomainNameMutualTlsAuthentication | None:
    if mutual is None:
        return None
    return ApiGatewayDomainNameMutualTlsAuthentication(
        truststore_uri=mutual.truststore, truststore_version=mutual.version
    )


def _mapping(
    stack: TerraformStack,
    domain: Domain,
    base: BasePath,
    owned: ApiGatewayDomainName | None,
    stage: ApiGatewayStage,
) -> None:
    name = base_path_address(domain, base)
    resource = ApiGatewayBasePathMapping(
        stack,
        f"base-path.{name}",
        domain_name=domain.name if owned is None else owned.domain_name,
        base_path=base.path or None,
        api_id=stage.rest_api_id,
        stage_name=stage.stage_name,
    )
    named(resource, name)


def _target(domain: Domain, owned: ApiGatewayDomainName) -> dict[str, str]:
    if domain.endpoint == "EDGE":
        return {"name": owned.cloudfront_domain_name, "zone_id": owned.cloudfront_zone_id}
    return {"name": owned.regional_domain_name, "zone_id": owned.regional_zone_id}


def _urls(domain: Domain) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for base in domain.base_paths:
        found.setdefault(base.api, {})[base.stage] = domain.url_of(base)
    return found
