"""How something is said that callers notice, with its line; pure."""

from __future__ import annotations

from collections.abc import Sequence

from gateprint.access.changes.wording import joined
from gateprint.model.document import KeyPath
from gateprint.review.review import Notice, Noticed
from gateprint.review.subject import Place

_MOST_NAMES = 6


def about(
    place: Place,
    kind: Notice,
    sentence: str,
    path: KeyPath | None = None,
    *,
    is_breaking: bool = True,
) -> Noticed:
    """Return what callers notice; `path` is its cause in the file, None where that is gone."""
    where = None
    if path is not None and place.document is not None:
        where = place.document.locate(path, key=True)
    return Noticed(place.stack, kind, sentence, is_breaking, where)


def listed(names: Sequence[str]) -> str:
    """Return names as a list; of many the first ones, and how many there are more."""
    more = len(names) - _MOST_NAMES
    return joined([*names[:_MOST_NAMES], f"{more} more"] if more > 0 else names)
