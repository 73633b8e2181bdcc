"""A review without secrets, and with texts that every format can hold; pure.

The masks of Terraform's plans have hidden what is sensitive there long before. This is for what
looks like a secret in a blueprint's own texts, and comes before a format's escapes: these would
tear a secret apart, so that its form is no longer seen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from gateprint.model.secrets import masked
from gateprint.review.finding import Rule
from gateprint.review.review import Review

T = TypeVar("T")
# What neither UTF-8 nor XML 1.0 (2.2, Characters) has a form for.
_UNWRITABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")


def without_secrets(found: Review) -> Review:
    """Return the review with every secret replaced by asterisks."""
    return _shown(found)


def _shown(value: T) -> T:
    found: Any = value
    if isinstance(value, str):
        found = _text(value)
    elif isinstance(value, tuple):
        found = tuple(_shown(each) for each in value)
    elif isinstance(value, Mapping):
        found = {_shown(name): _shown(each) for name, each in value.items()}
    elif is_dataclass(value) and not isinstance(value, (type, Rule)):
        found = _fields_shown(value)
    return found  # type: ignore[no-any-return]


def _fields_shown(value: Any) -> Any:
    known = {each.name: getattr(value, each.name) for each in fields(value)}
    changed = {name: _shown(each) for name, each in known.items()}
    same = all(changed[name] is each for name, each in known.items())
    return value if same else replace(value, **changed)


def _text(text: str) -> str:
    shown = masked(text)
    return _UNWRITABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", shown)
