"""IAM's wildcards and policy variables within a text, and whether another text fits them; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from gateprint.errors import NotModelled


class Wild(Enum):
    """What stands for other characters: one, or any run of them, empty too.

    The kinds `OF_FIELD` stop at a colon.
    """

    ONE = auto()
    RUN = auto()
    ONE_OF_FIELD = auto()
    RUN_OF_FIELD = auto()


@dataclass(frozen=True, slots=True)
class Variable:
    """A policy variable, `${key}` or `${key, 'default'}`; the key in lower case."""

    key: str
    default: str | None = None


Part = str | Wild | Variable
Resolved = tuple[str | Wild, ...]
WILDCARDS = {"*": Wild.RUN, "?": Wild.ONE}
_FIELD_WILDCARDS = {Wild.RUN: Wild.RUN_OF_FIELD, Wild.ONE: Wild.ONE_OF_FIELD}
# IAM user guide, "IAM policy elements: Variables and tags". A tag's key may hold all of these.
_VARIABLE = re.compile(r"\$\{(?:([*?$])|([\w.:/=+\-@ ]+?)(?:, '([^']*)')?)\}", re.ASCII)
_WILDCARD = re.compile(r"([*?])")


def split(text: str, *, has_variables: bool, has_wildcards: bool = True) -> tuple[Part, ...]:
    """Return a text of a policy as literals, wildcards and variables.

    Raises:
        NotModelled: there is a `${` that does not begin a variable as documented.
    """
    if not has_variables or "${" not in text:
        return joined(_plain(text)) if has_wildcards else (text,)
    parts: list[Part] = []
    position = 0
    for found in _VARIABLE.finditer(text):
        between = text[position : found.start()]
        parts += _plain(between) if has_wildcards else [between]
        parts.append(_variable(found))
        position = found.end()
    parts += _plain(text[position:]) if has_wildcards else [text[position:]]
    if any(isinstance(each, str) and "${" in each for each in parts):
        raise NotModelled(f"{text} has a policy variable that is not written as documented")
    return joined(parts)


def _variable(found: re.Match[str]) -> Part:
    literal, key, default = found.groups()
    if literal:
        return str(literal)
    if default and _WILDCARD.search(default):
        raise NotModelled(f"the default value of {found[0]} holds a wildcard")
    return Variable(key.lower(), default)


def _plain(text: str) -> Iterator[Part]:
    return (WILDCARDS.get(each, each) for each in _WILDCARD.split(text))


def joined(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Return the parts with neighbouring literals as one, and neighbouring runs as one."""
    found: list[Part] = []
    for part in parts:
        last = found[-1] if found else None
        if isinstance(part, str) and isinstance(last, str):
            found[-1] = last + part
        elif part != "" and not (part is Wild.RUN and last is Wild.RUN):
            found.append(part)
    return tuple(found)


def within_field(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Return the parts with wildcards that stop at a colon."""
    return tuple(
        _FIELD_WILDCARDS.get(each, each) if isinstance(each, Wild) else each for each in parts
    )


def without_variables(parts: Iterable[Part]) -> Resolved:
    """Return the literals and wildcards."""
    return tuple(each for each in parts if not isinstance(each, Variable))


def is_variable(parts: Iterable[Part]) -> bool:
    """Tell whether a variable is among the parts."""
    return any(isinstance(each, Variable) for each in parts)


def resolve(parts: Iterable[Part], value_of: Callable[[str], str | None]) -> Resolved | None:
    """Return the parts with the variables' values; None where one has neither value nor default.

    Raises:
        NotModelled: a value holds a wildcard; nothing says whether IAM would read it as one.
    """
    resolved: list[str | Wild] = []
    for part in parts:
        if isinstance(part, Variable):
            value = value_of(part.key)
            value = part.default if value is None else value
            if value is None:
                return None
            if _WILDCARD.search(value):
                raise NotModelled(f"the value of ${{{part.key}}} holds a wildcard: {value}")
            resolved.append(value)
        else:
            resolved.append(part)
    return without_variables(joined(resolved))


def beginning(parts: Resolved) -> str:
    """Return the literal with which every text that fits begins; it may be empty."""
    return parts[0] if parts and isinstance(parts[0], str) else ""


def is_matching(parts: Resolved, text: str) -> bool:
    """Tell whether the whole text fits the parts, which are as `joined` leaves them."""
    if Wild.ONE in parts or Wild.RUN_OF_FIELD in parts or Wild.ONE_OF_FIELD in parts:
        return _is_reaching_the_end(parts, text)
    return _is_spanned(parts, text)


def _is_spanned(parts: Resolved, text: str) -> bool:
    """Decide for literals and runs: where a literal is found first, the rest has the most room."""
    first, last = beginning(parts), beginning(parts[::-1])
    if Wild.RUN not in parts:
        return text == first
    start, end = len(first), len(text) - len(last)
    if start > end or not (text.startswith(first) and text.endswith(last)):
        return False
    for piece in parts[1:-1]:
        if isinstance(piece, str):
            found = text.find(piece, start, end)
            if found < 0:
                return False
            start = found + len(piece)
    return True


def _is_reaching_the_end(parts: Resolved, text: str) -> bool:
    """Decide for all kinds, character by character, with all places of the pattern at once."""
    tokens: list[str | Wild] = []
    for part in parts:
        tokens += [part] if isinstance(part, Wild) else list(part)
    reached = _past_runs(tokens, {0})
    for character in text:
        reached = _past_runs(tokens, set(_steps(tokens, reached, character)))
    return len(tokens) in reached


def _steps(tokens: list[str | Wild], reached: set[int], character: str) -> Iterator[int]:
    for place in reached:
        token = tokens[place] if place < len(tokens) else ""
        if token is Wild.RUN or (token is Wild.RUN_OF_FIELD and character != ":"):
            yield place
        elif token in {Wild.ONE, character} or (token is Wild.ONE_OF_FIELD and character != ":"):
            yield place + 1


def _past_runs(tokens: list[str | Wild], reached: set[int]) -> set[int]:
    """Add the places behind runs, which may be empty."""
    waiting = list(reached)
    while waiting:
        place = waiting.pop()
        is_run = place < len(tokens) and tokens[place] in {Wild.RUN, Wild.RUN_OF_FIELD}
        if is_run and place + 1 not in reached:
            reached.add(place + 1)
            waiting.append(place + 1)
    return reached
