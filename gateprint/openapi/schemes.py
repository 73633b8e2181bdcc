"""Security schemes of others' descriptions as authorizers and API keys of a blueprint; pure.

OpenAPI 3.1.1, "Security Scheme Object"; OpenID Connect Discovery 1.0, section 4; API Gateway
developer guide, "x-amazon-apigateway-authorizer object" and "OpenAPI extensions for HTTP APIs".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from gateprint.errors import InputRejected
from gateprint.model import fields
from gateprint.model.resolved.pool import is_arn
from gateprint.model.written.authorizer import Audience, Pool, Scope
from gateprint.openapi import words
from gateprint.openapi.extension import plain
from gateprint.openapi.names import name_of
from gateprint.openapi.reading import Node
from gateprint.openapi.refusals import Refusals
from gateprint.openapi.security import AUTH, schemes_in

_DISCOVERY = "/.well-known/openid-configuration"
_HEADERS = ("method.request.header.authorization", "$request.header.authorization")
_ISSUER: TypeAdapter[str] = TypeAdapter(fields.Issuer)
_AUDIENCE: TypeAdapter[str] = TypeAdapter(Audience)
_POOL: TypeAdapter[str] = TypeAdapter(Pool)
_SCOPE: TypeAdapter[str] = TypeAdapter(Scope)
_MOST_SCOPES = 20
_FLAGS = "if callers bring JWTs, say whose: --issuer URL and --audience NAME"
KEY_ALONE = (
    "imported: the description asks for an API key alone, which is no authorization; decide "
    "whether it should"
)


@dataclass(frozen=True, slots=True)
class Issuers:
    """Whose tokens a description takes, as far as the command line tells it."""

    issuer: str | None = None
    audiences: tuple[str, ...] = ()


class Schemes:
    """Reads who is checked where it is no signature alone, and remembers whose tokens are taken."""

    def __init__(self, whole: Node, told: Issuers, refusals: Refusals) -> None:
        self._whole, self._told, self._refusals = whole, told, refusals
        self._schemes = schemes_in(whole)
        self._names: dict[str, str] = {}
        self.authorizers: dict[str, dict[str, Any]] = {}

    def asked(self, operation: Node, key: str) -> dict[str, Any] | None:
        """Return the fields of a route that say who is checked; None where it is read elsewhere.

        Raises:
            InputRejected: tokens are asked for, and it is not known whose.
        """
        requirements = self._requirements(operation)
        if not requirements or (operation.text(AUTH, "type") or "NONE").upper() != "NONE":
            return None
        found = [self._requirement(each, operation, key) for each in requirements]
        # Several alternatives are one where a blueprint says the same of each.
        return found[0] if all(each == found[0] for each in found) else None

    def _requirements(self, operation: Node) -> list[Mapping[str, Any]]:
        own = operation.mapping().get("security")
        asked = self._whole.mapping().get("security") if own is None else own
        is_list = isinstance(asked, list) and all(isinstance(each, dict) for each in asked)
        return asked if is_list and asked and {} not in asked else []

    def _requirement(
        self, asked: Mapping[str, Any], operation: Node, key: str
    ) -> dict[str, Any] | None:
        has_key = any(self._is_key(each) for each in asked)
        keyed: dict[str, Any] = {"api_key": True} if has_key else {}
        others = [each for each in asked if not self._is_key(each)]
        if not others:
            return {"auth": "none", "public": KEY_ALONE, **keyed}
        if len(others) > 1:
            return None
        if self._kind(others[0]) == "awssigv4":
            return keyed or None
        by_token = self._token(others[0], asked[others[0]], operation, key)
        return {**by_token, **keyed} if by_token else None

    def _is_key(self, name: str) -> bool:
        """Tell whether a scheme is the header that API Gateway reads keys from."""
        scheme = self._schemes.get(name)
        if scheme is None or self._kind(name):
            return False
        said = (scheme.text("type"), scheme.text("in"), (scheme.text("name") or "").lower())
        return said == ("apiKey", "header", words.API_KEY_SCHEME["name"])

    def _kind(self, name: str) -> str:
        scheme = self._schemes.get(name)
        return (scheme.text(words.AUTH_TYPE) or "").lower() if scheme else ""

    def _token(self, name: str, asked: Any, operation: Node, key: str) -> dict[str, Any] | None:
        authorizer = self._authorizer(name, asked, key)
        if authorizer is None:
            return None
        auth = "cognito" if "user_pools" in authorizer else "jwt"
        scopes = _scopes(asked, operation, key)
        own = self._named(name, auth, authorizer)
        return {"auth": auth, "authorizer": own, **({"scopes": scopes} if scopes else {})}

    def _authorizer(self, name: str, asked: Any, key: str) -> dict[str, Any] | None:
        """Return a scheme as an authorizer; None where it is none that a blueprint has."""
        scheme = self._schemes.get(name)
        if scheme is None:
            return None
        kind = (scheme.text(words.AUTHORIZER, "type") or self._kind(name)).lower()
        if kind == "cognito_user_pools":
            return self._pools(scheme, key)
        if kind == "jwt":
            return self._of_http_api(scheme, asked, key)
        if words.AUTHORIZER in scheme.mapping() or self._kind(name):
            return None
        return self._issuer(name, scheme, asked, key)

    def _named(self, scheme: str, auth: str, authorizer: dict[str, Any]) -> str:
        """Return the authorizer of a scheme; schemes that say the same share one."""
        for name, known in self.authorizers.items():
            if known == authorizer:
                return name
        wanted = name_of(scheme) if name_of(scheme) != "api" else auth
        name, number = wanted, 1
        while name in self.authorizers:
            number += 1
            name = f"{wanted[:28]}-{number}"
        self.authorizers[name] = authorizer
        if auth == "jwt":
            self._refusals.remark(
                f"tokens: {scheme} is the authorizer {name}, which takes JWTs signed with RS256 "
                "and looks for the keys below the issuer; write algorithms and jwks where that "
                "is otherwise, and the issuer exactly as iss has it, with or without a slash"
            )
        return name

    def _pools(self, scheme: Node, key: str) -> dict[str, Any]:
        """Return an authorizer of user pools.

        Raises:
            InputRejected: it has what a blueprint's has not.
        """
        said = scheme.at(words.AUTHORIZER)
        pools = said.at("providerARNs").data
        _check_header(scheme, key)
        if said.text("identityValidationExpression"):
            problem = f"{key}: its authorizer has identityValidationExpression"
            raise InputRejected([said.refuse(problem, "remove it: scopes tell clients apart")])
        arns = [str(each) for each in pools] if isinstance(pools, list) else []
        if not arns or not all(_is(_POOL, each) and is_arn(each) for each in arns):
            problem = f"{key}: its authorizer names no user pools by their ARNs"
            raise InputRejected([said.refuse(problem, "write providerARNs out")])
        return {"user_pools": sorted(set(arns))}

    def _of_http_api(self, scheme: Node, asked: Any, key: str) -> dict[str, Any]:
        said = scheme.at(words.AUTHORIZER, "jwtConfiguration")
        _check_header(scheme, key)
        if isinstance(asked, list) and len(asked) > 1:
            problem = f"{key}: of its scopes one is enough, and auth: jwt asks for all"
            raise InputRejected([scheme.refuse(problem, "name one scope that means it")])
        audiences = said.at("audience").data
        known = tuple(str(each) for each in audiences) if isinstance(audiences, list) else ()
        return _authorizer(scheme, key, said.text("issuer"), known)

    def _issuer(self, name: str, scheme: Node, asked: Any, key: str) -> dict[str, Any] | None:
        """Return an authorizer of what takes bearer tokens; None of everything else."""
        kind = (scheme.text("type") or "").lower()
        is_bearer = kind == "http" and (scheme.text("scheme") or "").lower() == "bearer"
        # Swagger 2.0 has no other word for a bearer token.
        is_header = kind == "apikey" and (scheme.text("name") or "").lower() == "authorization"
        is_header = is_header and scheme.text("in") == "header" and self._told.issuer is not None
        if not (is_bearer or is_header or kind in {"openidconnect", "oauth2"}):
            return None
        if (is_bearer or is_header) and asked:
            problem = f"{key}: {name} asks for roles, which no authorizer knows"
            raise InputRejected([scheme.refuse(problem, "say them as scopes, or remove them")])
        said = _discovered(scheme.text("openIdConnectUrl"))
        if said is None and self._told.issuer is None and not _says_jwt(scheme, kind):
            said_type = scheme.text("type")
            problem = f"{key}: its callers are checked by {name} ({said_type}), not by IAM"
            raise InputRejected([scheme.refuse(problem, _FLAGS)])
        issuer = self._told.issuer if said is None or self._is_told(said) else said
        return _authorizer(scheme, key, issuer, self._told.audiences)

    def _is_told(self, issuer: str) -> bool:
        """Tell whether the command line's is the same but for the slash, which it alone knows."""
        return (self._told.issuer or "").rstrip("/") == issuer


