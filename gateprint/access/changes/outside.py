"""Says who gains and who loses access by what was changed outside of Terraform; pure.

Both sides are proved against the blueprint: as it was applied, and as it is now. What is wrong on
one side alone was changed outside. So changes of blueprints that were not applied yet are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from gateprint.access.changes.comparison import SignInChange
from gateprint.access.changes.terms import terms
from gateprint.access.changes.trust import Trust, trust_of
from gateprint.access.changes.wording import duration, grouped, inverted, joined, names, parts_of
from gateprint.access.proof.applied import Applied
from gateprint.access.proof.stack import prove, prove_account
from gateprint.errors import Difference, DifferenceKind
from gateprint.model.resolved import Environment, IdentityProvider, ResolvedBlueprint, Role

Kind = Literal[DifferenceKind, "deployment", "network", "session", "certificate"]

_IN_ORDER: tuple[Kind, ...] = (
    "auth",
    "network",
    "resource-policy",
    "allowed",
    "beyond",
    "action",
    "denied",
    "certificate",
    "trust",
    "session",
    "stage",
    "deployment",
    "retired",
    "unknown",
)


@dataclass(frozen=True, slots=True)
class AccessDrift:
    """One change of access, in a sentence without a capital and a full stop.

    `kind` is that of the proof's difference; `unknown` is what cannot be decided. Role, API,
    stages and routes are empty where it is not about them.
    """

    kind: Kind
    sentence: str
    role: str = ""
    api: str = ""
    stages: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()


def changed_access(
    blueprint: ResolvedBlueprint, before: Applied, after: Applied
) -> tuple[AccessDrift, ...]:
    """Return what a stack's drift changes of access, the gravest first.

    Nothing is said of a retired blueprint, whose stack goes away.
    """
    if before == after or blueprint.is_retired:
        return ()
    names_of = {f"{blueprint.stack}-{each.name}": each.name for each in blueprint.apis}
    found = [
        *_methods(names_of, before, after),
        *_networks(names_of, before, after),
        *_policies(blueprint, before, after),
        *_sessions(before, after),
        *_deployments(names_of, before, after),
    ]
    return _in_order(found)


def changed_account(
    environment: Environment, roles: Sequence[Role], before: Applied, after: Applied
) -> tuple[AccessDrift, ...]:
    """Return the same of an account's own stack; `roles` are those that people sign in to."""
    if before == after:
        return ()
    old, new = before.access.saml_providers, after.access.saml_providers
    signed = [each for each in environment.identity_providers if _is_other(each.name, old, new)]
    told = [each for provider in signed for each in _signers(provider, roles, old, new)]
    said = frozenset(each.name for each in signed) if told else frozenset()
    known = set(prove_account(environment, before.access))
    rest = [
        AccessDrift(each.kind, each.sentence, each.role)
        for each in prove_account(environment, after.access)
        if (each not in known or each.kind == "unknown") and not _is_about(each, said)
    ]
    return _in_order([*told, *rest])


def _in_order(found: Sequence[AccessDrift]) -> tuple[AccessDrift, ...]:
    return tuple(sorted(found, key=lambda each: (_IN_ORDER.index(each.kind), each.sentence)))


def _methods(names_of: Mapping[str, str], before: Applied, after: Applied) -> Iterator[AccessDrift]:
    """Yield the methods that ask for something else; stages publish that with a deployment."""
    old = {each.api_id: each for each in before.access.apis}
    for api in after.access.apis:
        name = names_of.get(api.name, api.name)
        known = old[api.api_id].methods if api.api_id in old else {}
        told = {
            key: _authorization(known.get(key), api.methods.get(key))
            for key in sorted({*known, *api.methods})
            if known.get(key) != api.methods.get(key)
        }
        stages = tuple(stage for stage in _redeployed(before, after, api.name))
        for words, routes in inverted(told).items():
            sentence = f"{joined(routes)} of {name} {words}; {_published(stages)}"
            yield AccessDrift("auth", sentence, api=name, stages=stages, routes=routes)


def _authorization(before: str | None, after: str | None) -> str:
    if after is None:
        return "has no method any more"
    if before is None:
        return f"has a method now, with the authorization {after}"
    if after == "NONE":
        return "no longer demands a signature"
    return f"has the authorization {after} now, not {before}"


def _published(stages: Sequence[str]) -> str:
    if stages:
        return f"{joined(stages)} got another deployment, which may have published that"
    return "the stages publish that with their next deployment, not before"


def _redeployed(before: Applied, after: Applied, api: str) -> Iterator[str]:
    for (name, stage), deployment in sorted(after.deployments.items()):
        if name == api and before.deployments.get((name, stage), deployment) != deployment:
            yield stage


def _deployments(
    names_of: Mapping[str, str], before: Applied, after: Applied
) -> Iterator[AccessDrift]:
    for api in after.access.apis:
        stages = tuple(_redeployed(before, after, api.name))
        if stages:
            name = names_of.get(api.name, api.name)
            publish = "publishes" if len(stages) == 1 else "publish"
            sentence = (
                f"{joined(stages)} of {name} {publish} another deployment than was applied: "
                "what it lets through is not known here, gateprint verify tries it"
            )
            yield AccessDrift("deployment", sentence, api=name, stages=stages)


