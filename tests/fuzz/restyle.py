"""Writes a document in another style of YAML that means the same; pure."""

from __future__ import annotations

from random import Random
from typing import Any

from yaml import Node, ScalarNode

from tests.fuzz.nodes import parse, shape, write


def restyled(random: Random, data: bytes) -> bytes | None:
    """Return the same values in another style, or None where PyYAML does not write them back."""
    root = parse(data.decode("utf-8"))
    if root is None:
        return None
    is_flow = random.random() < 0.4
    text = write(
        root,
        lambda node: _style(random, node, is_flow=is_flow),
        width=random.choice((20, 80, 4096)),
        indent=random.choice((2, 3, 4, 8)),
        explicit_start=random.random() < 0.3,
    )
    again = parse(text)
    if again is None or shape(again) != shape(root):
        return None
    return _dressed(random, text).encode()


def _style(random: Random, node: Node, *, is_flow: bool) -> Any:
    if not isinstance(node, ScalarNode):
        return is_flow or random.random() < 0.15
    if node.style:
        # Quoted stays quoted: an account id must be.
        return random.choice(("'", '"'))
    is_word = node.value in {"true", "false", ""}
    return None if is_word else random.choice((None, None, "'", '"'))


def _dressed(random: Random, text: str) -> str:
    """Add what means nothing: comments, blank lines, a byte order mark, other line ends."""
    if random.random() < 0.3:
        text = f"# é: [comment\n\n{text}\n\n# the end"
    if random.random() < 0.2 and "\r" not in text:
        text = text.replace("\n", random.choice(("\r\n", "\r")))
    return "\ufeff" + text if random.random() < 0.1 else text
