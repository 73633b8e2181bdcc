"""A rule: a new role can be assumed from outside; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.access.changes.terms import terms
from gateprint.access.changes.wording import parts_of
from gateprint.review.finding import Finding, Rule
from gateprint.review.subject import Subject

RULE = Rule(
    "new-trust",
    "medium",
    "a new role for an outside identity provider",
    "Whoever the provider says may assume the role has its permissions, without an account in "
    "AWS. Who those are is decided in the provider, by its administrators.",
    "see that these are the people who are meant; attributes under when make them fewer",
    "IAM user guide, Create a role for SAML 2.0 federation",
)


def find(subject: Subject) -> Iterator[Finding]:
    """Yield the roles that nobody could assume before."""
    for each in subject.changes.sign_in:
        if each.before is None and each.after is not None:
            place = subject.place_of_role(each.environment, each.role)
            told = (f"{before}{each.role}{after}" for before, after in terms(each))
            sentence = "".join("".join(parts_of(text)) for text in told)
            yield place.finding(RULE, f"role {each.role}", sentence, ("roles", each.role))
