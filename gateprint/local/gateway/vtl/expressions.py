"""Reads the expressions and references of a mapping template; pure.

After the Velocity user guide, "Velocity Template Language (VTL)".
"""

from __future__ import annotations

import re
from collections.abc import Callable

from gateprint.local.gateway.vtl import allowed
from gateprint.local.gateway.vtl.lexer import Cursor
from gateprint.local.gateway.vtl.syntax import (
    Call,
    Entries,
    Expression,
    Index,
    Interpolated,
    Items,
    Literal,
    Not,
    Operation,
    Property,
    Reference,
    Step,
    Template,
)

NAME = re.compile(r"[A-Za-z][\w-]*", re.ASCII)
_NUMBER = re.compile(r"-?\d+", re.ASCII)
_SINGLE = re.compile(r"'([^']*)'")
_DOUBLE = re.compile(r'"((?:[^"]|"")*)"')
_REFERENCE = re.compile(r"\$(!?)(\{?)([A-Za-z][\w-]*)", re.ASCII)
_PROPERTY = re.compile(r"\.([A-Za-z][\w-]*)", re.ASCII)
_INDEX = re.compile(r"\[(?=\s*[\d$'\"])")
_WORDS = {"true": True, "false": False}
# From the loosest to the tightest; the longer sign of two with the same beginning comes first.
_LEVELS = (
    re.compile(r"\|\||or\b"),
    re.compile(r"&&|and\b"),
    re.compile(r"==|!=|eq\b|ne\b"),
    re.compile(r"<=|>=|<|>|le\b|ge\b|lt\b|gt\b"),
    re.compile(r"[+-]"),
    re.compile(r"[*/%]"),
)
_SPELLINGS = {
    "or": "||",
    "and": "&&",
    "eq": "==",
    "ne": "!=",
    "le": "<=",
    "ge": ">=",
    "lt": "<",
    "gt": ">",
}

Reader = Callable[[str], Template]


def read_reference(cursor: Cursor, slashes: int, read: Reader) -> Reference | None:
    """Read `$name.step(…)[…]`; None where a dollar sign is only that."""
    start = cursor.position
    found = cursor.match(_REFERENCE)
    if found is None:
        return None
    quiet, brace, name = found.groups()
    steps = _steps(cursor, read)
    if brace and not cursor.take("}"):
        raise cursor.rejection("a reference in braces does not end")
    reference = Reference(name, steps, cursor.text[start : cursor.position], bool(quiet), slashes)
    problem = allowed.problem_of(reference)
    if problem:
        raise cursor.rejection(problem)
    return reference


def _steps(cursor: Cursor, read: Reader) -> tuple[Step, ...]:
    steps: list[Step] = []
    while True:
        found = cursor.match(_PROPERTY)
        if found is not None and cursor.take("("):
            steps.append(Call(found[1], _list(cursor, ")", read)))
        elif found is not None:
            steps.append(Property(found[1]))
        # `$name[` within text begins an item's index, as in Velocity 1.7.
        elif cursor.match(_INDEX):
            steps.append(Index(read_expression(cursor, read)))
            cursor.need("]")
        else:
            return tuple(steps)


def read_expression(cursor: Cursor, read: Reader) -> Expression:
    """Read one expression; `read` reads the template within double quotes."""
    return _binary(cursor, 0, read)


def _binary(cursor: Cursor, level: int, read: Reader) -> Expression:
    if level == len(_LEVELS):
        return _unary(cursor, read)
    left = _binary(cursor, level + 1, read)
    while True:
        cursor.skip_space()
        found = cursor.match(_LEVELS[level])
        if found is None:
            return left
        sign = _SPELLINGS.get(found[0], found[0])
        left = Operation(sign, left, _binary(cursor, level + 1, read))


def _unary(cursor: Cursor, read: Reader) -> Expression:
    cursor.skip_space()
    if cursor.take("!"):
        return Not(_unary(cursor, read))
    if cursor.take("("):
        inner = read_expression(cursor, read)
        cursor.need(")")
        return inner
    return _operand(cursor, read)


def _operand(cursor: Cursor, read: Reader) -> Expression:
    if cursor.take("["):
        return Items(_list(cursor, "]", read))
    if cursor.take("{"):
        return _entries(cursor, read)
    reference = read_reference(cursor, 0, read)
    return reference if reference is not None else _literal(cursor, read)


def _literal(cursor: Cursor, read: Reader) -> Expression:
    if found := cursor.match(_SINGLE):
        return Literal(found[1])
    if found := cursor.match(_DOUBLE):
        text = found[1].replace('""', '"')
        return Interpolated(read(text)) if "$" in text or "#" in text else Literal(text)
    if found := cursor.match(_NUMBER):
        return Literal(int(found[0]))
    word = cursor.match(NAME)
    if word is not None and word[0] in _WORDS:
        return Literal(_WORDS[word[0]])
    raise cursor.rejection("an expression is missing, or is none that the embedded cloud knows")


def _list(cursor: Cursor, end: str, read: Reader) -> tuple[Expression, ...]:
    items: list[Expression] = []
    cursor.skip_space()
    while not cursor.take(end):
        if items:
            cursor.need(",")
        items.append(read_expression(cursor, read))
        cursor.skip_space()
    return tuple(items)


def _entries(cursor: Cursor, read: Reader) -> Entries:
    entries: list[tuple[Expression, Expression]] = []
    cursor.skip_space()
    while not cursor.take("}"):
        if entries:
            cursor.need(",")
        key = read_expression(cursor, read)
        cursor.need(":")
        entries.append((key, read_expression(cursor, read)))
        cursor.skip_space()
    return Entries(tuple(entries))
