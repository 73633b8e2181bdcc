"""YAML node graphs: made from plain data, and written in any style; pure.

A node graph can say what plain data cannot: a key twice, a list as a key, a tag, a quoted number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import yaml
from yaml import MappingNode, Node, ScalarNode, SequenceNode

_TAG = "tag:yaml.org,2002:str"
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Style = Callable[[Node], Any]


class Quoted(str):
    """A text that is to stand in quotes."""

    __slots__ = ()


def node_of(data: Any) -> Node:
    """Return plain data (dicts, lists, texts, numbers, None, nodes) as nodes."""
    if isinstance(data, Node):
        return data
    if isinstance(data, dict):
        return MappingNode(_TAG, [(node_of(key), node_of(value)) for key, value in data.items()])
    if isinstance(data, list | tuple):
        return SequenceNode(_TAG, [node_of(each) for each in data])
    if data is None:
        return scalar("")
    return scalar(str(data), '"' if isinstance(data, Quoted) else None)


def scalar(text: str, style: str | None = None) -> ScalarNode:
    """Return a scalar; `style` None is plain, as far as the text allows."""
    return ScalarNode(_TAG, text, style=style)


def copied(node: Node) -> Node:
    """Return a copy, down to the leaves."""
    if isinstance(node, MappingNode):
        value: Any = [(copied(key), copied(each)) for key, each in node.value]
        return MappingNode(node.tag, value, flow_style=node.flow_style)
    if isinstance(node, SequenceNode):
        value = [copied(each) for each in node.value]
        return SequenceNode(node.tag, value, flow_style=node.flow_style)
    return ScalarNode(node.tag, node.value, style=as_written(node))


def parse(text: str) -> Node | None:
    """Return the one document of a text, or None where there is none to be had."""
    try:
        found = yaml.compose(text, Loader=_Loader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    return found if isinstance(found, Node) else None


def as_written(node: Node) -> Any:
    """Keep the style that the node was read or made with."""
    return getattr(node, "style", getattr(node, "flow_style", None))


def write(node: Node, style: Style = as_written, **options: Any) -> str:
    """Return a YAML document; `style` says how each scalar is quoted and each collection laid."""
    events = [
        yaml.StreamStartEvent(),
        yaml.DocumentStartEvent(explicit=options.pop("explicit_start", False)),
        *_events(node, style),
        yaml.DocumentEndEvent(explicit=False),
        yaml.StreamEndEvent(),
    ]
    return str(
        yaml.emit(events, Dumper=_Dumper, **{"allow_unicode": True, "width": 4096, **options})
    )


def _events(node: Node, style: Style) -> Iterator[Any]:
    tag = None if node.tag.startswith("tag:yaml.org,2002:") else node.tag
    if isinstance(node, ScalarNode):
        plain = (tag is None, tag is None)
        yield yaml.ScalarEvent(None, tag, plain, node.value, style=style(node))
    elif isinstance(node, SequenceNode):
        yield yaml.SequenceStartEvent(None, tag, tag is None, flow_style=style(node))
        for each in node.value:
            yield from _events(each, style)
        yield yaml.SequenceEndEvent()
    elif isinstance(node, MappingNode):
        yield yaml.MappingStartEvent(None, tag, tag is None, flow_style=style(node))
        for key, value in node.value:
            yield from _events(key, style)
            yield from _events(value, style)
        yield yaml.MappingEndEvent()


def walk(node: Node) -> Iterator[Node]:
    """Yield the node and all below it."""
    yield node
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield from walk(key)
            yield from walk(value)
    elif isinstance(node, SequenceNode):
        for each in node.value:
            yield from walk(each)


def shape(node: Node) -> Any:
    """Return what two nodes have in common that mean the same: kinds, texts and order."""
    if isinstance(node, MappingNode):
        return [(shape(key), shape(value)) for key, value in node.value]
    if isinstance(node, SequenceNode):
        return tuple(shape(each) for each in node.value)
    return node.value
