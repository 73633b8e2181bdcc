"""Reads a policy document into statements, refusing what the policy grammar does not have; pure.

After the IAM user guide, "Grammar of the IAM JSON policy language".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from gateprint.access.iam import glob
from gateprint.access.iam.conditions import Condition, is_met, read_conditions
from gateprint.access.iam.principals import Principals, read_principals
from gateprint.access.iam.request import Principal, Request, context_of
from gateprint.access.iam.resources import Resources, read_resources
from gateprint.errors import NotModelled

Kind = Literal["identity", "resource", "trust"]
Effect = Literal["Allow", "Deny"]
# Policy variables came with the second; without a Version the first is meant.
_VERSIONS = {"2008-10-17": False, "2012-10-17": True}
_ACTION = re.compile(r"\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Actions:
    """Action patterns, in lower case: IAM compares actions without case."""

    exact: frozenset[str]
    patterns: tuple[glob.Resolved, ...]

    def is_matching(self, action: str) -> bool:
        """Tell whether an action, in lower case, fits one of the patterns."""
        return action in self.exact or any(glob.is_matching(each, action) for each in self.patterns)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, with the name of its policy and its index there, counted from 0.

    `sid` is empty where it has none. `resources` are missing in a trust policy, `principals` in an
    identity policy. `problem` is what is not known about its conditions; it matters only for
    requests that fit the rest.
    """

    policy: str
    index: int
    sid: str
    effect: Effect
    actions: Actions = field(repr=False)
    is_not_action: bool = field(repr=False)
    resources: Resources | None = field(repr=False)
    is_not_resource: bool = field(repr=False)
    principals: Principals | None = field(repr=False)
    is_not_principal: bool = field(repr=False)
    conditions: tuple[Condition, ...] = field(repr=False)
    problem: str = field(default="", repr=False)

    @property
    def place(self) -> str:
        """Where the statement stands, for a reader, who counts from 1."""
        sid = f" ({self.sid})" if self.sid else ""
        return f"policy {self.policy}, statement {self.index + 1}{sid}"

    def is_applying(self, request: Request) -> bool:
        """Tell whether the statement has its effect on the request.

        Raises:
            NotModelled: that is not known; the message says where.
        """
        if self.actions.is_matching(request.action.lower()) is self.is_not_action:
            return False
        try:
            return self._is_applying(request)
        except NotModelled as error:
            raise NotModelled(error.problem, self.place) from error

    def _is_applying(self, request: Request) -> bool:
        resources = self.resources
        if resources is not None:
            context = context_of(request) if resources.variables else None
            is_matching = resources.is_matching(
                request.resource, context, is_negated=self.is_not_resource
            )
            if is_matching is self.is_not_resource:
                return False
        return self._is_concerning(request)

    def is_concerning(self, request: Request) -> bool:
        """Tell whether the statement applies to the request, whatever the resource.

        Raises:
            NotModelled: that is not known; the message says where.
        """
        if self.actions.is_matching(request.action.lower()) is self.is_not_action:
            return False
        try:
            return self._is_concerning(request)
        except NotModelled as error:
            raise NotModelled(error.problem, self.place) from error

    def _is_concerning(self, request: Request) -> bool:
        if self.principals is not None and not self._is_meaning(request.principal):
            return False
        if self.problem:
            raise NotModelled(self.problem)
        if not self.conditions:
            return True
        context = context_of(request)
        return all(is_met(each, context) for each in self.conditions)

    def _is_meaning(self, principal: Principal) -> bool:
        if self.principals is None:
            return True
        if self.is_not_principal:
            return not self.principals.is_sparing(principal)
        return self.principals.reach_of(principal) > 0


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy document with its name, read once and evaluated often."""

    name: str
    kind: Kind
    allows: tuple[Statement, ...]
    denies: tuple[Statement, ...]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All statements, in the document's order."""
        return tuple(sorted((*self.allows, *self.denies), key=lambda each: each.index))


def read_policy(name: str, document: str | Mapping[str, Any], kind: Kind) -> Policy:
    """Return a policy from its JSON, or from what that says.

    Raises:
        NotModelled: it is not as the policy grammar has it, or not for this kind of policy.
    """
    with _at(f"policy {name}"):
        whole = _loaded(document) if isinstance(document, str) else document
        has_variables, found = _checked(whole)
        rules = _Rules(name, kind, has_variables)
        statements = [rules.read(index, each) for index, each in enumerate(found)]
    return Policy(
        name,
        kind,
        tuple(each for each in statements if each.effect == "Allow"),
        tuple(each for each in statements if each.effect == "Deny"),
    )


@contextmanager
def _at(place: str) -> Iterator[None]:
    try:
        yield
    except NotModelled as error:
        raise NotModelled(error.problem, ", ".join(filter(None, [place, error.place]))) from error


