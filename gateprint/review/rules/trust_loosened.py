"""A rule: a role can be assumed by more people, or for longer; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from gateprint.access.changes.comparison import SignInChange
from gateprint.access.changes.terms import terms
from gateprint.access.changes.trust import Trust
from gateprint.access.changes.wording import parts_of
from gateprint.review.finding import Finding, Rule
from gateprint.review.subject import Subject

RULE = Rule(
    "trust-loosened",
    "high",
    "the terms on which a role is assumed are loosened",
    "People who could not assume the role now can, or those who can stay in it for longer; its "
    "permissions may look the same.",
    "see that the new people are meant to have all that the role may do",
    "IAM user guide, Configure SAML assertions for the authentication response",
)


def find(subject: Subject) -> Iterator[Finding]:
    """Yield what is looser. What is stricter is no finding, and the certificates have a rule."""
    for each in subject.changes.sign_in:
        if each.before is None or each.after is None:
            continue
        loosest = _loosest(each.before, each.after)
        if loosest != each.before:
            place = subject.place_of_role(each.environment, each.role)
            sentence = _sentence(replace(each, after=loosest))
            yield place.finding(RULE, f"role {each.role}", sentence, ("roles", each.role))


def _loosest(before: Trust, after: Trust) -> Trust:
    """Return the terms before with all that is looser after: what is stricter is left out."""
    return Trust(
        after.identity_provider,
        after.issuer,
        before.certificates,
        _when(before.when, after.when),
        before.is_assumed_by_gateway or after.is_assumed_by_gateway,
        max(before.max_session_seconds, after.max_session_seconds),
    )


def _when(
    before: Mapping[str, tuple[str, ...]], after: Mapping[str, tuple[str, ...]]
) -> Mapping[str, tuple[str, ...]]:
    return {
        key: tuple(sorted({*values, *after[key]})) for key, values in before.items() if key in after
    }


def _sentence(change: SignInChange) -> str:
    told = (f"{before}{change.role}{after}" for before, after in terms(change))
    return "; ".join("".join(parts_of(text)) for text in told)
