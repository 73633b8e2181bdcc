"""What exactly changes in a resource: attribute by attribute, in short words; pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gateprint.model.secrets import masked
from gateprint.terraform.plans.plan import ResourceChange

UNKNOWN = "(known after apply)"
NOTHING = "(none)"
DIGEST = "(digest)"
METADATA = "(SAML metadata)"
_LONGEST = 120
_CONTEXT = 16
# SHA-256 in hex or base64, SHA-1 and MD5 in hex. They differ from stack to stack by nature.
_DIGESTS = re.compile(
    r"(?<![A-Za-z0-9+/=])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32}|[A-Za-z0-9+/]{43}=)"
    r"(?![A-Za-z0-9+/=])"
)


@dataclass(frozen=True, slots=True, order=True)
class AttributeChange:
    """One attribute of a resource: its path, such as `settings[0].throttling_rate_limit`.

    Texts are short; `whole` tells two long ones apart that are cut to the same.
    """

    path: str
    before: str
    after: str
    whole: str = ""


def attribute_changes(
    change: ResourceChange, plain: Callable[[str], str] = str
) -> tuple[AttributeChange, ...]:
    """Return what differs between before and after, by path; sensitive values stay masked.

    `plain` makes the texts of several stacks comparable. Of a resource that is made or destroyed
    nothing is compared: all of it is new, or gone.
    """
    if change.action not in {"update", "replace"}:
        return ()
    found = _differing("", change.before, change.after, change.after_unknown)
    return tuple(
        _attribute(path, before, after, plain)
        for path, before, after in found
        if after is not _LATER or _is_forcing(change, path)
    )


def content_digest(change: ResourceChange, plain: Callable[[str], str] = str) -> str:
    """Return what tells a new resource from another: the digest of all that is known of it."""
    if change.action != "create":
        return ""
    found = (plain(_text([path, after])) for path, _, after in _differing("", {}, change.after, {}))
    return hashlib.sha256("\0".join(found).encode()).hexdigest()


class _Later:
    """Stands for a value that is known only after the apply."""


_LATER = _Later()
_Differing = Iterator[tuple[str, Any, Any]]


def _is_forcing(change: ResourceChange, path: str) -> bool:
    """Tell whether an attribute is why a resource is replaced; all else follows from that."""
    if change.action != "replace":
        return True
    return any(
        each and str(each[0]) == re.split(r"[.\[]", path)[0] for each in change.replace_paths
    )


def _differing(path: str, before: Any, after: Any, unknown: Any) -> _Differing:
    if unknown is True:
        yield path, before, _LATER
        return
    before, after = _read(before, after)
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        marks = unknown if isinstance(unknown, Mapping) else {}
        for name in sorted({*before, *after, *marks}):
            inner = f"{path}.{name}" if path else name
            yield from _differing(inner, before.get(name), after.get(name), marks.get(name))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _in_lists(path, before, after, unknown)
    elif not _is_same(before, after):
        yield path, before, after


def _in_lists(path: str, before: list[Any], after: list[Any], unknown: Any) -> _Differing:
    if not all(isinstance(each, Mapping) for each in (*before, *after)):
        yield from _items(path, before, after)
        return
    marks = unknown if isinstance(unknown, list) else []
    for index in range(max(len(before), len(after))):
        yield from _differing(
            f"{path}[{index}]", _at(before, index), _at(after, index), _at(marks, index)
        )


def _items(path: str, before: list[Any], after: list[Any]) -> _Differing:
    """Yield what goes from a list and what comes; the whole where only its order differs."""
    gone = [each for each in before if each not in after]
    come = [each for each in after if each not in before]
    yield from ((path, each, None) for each in gone)
    yield from ((path, None, each) for each in come)
    if before != after and not gone and not come:
        yield path, before, after


def _at(values: list[Any], index: int) -> Any:
    return values[index] if index < len(values) else None


def _is_same(before: Any, after: Any) -> bool:
    """Compare values; nothing equals an empty value."""
    return before == after or (before in (None, "", [], {}) and after in (None, "", [], {}))


def _read(before: Any, after: Any) -> tuple[Any, Any]:
    """Return two JSON texts, such as policies, as what they mean; anything else as it is."""
    if isinstance(before, str) and isinstance(after, str) and before != after:
        old, new = _as_json(before), _as_json(after)
        if old is not None and type(old) is type(new):
            return old, new
    return before, after


def _as_json(text: str) -> Any:
    try:
        found = json.loads(text) if text[:1] in {"{", "["} else None
    except ValueError:
        return None
    return found


def _attribute(path: str, before: Any, after: Any, plain: Callable[[str], str]) -> AttributeChange:
    old, new = plain(_text(before)), plain(_text(after))
    whole = ""
    if max(len(old), len(new)) > _LONGEST:
        whole = hashlib.sha256(f"{old}\0{new}".encode()).hexdigest()
    start = _start(old, new) if whole else 0
    return AttributeChange(plain(path), _short(old, start), _short(new, start), whole)


def _start(old: str, new: str) -> int:
    """Return from where on two long texts are shown: a little before they part."""
    same = next(
        (i for i, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), 0
    )
    return max(same - _CONTEXT, 0) if same > _LONGEST // 2 else 0


def _text(value: Any) -> str:
    if value is _LATER:
        return UNKNOWN
    if value in (None, "", [], {}):
        return NOTHING
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    # What is cut shorter no longer has the form of a secret.
    return _DIGESTS.sub(DIGEST, masked(text))


def _short(text: str, start: int = 0) -> str:
    if text.lstrip().startswith("<") and "EntityDescriptor" in text:
        return METADATA
    shown = " ".join((f"…{text[start:]}" if start and len(text) > start else text).split())
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
