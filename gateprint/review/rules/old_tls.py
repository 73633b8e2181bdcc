"""A rule: a domain takes versions of TLS that are given up; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.review.finding import Finding, Rule
from gateprint.review.planned import made, text
from gateprint.review.subject import Subject

RULE = Rule(
    "old-tls",
    "medium",
    "a domain begins to take TLS 1.0 and 1.1",
    "Both are given up (RFC 8996): what they carry can be read and changed by who is on the way, "
    "the tokens of users included.",
    "write tls: 1.2, or leave it out",
    "API Gateway developer guide, Choose a security policy for your custom domain",
)
_OLD = "TLS_1_0"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield the domains that did not take them until now."""
    for stack, plan in subject.plans():
        for each in made(plan, "aws_api_gateway_domain_name"):
            was, will = (text(side, "security_policy") for side in (each.before, each.after))
            if will == _OLD and was != _OLD:
                name = text(each.after, "domain_name")
                path = ("domains", name, "tls")
                sentence = f"{name} takes TLS 1.0 and 1.1"
                yield stack.place.finding(RULE, f"domain {name}", sentence, path)
