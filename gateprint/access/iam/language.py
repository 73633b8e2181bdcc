"""Exact questions about sets of texts that wildcards describe: is there one that …? Pure.

A policy's patterns and a route's requests are regular languages. So whether a policy allows every
request of a route, or any, is decided for all of them at once; nothing is sampled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Class:
    """Any one character but the excluded ones, or a run of them, which may be empty."""

    excluded: str = ""
    is_run: bool = False

    def has(self, character: str) -> bool:
        """Tell whether a character is in the class."""
        return character not in self.excluded


Part = str | Class
# Literals and classes in turn; no two literals follow each other.
Language = tuple[Part, ...]
ONE = Class()
RUN = Class(is_run=True)
SOME = (ONE, RUN)
# One segment of a path, which is not empty.
SEGMENT = (Class("/"), Class("/", is_run=True))
# What an example has where any character would do.
_FRESH = "xyz0123456789abcdefghijklmnopqrstuvw"
_SEPARATORS = "/:"


def joined(parts: Iterable[Part]) -> Language:
    """Return the parts with neighbouring literals as one, and without empty ones."""
    found: list[Part] = []
    for part in parts:
        if isinstance(part, str) and found and isinstance(found[-1], str):
            found[-1] += part
        elif part != "":
            found.append(part)
    return tuple(found)


def written(language: Language) -> str:
    """Return a language as IAM writes patterns; what excludes characters looks as if it did not."""
    return "".join(
        each if isinstance(each, str) else "*" if each.is_run else "?" for each in language
    )


def find(
    of: Language,
    *,
    allows: Sequence[Language],
    denies: Sequence[Language] = (),
    apart_from: Sequence[Language] = (),
    is_allowed: bool = True,
) -> str | None:
    """Return a short text of a language that is allowed (or is not), or None where none is.

    Allowed is what a language of `allows` holds and none of `denies`. Texts in `apart_from` do not
    count.
    """
    whole = (of, *allows, *denies, *apart_from)
    start = min((_shared(of, each) for each in whole), default=0)
    prefix = _beginning(of)[:start]
    found = _find(
        _without(of, start),
        _possible(of, allows, start),
        _possible(of, denies, start),
        _possible(of, apart_from, start),
        is_allowed,
    )
    return None if found is None else prefix + found


def is_possible(language: Language, prefix: str) -> bool:
    """Tell whether a language may hold texts with this beginning."""
    return _is_possible(_beginning(language), prefix)


def _beginning(language: Language) -> str:
    return language[0] if language and isinstance(language[0], str) else ""


def _shared(of: Language, other: Language) -> int:
    """Return how much of the literal beginning needs no search: both have it, or they part."""
    one, two = _beginning(of), _beginning(other)
    return len(one) if not _is_possible(one, two) else min(len(one), len(two))


def _is_possible(one: str, two: str) -> bool:
    return one.startswith(two) or two.startswith(one)


def _possible(of: Language, languages: Sequence[Language], start: int) -> tuple[Language, ...]:
    one = _beginning(of)
    return tuple(
        dict.fromkeys(
            _without(each, start) for each in languages if _is_possible(one, _beginning(each))
        )
    )


def _without(language: Language, count: int) -> Language:
    if not count:
        return language
    rest = _beginning(language)[count:]
    return (rest, *language[1:]) if rest else language[1:]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads texts character by character, with all languages and places in them at once.

    `tokens` are the characters and classes of all languages, each followed by an end, None.
    """

    tokens: tuple[Part | None, ...]
    starts: frozenset[int]

    @classmethod
    def of(cls, languages: Iterable[Language]) -> _Reader:
        tokens: list[Part | None] = []
        starts = []
        for each in languages:
            starts.append(len(tokens))
            tokens += [*_characters(each), None]
        whole = tuple(tokens)
        return cls(whole, _past_runs(whole, starts))

    def step(self, places: frozenset[int], character: str) -> frozenset[int]:
        """Return the places after one more character."""
        reached: list[int] = []
        for place in places:
            token = self.tokens[place]
            if token == character:
                reached.append(place + 1)
            elif isinstance(token, Class) and character not in token.excluded:
                reached.append(place if token.is_run else place + 1)
        return _past_runs(self.tokens, reached)

    def is_at_end(self, places: frozenset[int]) -> bool:
        return any(self.tokens[place] is None for place in places)

    def is_holding_all(self, places: frozenset[int]) -> bool:
        """Tell whether whatever follows is in one of the languages."""
        return any(self.tokens[place] == RUN and self.tokens[place + 1] is None for place in places)

    def literals(self, places: frozenset[int]) -> Iterator[str]:
        """Yield the characters that make a difference at these places."""
        for place in places:
            token = self.tokens[place]
            if isinstance(token, str):
                yield token


