"""What an account holds of the addresses of a stage: domains, base paths, the default endpoint."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from gateprint.access.front_probes import addresses_of
from gateprint.access.verdicts import Outcome
from gateprint.model.resolved import BasePath, Domain, MutualTls, ResolvedBlueprint
from gateprint.workflow.aws_failures import explained
from gateprint.workflow.deployed import Clients
from gateprint.workflow.verify_manner import Stand
from gateprint.workflow.verify_report import Row

# API Gateway API reference, GetBasePathMapping: "specify (none)" for the root of a domain.
_ROOT = "(none)"
_MISSING = "NotFoundException"


def guarded_domains(blueprints: Iterable[ResolvedBlueprint]) -> frozenset[str]:
    """Return the names of the domains that ask for certificates."""
    return frozenset(
        domain.name for each in blueprints for domain in each.domains if domain.mutual_tls
    )


@dataclass(frozen=True, slots=True)
class Fronts:
    """The rows of addresses, and those that lead where they should: `<name>/<base path>`."""

    rows: tuple[Row, ...] = ()
    right: frozenset[str] = frozenset()


def fronts_of(stands: Iterable[Stand], closed: Collection[int], clients: Clients) -> Fronts:
    """Return what the account holds of all addresses.

    `closed` are the stands (by `id`) whose default endpoint a request is sent to: of the others
    without one the account is asked.
    """
    rows: list[Row] = []
    for stand in stands:
        with explained(stand.blueprint.environment):
            for stage in stand.found.stages:
                rows += _of_stage(stand, stage, clients)
                if not stand.api.has_default_endpoint and id(stand) not in closed:
                    rows.append(_default_endpoint(stand, stage, clients))
    right = (each.request.partition(" ")[2] for each in rows if each.verdict == "ok")
    return Fronts(tuple(rows), frozenset(right))


def _of_stage(stand: Stand, stage: str, clients: Clients) -> Iterator[Row]:
    for domain, base in addresses_of(stand.blueprint, stand.api.name, stage):
        yield _mapping(stand, stage, (domain, base), clients)
        if domain.mutual_tls is not None:
            yield _mutual_tls(stand, stage, domain, domain.mutual_tls, clients)


def _mapping(stand: Stand, stage: str, at: tuple[Domain, BasePath], clients: Clients) -> Row:
    domain, base = at
    expected = f"{stand.found.api_id}/{stage}"
    try:
        found = clients("apigateway").get_base_path_mapping(
            domainName=domain.name, basePath=base.path or _ROOT
        )
    except ClientError as error:
        said = _refused(error, "nothing: there is no such domain, or base path")
    else:
        said = (f"{found['restApiId']}/{found.get('stage', '')}", None)
    request = f"ANY {domain.name}/{base.path}".rstrip("/")
    why = f"the base path of {stand.api.name} on {stage}"
    return _row(stand, stage, ("domain", request, why), f"leads to {expected}", _leading(said))


_Said = tuple[str, Outcome | None]


def _leading(said: _Said) -> _Said:
    return (f"leads to {said[0]}", said[1]) if said[1] != "undecided" else said


def _mutual_tls(
    stand: Stand, stage: str, domain: Domain, asked: MutualTls, clients: Clients
) -> Row:
    try:
        found = clients("apigateway").get_domain_name(domainName=domain.name)
    except ClientError as error:
        said = _refused(error, "there is no such domain")
    else:
        said = (_authorities(found.get("mutualTlsAuthentication") or {}, asked), None)
    of = ("certificate", f"CONNECT {domain.name}", f"{domain.name} asks for certificates")
    wanted = {"truststoreUri": asked.truststore, "truststoreVersion": asked.version}
    return _row(stand, stage, of, _authorities(wanted, asked), said)


def _authorities(values: Mapping[str, Any], asked: MutualTls) -> str:
    """Say whom a domain trusts; the version counts where the blueprint names one."""
    if not values.get("truststoreUri"):
        return "asks for no certificate"
    version = f", version {values.get('truststoreVersion')}" if asked.version else ""
    return f"trusts {values['truststoreUri']}{version}"


def _default_endpoint(stand: Stand, stage: str, clients: Clients) -> Row:
    try:
        found = clients("apigateway").get_rest_api(restApiId=stand.found.api_id)
    except ClientError as error:
        said = _refused(error, "there is no such API")
    else:
        is_off = found.get("disableExecuteApiEndpoint") is True
        said = ("off" if is_off else "on", None)
    of = ("closed", "ANY /", "the default endpoint is off")
    return _row(stand, stage, of, "off", said)


def _refused(error: ClientError, gone: str) -> _Said:
    code = error.response.get("Error", {}).get("Code", "")
    return (gone, "differs") if code == _MISSING else (f"AWS does not tell: {code}", "undecided")


def _row(stand: Stand, stage: str, of: tuple[str, str, str], expected: str, said: _Said) -> Row:
    kind, request, why = of
    found, decided = said
    return Row(
        blueprint=stand.blueprint.name,
        api=stand.api.name,
        stage=stage,
        route=request,
        role="",
        kind=kind,
        check="access",
        request=request,
        expected=expected,
        found=found,
        verdict=decided or ("ok" if found == expected else "differs"),
        evidence="none" if decided == "undecided" else "the account's documents",
        why=why,
    )
