"""Checks all blueprints together: what an account holds once belongs to one of them; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gateprint.errors import Diagnostic, Location
from gateprint.model.blueprint import Blueprint
from gateprint.model.resolved import Environment, ResolvedBlueprint
from gateprint.model.source import Document


@dataclass(frozen=True, slots=True)
class Written:
    """A blueprint, the document that it was read from, and what it is in each environment."""

    document: Document
    blueprint: Blueprint
    resolved: tuple[ResolvedBlueprint, ...]


@dataclass(frozen=True, slots=True)
class _Claim:
    """Something that may be claimed once: its key, and the place that claims it."""

    key: tuple[str, ...]
    what: str
    code: str
    where: Location
    remedy: str


def check_across(written: Iterable[Written]) -> Iterator[Diagnostic]:
    """Yield a diagnostic for every name that a second blueprint, or environment, claims too."""
    first: dict[tuple[str, ...], _Claim] = {}
    for each in written:
        twins = list(_taken(first, [_name_claim(each)]))
        # A copied blueprint is one mistake, not one for each of its names.
        yield from twins or _taken(first, _other_claims(each))


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
            yield Diagnostic(claim.where, claim.code, problem, claim.remedy)


def _name_claim(written: Written) -> _Claim:
    name = written.blueprint.name
    where = written.document.locate(("name",))
    what, remedy = f'the blueprint name "{name}"', "name one of the two otherwise"
    return _Claim(("name", name), what, "name-taken", where, remedy)


def _other_claims(written: Written) -> Iterator[_Claim]:
    where = written.document.locate(("name",))
    for blueprint in written.resolved:
        yield from _stack_claim(blueprint, where)
        yield from _api_claims(written.document, blueprint)
        yield from _role_claims(written.document, blueprint)


def _stack_claim(blueprint: ResolvedBlueprint, where: Location) -> Iterator[_Claim]:
    # `pets-eu` in `test` and `pets` in `eu-test` would be one stack.
    what = f'the stack name "{blueprint.stack}"'
    remedy = "name one of the two blueprints otherwise"
    yield _Claim(("stack", blueprint.stack), what, "name-taken", where, remedy)


def _api_claims(document: Document, blueprint: ResolvedBlueprint) -> Iterator[_Claim]:
    for api in blueprint.apis:
        key = ("api", _cloud_of(blueprint.environment), api.name)
        where = document.locate(("apis", api.name), key=True)
        what, remedy = f'the API name "{api.name}"', "name one of the two otherwise"
        yield _Claim(key, what, "api-taken", where, remedy)


def _role_claims(document: Document, blueprint: ResolvedBlueprint) -> Iterator[_Claim]:
    remedy = "name one of the two otherwise; IAM compares names without case"
    if blueprint.functions:
        where = document.locate(("functions",), key=True)
        yield _role_claim(blueprint, blueprint.functions_role, where, remedy)
    remedy += ", or add permissions to the first with existing: true"
    for role in blueprint.roles:
        if role.identity_provider is not None:
            where = document.locate(("roles", role.name), key=True)
            yield _role_claim(blueprint, role.name, where, remedy)


def _role_claim(blueprint: ResolvedBlueprint, name: str, where: Location, remedy: str) -> _Claim:
    key = ("role", _cloud_of(blueprint.environment), name.lower())
    return _Claim(key, f'the role name "{name}"', "role-taken", where, remedy)


def _cloud_of(environment: Environment) -> str:
    return f"{environment.endpoint or environment.partition}/{environment.account}"
