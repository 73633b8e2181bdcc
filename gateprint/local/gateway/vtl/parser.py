"""Reads a mapping template into its parts, refusing what the data plane does not do; pure.

The language is Velocity's, without macros, includes and evaluation (Velocity user guide).
"""

from __future__ import annotations

import re

from gateprint.local.gateway.vtl import allowed
from gateprint.local.gateway.vtl.expressions import NAME, read_expression, read_reference
from gateprint.local.gateway.vtl.lexer import Cursor
from gateprint.local.gateway.vtl.syntax import Foreach, If, Node, Set, Template

# API Gateway developer guide, "Quotas for configuring and running a REST API": 300 KB.
MAX_CHARACTERS = 300 * 1024
MAX_DEPTH = 50

_PLAIN = re.compile(r"[^$#\\]+|\\+(?![$#\\])")
_SLASHES = re.compile(r"\\+")
_COMMENT = re.compile(r"##[^\n]*\n?|#\*.*?\*#", re.DOTALL)
_VERBATIM = re.compile(r"#\[\[(.*?)\]\]#", re.DOTALL)
_DIRECTIVE = re.compile(r"#(?:\{([a-z]+)\}|([a-z]+)\b)")
# A directive takes the rest of its line along.
_LINE_END = re.compile(r"[ \t]*\r?\n")
_REFUSED = frozenset({"break", "define", "evaluate", "include", "macro", "parse", "stop"})
_ENDING = ("end", "else", "elseif")


def parse(text: str) -> Template:
    """Return the parts of a template.

    Raises:
        TemplateRejected: it is none, is too large, or uses what the data plane does not do.
    """
    parser = _Parser(text)
    if len(text) > MAX_CHARACTERS:
        raise parser.cursor.rejection("it is larger than 300 KB")
    body, end = parser.body(0)
    if end:
        raise parser.cursor.rejection(f"#{end} has nothing to end")
    return body


class _Parser:
    def __init__(self, text: str) -> None:
        self.cursor = Cursor(text)

    def body(self, depth: int) -> tuple[Template, str]:
        """Read up to `#end`, `#else` or `#elseif`, which is returned, or to the end."""
        if depth > MAX_DEPTH:
            raise self.cursor.rejection("it is nested too deeply")
        nodes: list[Node] = []
        while not self.cursor.is_at_end:
            end = self._node(nodes, depth)
            if end:
                return tuple(nodes), end
        return tuple(nodes), ""

    def _node(self, nodes: list[Node], depth: int) -> str:
        cursor = self.cursor
        if found := cursor.match(_PLAIN):
            nodes.append(found[0])
            return ""
        slashes = self._slashes()
        reference = read_reference(cursor, slashes, parse)
        if reference is not None:
            nodes.append(reference)
            return ""
        if slashes:
            return self._escaped(nodes, slashes, depth)
        return self._hash(nodes, depth)

    def _slashes(self) -> int:
        found = self.cursor.match(_SLASHES)
        return len(found[0]) if found else 0

    def _escaped(self, nodes: list[Node], slashes: int, depth: int) -> str:
        """Backslashes before a directive: two are one, and one alone quotes it."""
        directive = _DIRECTIVE.match(self.cursor.text, self.cursor.position)
        if directive is None:
            nodes.append("\\" * slashes)
            return ""
        nodes.append("\\" * (slashes // 2))
        if slashes % 2:
            self.cursor.position = directive.end()
            nodes.append(directive[0])
            return ""
        return self._hash(nodes, depth)

    def _hash(self, nodes: list[Node], depth: int) -> str:
        cursor = self.cursor
        if cursor.match(_COMMENT):
            return ""
        if found := cursor.match(_VERBATIM):
            nodes.append(found[1])
            return ""
        start = cursor.position
        found = cursor.match(_DIRECTIVE)
        name = (found[1] or found[2]) if found else ""
        if name in _ENDING:
            if name != "elseif":
                cursor.match(_LINE_END)
            return name
        node = self._directive(name, depth)
        if node is None:
            cursor.position = start + 1
            nodes.append(cursor.text[start])
        else:
            nodes.append(node)
        return ""

    def _directive(self, name: str, depth: int) -> Node | None:
        if name in _REFUSED:
            raise self.cursor.rejection(f"the embedded cloud does not do #{name}")
        if name == "set":
            return self._set()
        if name == "if":
            return self._if(depth)
        if name == "foreach":
            return self._foreach(depth)
        return None

    def _set(self) -> Set:
        cursor = self.cursor
        cursor.need("(")
        cursor.skip_space()
        target = read_reference(cursor, 0, parse)
        if target is None:
            raise cursor.rejection("#set has no variable")
        problem = allowed.problem_of_target(target)
        if problem:
            raise cursor.rejection(problem)
        cursor.need("=")
        value = read_expression(cursor, parse)
        self._close()
        return Set(target, value)

    def _if(self, depth: int) -> If:
        branches = []
        end = "if"
        while end in ("if", "elseif"):
            self.cursor.need("(")
            condition = read_expression(self.cursor, parse)
            self._close()
            body, end = self.body(depth + 1)
            branches.append((condition, body))
        if end == "else":
            body, end = self.body(depth + 1)
            branches.append((None, body))  # type: ignore[arg-type]
        self._require_end("if", end)
        return If(tuple(branches))

    def _foreach(self, depth: int) -> Foreach:
        cursor = self.cursor
        cursor.need("(")
        cursor.need("$")
        cursor.take("{")
        name = cursor.match(NAME)
        cursor.take("}")
        cursor.need("in")
        values = read_expression(cursor, parse)
        self._close()
        body, end = self.body(depth + 1)
        self._require_end("foreach", end)
        if name is None:
            raise cursor.rejection("#foreach has no variable")
        return Foreach(name[0], values, body)

    def _close(self) -> None:
        self.cursor.need(")")
        self.cursor.match(_LINE_END)

    def _require_end(self, name: str, end: str) -> None:
        if end != "end":
            raise self.cursor.rejection(f"#{name} has no #end")
