"""Reads what a stack gives access to from the values in its Terraform state; pure.

Beside `synthesized`, which reads what would be applied: here all ids are real, so that a policy
written by hand, with whatever wildcards, is compared with the API that it reaches.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateprint.access.proof.domains import BASE_PATH, DOMAIN, read_base_paths, read_domains
from gateprint.access.proof.found import (
    ENDPOINT_POLICY,
    USER_POOL,
    ApiAccess,
    AuthorizerAccess,
    NamedPolicy,
    RoleAccess,
    StackAccess,
    pool_symbol,
)
from gateprint.access.proof.plans import WITH_KEY, PlanAccess


@dataclass(frozen=True, slots=True)
class Resource:
    """A managed resource of a state: its address, its type, and its values, which are not shown."""

    address: str
    type: str
    values: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Added:
    """Policies that other blueprints add to a role: inline ones by name, managed by beginning."""

    inline: frozenset[str] = frozenset()
    managed: tuple[str, ...] = ()

    def is_managed(self, arn: str) -> bool:
        """Tell whether another blueprint has made the managed policy with this ARN."""
        return arn.rpartition("/")[2].startswith(self.managed) if self.managed else False


Others = Mapping[str, Added]
"""What other blueprints add to the roles of a stack, by the roles' names."""


@dataclass(frozen=True, slots=True)
class Applied:
    """The access of a stack, and what bears on it beyond policies and methods.

    `deployments` are ids by REST API and stage, `sessions` seconds by role, `private` the REST
    APIs that only VPC endpoints reach. REST APIs have their names in AWS.
    """

    access: StackAccess
    deployments: Mapping[tuple[str, str], str] = field(default_factory=dict)
    sessions: Mapping[str, int] = field(default_factory=dict)
    private: frozenset[str] = frozenset()


def read_applied(
    resources: Iterable[Resource], others: Others | None = None, *, is_fresh: bool = False
) -> Applied:
    """Return the access of a state.

    A state that is `is_fresh` was just read from AWS. There a role tells all of its policies, and
    a REST API its resource policy, whoever made them (Terraform registry, `aws_iam_role`,
    `inline_policy` and `managed_policy_arns`; `aws_api_gateway_rest_api`, `policy`). Before that
    they say what was there when they were made, which was nothing.
    """
    reader = _Reader(tuple(resources), others or {}, is_fresh=is_fresh)
    names = {_text(each, "id"): _text(each, "name") for each in reader.of(_API)}
    access = StackAccess(
        tuple(reader.apis()),
        reader.roles(),
        reader.saml_providers(),
        tuple(reader.not_read()),
        plans=tuple(sorted(reader.plans())),
        domains=read_domains(reader.of(DOMAIN), _text),
        base_paths=read_base_paths(reader.of(BASE_PATH), _text),
        endpoint_policies={
            _text(each, "vpc_endpoint_id"): _text(each, "policy")
            for each in reader.of(ENDPOINT_POLICY)
        },
    )
    return Applied(
        access,
        {
            (names.get(_text(each, "rest_api_id"), ""), _text(each, "stage_name")): _text(
                each, "deployment_id"
            )
            for each in reader.of("aws_api_gateway_stage")
        },
        {_text(each, "name"): _number(each, "max_session_duration") for each in reader.of(_ROLE)},
        frozenset(_text(each, "name") for each in reader.of(_API) if _is_private(each)),
    )


def strangers(resources: Iterable[Resource], others: Others) -> Iterator[tuple[Resource, str, str]]:
    """Yield the policies of a fresh state that nobody's Terraform gave to its roles.

    Each is the role, the attribute that has the policy, and the policy's name or ARN.
    """
    reader = _Reader(tuple(resources), others, is_fresh=True)
    for resource in reader.resources:
        if resource.type != _ROLE:
            continue
        name = _text(resource.values, "name")
        for policy in reader.strange_inline(name, resource.values):
            yield resource, "inline_policy", policy.name
        for arn in reader.strange_managed(name, resource.values):
            yield resource, "managed_policy_arns", arn


_API = "aws_api_gateway_rest_api"
_AUTHORIZER = "aws_api_gateway_authorizer"
_FUNCTION = re.compile(r".+/functions/arn:[^/]+:function:([^/:]+)/invocations")
_ROLE = "aws_iam_role"
_KEY = "aws_api_gateway_api_key"


