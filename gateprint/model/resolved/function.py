"""A Lambda function with every default final; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

NOOP_FUNCTION = "noop"
NOOP_HANDLER = "app.handler"


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda function, built from `lambdas/<source>`.

    `checks` is the (API, authorizer) whose tokens it checks, for a function that does so. One that
    `is_guarded` gets no request without an identity token. Where `has_tracing` is None, AWS keeps
    what the function has.
    """

    name: str
    aws_name: str
    source: str
    handler: str
    runtime: str
    memory_mib: int
    timeout_seconds: int
    log_retention_days: int
    description: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    checks: tuple[str, str] | None = None
    is_guarded: bool = False
    has_tracing: bool | None = None

    @property
    def archive(self) -> str:
        """Return the name of its archive; one that checks tokens holds settings of its own.

        One that is guarded holds packages for its runtime; no source has a name with a dot.
        """
        if self.is_guarded:
            return f"{self.source}-{self.runtime}-guarded"
        return self.aws_name if self.checks else self.source
