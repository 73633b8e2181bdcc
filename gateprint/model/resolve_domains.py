"""Written domains → those of one environment, whose defaults are final; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from gateprint.model import resolved, written
from gateprint.model.blueprint import Blueprint


def resolve_domains(blueprint: Blueprint, stages: Collection[str]) -> Iterator[resolved.Domain]:
    """Yield the domains of an environment: those of its `stages`."""
    for name, said in blueprint.domains.items():
        paths = tuple(
            resolved.BasePath(path.removeprefix("/"), each.api or next(iter(blueprint.apis)), stage)
            for path, each in said.base_paths.items()
            if (stage := each.stage) in stages
        )
        if paths:
            yield _domain(name, said, paths)


def _domain(
    name: str, said: written.Domain, paths: tuple[resolved.BasePath, ...]
) -> resolved.Domain:
    mutual = said.mutual_tls
    return resolved.Domain(
        name=name,
        base_paths=paths,
        certificate_arn=said.certificate,
        endpoint=said.endpoint.upper(),
        security_policy=f"TLS_{said.tls.replace('.', '_')}",
        mutual_tls=resolved.MutualTls(mutual.truststore, mutual.version) if mutual else None,
    )
