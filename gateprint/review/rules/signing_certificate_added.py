"""A rule: an identity provider may sign with another key; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.access.changes.comparison import SignInChange
from gateprint.access.changes.wording import grouped, joined, unique
from gateprint.review.finding import Finding, Rule
from gateprint.review.subject import Place, StackSubject, Subject

RULE = Rule(
    "signing-certificate-added",
    "high",
    "an identity provider may sign with another key",
    "Who has the key of a certificate in the metadata can assume every role that trusts the "
    "provider, as anybody.",
    "compare the fingerprint with what the provider's administrators tell on another way",
    "IAM user guide, Create a SAML identity provider in IAM",
)


def find(subject: Subject) -> Iterator[Finding]:
    """Yield one finding for a provider, whatever the number of roles that trust it."""
    changed = [each for each in subject.changes.sign_in if _added(each)]
    for (environment, provider), group in grouped(changed, _provider_of).items():
        place = _place(subject, environment)
        added = joined(unique(each for change in group for each in _added(change)))
        roles = unique(each.role for each in group)
        number = "1 role trusts" if len(roles) == 1 else f"{len(roles)} roles trust"
        sentence = f"{provider} may sign with the certificate SHA-256 {added}; {number} it"
        path = ("identity_providers", provider, "metadata")
        yield place.finding(RULE, f"identity provider {provider}", sentence, path)


def _added(change: SignInChange) -> tuple[str, ...]:
    if change.before is None or change.after is None:
        return ()
    known = change.before.certificates
    is_same = change.before.identity_provider == change.after.identity_provider
    return tuple(each for each in change.after.certificates if is_same and each not in known)


def _provider_of(change: SignInChange) -> tuple[str, str]:
    return change.environment, change.after.identity_provider if change.after else ""


def _place(subject: Subject, environment: str) -> Place:
    """Return the account's own stack: the metadata is in the environment's file."""
    found: Iterator[StackSubject] = (
        each for each in subject.stacks if each.environment.name == environment
    )
    one = next(found, None)
    return Place(environment) if one is None else subject.place_of_account(one.environment)