def _characters(language: Language) -> Iterator[Part]:
    for part in language:
        yield from part if isinstance(part, str) else (part,)


def _past_runs(tokens: Sequence[Part | None], places: Iterable[int]) -> frozenset[int]:
    """Add the places behind runs, which may be empty."""
    reached = set(places)
    waiting = list(reached)
    while waiting:
        place = waiting.pop()
        token = tokens[place]
        if isinstance(token, Class) and token.is_run and place + 1 not in reached:
            reached.add(place + 1)
            waiting.append(place + 1)
    return frozenset(reached)


_State = tuple[int, frozenset[int], frozenset[int], frozenset[int]]


@lru_cache(maxsize=65_536)
def _find(
    of: Language,
    allows: tuple[Language, ...],
    denies: tuple[Language, ...],
    apart_from: tuple[Language, ...],
    is_allowed: bool,  # noqa: FBT001
) -> str | None:
    """Search breadth first. The same shapes of routes and policies occur again and again."""
    if is_allowed and not allows:
        return None
    search = _Search(
        tuple(_characters(of)),
        (_Reader.of(allows), _Reader.of(denies), _Reader.of(apart_from)),
        is_allowed,
    )
    return search.run()


@dataclass(frozen=True, slots=True)
class _Search:
    of: tuple[Part, ...]
    readers: tuple[_Reader, _Reader, _Reader]
    is_allowed: bool

    def run(self) -> str | None:
        allows, denies, others = (each.starts for each in self.readers)
        waiting: list[tuple[_State, str]] = [
            ((place, allows, denies, others), "") for place in self._past(0)
        ]
        seen = {state for state, _ in waiting}
        # The list grows while it is read.
        for state, text in waiting:
            if self._is_found(state):
                return text
            if self._is_certain(state):
                return text + _example(self.of[state[0] :])
            for character, following in self._following(state):
                if following not in seen:
                    seen.add(following)
                    waiting.append((following, text + character))
        return None

    def _past(self, place: int) -> list[int]:
        """Return a place and those behind it, where what is between may be empty."""
        places = [place]
        while place < len(self.of) and isinstance(token := self.of[place], Class) and token.is_run:
            place += 1
            places.append(place)
        return places

    def _is_found(self, state: _State) -> bool:
        place, allowed, denied, apart = state
        allows, denies, others = self.readers
        if place < len(self.of) or others.is_at_end(apart):
            return False
        return (allows.is_at_end(allowed) and not denies.is_at_end(denied)) is self.is_allowed

    def _is_certain(self, state: _State) -> bool:
        """Tell whether whatever follows is found."""
        _, allowed, denied, apart = state
        if apart:
            return False
        if self.is_allowed:
            return not denied and self.readers[0].is_holding_all(allowed)
        return not allowed or self.readers[1].is_holding_all(denied)

    def _is_hopeless(self, state: _State) -> bool:
        _, allowed, denied, apart = state
        allows, denies, others = self.readers
        if others.is_holding_all(apart):
            return True
        if self.is_allowed:
            return not allowed or denies.is_holding_all(denied)
        return not denied and allows.is_holding_all(allowed)

    def _following(self, state: _State) -> Iterator[tuple[str, _State]]:
        place, *places = state
        if place == len(self.of) or self._is_hopeless(state):
            return
        token = self.of[place]
        for character in self._choices(token, places):
            stepped = [
                reader.step(each, character)
                for reader, each in zip(self.readers, places, strict=True)
            ]
            after = place if isinstance(token, Class) and token.is_run else place + 1
            for each in self._past(after):
                yield character, (each, stepped[0], stepped[1], stepped[2])

    def _choices(self, token: Part, places: Sequence[frozenset[int]]) -> Iterable[str]:
        """Return the characters that may make a difference, and one that makes none."""
        if isinstance(token, str):
            return token
        special = set(_SEPARATORS)
        for reader, each in zip(self.readers, places, strict=True):
            special.update(reader.literals(each))
        fresh = next(each for each in _fresh() if each not in special)
        return [fresh, *sorted(each for each in special if token.has(each))]


def _example(parts: Iterable[Part]) -> str:
    """Return a short text of a language."""
    return "".join(
        each if isinstance(each, str) else "" if each.is_run else next(_fresh()) for each in parts
    )


def _fresh() -> Iterator[str]:
    yield from _FRESH
    yield from map(chr, range(0x100, 0x10000))
