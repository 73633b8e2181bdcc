"""Renders a mapping template; pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from gateprint.local.gateway.faults import Fault
from gateprint.local.gateway.vtl import methods
from gateprint.local.gateway.vtl.syntax import (
    Call,
    Entries,
    Expression,
    Foreach,
    If,
    Interpolated,
    Items,
    Literal,
    Node,
    Not,
    Operation,
    Property,
    Reference,
    Step,
    Template,
)

MAX_STEPS = 200_000
MAX_CHARACTERS = 10 * 1024 * 1024


@runtime_checkable
class Variable(Protocol):
    """A variable that API Gateway gives, such as `$input`."""

    def member(self, name: str) -> Any:
        """Return a property."""

    def call(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """Call a method."""

    def assign(self, names: tuple[str, ...], value: Any) -> None:
        """Change what may be changed."""


def render(template: Template, variables: Mapping[str, Any]) -> str:
    """Return a template's output.

    Raises:
        Fault: it asks a value for what that has not, or does not end.
    """
    renderer = _Renderer(dict(variables))
    try:
        renderer.nodes(template)
    except (ValueError, TypeError, IndexError, AttributeError, RecursionError) as problem:
        raise Fault("API_CONFIGURATION_ERROR", reason=f"mapping template: {problem}") from problem
    return "".join(renderer.output)


class _Renderer:
    def __init__(self, scope: dict[str, Any]) -> None:
        self.scope = scope
        self.output: list[str] = []
        self.size = 0
        self.steps = 0

    def nodes(self, nodes: Template) -> None:
        for node in nodes:
            self.steps += 1
            if self.steps > MAX_STEPS:
                raise ValueError("it does not end")
            self._node(node)

    def _node(self, node: Node) -> None:
        if isinstance(node, str):
            self._write(node)
        elif isinstance(node, Reference):
            self._write(self._shown(node))
        elif isinstance(node, If):
            self._if(node)
        elif isinstance(node, Foreach):
            self._foreach(node)
        else:
            self._set(node.target, self.value(node.value))

    def _write(self, text: str) -> None:
        self.size += len(text)
        if self.size > MAX_CHARACTERS:
            raise ValueError("its output is larger than 10 MB")
        self.output.append(text)

    def _shown(self, reference: Reference) -> str:
        value = self.value(reference)
        if value is None:
            return "\\" * reference.slashes + ("" if reference.is_quiet else reference.source)
        front = "\\" * (reference.slashes // 2)
        return front + (reference.source if reference.slashes % 2 else text_of(value))

    def _if(self, node: If) -> None:
        for condition, body in node.branches:
            if condition is None or is_true(self.value(condition)):
                self.nodes(body)
                return

    def _foreach(self, node: Foreach) -> None:
        values = self.value(node.values)
        items = list(values.values() if isinstance(values, Mapping) else values or ())
        before = {name: self.scope.get(name) for name in (node.name, "foreach", "velocityCount")}
        for index, item in enumerate(items):
            place = {"index": index, "count": index + 1, "hasNext": index + 1 < len(items)}
            place |= {"first": index == 0, "last": index + 1 == len(items)}
            self.scope |= {node.name: item, "foreach": place, "velocityCount": index + 1}
            self.nodes(node.body)
        self.scope |= before

    def _set(self, target: Reference, value: Any) -> None:
        if not target.steps:
            self.scope[target.name] = value
            return
        names = tuple(step.name for step in target.steps if isinstance(step, Property))
        self.scope[target.name].assign(names, text_of(value))

    def value(self, expression: Expression) -> Any:
        """Return an expression's value."""
        if isinstance(expression, Literal):
            return expression.value
        if isinstance(expression, Reference):
            return self._reference(expression)
        if isinstance(expression, Interpolated):
            return render(expression.body, self.scope)
        if isinstance(expression, Not):
            return not is_true(self.value(expression.value))
        return self._composed(expression)

    def _composed(self, expression: Items | Entries | Operation) -> Any:
        if isinstance(expression, Items):
            return [self.value(each) for each in expression.items]
        if isinstance(expression, Entries):
            return {self.value(key): self.value(value) for key, value in expression.entries}
        return self._operation(expression)

    def _reference(self, reference: Reference) -> Any:
        value = self.scope.get(reference.name)
        for step in reference.steps:
            if value is None:
                return None
            value = self._step(value, step)
        return value

    def _step(self, value: Any, step: Step) -> Any:
        if isinstance(step, Call):
            arguments = tuple(self.value(each) for each in step.arguments)
            if isinstance(value, Variable):
                return value.call(step.name, arguments)
            return methods.call(value, step.name, arguments)
        if isinstance(step, Property):
            return _member(value, step.name)
        index = self.value(step.value)
        return value[index] if isinstance(value, list) else _member(value, index)

    def _operation(self, operation: Operation) -> Any:
        sign = operation.sign
        left = self.value(operation.left)
        if sign == "&&":
            return is_true(left) and is_true(self.value(operation.right))
        if sign == "||":
            return is_true(left) or is_true(self.value(operation.right))
        return _computed(sign, left, self.value(operation.right))


def is_true(value: Any) -> bool:
    """Tell what `#if` does: only false and nothing are not true."""
    return value is not None and value is not False


def text_of(value: Any) -> str:
    """Return a value as Java prints it.

    Raises:
        TypeError: it is a list or a map, whose text is not documented.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise TypeError("a list or a map has no documented text; use $input.json")


def _member(value: Any, name: str) -> Any:
    if isinstance(value, Variable):
        return value.member(name)
    if isinstance(value, Mapping):
        return value.get(name)
    if isinstance(value, methods.Entry) and name in ("key", "value"):
        return getattr(value, name)
    return None


def _computed(sign: str, left: Any, right: Any) -> Any:
    if sign in ("==", "!="):
        return _is_equal(left, right) is (sign == "==")
    if sign == "+" and (isinstance(left, str) or isinstance(right, str)):
        return text_of(left) + text_of(right)
    if not _is_number(left) or not _is_number(right):
        raise TypeError(f"{sign} needs two numbers")
    return _OPERATIONS[sign](left, right)


def _is_equal(left: Any, right: Any) -> bool:
    if type(left) is type(right) or (_is_number(left) and _is_number(right)):
        return bool(left == right)
    if left is None or right is None:
        return False
    return text_of(left) == text_of(right)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_OPERATIONS: Mapping[str, Any] = {
    "<": lambda left, right: left < right,
    ">": lambda left, right: left > right,
    "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    # Java's division cuts towards zero.
    "/": lambda left, right: int(left / right) if right else None,
    "%": lambda left, right: left - right * int(left / right) if right else None,
}
