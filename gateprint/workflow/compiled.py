"""An API and its callers' policies, compiled from the blueprints exactly as stacks do it; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gateprint.access.answers.answer import Caller, Source, Target, read_source
from gateprint.access.answers.provenance import Asked
from gateprint.access.policy import (
    api_arn,
    inline_policy_name,
    managed_policy_name,
    resource_policy,
    role_documents,
)
from gateprint.access.whereabouts import inside
from gateprint.model.resolved import Environment, ResolvedBlueprint, Role
from gateprint.workflow.inputs import Inputs


def compiled_target(asked: Asked) -> Target:
    """Return the API as the blueprint has it; its name stands for the id that it has not yet."""
    environment, api = asked.blueprint.environment, asked.api
    stages = tuple(each.name for each in asked.blueprint.stages)
    declared = next(each for each in asked.blueprint.apis if each.name == api.name)
    document = resource_policy(environment, stages, declared, api.name)
    return Target(
        api,
        api_arn(environment, api.name),
        asked.stage,
        read_source(f"resource policy of {api.name}", document, "resource") if document else None,
        inside(api) if api.has_policy else None,
    )


@dataclass(frozen=True, slots=True)
class Compiled:
    """Compiles a role's documents from every blueprint that grants to it in the account."""

    environment: Environment
    placed: Mapping[str, list[tuple[ResolvedBlueprint, Role]]]

    @classmethod
    def of(cls, inputs: Inputs, asked: Asked) -> Compiled:
        """Return the compiler for the account of what is asked about."""
        placed: dict[str, list[tuple[ResolvedBlueprint, Role]]] = defaultdict(list)
        for blueprint in inputs.blueprints:
            for role in blueprint.roles:
                placed[role.name].append((blueprint, role))
        return cls(asked.blueprint.environment, placed)

    def caller(self, name: str) -> Caller:
        """Return a role's session; from another account, where the role is in none of here."""
        every = self.placed[name]
        found = [one for one in every if one[0].environment.account == self.environment.account]
        where = self.environment if found else every[0][0].environment
        sources = [source for one in found or every for source in _sources(*one)]
        arn = f"arn:{where.partition}:iam::{where.account}:role/{name}"
        return Caller(name, arn, tuple(sources))


def _sources(blueprint: ResolvedBlueprint, role: Role) -> Iterator[Source]:
    """Yield a role's documents as the stack of a blueprint deploys them, by the names there."""
    documents = role_documents(blueprint, role, {each.name: each.name for each in blueprint.apis})
    if documents.inline is not None:
        yield read_source(inline_policy_name(blueprint, role), documents.inline, "identity")
    for number, document in enumerate(documents.managed, start=1):
        yield read_source(managed_policy_name(blueprint, role, number), document, "identity")


def role_in(blueprint: ResolvedBlueprint, name: str) -> Role | None:
    """Return the blueprint's role of this name."""
    return next((each for each in blueprint.roles if each.name == name), None)
