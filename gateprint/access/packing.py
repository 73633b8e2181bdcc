"""Divides what a role may call among policies within IAM's quotas; pure.

A policy names every granted route of every stage by an ARN of its own, as long as that fits.
Then ARNs go that others hold anyway; then the rest goes to customer managed policies; and only
where that is too much, too, one wildcard stands for all ARNs of a part of the API in which nothing
signed is left that was not granted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gateprint.access.iam import language
from gateprint.access.iam.language import Language
from gateprint.model import quotas

# What a policy has beside its ARNs, generously: two statements, and the version.
_FRAME = 240
_INLINE = quotas.INLINE_POLICIES.limit - _FRAME
# Once policies are divided, a quarter is left to other blueprints that add to the role.
_SHARED = _INLINE * 3 // 4
_MANAGED = quotas.MANAGED_POLICY.limit - _FRAME
# Quotation marks and a comma.
_AROUND = 3


@dataclass(frozen=True, slots=True, order=True)
class Pattern:
    """What a policy names: an API of the blueprint, and `stage/METHOD/path` with wildcards."""

    api: str
    text: str


@dataclass(frozen=True, slots=True)
class Packed:
    """The patterns of the inline policy and of each managed policy, sorted.

    `is_widened` tells that some stand for requests that no route answers, beside the granted ones.
    """

    inline: tuple[Pattern, ...]
    managed: tuple[tuple[Pattern, ...], ...] = ()
    is_widened: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """How long the ARN of an API is, with a slash behind it, and how many policies a role has."""

    prefix_length: int
    managed_policies: int

    def size_of(self, patterns: Iterable[Pattern]) -> int:
        """Return how many characters the ARNs take in a policy."""
        return sum(self.prefix_length + len(each.text) + _AROUND for each in patterns)


def pack(
    allowed: Iterable[Pattern],
    denied: Iterable[Pattern],
    closed: Callable[[], Mapping[str, Sequence[Language]]],
    limits: Limits,
) -> Packed:
    """Return the policies of a role, without the denied patterns: these are the inline policy's.

    `closed` returns by API the requests that the role must not be allowed. What does not fit at
    all has more managed policies than a role may have.
    """
    exact = tuple(sorted(allowed))
    room = _INLINE - limits.size_of(denied)
    if limits.size_of(exact) <= room:
        return Packed(exact)
    lean = tuple(_without_redundant(exact))
    if limits.size_of(lean) <= room:
        return Packed(lean)
    room -= _INLINE - _SHARED
    packed = _divided(lean, room, limits)
    if len(packed.managed) <= limits.managed_policies:
        return packed
    wide = _divided(tuple(sorted(_widened(lean, closed()))), room, limits)
    return Packed(wide.inline, wide.managed, is_widened=True)


def _divided(patterns: Sequence[Pattern], room: int, limits: Limits) -> Packed:
    """Fill the inline policy first: one route more changes one policy, and takes nothing away."""
    bins: list[list[Pattern]] = [[]]
    for each in patterns:
        size = limits.size_of([each])
        if size > room:
            bins.append([])
            room = _MANAGED
        bins[-1].append(each)
        room -= size
    inline, *managed = map(tuple, bins)
    return Packed(inline, tuple(managed))


def _without_redundant(patterns: Sequence[Pattern]) -> Iterator[Pattern]:
    """Yield the patterns that no other one includes. They say exactly the same."""
    wide: dict[str, list[Pattern]] = defaultdict(list)
    for each in patterns:
        if each.text.endswith("*"):
            wide[_beginning(each.text)].append(each)
    for each in patterns:
        if not any(_is_including(other, each) for other in _candidates(each, wide)):
            yield each


def _candidates(pattern: Pattern, wide: Mapping[str, list[Pattern]]) -> Iterator[Pattern]:
    text = pattern.text
    for end in range(len(text) + 1):
        for other in wide.get(text[:end], ()):
            if other != pattern:
                yield other


def _is_including(one: Pattern, other: Pattern) -> bool:
    if one.api != other.api:
        return False
    return language.find(_read(other.text), allows=[_read(one.text)], is_allowed=False) is None


def _beginning(text: str) -> str:
    return text.partition("*")[0].partition("?")[0]


def _read(text: str) -> Language:
    """Return a pattern as IAM reads it."""
    wildcards = {"*": language.RUN, "?": language.ONE}
    return language.joined(wildcards.get(each, each) for each in text)


def _widened(
    patterns: Sequence[Pattern], closed: Mapping[str, Sequence[Language]]
) -> Iterator[Pattern]:
    by_api: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for each in patterns:
        by_api[each.api].append(tuple(each.text.split("/")))
    for api, texts in by_api.items():
        for text in _shortened((), texts, closed.get(api, ())):
            yield Pattern(api, text)


def _shortened(
    front: tuple[str, ...], patterns: Sequence[tuple[str, ...]], closed: Sequence[Language]
) -> Iterator[str]:
    """Yield one pattern for all of them if it reaches nothing closed, or go one segment deeper."""
    if len(patterns) == 1:
        yield "/".join(patterns[0])
        return
    text = "/".join((*front, "*"))
    reached = [each for each in closed if language.find(each, allows=[_read(text)]) is not None]
    if not reached:
        yield text
        return
    deeper: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for each in patterns:
        deeper[each[len(front)]].append(each)
    for segment, below in deeper.items():
        following = (*front, segment)
        ending = [each for each in below if each == following]
        yield from ("/".join(each) for each in ending)
        going_on = [each for each in below if each != following]
        if going_on:
            yield from _shortened(following, going_on, reached)