def _loaded(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text, object_pairs_hook=_unique, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise NotModelled("the document is not JSON") from error
    if not isinstance(found, Mapping):
        raise NotModelled("the document is no object")
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotModelled(f"an element occurs twice among {', '.join(key for key, _ in pairs)}")
    return found


def _checked(document: Mapping[str, Any]) -> tuple[bool, list[Mapping[str, Any]]]:
    """Return whether policy variables are read, and the statements."""
    _refuse(document.keys() - {"Version", "Id", "Statement"}, "element")
    version = document.get("Version", "2008-10-17")
    if not isinstance(version, str) or version not in _VERSIONS:
        raise NotModelled(f"the version {version!r} is not known")
    found = document.get("Statement")
    listed: list[Any] = found if isinstance(found, list) else [found]
    if not listed or not all(isinstance(each, Mapping) for each in listed):
        raise NotModelled("Statement is neither a statement nor a list of them")
    return _VERSIONS[version], listed


def _refuse(names: Iterable[str], what: str) -> None:
    for name in sorted(names):
        raise NotModelled(f"the {what} {name} is not known here")


_ELEMENTS = {"Sid", "Effect", "Action", "NotAction", "Condition"}
_ELEMENTS_OF: dict[Kind, set[str]] = {
    "identity": _ELEMENTS | {"Resource", "NotResource"},
    "resource": _ELEMENTS | {"Resource", "NotResource", "Principal", "NotPrincipal"},
    "trust": _ELEMENTS | {"Principal"},
}


@dataclass(frozen=True, slots=True)
class _Rules:
    """How the statements of one policy are read."""

    policy: str
    kind: Kind
    has_variables: bool

    def read(self, index: int, found: Mapping[str, Any]) -> Statement:
        with _at(f"statement {index + 1}"):
            return self._read(index, found)

    def _read(self, index: int, found: Mapping[str, Any]) -> Statement:
        _refuse(found.keys() - _ELEMENTS_OF[self.kind], "element")
        sid, effect = found.get("Sid", ""), found.get("Effect")
        if not isinstance(sid, str) or effect not in ("Allow", "Deny"):
            raise NotModelled(f"Effect is {effect!r}, Sid is {sid!r}")
        action, actions = _one_of(found, "Action")
        conditions, problem = self._conditions(found.get("Condition", {}))
        resource, resources = self._resources(found)
        principal, principals = self._principals(found)
        if principal.startswith("Not") and effect == "Allow":
            raise NotModelled("an Allow with NotPrincipal is not for API Gateway")
        return Statement(
            self.policy,
            index,
            sid,
            "Allow" if effect == "Allow" else "Deny",
            _read_actions(tuple(_texts(actions, action))),
            action.startswith("Not"),
            resources,
            resource.startswith("Not"),
            principals,
            principal.startswith("Not"),
            conditions,
            problem,
        )

    def _resources(self, found: Mapping[str, Any]) -> tuple[str, Resources | None]:
        if self.kind == "trust":
            return "", None
        name, texts = _one_of(found, "Resource")
        return name, read_resources(
            _texts(texts, name),
            has_variables=self.has_variables,
            is_completed=self.kind == "identity",
        )

    def _principals(self, found: Mapping[str, Any]) -> tuple[str, Principals | None]:
        if self.kind == "identity":
            return "", None
        name, element = _one_of(found, "Principal")
        return name, read_principals(element)

    def _conditions(self, block: object) -> tuple[tuple[Condition, ...], str]:
        if not isinstance(block, Mapping):
            raise NotModelled("Condition is no object")
        try:
            return read_conditions(block, has_variables=self.has_variables), ""
        except NotModelled as error:
            return (), error.problem


def _one_of(found: Mapping[str, Any], name: str) -> tuple[str, object]:
    """Return which of `name` and `Not…` a statement has, and its value; it has exactly one."""
    names = [each for each in (name, f"Not{name}") if each in found]
    if len(names) != 1:
        raise NotModelled(f"it has to have either {name} or Not{name}")
    return names[0], found[names[0]]


def _texts(value: object, name: str) -> Iterator[str]:
    values = value if isinstance(value, list) else [value]
    if not values:
        raise NotModelled(f"{name} is empty")
    for each in values:
        if not isinstance(each, str) or not each:
            raise NotModelled(f"{name} holds {each!r}, which is no text")
        yield each


@lru_cache(maxsize=1024)
def _read_actions(texts: tuple[str, ...]) -> Actions:
    for each in texts:
        if not _ACTION.fullmatch(each):
            raise NotModelled(f"the action {each} is not of the form service:Name")
    lowered = [each.lower() for each in texts]
    patterns = [each for each in lowered if "*" in each or "?" in each]
    return Actions(
        frozenset(lowered) - frozenset(patterns),
        tuple(glob.without_variables(glob.split(each, has_variables=False)) for each in patterns),
    )
