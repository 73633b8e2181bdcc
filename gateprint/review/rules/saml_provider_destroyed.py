"""A rule: a SAML provider is destroyed or replaced; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.review.destruction import Kind, destroyed
from gateprint.review.finding import Finding, Rule
from gateprint.review.subject import Subject

RULE = Rule(
    "saml-provider-destroyed",
    "critical",
    "a SAML provider is destroyed or replaced",
    "Nobody can sign in to any role that trusts it, in every blueprint of the account.",
    "keep its name under identity_providers; new metadata alone is changed in place",
    "IAM user guide, Create a SAML identity provider in IAM",
)
_KIND = Kind("aws_iam_saml_provider", "the SAML provider", "name", "identity_providers")


def find(subject: Subject) -> Iterator[Finding]:
    """Yield what the rule finds."""
    yield from destroyed(RULE, subject, _KIND)
