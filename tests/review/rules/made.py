"""Reviews made from short texts: a blueprint before and after, and what Terraform plans."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from cryptography import x509

from gateprint.access.changes.comparison import changes
from gateprint.model import source
from gateprint.model.document import Document
from gateprint.model.resolved import Environment, ResolvedBlueprint
from gateprint.review.subject import StackSubject, Subject
from tests.model.made import ISSUER, NONPROD, edited, environment_of, resolved_of
from tests.support import saml
from tests.terraform.plans.documents import change, plan

TODAY = dt.date(2026, 6, 1)
# Nothing in it is a finding.
PETS = """\
blueprint: 1
name: pets
stages:
  dev: {environment: nonprod, throttle: {rate: 10, burst: 5}, access_log: {}}
  live: {environment: nonprod, throttle: {rate: 10, burst: 5}, access_log: {}}
apis:
  pets:
    cors: {origins: ["https://shop.example.com"]}
    routes:
      GET /pets: {mock: {status: 200}}
      POST /pets: {mock: {status: 200}}
      GET /pets/{id}: {mock: {status: 200}}
      GET /pets/{id}/owner: {mock: {status: 200}}
roles:
  reader:
    identity_provider: auth0
    when: {edupersonaffiliation: [staff]}
    allow: [{stages: all, routes: [GET /pets]}]
"""
Edits = Mapping[str, str]
Planned = Mapping[str, Any]
HARMLESS = change(
    "aws_cloudwatch_log_group.pets_dev--access",
    ("update",),
    before={"retention_in_days": 7},
    after={"retention_in_days": 30},
)


@cache
def here() -> Environment:
    return environment_of()


@cache
def signed_with(*days: int) -> Environment:
    """Return the environment, whose provider's certificates end so many days after TODAY."""
    made = [_certificate(each) for each in days]
    metadata = saml.metadata(ISSUER, "acme.auth0.com", *made)
    return environment_of(files={"identity/auth0.xml": metadata})


@cache
def _certificate(days: int) -> x509.Certificate:
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    now = dt.datetime.combine(TODAY, dt.time(), dt.UTC)
    return saml.certificate("acme.auth0.com", start=start, days=(now - start).days + days)


@dataclass(frozen=True)
class Review:
    """A review of the pets stack and its account's stack, by what they differ in from PETS.

    `before` is None where the blueprint is new. `planned` are the plan's changes; None where the
    stack does not change.
    """

    after: Edits = field(default_factory=dict)
    before: Edits | None = field(default_factory=dict)
    planned: tuple[Planned, ...] | None = (HARMLESS,)
    account: tuple[Planned, ...] | None = None
    environment: Environment | None = None
    environment_before: Environment | None = None
    is_offline: bool = False

    def subject(self) -> Subject:
        environment = self.environment or here()
        document, after = side(self.after, environment)
        old = []
        if self.before is not None:
            old = [side(self.before, self.environment_before or environment)[1]]
        pets = StackSubject("pets-nonprod", environment, after, document, _plan(self.planned))
        own = StackSubject(
            environment.account_stack,
            environment,
            None,
            source.read("config/nonprod.yaml", NONPROD),
            _plan(self.account),
        )
        return Subject((own, pets), changes(old, [after]), TODAY, self.is_offline, tuple(old))


def side(edits: Edits, environment: Environment) -> tuple[Document, ResolvedBlueprint]:
    text = edited(PETS, edits)
    return source.read("blueprints/pets.yaml", text), resolved_of(text, environment)


def _plan(found: tuple[Planned, ...] | None) -> Any:
    if found is None:
        return None
    return plan(*(dict(each) for each in found))


def offline(review: Review) -> Review:
    return replace(review, planned=None, account=None, is_offline=True)


def policy(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def updated(address: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Planned:
    return change(address, ("update",), before=dict(before), after=dict(after))


def deleted(address: str, **before: Any) -> Planned:
    return change(address, ("delete",), before=before)


def replaced(address: str, *forced: str, **before: Any) -> Planned:
    found = change(address, ("delete", "create"), before=before, after=before)
    found["change"]["replace_paths"] = [[each] for each in forced]
    return found