@dataclass(frozen=True, slots=True)
class _Reader:
    resources: tuple[Resource, ...]
    others: Others
    is_fresh: bool

    def of(self, kind: str) -> Iterator[Mapping[str, Any]]:
        """Yield the values of every resource of a type."""
        return (each.values for each in self.resources if each.type == kind)

    def apis(self) -> Iterator[ApiAccess]:
        pools = {_text(each, "arn"): _text(each, "name") for each in self.of(USER_POOL)}
        for values in self.of(_API):
            api_id = _text(values, "id")
            yield ApiAccess(
                _text(values, "name"),
                api_id,
                dict(self._methods(api_id, _text(values, "root_resource_id"))),
                frozenset(
                    _text(each, "stage_name") for each in self._in("aws_api_gateway_stage", api_id)
                ),
                self._resource_policy(api_id, values),
                tuple(_authorizer(each, pools) for each in self._in(_AUTHORIZER, api_id)),
                values.get("disable_execute_api_endpoint") is not True,
            )

    def _in(self, kind: str, api_id: str) -> Iterator[Mapping[str, Any]]:
        return (each for each in self.of(kind) if _text(each, "rest_api_id") == api_id)

    def _methods(self, api_id: str, root: str) -> Iterator[tuple[str, str]]:
        found = self._in("aws_api_gateway_resource", api_id)
        paths = {_text(each, "id"): _text(each, "path") for each in found} | {root: "/"}
        names = {_text(each, "id"): _text(each, "name") for each in self._in(_AUTHORIZER, api_id)}
        for each in self._in("aws_api_gateway_method", api_id):
            resource = _text(each, "resource_id")
            verb = _text(each, "http_method")
            named = names.get(_text(each, "authorizer_id"), "")
            scopes = sorted(str(one) for one in each.get("authorization_scopes") or ())
            words = (_text(each, "authorization"), named, *scopes)
            key = WITH_KEY if each.get("api_key_required") else ""
            yield f"{verb} {paths.get(resource, resource)}", " ".join(filter(None, words)) + key

    def _resource_policy(self, api_id: str, values: Mapping[str, Any]) -> str | None:
        if self.is_fresh:
            return _text(values, "policy") or None
        found = self._in("aws_api_gateway_rest_api_policy", api_id)
        return next((_text(each, "policy") for each in found), None)

    def plans(self) -> Iterator[PlanAccess]:
        names = {_text(each, "id"): _text(each, "name") for each in self.of(_KEY)}
        members = [
            (_text(each, "usage_plan_id"), names.get(key, key))
            for each in self.of("aws_api_gateway_usage_plan_key")
            if (key := _text(each, "key_id"))
        ]
        for plan in self.of("aws_api_gateway_usage_plan"):
            stages = [
                (_text(each, "api_id"), _text(each, "stage"))
                for each in plan.get("api_stages") or ()
            ]
            keys = sorted(name for plan_id, name in members if plan_id == _text(plan, "id"))
            yield PlanAccess(_text(plan, "name"), tuple(sorted(stages)), tuple(keys))

    def saml_providers(self) -> dict[str, str]:
        return {
            _text(each, "name"): _text(each, "saml_metadata_document")
            for each in self.of("aws_iam_saml_provider")
        }

    def roles(self) -> dict[str, RoleAccess]:
        own = {_text(each, "name"): each for each in self.of(_ROLE)}
        adding = {
            _text(each, "role")
            for kind in ("aws_iam_role_policy", "aws_iam_role_policy_attachment")
            for each in self.of(kind)
        }
        return {name: self._role(name, own.get(name)) for name in sorted({*own, *adding})}

    def _role(self, name: str, values: Mapping[str, Any] | None) -> RoleAccess:
        managed = {_text(each, "arn"): _policy(each) for each in self.of("aws_iam_policy")}
        inline, arns = list(self._inline(name)), list(self._attached(name))
        if values is not None and self.is_fresh:
            inline += self.strange_inline(name, values)
            arns += self.strange_managed(name, values)
        return RoleAccess(
            name,
            None if values is None else _text(values, "assume_role_policy"),
            (*inline, *(managed[arn] for arn in arns if arn in managed)),
            tuple(arn for arn in arns if arn not in managed),
        )

    def _inline(self, role: str) -> Iterator[NamedPolicy]:
        for each in self.of("aws_iam_role_policy"):
            if _text(each, "role") == role:
                yield _policy(each)

    def _attached(self, role: str) -> Iterator[str]:
        for each in self.of("aws_iam_role_policy_attachment"):
            if _text(each, "role") == role:
                yield _text(each, "policy_arn")

    def strange_inline(self, role: str, values: Mapping[str, Any]) -> Iterator[NamedPolicy]:
        """Yield the inline policies of a fresh role that nobody's Terraform has made."""
        known = {each.name for each in self._inline(role)} | self._added(role).inline
        for each in values.get("inline_policy") or ():
            if _text(each, "name") not in {*known, ""}:
                yield _policy(each)

    def strange_managed(self, role: str, values: Mapping[str, Any]) -> Iterator[str]:
        """Yield the managed policies of a fresh role that nobody's Terraform has attached."""
        known, added = set(self._attached(role)), self._added(role)
        for arn in values.get("managed_policy_arns") or ():
            if arn not in known and not added.is_managed(arn):
                yield arn

    def _added(self, role: str) -> Added:
        return self.others.get(role, Added())

    def not_read(self) -> Iterator[str]:
        for each in self.of(_ROLE):
            boundary = _text(each, "permissions_boundary")
            if boundary:
                yield (
                    f"{_text(each, 'name')} has the permissions boundary {boundary}, "
                    "which takes away what it does not allow, and is not read"
                )


def _authorizer(values: Mapping[str, Any], pools: Mapping[str, str]) -> AuthorizerAccess:
    """Return an authorizer, its function by name, as one that was synthesized has it."""
    arns = [str(each) for each in values.get("provider_arns") or ()]
    uri = _FUNCTION.sub(r"<\1.invoke_arn>", _text(values, "authorizer_uri"))
    return AuthorizerAccess(
        _text(values, "name"),
        _text(values, "type"),
        uri,
        _text(values, "identity_source"),
        str(values.get("authorizer_result_ttl_in_seconds", "")),
        _text(values, "authorizer_credentials"),
        tuple(sorted(pool_symbol(pools[each]) if each in pools else each for each in arns)),
    )


def _policy(values: Mapping[str, Any]) -> NamedPolicy:
    return NamedPolicy(_text(values, "name"), _text(values, "policy"))


def _is_private(values: Mapping[str, Any]) -> bool:
    found = values.get("endpoint_configuration") or ()
    return any("PRIVATE" in (each.get("types") or ()) for each in found)


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


def _number(values: Mapping[str, Any], name: str) -> int:
    value = values.get(name)
    return value if isinstance(value, int) else 0
