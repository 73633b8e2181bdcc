"""Groups what is said of several stacks in the same words, so that it is said once; pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from gateprint.review.finding import Finding
from gateprint.review.plain import Names, Plain, own_names, restoring

if TYPE_CHECKING:
    from gateprint.review.review import Destroyed, Noticed

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Group(Generic[T]):
    """The same thing in some stacks: `items` has at least one of each, in the order of `stacks`.

    `sentence` is in the words of all: their own names are `{blueprint}`, `{environment}` and
    `{account}` where they differ. That of a stack which is alone has its own names.
    """

    items: tuple[T, ...]
    stacks: tuple[str, ...]
    sentence: str

    @property
    def first(self) -> T:
        """Return the one that stands for all."""
        return self.items[0]

    @property
    def where(self) -> str:
        """Return the stack, or how many there are: `12 stacks, such as pets-prod`."""
        number = len(self.stacks)
        return self.stacks[0] if number == 1 else f"{number:,} stacks, such as {self.stacks[0]}"


def grouped(findings: Iterable[Finding], names: Names | None = None) -> tuple[Group[Finding], ...]:
    """Return the findings of one rule, severity and sentence as one group, in the given order.

    `names` are `Review.names`; of a stack that they do not have, its name says what they are.
    """
    return _alike(findings, _sentence, lambda each: (each.rule.id, each.severity), names)


def grouped_noticed(
    noticed: Iterable[Noticed], names: Names | None = None
) -> tuple[Group[Noticed], ...]:
    """Return what callers notice in the same words as one group, in the given order."""
    return _alike(noticed, _sentence, lambda each: (each.kind, each.is_breaking), names)


def grouped_destroyed(
    destroyed: Iterable[Destroyed], names: Names | None = None
) -> tuple[Group[Destroyed], ...]:
    """Return what is destroyed as groups; the sentence is the address."""
    return _alike(destroyed, lambda each: each.address, lambda each: each.kind, names)


@dataclass(frozen=True, slots=True)
class Said:
    """Something that is said of a stack."""

    stack: str
    sentence: str


def told_once(said: Iterable[Said], names: Names | None = None, link: str = ": ") -> list[str]:
    """Return texts such as `pets-prod: it is gone`, and one for all stacks of which that holds."""
    found = _alike(said, lambda each: f"{link}{each.sentence}", lambda _each: "", names)
    return [f"{each.where}{_comma(each)}{each.sentence}" for each in found]


def _comma(group: Group[Said]) -> str:
    return "," if len(group.stacks) > 1 and not group.sentence.startswith(":") else ""


class _OfStack(Protocol):
    @property
    def stack(self) -> str: ...


S = TypeVar("S", bound=_OfStack)


def _alike(
    items: Iterable[S],
    say: Callable[[S], str],
    key: Callable[[S], Hashable],
    names: Names | None,
) -> tuple[Group[S], ...]:
    plains = _Plains(names or {})
    found: dict[tuple[Hashable, str], list[S]] = {}
    for each in items:
        plain = plains.of(each.stack)(say(each))
        found.setdefault((key(each), plain), []).append(each)
    return tuple(_group(alike, plain, say, plains) for (_, plain), alike in found.items())


def _group(items: list[S], plain: str, say: Callable[[S], str], plains: _Plains) -> Group[S]:
    stacks = tuple(dict.fromkeys(each.stack for each in items))
    if len({say(each) for each in items}) == 1:
        return Group(tuple(items), stacks, say(items[0]))
    return Group(tuple(items), stacks, restoring(map(plains.names_of, stacks))(plain))


def _sentence(each: Finding | Noticed) -> str:
    return each.sentence


class _Plains:
    """What makes texts plain, by stack; each is made once."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._known: dict[str, Plain] = {}

    def of(self, stack: str) -> Plain:
        if stack not in self._known:
            self._known[stack] = Plain(self.names_of(stack))
        return self._known[stack]

    def names_of(self, stack: str) -> Mapping[str, str]:
        return self._names.get(stack) or _guessed(stack)


def _guessed(stack: str) -> Mapping[str, str]:
    """Return the names in a stack's own; an environment's has mostly no hyphen."""
    blueprint, _, environment = stack.rpartition("-")
    return own_names(blueprint, environment, "")
