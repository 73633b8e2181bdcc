"""Proves that a role can be assumed by those whom the blueprint names, and by nobody else; pure.

A trust policy that says what the blueprint says, in whatever order, is right. Any other is tried
with sign-ins that must be refused, to show whom it lets in, and is a difference in any case.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from gateprint.access.evaluate import evaluate_trust
from gateprint.access.iam.request import ANONYMOUS, Principal, Request, federated, service, user
from gateprint.access.iam.statement import Policy, read_policy
from gateprint.access.saml.federation import role_arn
from gateprint.errors import Difference, NotModelled
from gateprint.model.partition import audiences
from gateprint.model.resolved import IdentityProvider, ResolvedBlueprint, Role
from gateprint.model.saml import is_list_claim

_SAML = "sts:AssumeRoleWithSAML"
_GATEWAY = "apigateway.amazonaws.com"
_STRANGER = "999999999999"
# A meaning: effect, actions, principals, and values by operator and key; all in lower case where
# IAM compares without case.
_Meaning = frozenset[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody who wants to assume the role, in words, and whether the blueprint lets them."""

    who: str
    request: Request
    is_allowed: bool = False


def prove_trust(blueprint: ResolvedBlueprint, role: Role, trust: str | None) -> list[Difference]:
    """Return every difference between who may assume a role and who should."""
    provider = role.identity_provider
    proof = _Proof(blueprint, role)
    if provider is None:
        return [] if trust is None else [proof.difference(f"{role.name} has a trust policy here")]
    if trust is None:
        return [proof.difference(f"{role.name} has no trust policy")]
    try:
        policy = read_policy(f"trust policy of {role.name}", trust, "trust")
        found = list(proof.tried(policy, provider))
        if not found and _meaning(json.loads(trust)) != proof.stated(provider):
            sentence = f"the trust policy of {role.name} says something else than the blueprint"
            found = [proof.difference(sentence)]
    except NotModelled as error:
        return [proof.difference(f"it is not known who may assume {role.name}: {error}")]
    return found


def prove_service_trust(stack: str, role: str, trust: str | None) -> list[Difference]:
    """Return a difference where a role that no caller has may be assumed by more than services."""
    principals = [
        principal
        for _, _, named, _ in _meaning(json.loads(trust or "{}"))
        for principal in named
        if principal[0] != "Service"
    ]
    if not principals:
        return []
    sentence = f"{role} is no caller's role, but {principals[0][1]} may assume it"
    return [Difference(stack, "trust", sentence, role)]


