"""A rule: nobody can sign in soon; pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from gateprint.model.certificates import read_certificate
from gateprint.model.metadata import signing_certificates
from gateprint.model.resolved import IdentityProvider
from gateprint.review.finding import Finding, Rule
from gateprint.review.subject import Subject

_AHEAD = dt.timedelta(days=30)
RULE = Rule(
    "metadata-near-expiry",
    "medium",
    "an identity provider's signing certificate expires within 30 days",
    "After that day AWS refuses every sign-in with the provider, to all roles that trust it.",
    "renew the certificate at the identity provider, and put its new metadata under config/",
    "IAM user guide, Create a SAML identity provider in IAM",
    is_standing=True,
)


def find(subject: Subject) -> Iterator[Finding]:
    """Yield the providers of each environment in which something changes, once."""
    found = {each.environment.name: each.environment for each in subject.standing()}
    for environment in found.values():
        place = subject.place_of_account(environment)
        for provider in environment.identity_providers:
            until = _until(provider)
            if until is not None and until <= subject.today + _AHEAD:
                is_over = until < subject.today
                said = "expired" if is_over else "expires"
                sentence = f"the last signing certificate of {provider.name} {said} on {until}"
                path = ("identity_providers", provider.name, "metadata")
                yield place.finding(RULE, f"identity provider {provider.name}", sentence, path)


def _until(provider: IdentityProvider) -> dt.date | None:
    """Return the last day of sign-ins; None where no metadata is at hand, or it is unreadable."""
    if not provider.metadata_xml:
        return None
    try:
        texts = signing_certificates(provider.metadata_xml)
        return max((read_certificate(each).until.date() for each in texts), default=None)
    except ValueError:
        return None
