"""Says in sentences who gains and who loses access; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from gateprint.access.changes.comparison import (
    Cause,
    Changes,
    NetworkChange,
    PublicChange,
    RowChange,
    SignInChange,
)
from gateprint.access.changes.terms import terms
from gateprint.access.changes.wording import (
    grouped,
    inverted,
    joined,
    name,
    names,
    parts_of,
    places,
    unique,
)

Kind = Literal["public", "token", "key", "identity", "gain", "loss", "sign-in"]
_ACCEPTED = "accepted because "
NOTHING = "nobody gains or loses anything"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, without a capital and a full stop, and what it is about.

    `parts` are our words and the blueprints' by turns, the first being ours: what is at an odd
    index was written by users, and may hold anything.
    """

    kind: Kind
    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole sentence."""
        return "".join(self.parts)


def sentences(found: Changes) -> tuple[Sentence, ...]:
    """Return what changed, the most important first; none where nobody gains or loses anything.

    What is the same for several roles, routes, stages or environments is one sentence.
    """
    told: Sequence[tuple[Kind, Iterable[str]]] = (
        ("public", _networks(found.networks)),
        ("public", (each.sentence for each in found.restrictions)),
        ("public", _public(found.public_gains, _opened)),
        ("public", _public(found.public_losses, _closed)),
        ("token", (each.sentence for each in found.tokens)),
        ("key", (each.sentence for each in found.keys)),
        ("identity", (each.sentence for each in found.identities)),
        ("gain", _rows(found.gains, _gained)),
        ("loss", _rows(found.losses, _lost)),
        ("sign-in", _sign_ins(found.sign_in)),
    )
    return tuple(Sentence(kind, parts_of(each)) for kind, texts in told for each in texts)


# The environment as it is shown, and the stage.
_Stages = tuple[tuple[str, str], ...]
# Their keys, and whether they are whole or make complete, as `_Told` has it.
_Routes = tuple[tuple[str, ...], bool, bool]


@dataclass(frozen=True, slots=True)
class _Told:
    """What one sentence is about: roles, routes and stages of which the same is true.

    `is_whole` tells that the routes are all of the API that need a signature, `is_complete` that
    the roles may call all of those, with what they may call on both sides.
    """

    api: str
    cause: Cause
    roles: tuple[str, ...]
    routes: tuple[str, ...]
    stages: _Stages
    is_whole: bool = False
    is_complete: bool = False

    @property
    def what(self) -> str:
        return "every signed route" if self.is_whole else names(self.routes)

    @property
    def on(self) -> str:
        return places(self.api, self.stages)

    @property
    def s(self) -> str:
        """What a verb ends with, whose subject the roles are."""
        return "s" if len(self.roles) == 1 else ""

    def because(self, word: str) -> str:
        """Return ": the routes are new" or the like; nothing where all of it was there."""
        if self.cause == "grant":
            return ""
        if self.cause == "retired":
            return f": the blueprint is {'no longer ' if word == 'new' else ''}retired"
        count = {
            "environment": len({where for where, _ in self.stages}),
            "api": 1,
            "stage": len(self.stages),
            "route": len(self.routes),
            "role": len(self.roles),
        }[self.cause]
        noun = "API" if self.cause == "api" else self.cause
        return f": the {noun} is {word}" if count == 1 else f": the {noun}s are {word}"


def _networks(changes: Sequence[NetworkChange]) -> Iterator[str]:
    """Yield what goes to the internet first."""
    for each in sorted(changes, key=lambda one: bool(one.after)):
        api = f"{name(each.api)} ({name(each.where)})"
        before = f"through {names(each.before)}" if each.before else "from the internet"
        if each.after:
            yield f"{api} can only be reached through {names(each.after)} now, not {before}"
        else:
            yield f"{api} can be reached from the internet; until now only {before}"


def _public(
    changes: Sequence[PublicChange], say: Callable[[PublicChange, _Told], str]
) -> Iterator[str]:
    for group in grouped(changes, _common_of_public).values():
        one = group[0]
        by_stage = grouped(group, lambda each: (each.where, each.route.stage))
        routes = {stage: unique(each.route.route for each in on) for stage, on in by_stage.items()}
        for keys, stages in inverted(routes).items():
            yield say(one, _Told(one.route.api, one.cause, one.roles, keys, stages))


def _common_of_public(
    one: PublicChange,
) -> tuple[str, str, str, tuple[str, ...], tuple[str, ...]]:
    return one.route.api, one.route.reason, one.cause, one.roles, one.vpc_endpoints


def _opened(one: PublicChange, told: _Told) -> str:
    everyone = f"everyone behind {names(one.vpc_endpoints)}" if one.vpc_endpoints else "everyone"
    before = f" (until now only {names(one.roles)})" if one.roles else ""
    reason = f': "{name(one.route.reason)}"' if one.route.reason else ""
    return f"{everyone} may call {told.what} on {told.on}{before}{reason}"


def _closed(one: PublicChange, told: _Told) -> str:
    left = f": only {names(one.roles)} may" if one.roles else ": no role may either"
    end = left if one.cause == "grant" else told.because("gone")
    return f"not everyone may call {told.what} on {told.on} any more{end}"


def _rows(changes: Sequence[RowChange], say: Callable[[RowChange, _Told], str]) -> Iterator[str]:
    for group in grouped(changes, _common_of_row).values():
        one = group[0]
        by_role = grouped(group, lambda each: each.row.role)
        alike = grouped(
            ((role, what) for role, of_role in by_role.items() for what in _routes_on(of_role)),
            lambda pair: pair[1],
        )
        for ((routes, *whole), stages), pairs in alike.items():
            roles = tuple(role for role, _ in pairs)
            yield say(one, _Told(one.row.api, one.cause, roles, routes, stages, *whole))


def _common_of_row(one: RowChange) -> tuple[str, str | None, str]:
    # What is said of overreach does not name the cause.
    return one.row.api, one.reason, "" if one.reason is not None else one.cause


def _routes_on(changes: Sequence[RowChange]) -> Iterator[tuple[_Routes, _Stages]]:
    """Yield the routes of one role that are the same on some stages, and those."""
    by_stage = grouped(changes, lambda each: (each.where, each.row.stage))
    yield from inverted({stage: _routes(on) for stage, on in by_stage.items()}).items()


def _routes(changes: Sequence[RowChange]) -> _Routes:
    one, keys = changes[0], tuple(each.row.route for each in changes)
    is_whole = 1 < len(keys) == one.signed_count
    return keys, is_whole, one.is_complete and not is_whole and one.signed_count > 1


def _gained(one: RowChange, told: _Told) -> str:
    if one.reason is None:
        gains = f"{names(told.roles)} gain{told.s} {told.what} on {told.on}"
        now = ", and so may call every signed route there" if told.is_complete else ""
        return f"{gains}{now}{told.because('new')}"
    reaches = f"{names(told.roles)} reach{'es' if told.s else ''} {told.what} on {told.on} too"
    return f"{reaches}, {_ACCEPTED}{name(one.reason.removeprefix(_ACCEPTED))}"


def _lost(one: RowChange, told: _Told) -> str:
    if one.reason is None:
        loses = f"{names(told.roles)} lose{told.s} {told.what}"
        return f"{loses} on {told.on}{told.because('gone')}"
    return f"{names(told.roles)} no longer reach{'es' if told.s else ''} {told.what} on {told.on}"


def _sign_ins(changes: Sequence[SignInChange]) -> Iterator[str]:
    """Yield each change of terms once, with all the roles and environments that have it."""
    told = [(term, each.where, each.role) for each in changes for term in terms(each)]
    for (before, after), alike in grouped(told, lambda one: one[0]).items():
        by_place = grouped(alike, lambda one: one[1])
        roles = {where: tuple(role for _, _, role in on) for where, on in by_place.items()}
        who = joined(f"{names(each)} ({names(where)})" for each, where in inverted(roles).items())
        yield f"{before}{who}{after}"
