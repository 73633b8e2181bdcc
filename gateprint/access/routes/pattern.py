"""Decides whether what IAM reads into a granted route includes a request of another; pure.

Exact, on the two languages, and segment by segment: a parameter is a whole segment, so in a policy
its `*` begins and ends beside a slash.
"""

from __future__ import annotations

from gateprint.model.routes import split_route

# One segment that is not empty, one segment, one or more segments. No segment of a route is so.
_FILLED, _ONE, _SOME = "{}", "*", "**"
_WILD = {_FILLED, _ONE, _SOME}
Segments = tuple[str, ...]


def is_reaching(granted: str, other: str) -> bool:
    """Tell whether a policy for the route `granted` matches some request of the route `other`.

    Both are written `METHOD /path`.
    """
    allowed = _allowed(granted)
    return any(_is_overlapping(allowed, answered) for answered in _answered(other))


def _allowed(key: str) -> Segments:
    """Return method and path as IAM reads them: every parameter spans slashes, and so does ANY."""
    return tuple(_SOME if each.startswith("{") else each for each in _segments(key))


def _answered(key: str) -> tuple[Segments, ...]:
    """Return method and path as API Gateway reads them; either of the answers may fit."""
    segments = _segments(key)
    *front, last = (_FILLED if each.startswith("{") else each for each in segments)
    if segments[-1].endswith("+}"):
        return ((*front, _FILLED), (*front, _ONE, _SOME))
    return ((*front, last),)


def _segments(key: str) -> Segments:
    method, path = split_route(key)
    return ("{ANY}" if method == "ANY" else method, *path[1:].split("/"))


def _is_overlapping(one: Segments, other: Segments) -> bool:
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


def _next_states(one: Segments, other: Segments, state: tuple[int, int]) -> list[tuple[int, int]]:
    """Let both take one segment of the request, after which some take another."""
    left, right = state
    if left == len(one) or right == len(other) or not _is_fitting(one[left], other[right]):
        return []
    lefts = (left, left + 1) if one[left] == _SOME else (left + 1,)
    rights = (right, right + 1) if other[right] == _SOME else (right + 1,)
    return [(each, then) for each in lefts for then in rights]


def _is_fitting(one: str, other: str) -> bool:
    """Tell whether one segment can be both; the root's is empty."""
    if one in _WILD or other in _WILD:
        return {one, other} != {_FILLED, ""}
    return one == other
