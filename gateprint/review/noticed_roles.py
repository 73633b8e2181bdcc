"""What callers notice of roles: what they reach, who may assume them, and for how long; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from gateprint.access.changes.comparison import Changes, RowChange, SignInChange
from gateprint.access.changes.sentences import sentences
from gateprint.access.changes.trust import Trust
from gateprint.access.changes.wording import duration, grouped, joined
from gateprint.model.document import KeyPath
from gateprint.model.naming import stack_name
from gateprint.model.resolved import ResolvedBlueprint
from gateprint.review.notice import about
from gateprint.review.review import Noticed
from gateprint.review.subject import Place, Subject

# What these take away is told as such.
_TOLD_OTHERWISE = frozenset({"environment", "retired", "api", "stage", "route"})


def noticed_of_roles(subject: Subject, before: Sequence[ResolvedBlueprint]) -> Iterator[Noticed]:
    """Yield which roles are gone, reach less, or are assumed by fewer people, or for less time."""
    places = {each.stack: each.place for each in subject.stacks}
    makers = _makers((*before, *(each.blueprint for each in subject.stacks if each.blueprint)))
    gone: set[tuple[str, str]] = set()
    for change in subject.changes.sign_in:
        name = makers.get((change.environment, change.role), change.environment)
        if change.after is None and not change.is_elsewhere:
            gone.add((change.environment, change.role))
        yield from _sign_in(places.get(name, Place(name)), change)
    left = [
        each
        for each in subject.changes.losses
        if each.cause not in _TOLD_OTHERWISE and (each.environment, each.row.role) not in gone
    ]
    for (name, role), rows in grouped(left, _role_of).items():
        yield from _narrowed(places.get(name, Place(name)), role, rows)


def _makers(blueprints: Iterable[ResolvedBlueprint]) -> Mapping[tuple[str, str], str]:
    """Return the stack that makes a role, by environment and role."""
    return {
        (each.environment.name, role.name): each.stack
        for each in blueprints
        for role in each.roles
        if role.identity_provider is not None
    }


def _role_of(change: RowChange) -> tuple[str, str]:
    return stack_name(change.row.blueprint, change.environment), change.row.role


def _narrowed(place: Place, role: str, rows: Sequence[RowChange]) -> Iterator[Noticed]:
    lost = Changes((), tuple(rows), (), (), (), ())
    for each in sentences(lost):
        yield about(place, "role-narrowed", each.text, ("roles", role, "allow"))


def _sign_in(place: Place, change: SignInChange) -> Iterator[Noticed]:
    role, path = change.role, ("roles", change.role)
    if change.after is None and not change.is_elsewhere:
        retired: KeyPath | None = ("retired",) if change.is_retired else None
        yield about(place, "role-removed", f"nobody may assume {role} any more", retired)
    if change.before is None or change.after is None:
        return
    for field, front, end in _narrower(change.before, change.after):
        yield about(place, "sign-in-narrowed", f"{front} {role}{end}", (*path, field))
    was, now = change.before.max_session_seconds, change.after.max_session_seconds
    if now < was:
        sentence = f"a session of {role} may last {duration(now)}, no longer {duration(was)}"
        yield about(place, "session-shortened", sentence, (*path, "max_session"))


def _narrower(old: Trust, new: Trust) -> Iterator[tuple[str, str, str]]:
    """Yield the fields by which fewer people may assume a role, with the words around it."""
    provider = "identity_provider"
    if (old.identity_provider, old.issuer) != (new.identity_provider, new.issuer):
        same = old.identity_provider == new.identity_provider
        signer = f"the issuer {old.issuer}" if same else old.identity_provider
        yield provider, f"whom {signer} signs in may no longer assume", ""
    elif old.certificates and not {*old.certificates} & {*new.certificates}:
        yield (
            provider,
            "nobody may assume",
            f" while {old.identity_provider} signs with its old key",
        )
    for key, values in new.when.items():
        lost = [each for each in old.when.get(key, ()) if each not in values]
        if key not in old.when:
            yield "when", f"only people with {key} {joined(values, 'or')} may still assume", ""
        elif lost:
            yield "when", f"people with {key} {joined(lost, 'or')} may no longer assume", ""
