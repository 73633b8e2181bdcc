"""`ci-policy`: what a pipeline's roles need in each environment, from what the blueprints have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateprint.model.resolved import Environment
from gateprint.terraform.permissions.policy import CiPolicy, ci_policy
from gateprint.terraform.permissions.table import Purpose
from gateprint.terraform.permissions.trust import parse_trust, trust_of
from gateprint.workflow.inputs import load
from gateprint.workflow.places import Places
from gateprint.workflow.revision import inputs_at


@dataclass(frozen=True, slots=True)
class Asked:
    """Which role is meant, and who may assume it.

    `trusted` are as `parse_trust` reads them. With `revision`, what the inputs had then counts too.
    """

    purpose: Purpose
    trusted: tuple[str, ...] = ()
    issuer: str = ""
    revision: str | None = None


@dataclass(frozen=True, slots=True)
class CiRole:
    """A role's policies, and its trust policy where somebody was named."""

    policy: CiPolicy
    trust: Mapping[str, Any] | None


def ci_roles(places: Places, asked: Asked, environ: Mapping[str, str]) -> tuple[CiRole, ...]:
    """Return the role of each environment that a stage names, or of the chosen one.

    Raises:
        InputRejected: the input is wrong.
        ToolFailed: IAM's quotas are too small, or git fails.
        ValueError: a repository that is to be trusted is none.
    """
    return tuple(_roles(places, asked, environ))


def _roles(places: Places, asked: Asked, environ: Mapping[str, str]) -> Iterator[CiRole]:
    now = load(places)
    then = inputs_at(places, asked.revision, environ).blueprints if asked.revision else ()
    for each in now.environments:
        found = ci_policy(each, [*now.blueprints, *then], asked.purpose)
        yield CiRole(found, _trust(each, asked))


def _trust(environment: Environment, asked: Asked) -> Mapping[str, Any] | None:
    if not asked.trusted:
        return None
    trusted: Sequence[Any] = [
        parse_trust(each, asked.purpose, environment.name) for each in asked.trusted
    ]
    found: Mapping[str, Any] = trust_of(environment, trusted, asked.issuer)
    return found
