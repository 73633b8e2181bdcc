"""Says what changed in the terms on which a role is assumed; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from gateprint.access.changes.comparison import SignInChange
from gateprint.access.changes.trust import Trust
from gateprint.access.changes.wording import duration, joined, name, names
from gateprint.model.saml import is_list_claim

# The words before and after the roles.
Term = tuple[str, str]
_SHOWN_DIGITS = 16


def terms(change: SignInChange) -> Iterator[Term]:
    """Yield the changes of one role, so that roles with the same change share a sentence."""
    if change.before is not None and change.after is not None:
        for difference in _DIFFERENCES:
            yield from difference(change.before, change.after)
    elif change.after is not None:
        yield from _appeared(change.after)
    elif change.is_elsewhere:
        yield "who may assume ", " is no longer decided here"
    else:
        why = "the blueprint is retired" if change.is_retired else "gone from the blueprints"
        yield "nobody may assume ", f" any more: {why}"


def _appeared(trust: Trust) -> Iterator[Term]:
    told = [f"{name(key)} {names(values, 'or')}" for key, values in trust.when.items()]
    who = f" with {joined(told)}" if told else ""
    gateway = ", and API Gateway too" if trust.is_assumed_by_gateway else ""
    signer = f"{name(trust.identity_provider)} ({name(trust.issuer)})"
    yield (
        f"everyone{who} whom {signer} signs in may assume ",
        f" for {duration(trust.max_session_seconds)} at a time{gateway}",
    )


def _provider(before: Trust, after: Trust) -> Iterator[Term]:
    if before.identity_provider != after.identity_provider:
        provider, old = name(after.identity_provider), name(before.identity_provider)
        yield f"{provider} signs people in to ", f" now, not {old}"


def _issuer(before: Trust, after: Trust) -> Iterator[Term]:
    if before.issuer != after.issuer:
        yield (
            f"the issuer {name(after.issuer)} signs people in to ",
            f" now, not {name(before.issuer)}",
        )


def _certificates(before: Trust, after: Trust) -> Iterator[Term]:
    provider = name(after.identity_provider)
    added = [each for each in after.certificates if each not in before.certificates]
    removed = [each for each in before.certificates if each not in after.certificates]
    if added:
        yield (
            f"who has the key of {_certificate(added)} of {provider} may now let anyone assume ",
            "",
        )
    if removed:
        s = "s" if len(removed) == 1 else ""
        yield f"{_certificate(removed)} of {provider} no longer count{s} for ", ""


def _certificate(fingerprints: Sequence[str]) -> str:
    shown = names(f"SHA-256 {each[:_SHOWN_DIGITS]}…" for each in fingerprints)
    return f"the signing certificate{'s' if len(fingerprints) > 1 else ''} {shown}"


def _attributes(before: Trust, after: Trust) -> Iterator[Term]:
    for key in sorted({*before.when, *after.when}):
        old, new = before.when.get(key), after.when.get(key)
        if old is None and new is not None:
            yield f"only people with {name(key)} {names(new, 'or')} may now assume ", ""
        elif new is None and old is not None:
            everyone = f": everyone whom {name(after.identity_provider)} signs in may"
            free = f"people need no longer have {name(key)} {names(old, 'or')} to assume "
            yield free, "" if after.when else everyone
        elif old is not None and new is not None:
            yield from _values(key, old, new)


def _values(key: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Term]:
    added = [each for each in new if each not in old]
    removed = [each for each in old if each not in new]
    if added:
        yield f"people with {name(key)} {names(added, 'or')} may now assume ", ""
    if removed:
        # Who has several values may have one that is left.
        unless = f", unless they have {names(new, 'or')}" if is_list_claim(key) else ""
        yield f"people with {name(key)} {names(removed, 'or')} may no longer assume ", unless


def _gateway(before: Trust, after: Trust) -> Iterator[Term]:
    if before.is_assumed_by_gateway != after.is_assumed_by_gateway:
        may = "may now" if after.is_assumed_by_gateway else "may no longer"
        yield f"API Gateway {may} assume ", ""


def _session(before: Trust, after: Trust) -> Iterator[Term]:
    if before.max_session_seconds != after.max_session_seconds:
        old, new = duration(before.max_session_seconds), duration(after.max_session_seconds)
        yield "a session of ", f" may last {new} now, not {old}"


_DIFFERENCES: tuple[Callable[[Trust, Trust], Iterator[Term]], ...] = (
    _provider,
    _issuer,
    _certificates,
    _attributes,
    _gateway,
    _session,
)
