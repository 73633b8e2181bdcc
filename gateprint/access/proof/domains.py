"""Proves that domains let in whom the blueprint says, and lead to the stages that it says; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gateprint.errors import Difference
from gateprint.model.resolved import Domain, MutualTls, ResolvedBlueprint

if TYPE_CHECKING:
    from gateprint.access.proof.found import StackAccess

DOMAIN = "aws_api_gateway_domain_name"
BASE_PATH = "aws_api_gateway_base_path_mapping"
# How a state has the base path of a domain's root (API Gateway API reference, BasePathMapping).
_ROOT = "(none)"


@dataclass(frozen=True, slots=True, order=True)
class DomainAccess:
    """A domain: the TLS that it takes, and its truststore, as address and version or empty."""

    name: str
    security_policy: str
    truststore: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True, order=True)
class BasePathAccess:
    """A base path of a domain, empty for its root, and the API's id and stage that answer."""

    domain: str
    path: str
    api_id: str
    stage: str


Arguments = Mapping[str, Any]
Text = Callable[[Arguments, str], str]


def read_domains(found: Iterable[Arguments], text: Text) -> tuple[DomainAccess, ...]:
    """Return domains from their arguments; `text` returns one of them, empty where it is not."""
    return tuple(sorted(_domain(each, text) for each in found))


def _domain(arguments: Arguments, text: Text) -> DomainAccess:
    """Return a domain, whose block is an object in CDKTF's JSON and a list in a state."""
    block = arguments.get("mutual_tls_authentication") or {}
    mutual = block[0] if isinstance(block, list) else block
    return DomainAccess(
        text(arguments, "domain_name"),
        text(arguments, "security_policy"),
        text(mutual, "truststore_uri"),
        text(mutual, "truststore_version"),
    )


def read_base_paths(found: Iterable[Arguments], text: Text) -> tuple[BasePathAccess, ...]:
    """Return base paths from their arguments."""
    return tuple(
        sorted(
            BasePathAccess(
                text(each, "domain_name"),
                text(each, "base_path").replace(_ROOT, ""),
                text(each, "api_id"),
                text(each, "stage_name"),
            )
            for each in found
        )
    )


def prove_domains(blueprint: ResolvedBlueprint, stack: StackAccess) -> Iterator[Difference]:
    """Yield every domain and base path that is missing, too much, or other than it should be."""
    own = {each.name: _stated(each) for each in blueprint.domains if each.certificate_arn}
    there = {each.name: each for each in stack.domains}
    for name in sorted(own.keys() | there.keys()):
        for said in _said(own.get(name), there.get(name)):
            yield Difference(blueprint.stack, "domain", f"the domain {name} {said}")
    ids = {each.name: each.api_id for each in stack.apis}
    wanted = {(each.domain, each.path): each for each in _base_paths(blueprint, ids)}
    found = {(each.domain, each.path): each for each in stack.base_paths}
    for domain, path in sorted(wanted.keys() | found.keys()):
        said = _led(wanted.get((domain, path)), found.get((domain, path)))
        if said:
            sentence = f"the base path /{path} of {domain} {said}"
            yield Difference(blueprint.stack, "domain", sentence)


def _stated(domain: Domain) -> DomainAccess:
    mutual = domain.mutual_tls or MutualTls("")
    policy = domain.security_policy
    return DomainAccess(domain.name, policy, mutual.truststore, mutual.version or "")


def _said(wanted: DomainAccess | None, found: DomainAccess | None) -> Iterator[str]:
    if wanted is None or found is None:
        yield "is not there" if found is None else "is not in the blueprint"
        return
    if found.security_policy != wanted.security_policy:
        policy = found.security_policy or "AWS's own choice"
        yield f"has the security policy {policy}, not {wanted.security_policy}"
    if wanted.truststore and not found.truststore:
        yield "asks clients for no certificate"
    elif (found.truststore, found.version) != (wanted.truststore, wanted.version):
        yield "has another truststore for mutual TLS than the blueprint"


def _base_paths(blueprint: ResolvedBlueprint, ids: Mapping[str, str]) -> Iterator[BasePathAccess]:
    for domain in blueprint.domains:
        for each in domain.base_paths:
            api_id = ids.get(f"{blueprint.stack}-{each.api}", "")
            yield BasePathAccess(domain.name, each.path, api_id, each.stage)


def _led(wanted: BasePathAccess | None, found: BasePathAccess | None) -> str:
    if wanted is None:
        return "is not in the blueprint"
    if found is None:
        return "leads nowhere"
    return "" if found == wanted else "leads to another API or stage"
