"""The routes of one API on one stage as a client knows them, all or those of a role; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from gateprint.access.matrix import matrix
from gateprint.model.resolved import METHODS, Api, ResolvedBlueprint, Route
from gateprint.sdk.names import (
    JAVASCRIPT_RESERVED,
    PYTHON_RESERVED,
    camel,
    javascript_parameter,
    parameter_names,
    pascal,
    python_parameter,
    route_names,
    snake,
    words_of,
)

Signing = Literal["signed", "open", "token"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A path parameter; one that takes the rest of the path may hold slashes."""

    name: str
    python: str
    javascript: str
    takes_rest: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of the client: `methods` are those that a caller may choose, of an ANY route.

    `reason` says why a route is open. `token` is the kind of authorization of a route that asks
    for a token; neither concerns a signed route. `identity_header` is the header of a signed one
    that holds the person's own token.
    """

    route: str
    method: str
    path: tuple[str | Parameter, ...]
    python: str
    javascript: str
    signing: Signing
    methods: tuple[str, ...] = ()
    description: str = ""
    reason: str = ""
    token: str = ""
    needs_key: bool = False
    identity_header: str = ""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Return the parameters of the path."""
        return tuple(each for each in self.path if isinstance(each, Parameter))

    @property
    def note(self) -> str:
        """Return who may call it, whether it is signed, and whether it needs an API key."""
        return f"{self._checked} It needs an API key." if self.needs_key else self._checked

    @property
    def _checked(self) -> str:
        if self.signing == "signed" and self.identity_header:
            return f"Signed, with the person's own token in {self.identity_header}."
        if self.signing == "signed":
            return "Signed: the caller is an IAM role."
        if self.signing == "open":
            return f"Open to everybody, and not signed: {self.reason}."
        return f"Not signed: it asks for a token ({self.token}), which the client's `token` gives."

    @property
    def takes_body(self) -> bool:
        """Tell whether a request may have a body: fetch sends none with GET and HEAD."""
        return self.method not in {"GET", "HEAD"}


@dataclass(frozen=True, slots=True)
class Client:
    """A client of one API on one stage; `role` is the one whose routes it has, None for all."""

    api: str
    stage: str
    region: str
    operations: tuple[Operation, ...]
    role: str | None = None
    description: str = ""

    @property
    def needs_key(self) -> bool:
        """Tell whether any of its routes needs an API key."""
        return any(each.needs_key for each in self.operations)

    @property
    def has_identity(self) -> bool:
        """Tell whether a route asks for the person's own token beside a signature."""
        return any(each.identity_header for each in self.operations)

    @property
    def class_name(self) -> str:
        """Return the name of its class, in every language."""
        return f"{pascal(words_of(self.api))}Client"

    @property
    def package(self) -> str:
        """Return the name of its package."""
        return f"{self.api.strip('-')}-client"

    @property
    def module(self) -> str:
        """Return the name of its Python module."""
        return snake([*words_of(self.api), "client"])


def client_of(
    blueprint: ResolvedBlueprint, api: Api, stage: str, role: str | None = None
) -> Client:
    """Return the client of an API on a stage; of a role, what it may call and what is open.

    Names are given before routes are left out: a method is called the same in every role's client.
    """
    allowed = {
        row.route
        for row in (matrix(blueprint) if role else ())
        if (row.api, row.stage, row.role, row.decision) == (api.name, stage, role, "allow")
    }
    return Client(
        api.name,
        stage,
        blueprint.environment.region,
        tuple(
            each
            for each in _operations(api)
            if role is None or each.signing == "open" or each.route in allowed
        ),
        role,
        api.description or blueprint.description or "",
    )


def _operations(api: Api) -> Iterator[Operation]:
    python, javascript = route_names(api.routes, snake), route_names(api.routes, camel)
    declared: dict[str, set[str]] = {}
    for route in api.routes:
        declared.setdefault(route.path, set()).add(route.method)
    for route in api.routes:
        signing = _SIGNING.get(route.auth, "token")
        yield Operation(
            route.key,
            route.method,
            _path(route),
            python[route.key],
            javascript[route.key],
            signing,
            tuple(each for each in METHODS if each not in {"ANY", *declared[route.path]})
            if route.method == "ANY"
            else (),
            route.description or "",
            route.public or "",
            route.auth if signing == "token" else "",
            route.needs_key,
            route.identity_token.header if route.identity_token else "",
        )


_SIGNING: Mapping[str, Signing] = {"iam": "signed", "none": "open"}


def _path(route: Route) -> tuple[str | Parameter, ...]:
    written = [each.strip("{+}") for each in route.segments if each.startswith("{")]
    python = parameter_names(written, python_parameter, PYTHON_RESERVED)
    javascript = parameter_names(written, javascript_parameter, JAVASCRIPT_RESERVED)
    named = dict(zip(written, zip(python, javascript, strict=True), strict=True))
    return tuple(
        Parameter(name, *named[name], each.endswith("+}"))
        if (name := each.strip("{+}")) in named and each.startswith("{")
        else each
        for each in route.segments
    )
