"""Reads from the source which diagnostic codes the program can emit."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "gateprint"

# Which argument of these functions is the code.
_POSITIONS = {
    "refusal": 0,
    "matching": 3,
    "_Claim": 2,
    **dict.fromkeys(("reject", "_reject", "_rejected", "warn", "Diagnostic"), 1),
}
# Functions that hand on a code that somebody else wrote.
_HANDING_ON = {"reject", "warn", "_reject", "_rejected", "_diagnose", "check", "_unknown", "_taken"}


class UnreadableCode(AssertionError):
    """A diagnostic is made with a code that this module cannot read from the source."""


def emitted_codes() -> set[str]:
    """Return every code that some call in the package can put into a diagnostic."""
    return {code for path in sorted(PACKAGE.rglob("*.py")) for code in codes_in(path)}


def codes_in(path: Path) -> Iterator[str]:
    """Yield the codes that one module writes.

    Raises:
        UnreadableCode: a code is computed in a way that is not known here.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function, node in _walk(tree, "<module>"):
        if isinstance(node, ast.Call):
            yield from _codes_of_call(path, function, node)
        elif isinstance(node, ast.FunctionDef):
            yield from _default_code(node)
        elif isinstance(node, ast.Return) and function == "_explain":
            yield from _explained(node)


def _walk(tree: ast.AST, function: str) -> Iterator[tuple[str, ast.AST]]:
    """Yield every node with the name of the function that it stands in."""
    for node in ast.iter_child_nodes(tree):
        yield function, node
        inner = node.name if isinstance(node, ast.FunctionDef) else function
        yield from _walk(node, inner)


def _codes_of_call(path: Path, function: str, call: ast.Call) -> Iterator[str]:
    name = _name(call.func)
    if name == "_unknown":
        # `_unknown(document, path, "route", …)` writes the code `unknown-route`.
        yield f"unknown-{_text(call.args[2], path, function).lower()}"
    if name not in _POSITIONS:
        return
    code = _argument(call, _POSITIONS[name])
    if code is None:
        return
    if function in _HANDING_ON and not isinstance(code, ast.Constant):
        return
    yield _text(code, path, function)


def _argument(call: ast.Call, position: int) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == "code":
            return keyword.value
    return call.args[position] if len(call.args) > position else None


def _default_code(function: ast.FunctionDef) -> Iterator[str]:
    arguments = function.args.args
    defaults = function.args.defaults
    for argument, value in zip(arguments[len(arguments) - len(defaults) :], defaults, strict=True):
        if argument.arg == "code" and isinstance(value, ast.Constant):
            yield str(value.value)


def _explained(node: ast.Return) -> Iterator[str]:
    """`_explain` returns code, problem and remedy as a tuple."""
    if isinstance(node.value, ast.Tuple) and isinstance(node.value.elts[0], ast.Constant):
        yield str(node.value.elts[0].value)


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _text(node: ast.expr, path: Path, function: str) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    where = f"{path}:{node.lineno} in {function}"
    raise UnreadableCode(f"{where}: the code {ast.unparse(node)} cannot be read")
