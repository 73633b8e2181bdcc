"""Places, diagnostics and the exceptions that the command line turns into exit codes; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a text: a path as the user wrote it, line and column counted from 1.

    `length` is the number of characters of the value there (at least 1); `source_line` is the
    whole line, without its newline, for the caret under it.
    """

    path: str
    line: int = 1
    column: int = 1
    length: int = 1
    source_line: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """What is wrong with the input: where, a stable code, the problem and its remedy.

    An `error` rejects the input; a `warning` does not.
    """

    location: Location
    code: str
    problem: str
    remedy: str
    severity: Literal["error", "warning"] = "error"


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return each diagnostic once, by file, line and column."""
    return tuple(sorted(set(diagnostics)))


DifferenceKind = Literal[
    "allowed",
    "denied",
    "beyond",
    "action",
    "trust",
    "auth",
    "stage",
    "resource-policy",
    "domain",
    "retired",
    "unknown",
]


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """One difference between a blueprint and the policies and methods of its stack.

    `sentence` says it in words. Role, API, stage, route, the deciding statement and an example of
    a request are empty where it is not about them.
    """

    stack: str
    kind: DifferenceKind
    sentence: str
    role: str = ""
    api: str = ""
    stage: str = ""
    route: str = ""
    statement: str = ""
    example: str = ""


class GateprintError(Exception):
    """The base of everything that gateprint raises on purpose; `exit_code` is the process's."""

    exit_code = 4


class InputRejected(GateprintError):
    """The input was rejected; carries every diagnostic, ordered by file, line and column."""

    exit_code = 1

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = in_order(diagnostics)
        super().__init__(f"{len(self.diagnostics)} problems in the input")


class ToolFailed(GateprintError):
    """Terraform, Node, AWS or the embedded cloud failed: what happened, and the remedy.

    `detail` is the tool's own message, already free of secrets; it may be empty.
    """

    exit_code = 4

    def __init__(self, problem: str, remedy: str, detail: str = "") -> None:
        self.problem = problem
        self.remedy = remedy
        self.detail = detail
        super().__init__(problem)


class NotModelled(GateprintError):
    """A policy says something whose meaning is not known for certain, so there is no decision.

    It is never taken for an allow: the answer is no until a person has looked.
    """

    exit_code = 3

    def __init__(self, problem: str, place: str = "") -> None:
        self.problem = problem
        self.place = place
        super().__init__(f"{place}: {problem}" if place else problem)


class AccessDiffers(GateprintError):
    """The Terraform that would be applied gives other access than the blueprints state."""

    exit_code = 3

    def __init__(self, differences: Iterable[Difference]) -> None:
        self.differences = tuple(differences)
        super().__init__(f"{len(self.differences)} differences in access")


class Refused(GateprintError):
    """Something may not be done: every reason, and what would let it be done."""

    exit_code = 3

    def __init__(self, reasons: Iterable[str], remedy: str) -> None:
        self.reasons = tuple(reasons)
        self.remedy = remedy
        super().__init__("; ".join(self.reasons))
