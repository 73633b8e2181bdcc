"""A rule: a signed route asks for no identity token any more, or for another one; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.model.resolved.identity_token import GUARD_HANDLER
from gateprint.review.finding import Finding, Rule
from gateprint.review.planned import made, text
from gateprint.review.subject import Subject

RULE = Rule(
    "identity-token-weakened",
    "high",
    "a signed route asks for no identity token any more, or for another one",
    "The function knew who the person behind a signature is, by a token of an issuer that was the "
    "session's. Without it whoever has a session acts under its name; with another issuer, "
    "audience or claim, other tokens count.",
    "ask for the same token as before; or see that the handler trusts nothing that was in it",
    "RFC 8725, JSON Web Token Best Current Practices, Validate Issuer and Subject",
)


def find(subject: Subject) -> Iterator[Finding]:
    """Yield the routes, from the blueprints or else the functions from the plan."""
    told: set[str] = set()
    for change in subject.changes.identities:
        if change.is_weakened:
            place = subject.place_of(change.environment, change.blueprint)
            told.add(place.stack)
            what = f"route {change.route} of {change.api}"
            path = ("apis", change.api, "routes", change.route)
            yield place.finding(RULE, what, change.sentence.replace("\0", ""), path)
    for stack, plan in subject.plans():
        for each in made(plan, "aws_lambda_function") if stack.stack not in told else ():
            before, after = text(each.before, "handler"), text(each.after, "handler")
            if before == GUARD_HANDLER and after != GUARD_HANDLER:
                sentence = "the function is called without an identity token's being verified"
                yield stack.place.finding(RULE, each.address, sentence, ("functions",))
