"""A rule: a domain stops asking clients for certificates, or trusts others; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.review.finding import Finding, Rule
from gateprint.review.planned import attribute, text
from gateprint.review.subject import Subject
from gateprint.terraform.plans.plan import ResourceChange

RULE = Rule(
    "mutual-tls-weakened",
    "high",
    "mutual TLS goes, or trusts other authorities",
    "Who may open a connection at all is decided by the truststore. Without it everybody may, and "
    "with another one clients of other authorities; only signatures and tokens are left.",
    "keep mutual_tls; for a new truststore, check which authorities it has",
    "API Gateway developer guide, How to turn on mutual TLS authentication for your REST APIs",
)
_CHANGING = frozenset({"update", "replace"})


def find(subject: Subject) -> Iterator[Finding]:
    """Yield the domains of which it was asked until now."""
    for stack, plan in subject.plans():
        for each in plan.changes:
            if each.type == "aws_api_gateway_domain_name" and each.action in _CHANGING:
                name, said = text(each.before, "domain_name"), _said(each)
                if said:
                    path = ("domains", name, "mutual_tls")
                    yield stack.place.finding(RULE, f"domain {name}", f"{name} {said}", path)


def _said(change: ResourceChange) -> str:
    was, will = _truststore(change.before), _truststore(change.after)
    if was in {(None, None), will}:
        return ""
    if will[0] is None:
        return "asks clients for no certificate any more"
    if was[0] != will[0]:
        return f"trusts the authorities in {will[0]}, until now those in {was[0]}"
    return f"trusts the authorities in version {will[1] or 'the newest'} of {will[0]}"


def _truststore(values: object) -> tuple[str | None, str | None]:
    found = attribute(values, "mutual_tls_authentication")
    if not isinstance(found, list) or not found:
        return None, None
    return text(found[0], "truststore_uri") or None, text(found[0], "truststore_version") or None
