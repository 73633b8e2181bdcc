"""A domain name of one's own, with every default final; pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MutualTls:
    """The authorities of clients' certificates: a file in S3, and its version if one is named."""

    truststore: str
    version: str | None = None


@dataclass(frozen=True, slots=True)
class BasePath:
    """What answers below `path`, which is empty for the domain's root and else has no slash."""

    path: str
    api: str
    stage: str


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain name; `certificate_arn` is None where the domain exists already."""

    name: str
    base_paths: tuple[BasePath, ...]
    certificate_arn: str | None = None
    endpoint: str = "REGIONAL"
    security_policy: str = "TLS_1_2"
    mutual_tls: MutualTls | None = None

    def url_of(self, base: BasePath) -> str:
        """Return the address of a base path, without a slash at its end."""
        return f"https://{self.name}/{base.path}".rstrip("/")


def address_of(domains: tuple[Domain, ...], api: str, stage: str) -> tuple[Domain, BasePath] | None:
    """Return the first base path that leads to a stage of an API."""
    for domain in domains:
        for base in domain.base_paths:
            if (base.api, base.stage) == (api, stage):
                return domain, base
    return None
