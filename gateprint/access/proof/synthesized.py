"""Reads what a synthesized stack says about access back from its Terraform JSON; pure.

What Terraform knows only later stays symbolic: the id of a REST API is `<its address>`. So nothing
of what gateprint compiled is used again; the documents are those that would be applied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateprint.access.proof.domains import (
    BASE_PATH,
    DOMAIN,
    BasePathAccess,
    DomainAccess,
    read_base_paths,
    read_domains,
)
from gateprint.access.proof.plans import WITH_KEY, PlanAccess
from gateprint.model.resolved import Environment

ENDPOINT_POLICY = "aws_vpc_endpoint_policy"
# Types that are read here, and types that let nobody do anything.
_READ = {
    "aws_api_gateway_rest_api",
    "aws_api_gateway_resource",
    "aws_api_gateway_method",
    "aws_api_gateway_stage",
    "aws_api_gateway_rest_api_policy",
    "aws_api_gateway_authorizer",
    "aws_api_gateway_usage_plan",
    "aws_api_gateway_usage_plan_key",
    "aws_api_gateway_api_key",
    BASE_PATH,
    DOMAIN,
    "aws_iam_role",
    "aws_iam_role_policy",
    "aws_iam_policy",
    "aws_iam_role_policy_attachment",
    "aws_iam_saml_provider",
    ENDPOINT_POLICY,
}
_HARMLESS = {
    "aws_api_gateway_account",
    "aws_api_gateway_deployment",
    "aws_api_gateway_gateway_response",
    "aws_api_gateway_integration",
    "aws_api_gateway_integration_response",
    "aws_api_gateway_method_response",
    "aws_api_gateway_method_settings",
    "aws_api_gateway_model",
    "aws_api_gateway_request_validator",
}
_BEARING = ("aws_iam_", "aws_api_gateway_", "aws_apigateway", "aws_vpc_endpoint")
# What every stack has; blocks that hold what is there, by type and name or by name.
_FRAME = {"//", "provider", "terraform"}
_BY_TYPE = {"resource", "data"}
# Arguments with which a resource that is read would say more than is read.
_MORE = {
    "aws_api_gateway_rest_api": {"body", "policy"},
    # A key's value is nobody's to write down.
    "aws_api_gateway_api_key": {"value"},
    DOMAIN: {"policy"},
    "aws_iam_role": {"inline_policy", "managed_policy_arns", "permissions_boundary", "path"},
}
_REPEATED = {"count", "for_each"}
_REFERENCE = re.compile(r"(?<!\$)\$\{([a-z0-9_]+)\.([A-Za-z0-9_-]+)\.([a-z_]+)\}")
_DEEPEST = 8


USER_POOL = "aws_cognito_user_pool"


def pool_symbol(name: str) -> str:
    """Return what stands for the ARN of a stack's user pool, which AWS alone knows."""
    return f"<{name}.arn>"


@dataclass(frozen=True, slots=True)
class NamedPolicy:
    """A policy document as text, under its name in IAM."""

    name: str
    document: str


@dataclass(frozen=True, slots=True)
class RoleAccess:
    """A role, or the policies that a stack adds to a role of another, which has no `trust` here.

    `elsewhere` are attached policies that the stack does not hold, as ARNs.
    """

    name: str
    trust: str | None
    policies: tuple[NamedPolicy, ...] = ()
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuthorizerAccess:
    """What asks about tokens, as text; `uri` is a symbol with the function's name.

    `user_pools` are sorted: ARNs, or symbols with the names of pools of the stack.
    """

    name: str
    kind: str
    uri: str
    identity_source: str
    cache_seconds: str
    role: str
    user_pools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApiAccess:
    """A REST API: its id or symbol, the authorization of `METHOD /path`, and its stages.

    The authorization of a method that asks an authorizer is `CUSTOM` or `COGNITO_USER_POOLS`, its
    name, and the scopes that API Gateway asks for by itself, sorted; that of one that needs an API
    key ends with `WITH_KEY`.
    """

    name: str
    api_id: str
    methods: Mapping[str, str]
    stages: frozenset[str]
    resource_policy: str | None
    authorizers: tuple[AuthorizerAccess, ...] = ()
    has_default_endpoint: bool = True


