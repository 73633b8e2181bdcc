"""The form that asks for a token of one of the site's people, read and checked; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gateprint.local.site.people import Person

# RFC 6749, section 3.3, and what the format takes as an audience and as a claim's name.
_WORDS = re.compile(r"[!#-\[\]-~]{1,256}( [!#-\[\]-~]{1,256}){0,9}", re.ASCII)
_CLAIM = re.compile(r"[A-Za-z][A-Za-z0-9_.:/-]{0,127}", re.ASCII)
# What the issuer itself says of each token.
_OWN = frozenset({"iss", "sub", "aud", "iat", "nbf", "exp", "scope", "email_verified"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """A token that somebody asks for: of whom, for whom, and what it opens."""

    person: Person
    audiences: tuple[str, ...]
    scope: str
    claim: str


def read_wanted(form: Mapping[str, str], people: Iterable[Person]) -> Wanted | None:
    """Return what the form asks for; None where it is not as the page has it."""
    known = {each.id: each for each in people}
    person = known.get(form.get("person", ""))
    audience, scope = form.get("audience", ""), form.get("scope", "")
    claim = form.get("claim", "") or "email"
    is_right = _WORDS.fullmatch(audience) and (not scope or _WORDS.fullmatch(scope))
    if person is None or not is_right or not _CLAIM.fullmatch(claim) or claim in _OWN:
        return None
    return Wanted(person, tuple(audience.split()), scope, claim)
