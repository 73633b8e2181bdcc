"""What policies allow and deny one caller, for all resources at once: as languages; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gateprint.access.iam import glob
from gateprint.access.iam.language import (
    ONE,
    RUN,
    Class,
    Language,
    Part,
    is_possible,
    joined,
)
from gateprint.access.iam.principals import Reach
from gateprint.access.iam.request import Request
from gateprint.access.iam.resources import Resources
from gateprint.access.iam.statement import Policy, Statement
from gateprint.errors import NotModelled

_CLASSES = {
    glob.Wild.ONE: ONE,
    glob.Wild.RUN: RUN,
    glob.Wild.ONE_OF_FIELD: Class(":"),
    glob.Wild.RUN_OF_FIELD: Class(":", is_run=True),
}


@dataclass(frozen=True, slots=True)
class Scope:
    """The ARNs that a caller is allowed and denied, each with the statement that says so."""

    allows: tuple[tuple[Language, Statement], ...]
    denies: tuple[tuple[Language, Statement], ...]

    def within(self, prefix: str) -> Scope:
        """Return what bears on ARNs with this beginning."""
        return Scope(
            tuple(each for each in self.allows if is_possible(each[0], prefix)),
            tuple(each for each in self.denies if is_possible(each[0], prefix)),
        )

    @property
    def allowed(self) -> list[Language]:
        """The ARNs of all Allow statements."""
        return [language for language, _ in self.allows]

    @property
    def denied(self) -> list[Language]:
        """The ARNs of all Deny statements."""
        return [language for language, _ in self.denies]


def scope_of(identity: Iterable[Policy], resource: Policy | None, request: Request) -> Scope:
    """Return what a caller of the API's own account is allowed and denied.

    Of the request all counts but its resource.

    Raises:
        NotModelled: that is not known.
    """
    policies = [*identity, *([resource] if resource else [])]
    return Scope(
        tuple(
            (language, each)
            for policy in policies
            for each in policy.allows
            if _is_enough(each, request)
            for language in languages_of(each)
        ),
        tuple(
            (language, each)
            for policy in policies
            for each in policy.denies
            if each.is_concerning(request)
            for language in languages_of(each)
        ),
    )


def _is_enough(statement: Statement, request: Request) -> bool:
    """Tell whether an Allow for these resources is enough on its own."""
    if not statement.is_concerning(request):
        return False
    if statement.principals is None:
        return True
    reach = statement.principals.reach_of(request.principal)
    if reach is Reach.ACCOUNT:
        raise NotModelled("AWS does not say whether naming the account allows", statement.place)
    return reach >= Reach.ROLE


def languages_of(statement: Statement) -> Iterator[Language]:
    """Yield the ARNs of a statement's Resource.

    Raises:
        NotModelled: it has a NotResource, policy variables, or what is no ARN.
    """
    resources = statement.resources
    if resources is None or statement.is_not_resource:
        raise NotModelled("which resources are meant is not said one by one", statement.place)
    if resources.variables or resources.unmodelled:
        raise NotModelled("its resources have variables, or are no ARNs", statement.place)
    yield from _languages(resources)


def _languages(resources: Resources) -> Iterator[Language]:
    for exact in sorted(resources.exact):
        yield (exact,)
    for prefix in resources.prefixes:
        yield joined((prefix, RUN))
    for parts in resources.patterns:
        yield joined(map(_part, parts))


def _part(part: str | glob.Wild) -> Part:
    return part if isinstance(part, str) else _CLASSES[part]
