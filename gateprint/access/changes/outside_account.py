"""Says what changed outside of Terraform in an account's own stack: who signs people in; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from gateprint.access.changes.access_drift import AccessDrift, in_order
from gateprint.access.changes.comparison import SignInChange
from gateprint.access.changes.terms import terms
from gateprint.access.changes.trust import Trust, trust_of
from gateprint.access.changes.wording import names, parts_of
from gateprint.access.proof.applied import Applied
from gateprint.access.proof.stack import prove_account
from gateprint.errors import Difference
from gateprint.model.metadata import read_metadata
from gateprint.model.resolved import Environment, IdentityProvider, Role


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
    return in_order([*told, *rest])


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
        for side in (before, after):
            read_metadata(side[provider.name])
        old, new = trust(before[provider.name]), trust(after[provider.name])
    except ValueError:  # of XML or base64: whoever changed it did not ask this program
        return
    yield from terms(SignInChange("", "", role.name, old, new, is_elsewhere=False))
