"""Mutators of structure: each changes a node graph in place; pure but for the generator."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from yaml import MappingNode, Node, ScalarNode, SequenceNode

from tests.fuzz.hostile import TEXTS
from tests.fuzz.nodes import copied, node_of, scalar, walk

TreeMutator = Callable[[Random, Node], None]

_FIELDS = (
    *("allow", "api", "apis", "auth", "cors", "description", "environment", "existing", "function"),
    *("functions", "http", "identity_provider", "mock", "name", "overreach", "public", "roles"),
    *("routes", "source", "stages", "state", "tags", "throttle", "when", "hcp", "quotas", "canary"),
)
_MOST = 10_000


def _mappings(root: Node) -> list[MappingNode]:
    return [each for each in walk(root) if isinstance(each, MappingNode) and each.value]


def _collections(root: Node) -> list[MappingNode | SequenceNode]:
    found = [each for each in walk(root) if isinstance(each, MappingNode | SequenceNode)]
    return [each for each in found if each.value]


def _become(node: Node, other: Node) -> None:
    """Turn a node into another one, in place."""
    node.__class__ = other.__class__
    node.__dict__.clear()
    node.__dict__.update(other.__dict__)


def _copied_entry(entry: Any) -> Any:
    """Return a copy of an entry of a mapping, or of a list."""
    return tuple(map(copied, entry)) if isinstance(entry, tuple) else copied(entry)


def replace_by_another_kind(random: Random, root: Node) -> None:
    node = random.choice(list(walk(root)))
    inner = copied(node)
    others = [
        *(
            node_of({}),
            node_of([]),
            scalar(""),
            scalar("true"),
            scalar("1"),
            scalar(random.choice(TEXTS)),
        ),
        *(SequenceNode(node.tag, [inner]), SequenceNode(node.tag, [inner, copied(node)])),
        *(MappingNode(node.tag, [(scalar("a"), inner)]), node_of({"all": "all"}), node_of(["all"])),
    ]
    _become(node, random.choice(others))


def hostile_text(random: Random, root: Node) -> None:
    texts = [each for each in walk(root) if isinstance(each, ScalarNode)]
    if texts:
        node = random.choice(texts)
        node.value = random.choice(TEXTS)
        node.style = random.choice((None, None, '"', "'"))


def lengthen_text(random: Random, root: Node) -> None:
    texts = [each for each in walk(root) if isinstance(each, ScalarNode) and each.value]
    if texts:
        node = random.choice(texts)
        node.value = node.value * random.choice((2, 10, 100)) + random.choice(("", "-", "!", "é"))


def drop_entries(random: Random, root: Node) -> None:
    if not (found := _collections(root)):
        return
    node = random.choice(found)
    at = random.randrange(len(node.value))
    del node.value[at : at + random.choice((1, 1, 1, 3, 99))]


def duplicate_an_entry(random: Random, root: Node) -> None:
    if not (found := _collections(root)):
        return
    node = random.choice(found)
    entry = _copied_entry(random.choice(node.value))
    if isinstance(node, MappingNode) and random.random() < 0.7:
        entry = (scalar(f"{entry[0].value}{random.choice('2xX')}"), entry[1])
    node.value.insert(random.randint(0, len(node.value)), entry)


def rename_a_key(random: Random, root: Node) -> None:
    if not (found := _mappings(root)):
        return
    node = random.choice(found)
    at = random.randrange(len(node.value))
    key, value = node.value[at]
    names = (random.choice(_FIELDS), f"{key.value}s", f"{key.value}"[:-1], random.choice(TEXTS))
    node.value[at] = (scalar(random.choice(names)), value)


def odd_key(random: Random, root: Node) -> None:
    if not (found := _mappings(root)):
        return
    node = random.choice(found)
    at = random.randrange(len(node.value))
    keys = (
        *(node_of({}), node_of([]), node_of({"a": "b"}), node_of(["a", "b"]), scalar("")),
        *(
            scalar("1"),
            scalar("true"),
            scalar("null"),
            scalar("<<"),
            scalar("<<", '"'),
            scalar("~"),
        ),
    )
    node.value[at] = (random.choice(keys), node.value[at][1])


def move_an_entry(random: Random, root: Node) -> None:
    if not (found := _collections(root)):
        return
    node, target = random.choice(found), random.choice(found)
    at = random.randrange(len(node.value))
    entry = _copied_entry(node.value[at])
    if isinstance(target, SequenceNode):
        target.value.append(entry[1] if isinstance(entry, tuple) else entry)
    else:
        target.value.append(entry if isinstance(entry, tuple) else (scalar("moved"), entry))


def swap_values(random: Random, root: Node) -> None:
    texts = [each for each in walk(root) if isinstance(each, ScalarNode)]
    if len(texts) > 1:
        one, other = random.sample(texts, 2)
        one.value, other.value = other.value, one.value


def add_a_tag(random: Random, root: Node) -> None:
    node = random.choice(list(walk(root)))
    node.tag = random.choice(("!x", "!env", "tag:example.com,2000:x"))


def nest_deeply(random: Random, root: Node) -> None:
    node = random.choice(list(walk(root)))
    inner = copied(node)
    for _ in range(random.choice((5, 36, 39, 41, 60, 100))):
        is_list = random.random() < 0.5
        inner = SequenceNode("x", [inner]) if is_list else MappingNode("x", [(scalar("a"), inner)])
        inner.tag, inner.flow_style = "tag:yaml.org,2002:str", True
    _become(node, inner)


def widen(random: Random, root: Node) -> None:
    """Repeat one entry under new names, up to ten thousand times."""
    if not (found := _collections(root)):
        return
    node = random.choice(found)
    count = int(10 ** random.uniform(1, 4)) if random.random() < 0.1 else random.randint(2, 60)
    entry = random.choice(node.value)
    made = (_numbered(entry, number) for number in range(min(count, _MOST)))
    node.value.extend(made)


def _numbered(entry: Any, number: int) -> Any:
    """Return a copy with another name; the values are shared, and so cost nothing."""
    if isinstance(entry, tuple):
        key, value = entry
        return (
            scalar(f"{key.value}{number}" if isinstance(key, ScalarNode) else str(number)),
            value,
        )
    if isinstance(entry, ScalarNode):
        return scalar(f"{entry.value}{number}", entry.style)
    return entry


TREES: tuple[TreeMutator, ...] = (
    *(replace_by_another_kind, hostile_text, lengthen_text, drop_entries, duplicate_an_entry),
    *(rename_a_key, odd_key, move_an_entry, swap_values, add_a_tag, nest_deeply, widen),
)