@dataclass(frozen=True, slots=True)
class StackAccess:
    """All that a stack says about access.

    `not_read` says in words what may bear on access and is not understood. `contents` are the
    addresses of all that the stack has beside its provider and its settings; two stacks may give
    the same access with other contents.
    """

    apis: tuple[ApiAccess, ...]
    roles: Mapping[str, RoleAccess]
    saml_providers: Mapping[str, str]
    not_read: tuple[str, ...]
    contents: tuple[str, ...] = field(default=(), compare=False)
    plans: tuple[PlanAccess, ...] = ()
    domains: tuple[DomainAccess, ...] = ()
    base_paths: tuple[BasePathAccess, ...] = ()
    endpoint_policies: Mapping[str, str] = field(default_factory=dict)


def read_stack(terraform: Mapping[str, Any], environment: Environment) -> StackAccess:
    """Return the access in the Terraform JSON of a stack, `cdk.tf.json` as data."""
    resources = terraform.get("resource", {})
    if not isinstance(resources, Mapping):
        return StackAccess((), {}, {}, ("the resources are not an object",), ("resource",))
    reader = _Reader(resources, environment)
    return StackAccess(
        tuple(reader.apis()),
        reader.roles(),
        reader.saml_providers(),
        (*reader.not_read(), *_other_blocks(terraform)),
        tuple(_contents(terraform)),
        tuple(sorted(reader.plans())),
        read_domains((each for _, each in reader.of(DOMAIN)), reader.text),
        read_base_paths((each for _, each in reader.of(BASE_PATH)), reader.text),
        {
            reader.text(each, "vpc_endpoint_id"): reader.text(each, "policy")
            for _, each in reader.of(ENDPOINT_POLICY)
        },
    )


def _contents(terraform: Mapping[str, Any]) -> Iterator[str]:
    for block, found in sorted(terraform.items()):
        if block in _FRAME or not found:
            continue
        if not isinstance(found, Mapping):
            yield block
        elif block in _BY_TYPE:
            front = "" if block == "resource" else f"{block}."
            for kind, named in sorted(found.items()):
                for name in sorted(named) if isinstance(named, Mapping) else ["…"]:
                    yield f"{front}{kind}.{name}"
        else:
            yield from (f"{block}.{name}" for name in sorted(found))


def _other_blocks(terraform: Mapping[str, Any]) -> Iterator[str]:
    if terraform.get("module"):
        yield "a module may hold roles, policies and methods"