def _says_jwt(scheme: Node, kind: str) -> bool:
    return kind == "openidconnect" or (scheme.text("bearerFormat") or "").upper() == "JWT"


def _discovered(url: str | None) -> str | None:
    """Return the issuer whose document an address is; its last slash is not in the address."""
    if url is None or not url.endswith(_DISCOVERY):
        return None
    return url.removesuffix(_DISCOVERY)


def _authorizer(
    scheme: Node, key: str, issuer: str | None, audiences: tuple[str, ...]
) -> dict[str, Any]:
    is_known = issuer is not None and _is(_ISSUER, issuer)
    if not is_known or not audiences or not all(_is(_AUDIENCE, each) for each in audiences):
        what = "for whom its tokens are" if is_known else "who issues its tokens"
        problem = f"{key}: its callers bring tokens, and the description does not say {what}"
        raise InputRejected([scheme.refuse(problem, _FLAGS)])
    return {"issuer": issuer, "audience": list(dict.fromkeys(audiences))}


def _check_header(scheme: Node, key: str) -> None:
    source = scheme.at(words.AUTHORIZER, "identitySource").data
    known = source[0] if isinstance(source, list) and len(source) == 1 else source
    named = str(known or _HEADERS[0]).lower()
    if named not in _HEADERS or (scheme.text("name") or "authorization").lower() != "authorization":
        problem = f"{key}: its tokens are not in the header Authorization alone"
        raise InputRejected([scheme.refuse(problem, "let callers send Authorization")])


def _scopes(asked: Any, operation: Node, key: str) -> list[str]:
    found = list(dict.fromkeys(str(each) for each in plain(asked) or ()))
    if len(found) > _MOST_SCOPES or not all(_is(_SCOPE, each) for each in found):
        problem = f"{key}: its scopes are not what a blueprint can name"
        raise InputRejected([operation.refuse(problem, "name at most 20 scopes, of ASCII signs")])
    return found


def _is(form: TypeAdapter[str], text: str) -> bool:
    try:
        form.validate_python(text)
    except ValidationError:
        return False
    return True