def _networks(
    names_of: Mapping[str, str], before: Applied, after: Applied
) -> Iterator[AccessDrift]:
    for name in sorted(before.private ^ after.private):
        api = names_of.get(name, name)
        if name in after.private:
            sentence = f"{api} can only be reached through VPC endpoints now"
        else:
            sentence = f"{api} can be reached from the internet; until now only by VPC endpoints"
        yield AccessDrift("network", sentence, api=api)


def _policies(
    blueprint: ResolvedBlueprint, before: Applied, after: Applied
) -> Iterator[AccessDrift]:
    old, new = prove(blueprint, before.access), prove(blueprint, after.access)
    appeared = [each for each in new if each.kind == "unknown" or each not in set(old)]
    gone = [each for each in old if each.kind != "unknown" and each not in set(new)]
    yield from _grouped(_without_same(appeared, old), _APPEARED)
    yield from _grouped(_without_same(gone, new), _GONE)


def _without_same(found: Sequence[Difference], other: Sequence[Difference]) -> list[Difference]:
    """Leave out what the other side has with another example or statement, and what is said twice.

    Methods are compared by themselves.
    """
    places = {_place(each) for each in other if each.route}
    explained = {(each.role, each.statement) for each in found if each.kind == "allowed"}
    return [
        each
        for each in found
        if each.kind != "auth"
        and not (each.route and _place(each) in places)
        and not (each.kind == "beyond" and (each.role, each.statement) in explained)
    ]


def _place(one: Difference) -> tuple[str, ...]:
    return one.kind, one.role, one.api, one.stage, one.route


_APPEARED = {
    "allowed": "{role} may now call {what}, which the blueprint does not grant",
    "denied": "{role} may no longer call {what}, which the blueprint grants",
}
_GONE = {
    "allowed": "{role} may no longer call {what}, which the blueprint has not granted either",
    "denied": "{role} may now call {what}, which the blueprint grants and nobody has applied",
}


def _grouped(found: Sequence[Difference], words: Mapping[str, str]) -> Iterator[AccessDrift]:
    """Yield one sentence for the routes of a role that are the same on some stages."""
    routed = [each for each in found if each.kind in words]
    for (kind, role, api), group in grouped(
        routed, lambda each: (each.kind, each.role, each.api)
    ).items():
        by_stage = grouped(group, lambda each: each.stage)
        routes = {stage: tuple(sorted({e.route for e in on})) for stage, on in by_stage.items()}
        for keys, stages in inverted(routes).items():
            what = f"{joined(keys)} on {joined(stages)} of {api}"
            sentence = words[kind].format(role=role, what=what)
            yield AccessDrift(kind, sentence, role, api, stages, keys)
    for each in found:
        if each.kind not in words:
            sentence = _sentence(each, has_appeared=words is _APPEARED)
            stages = tuple(filter(None, (each.stage,)))
            keys = tuple(filter(None, (each.route,)))
            yield AccessDrift(each.kind, sentence, each.role, each.api, stages, keys)


def _sentence(one: Difference, *, has_appeared: bool) -> str:
    if not has_appeared:
        return f"the blueprint asks for it, nobody has applied it: no longer so that {one.sentence}"
    if one.kind == "beyond":
        return f"{one.role} may now call {one.example}, which the blueprint does not grant"
    return one.sentence


def _sessions(before: Applied, after: Applied) -> Iterator[AccessDrift]:
    for role, seconds in sorted(after.sessions.items()):
        old = before.sessions.get(role, seconds)
        if old != seconds:
            now = f"may last {duration(seconds)} now, not {duration(old)}"
            yield AccessDrift("session", f"a session of {role} {now}", role)


def _is_other(name: str, before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    return name in before and name in after and before[name] != after[name]


def _is_about(one: Difference, providers: frozenset[str]) -> bool:
    return one.kind == "trust" and any(f"provider {each} " in one.sentence for each in providers)


def _signers(
    provider: IdentityProvider,
    roles: Sequence[Role],
    before: Mapping[str, str],
    after: Mapping[str, str],
) -> Iterator[AccessDrift]:
    """Yield who may sign people in, or may no longer, by a change of a provider's metadata."""
    affected = [
        each
        for each in roles
        if each.identity_provider is not None and each.identity_provider.name == provider.name
    ]
    if not affected:
        return
    who = names(sorted(each.name for each in affected))
    for front, end in _terms(affected[0], provider, before, after):
        sentence = "".join(parts_of(f"{front}{who}{end}"))
        yield AccessDrift("certificate", sentence)


def _terms(
    role: Role, provider: IdentityProvider, before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    def trust(metadata_xml: str) -> Trust | None:
        return trust_of(
            replace(role, identity_provider=replace(provider, metadata_xml=metadata_xml))
        )

    try:
        old, new = trust(before[provider.name]), trust(after[provider.name])
    except ValueError:  # of XML or base64: whoever changed it did not ask this program
        return
    yield from terms(SignInChange("", "", role.name, old, new, is_elsewhere=False))
