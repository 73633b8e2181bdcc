"""Checks a blueprint against one environment that it goes to; pure.

Like the references, it reads the document as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gateprint.errors import Diagnostic
from gateprint.model.document import Document, KeyPath
from gateprint.model.fields import NAME, is_loopback
from gateprint.model.issuers import authorizer_function
from gateprint.model.naming import function_name, functions_role_name
from gateprint.model.quotas import FUNCTION_NAME, ROLE_NAME
from gateprint.model.resolved import Environment
from gateprint.model.tokens import authorizers_for, check_token_placement
from gateprint.model.words import suggest


def check_placement(document: Document, environment: Environment) -> Iterator[Diagnostic]:
    """Yield a diagnostic for everything that this environment lacks, or that AWS refuses there."""
    yield from _unknown_providers(document, environment)
    yield from _long_names(document, environment)
    yield from _other_partitions(document, environment)
    yield from _other_web_acls(document, environment)
    yield from _issuers_of_this_machine(document, environment)
    if environment.endpoint is None:
        yield from check_token_placement(document, environment.partition)


def _unknown_providers(document: Document, environment: Environment) -> Iterator[Diagnostic]:
    known = [each.name for each in environment.identity_providers]
    used: dict[str, list[KeyPath]] = {}
    for role in document.mapping("roles"):
        path: KeyPath = ("roles", role, "identity_provider")
        name = document.text(*path)
        if name is not None and name not in known:
            used.setdefault(name, []).append(path)
    # A provider that was renamed is one mistake, however many roles name it.
    for name, (first, *others) in used.items():
        more = f" (and so in {len(others)} more)" if others else ""
        problem = f'identity provider "{name}" is not declared in {environment.name}{more}'
        missing = f"declare it under identity_providers of {environment.name}"
        remedy = suggest(name, known) if known else missing
        yield document.reject(first, "unknown-identity-provider", problem, remedy)


def _long_names(document: Document, environment: Environment) -> Iterator[Diagnostic]:
    blueprint = document.text("name") or ""
    if not re.fullmatch(NAME, blueprint, re.ASCII):
        return
    for name in document.mapping("functions"):
        length = len(function_name(blueprint, environment.name, name))
        if length > FUNCTION_NAME.limit:
            limit = FUNCTION_NAME.limit
            problem = f"the function's name in AWS has {length} characters; {limit} is the limit"
            path: KeyPath = ("functions", name)
            yield document.reject(
                path, "long-name", problem, "shorten the function's name", key=True
            )
    yield from _long_authorizers(document, environment, blueprint)
    role = functions_role_name(blueprint, environment.name)
    has_functions = document.mapping("functions") or authorizers_for(document, "jwt")
    if has_functions and len(role) > ROLE_NAME.limit:
        limit = ROLE_NAME.limit
        problem = f"the role {role} has {len(role)} characters; {limit} is the limit"
        yield document.reject(("name",), "long-name", problem, "shorten the blueprint's name")


def _long_authorizers(
    document: Document, environment: Environment, blueprint: str
) -> Iterator[Diagnostic]:
    """For each API that uses an authorizer there is a function, which is named after both."""
    limit, declared = FUNCTION_NAME.limit, authorizers_for(document, "jwt")
    for api in document.mapping("apis"):
        routes = document.mapping("apis", api, "routes").values()
        tokens = [each for each in routes if isinstance(each, dict) and each.get("auth") == "jwt"]
        named = [each.get("authorizer", declared[0] if declared else "") for each in tokens]
        for name in (each for each in declared if each in named):
            function = authorizer_function(api, name)
            length = len(function_name(blueprint, environment.name, function))
            if length > limit:
                said = f"its function for {api} has a name of {length} characters in AWS"
                path: KeyPath = ("authorizers", name)
                remedy = "shorten the authorizer's name, or the API's"
                problem = f"{said}; {limit} is the limit"
                yield document.reject(path, "long-name", problem, remedy, key=True)


def _issuers_of_this_machine(document: Document, environment: Environment) -> Iterator[Diagnostic]:
    """Without TLS anybody on the way can sign; a rehearsal has no way."""
    if environment.endpoint is not None:
        return
    for name in document.mapping("authorizers"):
        for field in ("issuer", "jwks"):
            path: KeyPath = ("authorizers", name, field)
            if is_loopback(document.text(*path) or ""):
                problem = f"the address is of this machine, and {environment.name} is in AWS"
                remedy = "write the issuer's https address; loopback is for rehearsals"
                yield document.reject(path, "wrong-issuer", problem, remedy)


def _other_partitions(document: Document, environment: Environment) -> Iterator[Diagnostic]:
    """A function cannot be called across partitions; a rehearsal takes what production has."""
    if environment.endpoint is not None:
        return
    for api in document.mapping("apis"):
        for key in document.mapping("apis", api, "routes"):
            path: KeyPath = ("apis", api, "routes", key, "lambda_arn")
            fields = (document.text(*path) or "").split(":")
            if len(fields) > 1 and fields[1] != environment.partition:
                problem = (
                    f"the function is in the partition {fields[1]}, "
                    f"{environment.name} in {environment.partition}"
                )
                remedy = f"name a function of {environment.partition}"
                yield document.reject(path, "wrong-place", problem, remedy)


def _other_web_acls(document: Document, environment: Environment) -> Iterator[Diagnostic]:
    """A web ACL guards stages of its own account and region."""
    here = [environment.region, environment.account]
    for stage in document.mapping("stages"):
        path: KeyPath = ("stages", stage, "waf_acl")
        fields = (document.text(*path) or "").split(":")
        is_here = document.text("stages", stage, "environment") == environment.name
        if is_here and len(fields) > 4 and fields[3:5] != here:  # noqa: PLR2004
            problem = f"the web ACL is not in {environment.region} of {environment.account}"
            remedy = f"name a web ACL of the account and region of {environment.name}"
            yield document.reject(path, "wrong-place", problem, remedy)
