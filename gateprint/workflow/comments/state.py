"""What a comment remembers of the reviews that it has shown, hidden in itself; pure.

A comment is not a safe: whoever may edit it may change this too. It only informs; what may be
applied is decided by the verdict in the run.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateprint.errors import ToolFailed

FORMAT = 1
MOST_SHOWN = 11  # the newest, and ten before it
_LARGEST = 8 << 20
_LONGEST_DIGEST, _LONGEST_TEXT = 16, 200


@dataclass(frozen=True, slots=True)
class Review:
    """What a review found, as far as comments need it: a digest for all, and one for each stack.

    `stacks` is None where they are not known.
    """

    run: str
    digest: str
    verdict: str
    stacks: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A review that the comment has shown: its first line, and since when.

    `at` is the service's own time, in ISO 8601; it is empty until the service has said it.
    """

    line: str
    digest: str
    commit: str = ""
    at: str = ""
    stacks: Mapping[str, str] | None = None

    def is_same(self, other: Shown) -> bool:
        """Tell whether both show the same review, of the same commit."""
        mine = (self.line, self.digest, self.commit)
        return mine == (other.line, other.digest, other.commit)


def read_review(text: str) -> Review:
    """Read `{"run", "digest", "verdict", "stacks": {name: digest}}`; more may be there.

    Raises:
        ToolFailed: it is something else.
    """
    try:
        found = json.loads(text)
        run, digest, verdict = (_as_text(found[each]) for each in ("run", "digest", "verdict"))
        stacks = {name: _as_text(each) for name, each in found["stacks"].items()}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        problem = "the review's data is not what gateprint review writes as JSON"
        remedy = "give --review the file that gateprint review --format json wrote"
        raise ToolFailed(problem, remedy) from None
    return Review(run, digest, verdict, stacks)


def short(digest: str) -> str:
    """Return what a comment keeps of a digest: enough to tell two plans apart."""
    return hashlib.sha256(digest.encode()).hexdigest()[:_LONGEST_DIGEST]


def shown_of(review: Review, line: str, commit: str) -> Shown:
    """Return what the comment will remember of a review."""
    stacks = review.stacks and {name: short(each) for name, each in review.stacks.items()}
    return Shown(line[:_LONGEST_TEXT], short(review.digest), commit[:12], "", stacks)


def remembered(now: Shown, before: Sequence[Shown], keep: Shown | None) -> tuple[Shown, ...]:
    """Return what a comment shows and has shown, newest first.

    The same review again is no new one. `keep` is remembered however many came after it.
    """
    if before and now.is_same(before[0]):
        found = [replace(now, at=before[0].at), *before[1:]]
    else:
        found = [now, *before]
    if len(found) <= MOST_SHOWN:
        return tuple(found)
    kept, dropped = found[: MOST_SHOWN - 1], found[MOST_SHOWN - 1 :]
    last = keep if keep is not None and any(each is keep for each in dropped) else dropped[0]
    return (*kept, last)


def encode(shown: Sequence[Shown], room: int, keep: Shown | None = None) -> str:
    """Return it as text without a hyphen, of at most `room` characters; empty if none fits.

    The digests of stacks are left out first: of the oldest, then of the one to `keep`, then of the
    newest. Then it is the oldest reviews.
    """
    left = list(shown)
    order = [each for each in reversed(range(len(left))) if each and left[each] is not keep]
    for each in [*order, *reversed(range(len(left)))]:
        text = _encoded(left)
        if len(text) <= room:
            return text
        left[each] = replace(left[each], stacks=None)
    while left and len(_encoded(left)) > room:
        left.pop()
    return _encoded(left) if left else ""


def _encoded(shown: Sequence[Shown]) -> str:
    newest = shown[0].stacks or {}
    data = {"format": FORMAT, "shown": [_data(each, newest) for each in shown]}
    data["shown"][0]["stacks"] = shown[0].stacks  # type: ignore[index]
    text = json.dumps(data, separators=(",", ":"), sort_keys=True)
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode("ascii")


def _data(shown: Shown, newest: Mapping[str, str]) -> dict[str, Any]:
    """Return a review as data, its stacks as differences from the newest: few differ."""
    found = {"line": shown.line, "digest": shown.digest, "commit": shown.commit, "at": shown.at}
    if shown.stacks is None:
        return {**found, "stacks": None}
    names = {*shown.stacks, *newest}
    changed = {name: shown.stacks.get(name) for name in names}
    return {**found, "stacks": {k: v for k, v in changed.items() if v != newest.get(k)}}


def decode(text: str) -> tuple[Shown, ...]:
    """Return what a comment has shown; nothing where that cannot be read."""
    try:
        # Not decompress: a few bytes may stand for gigabytes.
        plain = zlib.decompressobj().decompress(base64.b64decode(text, validate=True), _LARGEST)
        found = json.loads(plain)
        if found["format"] != FORMAT:
            return ()
        newest = found["shown"][0]["stacks"] or {}
        first, *others = found["shown"][:MOST_SHOWN]
        return (_shown(first, {}), *(_shown(each, newest) for each in others))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, zlib.error):
        return ()


def _shown(data: Mapping[str, Any], newest: Mapping[str, str]) -> Shown:
    line, digest, commit, at = (
        _as_text(data[each])[:_LONGEST_TEXT] for each in ("line", "digest", "commit", "at")
    )
    if data["stacks"] is None:
        return Shown(line, digest, commit, at)
    merged = {**newest, **data["stacks"]}
    stacks = {name: _as_text(each) for name, each in merged.items() if each is not None}
    return Shown(line, digest, commit, at, stacks)


def _as_text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
