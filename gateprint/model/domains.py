"""Checks what a blueprint says of its domains, in itself and in an environment; pure.

Like the rules and references, it reads the document as written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gateprint.errors import Diagnostic
from gateprint.model.document import Document, KeyPath
from gateprint.model.resolved import Environment
from gateprint.model.words import listed, suggest

# What an existing domain has from its owner.
_OWN = ("certificate", "endpoint", "tls", "mutual_tls")
# API Gateway developer guide, "Custom domain names for edge-optimized APIs": where CloudFront looks
# for certificates.
_OF_CLOUDFRONT = "us-east-1"
_CHINA = "cn-north-1"


def check_domains(document: Document) -> Iterator[Diagnostic]:
    """Yield a diagnostic for every domain that means nothing, or does not hold what it says."""
    for name, domain in document.mapping("domains").items():
        if isinstance(domain, dict):
            path: KeyPath = ("domains", name)
            yield from _owned_or_existing(document, path, domain)
            yield from _one_environment(document, path)
            yield from _mutual_tls_is_regional(document, path)
            for base, said in document.mapping(*path, "base_paths").items():
                if isinstance(said, dict):
                    yield from _base_path(document, (*path, "base_paths", base))
    for api in document.mapping("apis"):
        yield from _private_has_no_domain(document, api)
        yield from _unreachable(document, api)
        yield from _throttles_of_any(document, api)


def _owned_or_existing(
    document: Document, path: KeyPath, domain: Mapping[str, Any]
) -> Iterator[Diagnostic]:
    said, given = domain.get("existing", "false"), [each for each in domain if each in _OWN]
    if said == "true" and given:
        problem = f"existing: true keeps the domain as it is, whatever {given[0]} says"
        remedy = f"remove {', '.join(given)}, or existing: true"
        yield document.reject((*path, given[0]), "existing-domain", problem, remedy, key=True)
    elif said == "false" and "certificate" not in domain:
        problem = '"certificate" is missing'
        remedy = "add certificate: <its ARN in ACM>, or existing: true"
        yield document.reject(path, "missing-field", problem, remedy, key=True)


def _one_environment(document: Document, path: KeyPath) -> Iterator[Diagnostic]:
    """A domain is in one account and region, and so are all stages that it leads to."""
    first: str | None = None
    for base in document.mapping(*path, "base_paths"):
        where: KeyPath = (*path, "base_paths", base, "stage")
        environment = document.text("stages", document.text(*where) or "", "environment")
        first = first or environment
        if environment is not None and environment != first:
            problem = f"the stage is in {environment}, another one of this domain in {first}"
            remedy = "give each environment a domain of its own"
            yield document.reject(where, "split-domain", problem, remedy)


def _mutual_tls_is_regional(document: Document, path: KeyPath) -> Iterator[Diagnostic]:
    """API Gateway developer guide, "How to turn on mutual TLS authentication"."""
    is_edge = document.text(*path, "endpoint") == "edge"
    if is_edge and "mutual_tls" in document.mapping(*path):
        problem = "API Gateway does mutual TLS at regional domains alone"
        remedy = "remove endpoint: edge, or mutual_tls"
        yield document.reject((*path, "mutual_tls"), "mutual-tls", problem, remedy, key=True)


def _base_path(document: Document, path: KeyPath) -> Iterator[Diagnostic]:
    stage = document.text(*path, "stage")
    stages = document.mapping("stages")
    if stage is not None and stages and stage not in stages:
        problem = f'stage "{stage}" is not declared under stages'
        yield document.reject((*path, "stage"), "unknown-stage", problem, suggest(stage, stages))
    api, apis = document.text(*path, "api"), document.mapping("apis")
    if api is not None and apis and api not in apis:
        problem = f'API "{api}" is not declared under apis'
        yield document.reject((*path, "api"), "unknown-api", problem, suggest(api, apis))
    elif api is None and len(apis) > 1:
        problem = "the blueprint has several APIs, and the base path does not name one"
        remedy = f"add api: with one of {', '.join(apis)}"
        yield document.reject(path, "missing-api", problem, remedy, key=True)
    elif "mutual_tls" in document.mapping(*path[:2]):
        yield from no_way_around(document, path)


def no_way_around(document: Document, path: KeyPath) -> Iterator[Diagnostic]:
    """Yield why a base path behind mutual TLS is reached without it: by the default endpoint."""
    api = _api_of(document, path)
    said = document.mapping("apis", api)
    if said and said.get("default_endpoint") != "false":
        problem = f"the default endpoint of {api} asks for no certificate of a client"
        remedy = f"add default_endpoint: false to {api}, or remove mutual_tls"
        yield document.reject(path, "mutual-tls", problem, remedy, key=True)


def _api_of(document: Document, path: KeyPath) -> str:
    named = document.text(*path, "api")
    return named or next(iter(document.mapping("apis")), "")


def _leading_to(document: Document, api: str) -> Iterator[KeyPath]:
    for name in document.mapping("domains"):
        for base in document.mapping("domains", name, "base_paths"):
            path: KeyPath = ("domains", name, "base_paths", base)
            if _api_of(document, path) == api:
                yield path


def _private_has_no_domain(document: Document, api: str) -> Iterator[Diagnostic]:
    """Private APIs have private domain names, which are another thing."""
    if document.text("apis", api, "endpoint") != "private":
        return
    for path in _leading_to(document, api):
        problem = f"{api} is private, and a domain is reached over the internet"
        yield document.reject(path, "private-endpoint", problem, "remove the base path", key=True)
    if document.text("apis", api, "default_endpoint") == "false":
        where: KeyPath = ("apis", api, "default_endpoint")
        problem = "a private API is reached by its default endpoint alone"
        yield document.reject(where, "private-endpoint", problem, "remove it", key=True)


def _unreachable(document: Document, api: str) -> Iterator[Diagnostic]:
    """Warn of stages without an address; one may be made by hand."""
    if document.text("apis", api, "default_endpoint") != "false":
        return
    led_to = {document.text(*each, "stage") for each in _leading_to(document, api)}
    left = [each for each in document.mapping("stages") if each not in led_to]
    if left and "retired" not in document.mapping():
        problem = f"no domain leads to {listed(left, most=3)} of {api}, so nobody can call it"
        remedy = "add a base path under domains, or remove default_endpoint: false"
        where: KeyPath = ("apis", api, "default_endpoint")
        yield document.warn(where, "unreachable-stage", problem, remedy, key=True)


def _throttles_of_any(document: Document, api: str) -> Iterator[Diagnostic]:
    """Method settings are those of one method; AWS does not say what they would be of ANY."""
    for key, route in document.mapping("apis", api, "routes").items():
        if key.startswith("ANY ") and isinstance(route, dict) and "throttle" in route:
            path: KeyPath = ("apis", api, "routes", key, "throttle")
            problem = "API Gateway throttles methods, and ANY is none of them"
            remedy = "declare the methods one by one, or give the stage a throttle"
            yield document.reject(path, "throttle-of-any", problem, remedy, key=True)


def check_certificates_of_domains(
    document: Document, environment: Environment
) -> Iterator[Diagnostic]:
    """Yield a diagnostic for every certificate that is not where API Gateway looks for it.

    A rehearsal takes what production has.
    """
    if environment.endpoint is not None:
        return
    for name in document.mapping("domains"):
        path: KeyPath = ("domains", name, "certificate")
        fields = (document.text(*path) or "").split(":")
        if len(fields) > 4 and _is_of(document, name, environment):  # noqa: PLR2004
            wanted = [_region_of(document, name, environment), environment.account]
            if fields[3:5] != wanted:
                problem = f"the certificate is not in {wanted[0]} of {wanted[1]}"
                remedy = f"name a certificate of that account, in {wanted[0]}"
                yield document.reject(path, "wrong-place", problem, remedy)


def _is_of(document: Document, name: str, environment: Environment) -> bool:
    bases = document.mapping("domains", name, "base_paths").values()
    stages = [each.get("stage") for each in bases if isinstance(each, dict)]
    found = {document.text("stages", str(each), "environment") for each in stages}
    return found == {environment.name}  # of several, that is what is said


def _region_of(document: Document, name: str, environment: Environment) -> str:
    if document.text("domains", name, "endpoint") != "edge":
        return environment.region
    return _CHINA if environment.partition == "aws-cn" else _OF_CLOUDFRONT


def check_shared_domains(documents: Iterable[Document]) -> Iterator[Diagnostic]:
    """Yield each base path by which an API gets behind another blueprint's mutual TLS, and is open.

    The owner's file says that clients show certificates; the API of the other file has to mean it.
    """
    every = list(documents)
    strict = {
        name
        for document in every
        for name in document.mapping("domains")
        if "mutual_tls" in document.mapping("domains", name)
    }
    for document in every:
        for name in document.mapping("domains"):
            path: KeyPath = ("domains", name)
            if name in strict and "mutual_tls" not in document.mapping(*path):
                for base in document.mapping(*path, "base_paths"):
                    yield from no_way_around(document, (*path, "base_paths", base))
