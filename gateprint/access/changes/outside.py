"""Says who gains and who loses access by what was changed outside of Terraform; pure.

Both sides are proved against the blueprint: as it was applied, and as it is now. What is wrong on
one side alone was changed outside. So changes of blueprints that were not applied yet are none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from gateprint.access.changes.access_drift import AccessDrift, in_order
from gateprint.access.changes.wording import duration, grouped, inverted, joined
from gateprint.access.proof.applied import Applied
from gateprint.access.proof.found import RoleAccess
from gateprint.access.proof.stack import prove
from gateprint.errors import Difference
from gateprint.model.resolved import ResolvedBlueprint


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
    return in_order(found)


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
    changed = _changed(blueprint, before, after)
    appeared = [each for each in new if each not in set(old) or _is_undecided(each, changed)]
    gone = [each for each in old if each.kind != "unknown" and each not in set(new)]
    ids = {each.api_id: each.name.removeprefix(f"{blueprint.stack}-") for each in after.access.apis}
    yield from _grouped(_without_same(appeared, old, ids), _APPEARED, ids)
    yield from _grouped(_without_same(gone, new, ids), _GONE, ids)


def _is_undecided(one: Difference, changed: frozenset[tuple[str, str]]) -> bool:
    """Tell whether what was not known before is not known now, though something was changed."""
    return one.kind == "unknown" and bool({("role", one.role), ("api", one.api)} & changed)


def _changed(
    blueprint: ResolvedBlueprint, before: Applied, after: Applied
) -> frozenset[tuple[str, str]]:
    """Return the roles and APIs whose policies say something else, however they are written."""
    old, new = before.access, after.access
    roles = {
        ("role", name)
        for name in {*old.roles, *new.roles}
        if _documents(old.roles.get(name)) != _documents(new.roles.get(name))
    }
    sides = [{each.name: _read(each.resource_policy) for each in side.apis} for side in (old, new)]
    apis = {
        ("api", name.removeprefix(f"{blueprint.stack}-"))
        for name in {*sides[0], *sides[1]}
        if sides[0].get(name) != sides[1].get(name)
    }
    return frozenset(roles | apis)


def _documents(role: RoleAccess | None) -> object:
    if role is None:
        return None
    policies = sorted((each.name, repr(_read(each.document))) for each in role.policies)
    return policies, sorted(role.elsewhere), _read(role.trust)


def _read(document: str | None) -> object:
    try:
        return json.loads(document or "null")
    except ValueError:
        return document


def _without_same(
    found: Sequence[Difference], other: Sequence[Difference], ids: Mapping[str, str]
) -> list[Difference]:
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
        and not (_is_within(each, ids) and (each.role, each.statement) in explained)
    ]


def _is_within(one: Difference, ids: Mapping[str, str]) -> bool:
    """Tell whether what an Allow holds too much is of the stack's own APIs alone."""
    found = _BEYOND.search(one.sentence) if one.kind == "beyond" else None
    return found is not None and found["api"] in ids


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


def _grouped(
    found: Sequence[Difference], words: Mapping[str, str], ids: Mapping[str, str]
) -> Iterator[AccessDrift]:
    """Yield one sentence for the routes of a role that are the same on some stages.

    `ids` are the names of the stack's APIs.
    """
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
            sentence = _sentence(each, ids, has_appeared=words is _APPEARED)
            stages = tuple(filter(None, (each.stage,)))
            keys = tuple(filter(None, (each.route,)))
            yield AccessDrift(each.kind, sentence, each.role, each.api, stages, keys)


def _sentence(one: Difference, ids: Mapping[str, str], *, has_appeared: bool) -> str:
    if not has_appeared:
        return f"the blueprint asks for it, nobody has applied it: no longer so that {one.sentence}"
    found = _BEYOND.search(one.sentence) if one.kind == "beyond" else None
    if found is None or found["api"] not in ids:
        return one.sentence
    verb = "every method of" if found["verb"] == "*" else found["verb"]
    stage = "every stage" if found["stage"] == "*" else found["stage"]
    what = f"{verb} /{found['path'] or ''} on {stage} of {ids[found['api']]}"
    return f"{one.role} may now call {what}, which the blueprint does not grant"


# What the proof says of an Allow that no grant explains: an execute-api ARN, with wildcards.
_BEYOND = re.compile(
    r":(?P<api>[a-z0-9]+)/(?P<stage>[^/*]+|\*)/(?P<verb>[A-Z]+|\*)(?:/(?P<path>\S*))?, beyond"
)


def _sessions(before: Applied, after: Applied) -> Iterator[AccessDrift]:
    for role, seconds in sorted(after.sessions.items()):
        old = before.sessions.get(role, seconds)
        if old != seconds:
            now = f"may last {duration(seconds)} now, not {duration(old)}"
            yield AccessDrift("session", f"a session of {role} {now}", role)
