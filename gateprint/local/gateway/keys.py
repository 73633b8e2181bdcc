"""API keys and usage plans, as GetApiKeys and GetUsagePlans answer; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gateprint.local.gateway.stage import Limit


@dataclass(frozen=True, slots=True)
class Plan:
    """A usage plan of one stage; `method_limits` are by `/pets/GET`."""

    plan_id: str
    limit: Limit | None = None
    method_limits: Mapping[str, Limit] = field(default_factory=dict)
    quota: int | None = None
    period: str = "DAY"

    def limit_of(self, resource_path: str, verb: str) -> Limit | None:
        """Return a method's limit: its own, or the plan's."""
        return self.method_limits.get(f"{resource_path}/{verb}", self.limit)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An enabled API key, and the plan that lets it call the stage."""

    key_id: str
    plan: Plan


def period_of(kind: str, now: datetime) -> str:
    """Return the name of the day, week or month that a moment is in."""
    if kind == "WEEK":
        year, week, _ = now.isocalendar()
        return f"{year}-W{week}"
    return now.strftime("%Y-%m" if kind == "MONTH" else "%Y-%m-%d")
