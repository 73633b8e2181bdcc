"""Changes fields of one mapping in YAML text, so that every other byte stays; pure.

The places come from PyYAML's node tree, which counts characters. What is written is plain text in
flow style, such as `release: v2` and `canary: {percent: 10}`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from gateprint.model.document import KeyPath

_LINE_BREAK = re.compile("\r\n|[\n\r]")
_BOM = "\ufeff"


class NotRewritable(Exception):
    """The text is laid out in a way that is not changed here; the message says where."""


def rewritten(text: str, path: KeyPath, fields: Mapping[str, str | None]) -> str:
    """Return the text with fields of the mapping at `path` set, in this order; None removes one.

    The text is a blueprint that was read before: one document, without anchors and tags. A new
    field comes below the first one, or in braces at their end.

    Raises:
        NotRewritable: the place is written in a way that is not known here.
    """
    bom = _BOM if text.startswith(_BOM) else ""
    text = text.removeprefix(_BOM)
    below = 0
    for name, value in fields.items():
        node = _node_at(text, path)
        known = next((each for each, (key, _) in enumerate(node.value) if key.value == name), None)
        place = _Place(text, node)
        if known is not None:
            text = place.removed(known) if value is None else place.replaced(known, value)
            below = known if value is not None else below
        elif value is not None:
            text = place.added(below, name, value)
            below += 0 if node.flow_style else 1
    return bom + text


def _node_at(text: str, path: KeyPath) -> yaml.MappingNode:
    node: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    for step in path:
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        node = next((value for key, value in pairs if key.value == step), None)
    if not isinstance(node, yaml.MappingNode) or not node.value:
        raise NotRewritable(f"{'.'.join(map(str, path))} is no mapping with fields")
    return node


@dataclass(frozen=True, slots=True)
class _Place:
    """A mapping in a text."""

    text: str
    node: yaml.MappingNode

    def replaced(self, index: int, value: str) -> str:
        key, old = self.node.value[index]
        if old.start_mark.line == key.end_mark.line or self.node.flow_style:
            return self._with(old.start_mark.index, self._end(index), f"{value}")
        # A value below its key, such as a list with hyphens, moves beside it.
        return self._with(key.end_mark.index, self._end(index), f": {value}")

    def removed(self, index: int) -> str:
        key, _ = self.node.value[index]
        start, end = key.start_mark.index, self._end(index)
        if not self.node.flow_style:
            self._require_alone(key)
            start -= key.start_mark.column
            return self._with(start, self._line_end(end, with_break=True), "")
        if index:
            return self._with(self._end(index - 1), end, "")
        following = self.node.value[1][0].start_mark.index if len(self.node.value) > 1 else end
        return self._with(start, following, "")

    def added(self, below: int, name: str, value: str) -> str:
        """Add a field: in braces at the end, otherwise on a line of its own below another one."""
        if self.node.flow_style:
            end = self._end(len(self.node.value) - 1)
            return self._with(end, end, f", {name}: {value}")
        key, _ = self.node.value[below]
        self._require_alone(self.node.value[0][0])
        end = self._line_end(self._end(below), with_break=False)
        line_break = _LINE_BREAK.search(self.text)
        indent = f"{line_break[0] if line_break else chr(10)}{' ' * key.start_mark.column}"
        return self._with(end, end, f"{indent}{name}: {value}")

    def _require_alone(self, key: yaml.Node) -> None:
        before = self.text[key.start_mark.index - key.start_mark.column : key.start_mark.index]
        if before.strip(" "):
            line = key.start_mark.line + 1
            raise NotRewritable(f'"{before.strip()}" stands before a field on line {line}')

    def _end(self, index: int) -> int:
        """Return where a value's last character is; PyYAML ends a block behind what follows it."""
        return _end_of(self.node.value[index][1])

    def _line_end(self, index: int, *, with_break: bool) -> int:
        found = _LINE_BREAK.search(self.text, index)
        if found is None:
            return len(self.text)
        return found.end() if with_break else found.start()

    def _with(self, start: int, end: int, put: str) -> str:
        return f"{self.text[:start]}{put}{self.text[end:]}"


def _end_of(node: yaml.Node) -> int:
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end_of(last[1] if isinstance(last, tuple) else last)
    found: int = node.end_mark.index
    return found