@dataclass(frozen=True, slots=True)
class _Reader:
    resources: Mapping[str, Any]
    environment: Environment

    def of(self, kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield address and arguments of every resource of a type."""
        found = self.resources.get(kind, {})
        for name, arguments in sorted(found.items()) if isinstance(found, Mapping) else ():
            if isinstance(arguments, Mapping):
                yield name, arguments

    def text(self, arguments: Mapping[str, Any], name: str) -> str:
        """Return an argument with its references resolved; empty where it is missing."""
        value = arguments.get(name)
        return self._resolved(value, _DEEPEST) if isinstance(value, str) else ""

    def _resolved(self, text: str, depth: int) -> str:
        known = _REFERENCE.sub(lambda found: self._value(found, depth), text)
        return known.replace("$${", "${").replace("%%{", "%{")

    def _value(self, found: re.Match[str], depth: int) -> str:
        kind, name, attribute = found.groups()
        if kind == "aws_api_gateway_rest_api" and attribute in {"id", "execution_arn"}:
            return self._api(name) if attribute == "id" else f"{self._arn()}:{self._api(name)}"
        of_kind = self.resources.get(kind, {})
        arguments = of_kind.get(name, {}) if isinstance(of_kind, Mapping) else {}
        if attribute == "invoke_arn" and isinstance(arguments, Mapping) and arguments and depth:
            # Known to AWS alone; the function's name tells which one it is.
            return f"<{self.text(arguments, 'function_name')}.invoke_arn>"
        if (
            kind == USER_POOL
            and attribute == "arn"
            and isinstance(arguments, Mapping)
            and arguments
        ):
            return pool_symbol(self.text(arguments, "name"))
        value = arguments.get(attribute) if isinstance(arguments, Mapping) else None
        if isinstance(value, str) and depth:
            return self._resolved(value, depth - 1)
        return f"<{kind}.{name}.{attribute}>"

    def _api(self, address: str) -> str:
        return f"<{address}>"

    def _arn(self) -> str:
        where = self.environment
        return f"arn:{where.partition}:execute-api:{where.region}:{where.account}"

    def apis(self) -> Iterator[ApiAccess]:
        """Yield the REST APIs."""
        for address, arguments in self.of("aws_api_gateway_rest_api"):
            api_id = self._api(address)
            yield ApiAccess(
                self.text(arguments, "name"),
                api_id,
                dict(self._methods(api_id)),
                frozenset(self._stages(api_id)),
                self._resource_policy(api_id),
                tuple(each for _, each in self._authorizers(api_id)),
                arguments.get("disable_execute_api_endpoint") is not True,
            )

    def _authorizers(self, api_id: str) -> Iterator[tuple[str, AuthorizerAccess]]:
        for address, each in self.of("aws_api_gateway_authorizer"):
            if self.text(each, "rest_api_id") == api_id:
                access = AuthorizerAccess(
                    self.text(each, "name"),
                    self.text(each, "type"),
                    self.text(each, "authorizer_uri"),
                    self.text(each, "identity_source"),
                    str(each.get("authorizer_result_ttl_in_seconds", "")),
                    self.text(each, "authorizer_credentials"),
                    tuple(sorted(self._texts(each.get("provider_arns")))),
                )
                yield f"<aws_api_gateway_authorizer.{address}.id>", access

    def _methods(self, api_id: str) -> Iterator[tuple[str, str]]:
        paths = {
            f"<aws_api_gateway_resource.{name}.id>": arguments
            for name, arguments in self.of("aws_api_gateway_resource")
        }
        names = {each: one.name for each, one in self._authorizers(api_id)}
        for _, arguments in self.of("aws_api_gateway_method"):
            if self.text(arguments, "rest_api_id") == api_id:
                path = self._path(self.text(arguments, "resource_id"), paths)
                verb = self.text(arguments, "http_method")
                yield f"{verb} {path or '/'}", self._authorization(arguments, names)

    def _authorization(self, arguments: Mapping[str, Any], names: Mapping[str, str]) -> str:
        authorization = self.text(arguments, "authorization")
        key = WITH_KEY if arguments.get("api_key_required", False) is not False else ""
        scopes = sorted(self._texts(arguments.get("authorization_scopes")))
        if "authorizer_id" not in arguments:
            return " ".join((authorization, *scopes)) + key
        identifier = self.text(arguments, "authorizer_id")
        return " ".join((authorization, names.get(identifier, identifier), *scopes)) + key

    def _texts(self, value: Any) -> Iterator[str]:
        """Yield the texts of a list; what is none is told apart from every text."""
        for each in value if isinstance(value, list) else () if value is None else (value,):
            yield self._resolved(each, _DEEPEST) if isinstance(each, str) else f"<{each!r}>"

    def plans(self) -> Iterator[PlanAccess]:
        """Yield the usage plans, with the names of their keys."""
        names = {
            f"<aws_api_gateway_api_key.{address}.id>": self.text(each, "name")
            for address, each in self.of("aws_api_gateway_api_key")
        }
        for address, plan in self.of("aws_api_gateway_usage_plan"):
            own = f"<aws_api_gateway_usage_plan.{address}.id>"
            members = [
                self.text(each, "key_id")
                for _, each in self.of("aws_api_gateway_usage_plan_key")
                if self.text(each, "usage_plan_id") == own
            ]
            stages = [
                (self.text(each, "api_id"), self.text(each, "stage"))
                for each in plan.get("api_stages") or ()
            ]
            keys = sorted(names.get(each, each) for each in members)
            yield PlanAccess(self.text(plan, "name"), tuple(sorted(stages)), tuple(keys))

    def _path(self, resource_id: str, paths: Mapping[str, Mapping[str, Any]]) -> str:
        parts: list[str] = []
        seen: set[str] = set()
        while resource_id in paths and resource_id not in seen:
            seen.add(resource_id)
            parts.insert(0, self.text(paths[resource_id], "path_part"))
            resource_id = self.text(paths[resource_id], "parent_id")
        if not resource_id.endswith(".root_resource_id>"):
            parts.insert(0, resource_id)
        return "".join(f"/{each}" for each in parts)

    def _stages(self, api_id: str) -> Iterator[str]:
        for _, arguments in self.of("aws_api_gateway_stage"):
            if self.text(arguments, "rest_api_id") == api_id:
                yield self.text(arguments, "stage_name")

    def _resource_policy(self, api_id: str) -> str | None:
        for _, arguments in self.of("aws_api_gateway_rest_api_policy"):
            if self.text(arguments, "rest_api_id") == api_id:
                return self.text(arguments, "policy")
        return None

    def saml_providers(self) -> dict[str, str]:
        """Return the metadata of the SAML providers by their names."""
        return {
            self.text(each, "name"): self.text(each, "saml_metadata_document")
            for _, each in self.of("aws_iam_saml_provider")
        }

    def roles(self) -> dict[str, RoleAccess]:
        """Return every role that the stack makes, or adds a policy to, by its name."""
        trusts: dict[str, str | None] = {
            self.text(each, "name"): self.text(each, "assume_role_policy")
            for _, each in self.of("aws_iam_role")
        }
        policies: dict[str, list[NamedPolicy]] = {}
        elsewhere: dict[str, list[str]] = {}
        for _, each in self.of("aws_iam_role_policy"):
            policy = NamedPolicy(self.text(each, "name"), self.text(each, "policy"))
            policies.setdefault(self.text(each, "role"), []).append(policy)
        managed = dict(self._managed())
        for _, each in self.of("aws_iam_role_policy_attachment"):
            role, arn = self.text(each, "role"), self.text(each, "policy_arn")
            if arn in managed:
                policies.setdefault(role, []).append(managed[arn])
            else:
                elsewhere.setdefault(role, []).append(arn)
        return {
            name: RoleAccess(
                name,
                trusts.get(name),
                tuple(policies.get(name, ())),
                tuple(elsewhere.get(name, ())),
            )
            for name in sorted({*trusts, *policies, *elsewhere})
        }

    def _managed(self) -> Iterator[tuple[str, NamedPolicy]]:
        for address, each in self.of("aws_iam_policy"):
            policy = NamedPolicy(self.text(each, "name"), self.text(each, "policy"))
            yield f"<aws_iam_policy.{address}.arn>", policy

    def not_read(self) -> Iterator[str]:
        """Yield what may bear on access and is not understood, in words."""
        for kind, found in sorted(self.resources.items()):
            if kind in _HARMLESS or not kind.startswith(_BEARING):
                continue
            for name in found if isinstance(found, Mapping) else ["…"]:
                if kind not in _READ:
                    yield f"{kind}.{name} may give access, and is of a type that is not read"
            for name, arguments in self.of(kind):
                more = sorted((_MORE.get(kind, set()) | _REPEATED) & arguments.keys())
                for each in more:
                    yield f"{kind}.{name} has {each}, which is not read"
                for key in ("policy", "assume_role_policy"):
                    if "${" in self._unescaped(arguments, key):
                        yield f"{kind}.{name} has an expression in its {key}"

    def _unescaped(self, arguments: Mapping[str, Any], name: str) -> str:
        """Return an argument without references and escapes: what is left is an expression."""
        value = arguments.get(name)
        text = _REFERENCE.sub("", value) if isinstance(value, str) else ""
        return text.replace("$${", "\0").replace("%%{", "\0").replace("%{", "${")
