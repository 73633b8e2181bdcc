"""The parts of a mapping template, as values; pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateprint.local.gateway.faults import NotServed


class TemplateRejected(NotServed):
    """The template is none, or uses what the data plane does not do."""


@dataclass(frozen=True, slots=True)
class Property:
    """`.name` of a reference."""

    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """`[expression]` of a reference."""

    value: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """`.name(arguments)` of a reference."""

    name: str
    arguments: tuple[Expression, ...]


Step = Property | Index | Call


@dataclass(frozen=True, slots=True)
class Reference:
    """`$name.step`; `source` is how it was written, `slashes` how many backslashes precede it."""

    name: str
    steps: tuple[Step, ...] = ()
    source: str = field(default="", compare=False)
    is_quiet: bool = False
    slashes: int = 0


@dataclass(frozen=True, slots=True)
class Literal:
    """A text in single quotes, a number, true or false."""

    value: str | int | bool


@dataclass(frozen=True, slots=True)
class Interpolated:
    """A text in double quotes, which is a template itself."""

    body: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """`[a, b]`."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Entries:
    """`{"a": b}`."""

    entries: tuple[tuple[Expression, Expression], ...]


@dataclass(frozen=True, slots=True)
class Not:
    """`!expression`."""

    value: Expression


@dataclass(frozen=True, slots=True)
class Operation:
    """Two expressions and what stands between them."""

    sign: str
    left: Expression
    right: Expression


Expression = Reference | Literal | Interpolated | Items | Entries | Not | Operation


@dataclass(frozen=True, slots=True)
class Set:
    """`#set($target = value)`."""

    target: Reference
    value: Expression


@dataclass(frozen=True, slots=True)
class If:
    """`#if`, `#elseif` and `#else`; the condition of an `#else` is None."""

    branches: tuple[tuple[Expression | None, tuple[Node, ...]], ...]


@dataclass(frozen=True, slots=True)
class Foreach:
    """`#foreach($name in values)`."""

    name: str
    values: Expression
    body: tuple[Node, ...]


Node = str | Reference | Set | If | Foreach
Template = tuple[Node, ...]
