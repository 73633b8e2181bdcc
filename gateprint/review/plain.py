"""Makes texts of several stacks comparable: each stack's own names become placeholders; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet

Names = Mapping[str, Mapping[str, str]]
"""The names that are a stack's own, by stack: text → placeholder, as `own_names` has them."""


def own_names(blueprint: str, environment: str, account: str) -> dict[str, str]:
    """Return the names that tell one stack from another which is made alike."""
    names = {blueprint: "{blueprint}", environment: "{environment}", account: "{account}"}
    # In Terraform's addresses and some names of AWS a hyphen is another character.
    names[blueprint.replace("-", "_")] = "{blueprint}"
    return {name: placeholder for name, placeholder in names.items() if name}


_WORD = re.compile(r"[A-Za-z0-9]+")


class Plain:
    """Replaces a stack's own names in texts, the longest first, where they are whole words.

    `ids` are single words too, such as AWS gives; they are another in each stack.
    """

    def __init__(self, names: Mapping[str, str], ids: AbstractSet[str] = frozenset()) -> None:
        self._names = names
        self._ids = ids
        longest = sorted(names, key=len, reverse=True)
        found = "|".join(re.escape(each) for each in longest)
        self._pattern = re.compile(rf"(?<![A-Za-z0-9])(?:{found})(?![A-Za-z0-9])")

    def __call__(self, text: str) -> str:
        """Return the text with placeholders."""
        named = (
            self._pattern.sub(lambda found: self._names[found[0]], text) if self._names else text
        )
        # A pattern of hundreds of ids takes long to compile, for each stack.
        return _WORD.sub(self._id, named) if self._ids else named

    def _id(self, found: re.Match[str]) -> str:
        return "{id}" if found[0] in self._ids else found[0]


def restoring(names: Iterable[Mapping[str, str]]) -> Callable[[str], str]:
    """Return what gives a plain text the names back that all of these stacks share."""
    texts: dict[str, set[str]] = {}
    for each in names:
        # The first is how a file writes it.
        first = {placeholder: name for name, placeholder in reversed(tuple(each.items()))}
        for placeholder, name in first.items():
            texts.setdefault(placeholder, set()).add(name)
    shared = {each: found.pop() for each, found in texts.items() if len(found) == 1}

    def restored(text: str) -> str:
        for placeholder, name in shared.items():
            text = text.replace(placeholder, name)
        return text

    return restored
