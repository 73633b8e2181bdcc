"""Proves that methods, stages and resource policies expose what the blueprint says; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from gateprint.access.iam import language
from gateprint.access.iam.request import ANONYMOUS, Principal, session, user
from gateprint.access.iam.scope import Scope, scope_of
from gateprint.access.iam.statement import Policy, read_policy
from gateprint.access.policy import UNASKED
from gateprint.access.proof.found import ApiAccess, AuthorizerAccess, pool_symbol
from gateprint.access.proof.plans import WITH_KEY
from gateprint.access.proof.restriction import elsewhere, is_denying_as_stated
from gateprint.access.proof.role import context_of, invocation
from gateprint.access.routes import templates
from gateprint.access.routes.reach import declared, preferred
from gateprint.errors import Difference, DifferenceKind, NotModelled
from gateprint.model.issuers import TokenIssuer, authorizer_function
from gateprint.model.resolved import Api, PoolAuthorizer, ResolvedBlueprint, Route

_COGNITO = "COGNITO_USER_POOLS"
_AUTHORIZATIONS = {"iam": "AWS_IAM", "jwt": "CUSTOM", "cognito": _COGNITO, "none": "NONE"}
_IDENTITY_SOURCE = "method.request.header.Authorization"
_STRANGER = "999999999999"


def prove_api(blueprint: ResolvedBlueprint, api: Api, found: ApiAccess) -> Iterator[Difference]:
    """Yield every difference between how an API is exposed and how it should be."""
    proof = _Proof(blueprint, api, found)
    yield from proof.methods()
    yield from proof.authorizers()
    yield from proof.stages()
    yield from proof.default_endpoint()
    try:
        yield from proof.resource_policy()
    except NotModelled as error:
        sentence = f"it is not known whom the resource policy of {api.name} lets in: {error}"
        yield proof.difference("unknown", sentence)


@dataclass(frozen=True, slots=True)
class _Proof:
    blueprint: ResolvedBlueprint
    api: Api
    found: ApiAccess

    def difference(
        self, kind: DifferenceKind, sentence: str, stage: str = "", route: str = ""
    ) -> Difference:
        return Difference(
            self.blueprint.stack, kind, sentence, api=self.api.name, stage=stage, route=route
        )

    def methods(self) -> Iterator[Difference]:
        stated = {route.key: _authorization(route) for route in self.api.routes}
        preflights = {f"OPTIONS {route.path}" for route in self.api.routes if self.api.cors}
        for key in sorted(stated.keys() | self.found.methods.keys()):
            wanted, found = stated.get(key), self.found.methods.get(key)
            if key in preflights and found == "NONE":
                continue
            if wanted != found:
                sentence = f"{key} of {self.api.name} {_said(wanted, found)}"
                yield self.difference("auth", sentence, route=key)

    def authorizers(self) -> Iterator[Difference]:
        """Yield what asks another function about tokens than it should, or otherwise.

        What the function decides is in its archive, and nothing is claimed about it here.
        """
        stated = {each.name: self._stated(each) for each in self.api.authorizers}
        stated |= {each.name: self._stated_pools(each) for each in self.api.pool_authorizers}
        found = {each.name: _plain(each) for each in self.found.authorizers}
        for name in sorted(stated.keys() | found.keys()):
            if stated.get(name) != found.get(name):
                sentence = f"the authorizer {name} of {self.api.name} is not as it should be"
                yield self.difference("auth", sentence)

    def _stated(self, issuer: TokenIssuer) -> AuthorizerAccess:
        function = self.blueprint.function(authorizer_function(self.api.name, issuer.name))
        uri = f"<{function.aws_name}.invoke_arn>"
        seconds = str(issuer.cache_seconds)
        return AuthorizerAccess(issuer.name, "TOKEN", uri, _IDENTITY_SOURCE, seconds, "")

    def _stated_pools(self, authorizer: PoolAuthorizer) -> AuthorizerAccess:
        own = {each.name: pool_symbol(each.aws_name) for each in self.blueprint.user_pools}
        pools = tuple(sorted(own.get(each, each) for each in authorizer.user_pools))
        return AuthorizerAccess(
            authorizer.name, _COGNITO, "", _IDENTITY_SOURCE, "", "", user_pools=pools
        )

    def stages(self) -> Iterator[Difference]:
        stated = {each.name for each in self.blueprint.stages}
        for name in sorted(stated ^ self.found.stages):
            is_missing = name in stated
            said = "is not there" if is_missing else "is not in the blueprint"
            yield self.difference("stage", f"stage {name} of {self.api.name} {said}", stage=name)

    def default_endpoint(self) -> Iterator[Difference]:
        """Yield where the API is reached around its domains, or where it is not reached."""
        if self.found.has_default_endpoint is not self.api.has_default_endpoint:
            has = "has" if self.found.has_default_endpoint else "does not have"
            yield self.difference("domain", f"{self.api.name} {has} its default endpoint")

    def resource_policy(self) -> Iterator[Difference]:
        if self.found.resource_policy is None:
            if self.api.has_policy:
                said = "private" if self.api.is_private else "restricted"
                sentence = f"{self.api.name} is {said}, but has no resource policy"
                yield self.difference("resource-policy", sentence)
            return
        policy = read_policy("resource policy", self.found.resource_policy, "resource")
        yield from self._strangers(policy)
        yield from self._outside(policy)
        yield from self._restriction(self.found.resource_policy)
        yield from self._everybody(policy)

    def _strangers(self, policy: Policy) -> Iterator[Difference]:
        """Yield the signed routes that a resource policy opens to somebody without a grant.

        Who signs nothing is refused by the methods themselves.
        """
        for who, principal in self._callers():
            is_signed = principal is not ANONYMOUS
            scope = self._scope(policy, principal, context_of(self.api, is_signed=is_signed))
            # Who brings a token signs nothing; for them an Allow here is enough as well.
            auth = "jwt" if principal is ANONYMOUS else "iam"
            for stage, route in self._routes(auth):
                if self._find(scope, stage, route, is_allowed=True) is not None:
                    sentence = f"{who} may call {route.key} on {stage} of {self.api.name}"
                    yield self.difference("resource-policy", sentence, stage, route.key)

    def _outside(self, policy: Policy) -> Iterator[Difference]:
        """Yield what can be called from elsewhere than from where the API wants it."""
        for place in elsewhere(self.api):
            scope = self._scope(policy, self._session if place.is_signed else ANONYMOUS, place.keys)
            for stage, route in (each for auth in _AUTHORIZATIONS for each in self._routes(auth)):
                found = language.find(
                    self._as_arn(stage, route.key), allows=[(language.RUN,)], denies=scope.denied
                )
                if found is not None:
                    where = f"{route.key} on {stage} of {self.api.name}"
                    sentence = f"{where} can be called {place.words}"
                    yield self.difference("resource-policy", sentence, stage, route.key)

    def _restriction(self, document: str) -> Iterator[Difference]:
        if self.api.only_from and not is_denying_as_stated(self.api, self._arn, document):
            sentence = f"the resource policy of {self.api.name} denies other things than only_from"
            yield self.difference("resource-policy", sentence)

    def _everybody(self, policy: Policy) -> Iterator[Difference]:
        """Yield the routes without IAM that a resource policy closes: it has to allow them."""
        scope = self._scope(policy, ANONYMOUS, context_of(self.api, is_signed=False))
        for stage, route in (each for auth in UNASKED for each in self._routes(auth)):
            if self._find(scope, stage, route, is_allowed=False) is not None:
                sentence = f"not everybody may call {route.key} on {stage} of {self.api.name}"
                yield self.difference("resource-policy", sentence, stage, route.key)

    def _callers(self) -> list[tuple[str, Principal]]:
        where = self.blueprint.environment
        iam = f"arn:{where.partition}:iam::"
        return [
            ("every user of the account", user(f"{iam}{where.account}:user/somebody")),
            ("every role of the account", self._session),
            ("somebody of another account", user(f"{iam}{_STRANGER}:user/somebody")),
            ("everybody with a token", ANONYMOUS),
        ]

    @property
    def _session(self) -> Principal:
        where = self.blueprint.environment
        return session(f"arn:{where.partition}:iam::{where.account}:role/somebody")

    def _routes(self, auth: str) -> Iterator[tuple[str, Route]]:
        for stage in self.blueprint.stages:
            for route in self.api.routes:
                if route.auth == auth:
                    yield stage.name, route

    def _scope(
        self, policy: Policy, principal: Principal, context: Mapping[str, tuple[str, ...]]
    ) -> Scope:
        return scope_of((), policy, invocation(principal, self._arn, context))

    def _find(self, scope: Scope, stage: str, route: Route, *, is_allowed: bool) -> str | None:
        return language.find(
            self._as_arn(stage, route.key),
            allows=scope.allowed,
            denies=scope.denied,
            apart_from=[
                self._as_arn(stage, key) for key in preferred(declared(self.api), route.key)
            ],
            is_allowed=is_allowed,
        )

    def _as_arn(self, stage: str, key: str) -> language.Language:
        return language.joined((f"{self._arn}/{stage}/", *templates.answered(key)))

    @property
    def _arn(self) -> str:
        where = self.blueprint.environment
        account = f"{where.region}:{where.account}"
        return f"arn:{where.partition}:execute-api:{account}:{self.found.api_id}"


def _authorization(route: Route) -> str:
    named = [route.authorizer] if route.authorizer else []
    scopes = sorted(route.scopes) if route.auth == "cognito" else []
    key = WITH_KEY if route.needs_key else ""
    return " ".join((_AUTHORIZATIONS[route.auth], *named, *scopes)) + key


def _plain(found: AuthorizerAccess) -> AuthorizerAccess:
    """API Gateway remembers nothing about tokens of user pools, whatever the time that is said."""
    return replace(found, cache_seconds="") if found.kind == _COGNITO else found


def _said(wanted: str | None, found: str | None) -> str:
    if found is None:
        return "has no method"
    if wanted is None:
        return f"is not in the blueprint, but has a method with the authorization {found}"
    if found == wanted.removesuffix(WITH_KEY):
        return "can be called without an API key, but the blueprint says api_key: true"
    if found == "NONE" and wanted.startswith(("CUSTOM", _COGNITO)):
        said = "cognito" if wanted.startswith(_COGNITO) else "jwt"
        return f"can be called without a token, but the blueprint says auth: {said}"
    if found == "NONE":
        return "can be called without a signature, but the blueprint says auth: iam"
    return f"has the authorization {found} instead of {wanted}"
