"""Blueprints and environments made from short texts, for the tests of the pure core."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gateprint.errors import Diagnostic, InputRejected
from gateprint.model import resolved, schema, source
from gateprint.model.blueprint import Blueprint
from gateprint.model.document import Document
from gateprint.model.environment import Environment
from gateprint.model.placement import check_placement
from gateprint.model.references import check_references
from gateprint.model.resolve import resolve
from gateprint.model.resolve_environment import resolve_environment
from gateprint.model.rules import check_environment_rules, check_rules
from tests.support import saml

ROOT = Path(__file__).parents[2]
ISSUER = "urn:acme.auth0.com"

# One route, one function, one role; tests replace parts of it.
SMALL = """\
blueprint: 1
name: pets
stages:
  dev: {environment: nonprod}
apis:
  pets:
    routes:
      GET /pets/{id}: {function: get_pet}
functions:
  get_pet: {source: pets, handler: app.get_pet}
roles:
  pets-reader:
    identity_provider: auth0
    allow:
      - {stages: all, routes: all}
"""
NONPROD = """\
environment: nonprod
account: "123456789012"
region: us-east-2
state: {bucket: acme-terraform-state}
identity_providers:
  auth0: {issuer: "urn:acme.auth0.com", metadata: identity/auth0.xml}
"""


@cache
def metadata() -> str:
    return saml.metadata(ISSUER, "acme.auth0.com")


def edited(text: str, edits: Mapping[str, str]) -> str:
    """Replace parts of a text, each of which must be there exactly once."""
    for old, new in edits.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def blueprint_of(text: str) -> tuple[Document, Blueprint]:
    document = source.read("pets.yaml", text)
    blueprint, found = schema.examine(document, Blueprint, check_rules(document))
    if blueprint is None:
        raise InputRejected(found)
    return document, blueprint


def environment_of(
    text: str = NONPROD, files: Mapping[str, str] | None = None
) -> resolved.Environment:
    document = source.read("nonprod.yaml", text)
    found = {"identity/auth0.xml": metadata()} if files is None else files
    rules = check_environment_rules(document)
    environment, diagnostics = schema.examine(document, Environment, rules)
    if environment is None:
        raise InputRejected(diagnostics)
    return resolve_environment(document, environment, found)


def resolved_of(
    text: str, environment: resolved.Environment | None = None, *, all_stages: bool = False
) -> resolved.ResolvedBlueprint:
    document, blueprint = blueprint_of(text)
    assert list(check_references(document)) == []
    where = environment or environment_of()
    if found := list(check_placement(document, where)):
        raise InputRejected(found)
    return resolve(blueprint, where, all_stages=all_stages)


def rejected(make: Any, *arguments: Any, **named: Any) -> tuple[Diagnostic, ...]:
    """Call `make`, which must reject its input, and return the diagnostics."""
    with pytest.raises(InputRejected) as caught:
        make(*arguments, **named)
    return caught.value.diagnostics