@dataclass(frozen=True, slots=True)
class _Proof:
    blueprint: ResolvedBlueprint
    role: Role

    def difference(self, sentence: str, statement: str = "") -> Difference:
        return Difference(
            self.blueprint.stack, "trust", sentence, self.role.name, statement=statement
        )

    def tried(self, policy: Policy, provider: IdentityProvider) -> Iterator[Difference]:
        """Yield who is let in and should not be, and the other way round."""
        for each in self._sign_ins(provider):
            decision = evaluate_trust(policy, each.request)
            if (decision.outcome == "allow") is not each.is_allowed:
                may = "may not" if each.is_allowed else "may"
                sentence = f"{each.who} {may} assume {self.role.name}"
                place = decision.statement.place if decision.statement else ""
                yield self.difference(sentence, place)

    def _sign_ins(self, provider: IdentityProvider) -> Iterator[SignIn]:
        for audience in audiences(self.blueprint.environment.region):
            right = self._sign_in(provider, {"saml:aud": (audience,)})
            yield SignIn("who signs in as the blueprint says", right, is_allowed=True)
        yield from self._wrong_claims(right)
        for action in ("sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:TagSession"):
            yield SignIn(f"who signs in and asks for {action}", replace(right, action=action))
        yield from self._others(right, provider)

    def _wrong_claims(self, right: Request) -> Iterator[SignIn]:
        for key, values in right.context.items():
            others = {k: v for k, v in right.context.items() if k != key}
            if key == "saml:sub" and "sub" not in self.role.when:
                continue
            yield SignIn(f"who signs in without {key}", replace(right, context=others))
            for value in _wrong(key, values[0]):
                context = {**others, key: (value,)}
                yield SignIn(f"who signs in with {key} {value}", replace(right, context=context))

    def _others(self, right: Request, provider: IdentityProvider) -> Iterator[SignIn]:
        where = self.blueprint.environment
        iam = f"arn:{where.partition}:iam::"
        for name in (f"{provider.name}-other", f"{provider.name}-api", "other"):
            arn = f"{provider.arn.rpartition('/')[0]}/{name}"
            who = f"who signs in through the SAML provider {name}"
            yield SignIn(who, replace(right, principal=federated(arn)))
        callers: list[tuple[str, Principal]] = [
            ("a service that assumes roles", service("lambda.amazonaws.com")),
            ("a user of the account", user(f"{iam}{where.account}:user/somebody")),
            ("a user of another account", user(f"{iam}{_STRANGER}:user/somebody")),
            ("anybody", ANONYMOUS),
        ]
        for who, principal in callers:
            yield SignIn(who, Request("sts:AssumeRole", self._arn, principal, _CONTEXT))
        gateway = Request("sts:AssumeRole", self._arn, service(_GATEWAY), _CONTEXT)
        yield SignIn("API Gateway", gateway, is_allowed=self.role.is_assumed_by_gateway)

    def _sign_in(self, provider: IdentityProvider, more: Mapping[str, tuple[str, ...]]) -> Request:
        claims = {f"saml:{key.lower()}": values[:1] for key, values in self.role.when.items()}
        context = {
            "saml:iss": (provider.issuer,),
            "saml:sub": ("somebody",),
            **claims,
            **more,
        }
        return Request(_SAML, self._arn, federated(provider.arn), context)

    @property
    def _arn(self) -> str:
        return role_arn(self.blueprint.environment, self.role.name)

    def stated(self, provider: IdentityProvider) -> _Meaning:
        """Return what the trust policy has to mean."""
        equal = {
            "saml:aud": audiences(self.blueprint.environment.region),
            "saml:iss": (provider.issuer,),
        }
        listed: dict[str, tuple[str, ...]] = {}
        for key, values in self.role.when.items():
            (listed if is_list_claim(key) else equal)[f"saml:{key.lower()}"] = values
        tested = [*_tests("stringequals", equal), *_tests("foranyvalue:stringequals", listed)]
        sign_in = _statement({_SAML.lower()}, {("Federated", provider.arn)}, tested)
        gateway = _statement({"sts:assumerole"}, {("Service", _GATEWAY)}, [])
        return frozenset({sign_in, gateway} if self.role.is_assumed_by_gateway else {sign_in})


# What AWS always knows of a request, with values that let nobody in.
_CONTEXT: Mapping[str, tuple[str, ...]] = {
    "aws:SecureTransport": ("true",),
    "aws:SourceIp": ("192.0.2.1",),
}


def _wrong(key: str, value: str) -> Iterator[str]:
    """Yield values that a loose comparison would take for the right one."""
    yield "other"
    yield f"{value}.example.com"
    yield f"x{value}"
    if key == "saml:aud":
        yield "https://evil.signin.aws.amazon.com/saml"
        yield f"{value}/"
    if value.swapcase() != value:
        yield value.swapcase()


def _meaning(document: Mapping[str, Any]) -> _Meaning:
    """Return what a trust policy means, whatever its order, its Sids and its way of writing."""
    found = document.get("Statement", [])
    return frozenset(_meaning_of(each) for each in (found if isinstance(found, list) else [found]))


def _meaning_of(statement: Mapping[str, Any]) -> tuple[Any, ...]:
    actions = {each.lower() for each in _listed(statement.get("Action", []))}
    named = statement.get("Principal", {})
    principals = (
        {(kind, each) for kind, values in named.items() for each in _listed(values)}
        if isinstance(named, Mapping)
        else {("AWS", str(named))}
    )
    conditions = [
        (operator.lower(), key.lower(), frozenset(_listed(values)))
        for operator, block in statement.get("Condition", {}).items()
        for key, values in block.items()
    ]
    whole = _statement(actions, principals, conditions)
    return whole if statement.get("Effect") == "Allow" else ("Deny", *whole)


def _statement(
    actions: set[str],
    principals: set[tuple[str, str]],
    conditions: list[tuple[str, str, frozenset[str]]],
) -> tuple[Any, ...]:
    return ("Allow", frozenset(actions), frozenset(principals), frozenset(conditions))


def _tests(
    operator: str, tests: Mapping[str, tuple[str, ...]]
) -> list[tuple[str, str, frozenset[str]]]:
    return [(operator, key, frozenset(values)) for key, values in tests.items()]


def _listed(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]
