"""Checks all blueprints together: what an account holds once belongs to one of them; pure.

Like the references, it reads the documents as written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from gateprint.errors import Diagnostic, Location
from gateprint.model.document import Document, KeyPath
from gateprint.model.naming import functions_role_name, stack_name
from gateprint.model.resolved import Environment
from gateprint.model.tokens import authorizers_for


@dataclass(frozen=True, slots=True)
class Placed:
    """A blueprint's document, and the environments that its stages go to."""

    document: Document
    environments: tuple[Environment, ...]

    @property
    def is_retired(self) -> bool:
        """Tell whether the blueprint is given up; until it is destroyed its names are taken."""
        return "retired" in self.document.mapping()


@dataclass(frozen=True, slots=True)
class _Claim:
    """Something that may be claimed once: its key, and the place that claims it."""

    key: tuple[str, ...]
    what: str
    code: str
    where: Location
    remedy: str
    is_retired: bool = False


def check_across(
    placed: Iterable[Placed], environments: Iterable[tuple[Document, Environment]] = ()
) -> Iterator[Diagnostic]:
    """Yield a diagnostic for every name that a second blueprint, or environment, claims too."""
    first: dict[tuple[str, ...], _Claim] = {}
    for document, environment in environments:
        claim = _role_claim(document, ("environment",), environment.log_role, environment, "")
        first.setdefault(claim.key, claim)
    # What is retired was there before, so it is the other one that is told.
    for each in sorted(placed, key=lambda one: not one.is_retired):
        twins = list(_taken(first, _marked(each, _name_claim(each.document))))
        # A copied blueprint is one mistake, not one for each of its names.
        yield from twins or _taken(first, _marked(each, _other_claims(each)))


def check_accounts(environments: Iterable[tuple[Document, Environment]]) -> Iterator[Diagnostic]:
    """Yield a diagnostic for every account that two environments name.

    SAML providers and API Gateway's log role exist once in an account, and so does the stack
    that holds them.
    """
    first: dict[tuple[str, ...], _Claim] = {}
    for document, environment in environments:
        where = document.locate(("account",))
        what = f"account {environment.account}"
        remedy = "make what goes to this account stages of one environment"
        claim = _Claim(("account", _cloud_of(environment)), what, "account-taken", where, remedy)
        yield from _taken(first, [claim])


def _taken(first: dict[tuple[str, ...], _Claim], claims: Iterable[_Claim]) -> Iterator[Diagnostic]:
    for claim in claims:
        known = first.setdefault(claim.key, claim)
        if known is not claim:
            place = f"{known.where.path}:{known.where.line}:{known.where.column}"
            problem = f"{claim.what} is taken already, at {place}"
            remedy = claim.remedy
            if known.is_retired:
                problem += ", in a blueprint that is retired"
                remedy = "delete that file once it is destroyed, or write another name here"
            yield Diagnostic(claim.where, claim.code, problem, remedy)


def _marked(placed: Placed, claims: Iterable[_Claim]) -> Iterable[_Claim]:
    if not placed.is_retired:
        return claims
    return [replace(each, is_retired=True) for each in claims]


def _name_claim(document: Document) -> Iterator[_Claim]:
    name = document.text("name")
    if name is not None:
        where = document.locate(("name",))
        what, remedy = f'the blueprint name "{name}"', "name one of the two otherwise"
        yield _Claim(("name", name), what, "name-taken", where, remedy)


def _other_claims(placed: Placed) -> Iterator[_Claim]:
    for environment in placed.environments:
        yield from _stack_claims(placed.document, environment)
        yield from _api_claims(placed.document, environment)
        yield from _role_claims(placed.document, environment)
        yield from _domain_claims(placed.document, environment)


def _stack_claims(document: Document, environment: Environment) -> Iterator[_Claim]:
    # `pets-eu` in `test` and `pets` in `eu-test` would be one stack.
    stack = stack_name(document.text("name") or "", environment.name)
    what, where = f'the stack name "{stack}"', document.locate(("name",))
    remedy = "name one of the two blueprints otherwise"
    yield _Claim(("stack", stack), what, "name-taken", where, remedy)


def _api_claims(document: Document, environment: Environment) -> Iterator[_Claim]:
    for name in document.mapping("apis"):
        key = ("api", _cloud_of(environment), name)
        where = document.locate(("apis", name), key=True)
        what, remedy = f'the API name "{name}"', "name one of the two otherwise"
        yield _Claim(key, what, "api-taken", where, remedy)


def _role_claims(document: Document, environment: Environment) -> Iterator[_Claim]:
    remedy = "name one of the two otherwise; IAM compares names without case"
    declared = {
        "functions": document.mapping("functions"),
        "authorizers": authorizers_for(document, "jwt"),
    }
    section = next((each for each, found in declared.items() if found), None)
    if section is not None:
        role = functions_role_name(document.text("name") or "", environment.name)
        yield _role_claim(document, (section,), role, environment, remedy)
    remedy += ", or add permissions to the first with existing: true"
    for name in document.mapping("roles"):
        # What is neither is said to be wrong; then it is not known whose the name is.
        if document.text("roles", name, "existing") in {None, "false"}:
            yield _role_claim(document, ("roles", name), name, environment, remedy)


def _role_claim(
    document: Document, path: KeyPath, name: str, environment: Environment, remedy: str
) -> _Claim:
    key = ("role", _cloud_of(environment), name.lower())
    where = document.locate(path, key=True)
    return _Claim(key, f'the role name "{name}"', "role-taken", where, remedy)


def _domain_claims(document: Document, environment: Environment) -> Iterator[_Claim]:
    """A domain has one owner, and each of its base paths leads to one place."""
    for name in document.mapping("domains"):
        path, key = ("domains", name), ("domain", _cloud_of(environment), name)
        if document.text(*path, "existing") in {None, "false"}:
            remedy = "keep it in one of the two, and write existing: true in the other"
            where = document.locate(path, key=True)
            yield _Claim(key, f'the domain "{name}"', "domain-taken", where, remedy)
        for base in document.mapping(*path, "base_paths"):
            where = document.locate((*path, "base_paths", base), key=True)
            what, remedy = f'the base path "{base}" of {name}', "choose another base path"
            yield _Claim((*key, base), what, "domain-taken", where, remedy)


def _cloud_of(environment: Environment) -> str:
    return f"{environment.endpoint or environment.partition}/{environment.account}"
