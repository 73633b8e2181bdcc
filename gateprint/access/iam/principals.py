"""The Principal of a statement, and whether somebody is meant by it; pure.

After the IAM user guide, "AWS JSON policy elements: Principal" and "… NotPrincipal".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from gateprint.access.iam.request import Principal
from gateprint.errors import NotModelled

_ACCOUNT = re.compile(r"\d{12}", re.ASCII)
_ROOT = re.compile(r"arn:[a-z-]+:iam::(\d{12}):root", re.ASCII)
_ENTITY = re.compile(r"arn:[a-z-]+:(iam|sts)::\d{12}:(user|role|assumed-role)/[^*?]+", re.ASCII)


class Reach(IntEnum):
    """How a principal is named: not at all, by account, by role, or itself (or as everybody).

    It matters where the other policies are silent: see `access.evaluate`.
    """

    NONE = 0
    ACCOUNT = 1
    ROLE = 2
    ITSELF = 3


@dataclass(frozen=True, slots=True)
class Principals:
    """Who is named by a Principal or NotPrincipal element."""

    is_everybody: bool = False
    is_every_aws_principal: bool = False
    accounts: frozenset[str] = frozenset()
    arns: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    providers: frozenset[str] = frozenset()
    unmodelled: tuple[str, ...] = field(default=())

    def reach_of(self, principal: Principal) -> Reach:
        """Return how a principal is named.

        Raises:
            NotModelled: it is not named in a way that is understood, and there are others.
        """
        found = self._reach_of(principal)
        if found is Reach.NONE and self.unmodelled:
            raise NotModelled(f"the principal {self.unmodelled[0]} is not understood")
        return found

    def _reach_of(self, principal: Principal) -> Reach:
        if self.is_everybody:
            return Reach.ITSELF
        if principal.kind in {"service", "federated"}:
            return self._reach_of_outsider(principal)
        if self.is_every_aws_principal or principal.name in self.arns:
            return Reach.ITSELF
        if principal.role_arn in self.arns:
            return Reach.ROLE
        return Reach.ACCOUNT if principal.account in self.accounts else Reach.NONE

    def _reach_of_outsider(self, principal: Principal) -> Reach:
        names = self.services if principal.kind == "service" else self.providers
        if principal.name in names:
            return Reach.ITSELF
        if self.is_every_aws_principal:
            raise NotModelled(f'AWS does not say whether {{"AWS": "*"}} means {principal.name}')
        return Reach.NONE

    def is_sparing(self, principal: Principal) -> bool:
        """Tell whether a NotPrincipal leaves somebody out: named with role and account.

        Whoever has a permissions boundary is never left out.

        Raises:
            NotModelled: not all of them are named; AWS says that it depends on the service.
        """
        if principal.kind == "anonymous" or principal.has_boundary:
            return False
        names = [principal.name in self.arns, principal.account in self.accounts]
        names += [principal.role_arn in self.arns] if principal.role_arn else []
        if self.unmodelled or self.is_everybody or self.is_every_aws_principal:
            raise NotModelled("this NotPrincipal is not understood")
        if any(names) and not all(names):
            raise NotModelled(
                f"NotPrincipal has to name {principal.name}, its role and its account"
            )
        return all(names)


def read_principals(element: object) -> Principals:
    """Return who is named.

    Raises:
        NotModelled: the element is not as the grammar has it.
    """
    if element == "*":
        return Principals(is_everybody=True)
    if not isinstance(element, Mapping) or not element or not element.keys() <= _TYPES.keys():
        raise NotModelled(f"the principal {element!r} is not as the policy grammar has it")
    named = {kind: list(_names(element.get(kind, []))) for kind in _TYPES}
    aws = named["AWS"]
    providers = named["Federated"]
    services = named["Service"]
    roots = {each: _account(each) for each in aws}
    arns = [each for each in aws if _ENTITY.fullmatch(each)]
    odd = [each for each in aws if each != "*" and not roots[each] and each not in arns]
    odd += [each for each in providers + services if "*" in each] + named["CanonicalUser"]
    return Principals(
        is_every_aws_principal="*" in aws,
        accounts=frozenset(filter(None, roots.values())),
        arns=frozenset(arns),
        services=frozenset(services),
        providers=frozenset(providers),
        unmodelled=tuple(odd),
    )


_TYPES: dict[str, Any] = dict.fromkeys(("AWS", "Federated", "Service", "CanonicalUser"))


def _names(value: object) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        if not isinstance(each, str) or not each:
            raise NotModelled(f"the principal {each!r} is no text")
        yield each


def _account(text: str) -> str:
    """Return the account that is named by its number or its root; empty for others."""
    found = _ROOT.fullmatch(text)
    return found[1] if found else text if _ACCOUNT.fullmatch(text) else ""
