"""Decides whether two patterns can match the same text: exact, on the languages; pure.

IAM's `*` is any run of characters, `/` among them; a path parameter `{id}` is one segment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["char", "one", "segment", "any"]


@dataclass(frozen=True, slots=True)
class Token:
    """One character, or a run of them.

    `char` is exactly this character, `one` any but `/`; `segment` is a run without `/`, `any` a
    run of every kind.
    """

    kind: Kind
    char: str = ""

    @property
    def is_run(self) -> bool:
        """Tell whether the token repeats, and may be empty."""
        return self.kind in {"segment", "any"}


Pattern = tuple[Token, ...]
_ONE, _SEGMENT, _ANY = Token("one"), Token("segment"), Token("any")


def of_policy(text: str) -> Pattern:
    """Return the pattern of a policy's resource, in which `*` is any run of characters."""
    return tuple(_ANY if each == "*" else Token("char", each) for each in text)


def of_route(stage: str, method: str, path: str) -> Pattern:
    """Return the pattern of the concrete requests that one route on one stage answers."""
    verb: Pattern = (_ONE, _SEGMENT) if method == "ANY" else _literal(method)
    parts = [_literal(f"{stage}/"), verb]
    for segment in path[1:].split("/"):
        parts += [_literal("/"), _segment(segment)]
    return tuple(token for part in parts for token in part)


def _segment(text: str) -> Pattern:
    # A parameter is never empty: GET / is not GET /{id}.
    if text.endswith("+}"):
        return (_ONE, _ANY)
    return (_ONE, _SEGMENT) if text.startswith("{") else _literal(text)


def _literal(text: str) -> Pattern:
    return tuple(Token("char", each) for each in text)


def is_overlapping(one: Pattern, other: Pattern) -> bool:
    """Tell whether some text matches both patterns."""
    seen: set[tuple[int, int]] = set()
    reached = [(0, 0)]
    while reached:
        state = reached.pop()
        if state == (len(one), len(other)):
            return True
        if state not in seen:
            seen.add(state)
            reached += _next_states(one, other, state)
    return False


def _next_states(one: Pattern, other: Pattern, state: tuple[int, int]) -> list[tuple[int, int]]:
    left, right = state
    first = one[left] if left < len(one) else None
    second = other[right] if right < len(other) else None
    found = []
    if first is not None and first.is_run:
        found.append((left + 1, right))
    if second is not None and second.is_run:
        found.append((left, right + 1))
    if first is not None and second is not None and _has_common_character(first, second):
        found.append((left + (not first.is_run), right + (not second.is_run)))
    return found


def _has_common_character(first: Token, second: Token) -> bool:
    if first.kind == "char" and second.kind == "char":
        return first.char == second.char
    is_slash = "/" in {first.char, second.char}
    return not (is_slash and not {first.kind, second.kind}.isdisjoint({"one", "segment"}))
