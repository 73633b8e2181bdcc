"""Both sides of a run, as blueprints: what is deployed, and what will be; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateprint.access.proof.applied import Resource, read_applied
from gateprint.model.metadata import read_metadata
from gateprint.model.resolved import Environment, IdentityProvider, ResolvedBlueprint
from gateprint.review.crosscheck import is_bearing
from gateprint.review.deployed import deployed_blueprint
from gateprint.review.grouping import Said
from gateprint.review.releases import with_releases_after, with_releases_before
from gateprint.review.served import ways_to, with_service
from gateprint.terraform.plans.drift import read_drift
from gateprint.terraform.plans.plan import TerraformPlan
from gateprint.terraform.runs.record import PlannedStack
from gateprint.workflow.synthesis import Stack

_Metadata = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RunStack:
    """A stack of a run, beside what the inputs say of it; `document` is its masked plan."""

    stack: PlannedStack
    known: Stack
    plan: TerraformPlan
    document: Mapping[str, Any]

    @property
    def resources(self) -> tuple[Resource, ...]:
        """Return what is there, as Terraform has just read it."""
        return read_drift(self.document).after


@dataclass(frozen=True, slots=True)
class Sides:
    """What is deployed and what will be; and what could not be decided of the one or the other."""

    before: tuple[ResolvedBlueprint, ...]
    after: tuple[ResolvedBlueprint, ...]
    undecided: tuple[Said, ...]


def sides_of(planned: Sequence[RunStack], every: Iterable[ResolvedBlueprint]) -> Sides:
    """Return both sides of all stacks whose access a run may change.

    These are the planned ones; and, of `every` blueprint that is not planned, those that trust a
    SAML provider whose metadata changes, since that is in the account's own stack.
    """
    undecided: list[Said] = []
    metadata = {
        each.known.environment.name: dict(_metadata(each, undecided))
        for each in planned
        if each.known.blueprint is None
    }
    before: list[ResolvedBlueprint] = []
    after: list[ResolvedBlueprint] = []
    for each in planned:
        if each.known.blueprint is not None:
            old = metadata.get(each.known.environment.name, {})
            before.append(
                with_releases_before(
                    _before(each, each.known.blueprint, old, undecided), each.resources
                )
            )
            after.append(with_releases_after(each.known.blueprint, each.resources, each.plan))
    names = {each.known.name for each in planned}
    for blueprint in every:
        old = metadata.get(blueprint.environment.name, {})
        if old and blueprint.stack not in names:
            before.append(_with_metadata(blueprint, old))
            after.append(blueprint)
    return Sides(tuple(before), tuple(after), tuple(undecided))


def _before(
    planned: RunStack, after: ResolvedBlueprint, old: _Metadata, undecided: list[Said]
) -> ResolvedBlueprint:
    resources = planned.resources
    if not is_bearing(planned.plan):
        # What stays as it is gives the access that is stated: the plan would change it otherwise.
        return with_service(_with_metadata(after, old), resources)
    applied = read_applied(resources)
    environment = _environment_with(planned.known.environment, old)
    ways = ways_to(resources)
    found = deployed_blueprint(after.name, environment, applied, applied.sessions, ways)
    undecided += (Said(after.stack, each) for each in found.undecided)
    return with_service(found.blueprint, resources)


def _metadata(account: RunStack, undecided: list[Said]) -> Iterator[tuple[str, str]]:
    """Yield the metadata that SAML providers have until now, where it will be another."""
    stated = {each.name: each.metadata_xml for each in account.known.environment.identity_providers}
    for each in account.resources:
        name = str(each.values.get("name"))
        found = str(each.values.get("saml_metadata_document") or "")
        if each.type != "aws_iam_saml_provider" or found == stated.get(name, found):
            continue
        try:
            read_metadata(found)
        except ValueError as error:
            sentence = f"which certificates {name} may sign with until now: {error}"
            undecided.append(Said(account.stack.stack, sentence))
        else:
            yield name, found


def _with_metadata(blueprint: ResolvedBlueprint, old: _Metadata) -> ResolvedBlueprint:
    """Return a blueprint as it is with the metadata of then."""
    roles = tuple(
        replace(each, identity_provider=_provider_with(each.identity_provider, old))
        if each.identity_provider is not None
        else each
        for each in blueprint.roles
    )
    environment = _environment_with(blueprint.environment, old)
    return replace(blueprint, environment=environment, roles=roles)


def _environment_with(environment: Environment, old: _Metadata) -> Environment:
    providers = tuple(_provider_with(each, old) for each in environment.identity_providers)
    return replace(environment, identity_providers=providers)


def _provider_with(provider: IdentityProvider, old: _Metadata) -> IdentityProvider:
    return replace(provider, metadata_xml=old.get(provider.name, provider.metadata_xml))
