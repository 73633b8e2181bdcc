"""What moto lacks, or does unlike AWS, added to its classes within the server's process only."""

from __future__ import annotations

from gateprint.local.additions import (
    absence,
    apis,
    authorizers,
    deployments,
    domains,
    functions,
    iam,
    models,
    plans,
    routes,
    runtimes,
    stages,
    sts,
    tags,
    user_pools,
    web_acls,
)

_PARTS = (
    absence,
    apis,
    authorizers,
    deployments,
    functions,
    iam,
    plans,
    models,
    routes,
    runtimes,
    stages,
    sts,
    tags,
    user_pools,
    domains,
    web_acls,
)


def install() -> None:
    """Add everything; call it once, before moto's application is made."""
    for part in _PARTS:
        part.install()
