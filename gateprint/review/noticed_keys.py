"""What callers notice about API keys: where one is needed, which ones go, and how often; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gateprint.access.changes.keys import KeyChange, Kind
from gateprint.model.document import KeyPath
from gateprint.review.notice import about
from gateprint.review.review import Notice, Noticed
from gateprint.review.subject import Subject

_TOLD: Mapping[Kind, Notice] = {
    "needed": "key-changed",
    "key-removed": "key-changed",
    "raised": "looser",
    "lowered": "stricter",
}


def noticed_of_keys(subject: Subject) -> Iterator[Noticed]:
    """Yield what callers with and without a key notice; a new key is noticed by nobody."""
    for each in subject.changes.keys:
        if each.kind in _TOLD:
            place = subject.place_of(each.environment, each.blueprint)
            is_breaking = _TOLD[each.kind] == "key-changed"
            said = each.sentence.replace("\0", "")
            yield about(place, _TOLD[each.kind], said, _path(each), is_breaking=is_breaking)


def _path(change: KeyChange) -> KeyPath:
    if change.kind == "needed":
        return "apis", change.api, "routes", change.subject, "api_key"
    return "plans", change.subject
