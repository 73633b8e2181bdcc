"""Proves that a synthesized stack gives exactly the access that its blueprint states; pure.

What is proved: every role may call every granted route on every granted stage, whatever its
parameters are; it may call no other route, however the path ends; nothing else is allowed than
what grants explain; nobody else may assume the role; methods ask for the signature that they
should; domains and default endpoints are as stated; and nothing in the stack bears on access
without having been understood. The stack of a retired blueprint has nothing left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gateprint.access.iam.statement import read_policy
from gateprint.access.proof.domains import prove_domains
from gateprint.access.proof.endpoints import prove_endpoints
from gateprint.access.proof.exposure import prove_api
from gateprint.access.proof.found import ApiAccess, RoleAccess, StackAccess
from gateprint.access.proof.plans import prove_plans
from gateprint.access.proof.role import INVOKE, prove_role
from gateprint.access.proof.trust import prove_service_trust, prove_trust
from gateprint.errors import Difference, NotModelled
from gateprint.model.resolved import Environment, ResolvedBlueprint


def prove(blueprint: ResolvedBlueprint, stack: StackAccess) -> tuple[Difference, ...]:
    """Return every difference between a blueprint and its stack, sorted; none where it is right."""
    return tuple(sorted(set(_differences(blueprint, stack))))


def _differences(blueprint: ResolvedBlueprint, stack: StackAccess) -> Iterator[Difference]:
    name = blueprint.stack
    if blueprint.is_retired:
        yield from _left(name, stack)
        return
    yield from (Difference(name, "unknown", each) for each in stack.not_read)
    apis: dict[str, ApiAccess] = {}
    for api in blueprint.apis:
        found = [each for each in stack.apis if each.name == f"{name}-{api.name}"]
        if len(found) != 1:
            sentence = f"there are {len(found)} REST APIs {name}-{api.name}"
            yield Difference(name, "unknown", sentence, api=api.name)
            continue
        apis[api.name] = found[0]
        yield from prove_api(blueprint, api, found[0])
    known = {each.api_id for each in apis.values()}
    for other in stack.apis:
        if other.api_id not in known:
            sentence = f"the REST API {other.name} is not in the blueprint"
            yield Difference(name, "unknown", sentence)
    yield from prove_plans(blueprint, stack)
    yield from prove_domains(blueprint, stack)
    for role in blueprint.roles:
        yield from prove_role(blueprint, role, stack, apis)
        access = stack.roles.get(role.name)
        if role.identity_provider is not None or access is not None:
            yield from prove_trust(blueprint, role, access.trust if access else None)
    callers = {role.name for role in blueprint.roles}
    for role_name, access in stack.roles.items():
        if role_name not in callers:
            yield from _other_role(name, access)


def _left(name: str, stack: StackAccess) -> Iterator[Difference]:
    """Yield what a stack still has whose blueprint is retired."""
    for each in stack.contents:
        sentence = f"{each} is still there, though the blueprint is retired"
        yield Difference(name, "retired", sentence)


def _other_role(stack: str, role: RoleAccess) -> Iterator[Difference]:
    """Yield what is wrong about a role that the blueprint does not declare, as of functions."""
    for arn in role.elsewhere:
        sentence = f"{role.name} has the policy {arn}, which is not in the stack"
        yield Difference(stack, "unknown", sentence, role.name)
    try:
        for named in role.policies:
            for statement in read_policy(named.name, named.document, "identity").allows:
                if statement.actions.is_matching(INVOKE.lower()) is not statement.is_not_action:
                    sentence = f"{role.name} is not in the blueprint, but may call APIs"
                    yield Difference(
                        stack, "action", sentence, role.name, statement=statement.place
                    )
        yield from prove_service_trust(stack, role.name, role.trust)
    except (NotModelled, ValueError) as error:
        yield Difference(stack, "unknown", f"it is not known what {role.name} may do: {error}")


# What API Gateway's role for logs has: it writes logs, and calls nothing.
_LOGS = "service-role/AmazonAPIGatewayPushToCloudWatchLogs"


def prove_account(environment: Environment, stack: StackAccess) -> tuple[Difference, ...]:
    """Return every difference between an environment and its account stack, sorted."""
    return tuple(sorted(set(_account_differences(environment, stack))))


def _account_differences(environment: Environment, stack: StackAccess) -> Iterator[Difference]:
    name = environment.account_stack
    yield from (Difference(name, "unknown", each) for each in stack.not_read)
    for role in stack.roles.values():
        others = tuple(arn for arn in role.elsewhere if not arn.endswith(f":aws:policy/{_LOGS}"))
        yield from _other_role(name, replace(role, elsewhere=others))
    yield from prove_endpoints(environment, stack)
    stated = {each.name: each.metadata_xml for each in environment.identity_providers}
    for provider in sorted(stated.keys() | stack.saml_providers.keys()):
        said = _said(stated.get(provider), stack.saml_providers.get(provider))
        if said:
            yield Difference(name, "trust", f"the SAML provider {provider} {said}")


def _said(stated: str | None, found: str | None) -> str:
    if found is None:
        return "is not there"
    if stated is None:
        return "is not in the environment"
    return "" if stated == found else "has other metadata than the environment"
