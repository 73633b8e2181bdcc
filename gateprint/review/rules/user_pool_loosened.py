"""A rule: a user pool asks less of its users, or lets everybody become one; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gateprint.review.finding import Finding, Rule
from gateprint.review.planned import attribute, made, text
from gateprint.review.subject import Subject

RULE = Rule(
    "user-pool-loosened",
    "high",
    "a user pool asks less of its users, or lets everybody become one",
    "With self sign-up everybody on the internet can make an account, and call what any user of "
    "the pool may call. A shorter password or no second factor is easier to guess; without "
    "protection against deletion the next mistake destroys the users.",
    "ask for as much as before, and let administrators make accounts where users are known",
    "Cognito developer guide, Security best practices for Amazon Cognito user pools",
)
_FACTORS = ("OFF", "OPTIONAL", "ON")


def find(subject: Subject) -> Iterator[Finding]:
    """Yield what changes, and pools that are new and open to everybody."""
    for stack, plan in subject.plans():
        for each in made(plan, "aws_cognito_user_pool"):
            pool = text(each.after, "name") or each.address
            name = pool.removeprefix(f"{stack.stack}-")
            for field, words in _loosened(each.before, each.after):
                sentence = f"the user pool {pool} {words}"
                yield stack.place.finding(RULE, each.address, sentence, ("user_pools", name, field))


def _loosened(before: Any, after: Any) -> Iterator[tuple[str, str]]:
    if _is_open(after) and not (before and _is_open(before)):
        until = "; until now administrators made them" if before else ""
        yield "self_sign_up", f"lets everybody make an account{until}"
    if not before:
        return
    old, new = (_block(each, "password_policy").get("minimum_length") for each in (before, after))
    if isinstance(old, int) and isinstance(new, int) and new < old:
        yield "password_length", f"takes passwords of {new} characters; until now of {old}"
    was, now = (text(each, "mfa_configuration") for each in (before, after))
    if was in _FACTORS and now in _FACTORS and _FACTORS.index(now) < _FACTORS.index(was):
        yield "mfa", f"has a second factor {now.lower()}; until now {was.lower()}"
    guards = [text(each, "deletion_protection") for each in (before, after)]
    if guards == ["ACTIVE", "INACTIVE"]:
        yield "deletion_protection", "can be deleted, with all of its users; until now it could not"


def _is_open(values: Any) -> bool:
    """Tell whether everybody may sign up; Cognito's own default is yes."""
    return (
        _block(values, "admin_create_user_config").get("allow_admin_create_user_only") is not True
    )


def _block(values: Any, name: str) -> Mapping[str, Any]:
    found = attribute(values, name)
    first = found[0] if isinstance(found, list) and found else found
    return first if isinstance(first, Mapping) else {}
