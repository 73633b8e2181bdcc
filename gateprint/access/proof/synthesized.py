"""Reads what a synthesized stack says about access back from its Terraform JSON; pure.

Nothing of what gateprint compiled is used again; the documents are those that would be applied.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gateprint.access.proof.domains import BASE_PATH, DOMAIN, read_base_paths, read_domains
from gateprint.access.proof.found import (
    ENDPOINT_POLICY,
    ApiAccess,
    AuthorizerAccess,
    NamedPolicy,
    RoleAccess,
    StackAccess,
)
from gateprint.access.proof.plans import WITH_KEY, PlanAccess
from gateprint.access.proof.resources import Resources
from gateprint.access.proof.unread import contents_of, not_read
from gateprint.model.resolved import Environment


def read_stack(terraform: Mapping[str, Any], environment: Environment) -> StackAccess:
    """Return the access in the Terraform JSON of a stack, `cdk.tf.json` as data."""
    resources = terraform.get("resource", {})
    if not isinstance(resources, Mapping):
        return StackAccess((), {}, {}, ("the resources are not an object",), ("resource",))
    found = Resources(resources, environment)
    reader = _Reader(found)
    return StackAccess(
        tuple(reader.apis()),
        reader.roles(),
        reader.saml_providers(),
        tuple(not_read(terraform, found)),
        tuple(contents_of(terraform)),
        tuple(sorted(reader.plans())),
        read_domains((each for _, each in found.of(DOMAIN)), found.text),
        read_base_paths((each for _, each in found.of(BASE_PATH)), found.text),
        {
            found.text(each, "vpc_endpoint_id"): found.text(each, "policy")
            for _, each in found.of(ENDPOINT_POLICY)
        },
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    found: Resources

    def apis(self) -> Iterator[ApiAccess]:
        """Yield the REST APIs."""
        for address, arguments in self.found.of("aws_api_gateway_rest_api"):
            api_id = self.found.api_symbol(address)
            yield ApiAccess(
                self.found.text(arguments, "name"),
                api_id,
                dict(self._methods(api_id)),
                frozenset(self._stages(api_id)),
                self._resource_policy(api_id),
                tuple(each for _, each in self._authorizers(api_id)),
                arguments.get("disable_execute_api_endpoint") is not True,
            )

    def _authorizers(self, api_id: str) -> Iterator[tuple[str, AuthorizerAccess]]:
        for address, each in self.found.of("aws_api_gateway_authorizer"):
            if self.found.text(each, "rest_api_id") == api_id:
                access = AuthorizerAccess(
                    self.found.text(each, "name"),
                    self.found.text(each, "type"),
                    self.found.text(each, "authorizer_uri"),
                    self.found.text(each, "identity_source"),
                    str(each.get("authorizer_result_ttl_in_seconds", "")),
                    self.found.text(each, "authorizer_credentials"),
                    tuple(sorted(self.found.texts(each.get("provider_arns")))),
                )
                yield f"<aws_api_gateway_authorizer.{address}.id>", access

    def _methods(self, api_id: str) -> Iterator[tuple[str, str]]:
        paths = {
            f"<aws_api_gateway_resource.{name}.id>": arguments
            for name, arguments in self.found.of("aws_api_gateway_resource")
        }
        names = {each: one.name for each, one in self._authorizers(api_id)}
        for _, arguments in self.found.of("aws_api_gateway_method"):
            if self.found.text(arguments, "rest_api_id") == api_id:
                path = self._path(self.found.text(arguments, "resource_id"), paths)
                verb = self.found.text(arguments, "http_method")
                yield f"{verb} {path or '/'}", self._authorization(arguments, names)

    def _authorization(self, arguments: Mapping[str, Any], names: Mapping[str, str]) -> str:
        authorization = self.found.text(arguments, "authorization")
        key = WITH_KEY if arguments.get("api_key_required", False) is not False else ""
        scopes = sorted(self.found.texts(arguments.get("authorization_scopes")))
        if "authorizer_id" not in arguments:
            return " ".join((authorization, *scopes)) + key
        identifier = self.found.text(arguments, "authorizer_id")
        return " ".join((authorization, names.get(identifier, identifier), *scopes)) + key

    def plans(self) -> Iterator[PlanAccess]:
        """Yield the usage plans, with the names of their keys."""
        names = {
            f"<aws_api_gateway_api_key.{address}.id>": self.found.text(each, "name")
            for address, each in self.found.of("aws_api_gateway_api_key")
        }
        for address, plan in self.found.of("aws_api_gateway_usage_plan"):
            own = f"<aws_api_gateway_usage_plan.{address}.id>"
            members = [
                self.found.text(each, "key_id")
                for _, each in self.found.of("aws_api_gateway_usage_plan_key")
                if self.found.text(each, "usage_plan_id") == own
            ]
            stages = [
                (self.found.text(each, "api_id"), self.found.text(each, "stage"))
                for each in plan.get("api_stages") or ()
            ]
            keys = sorted(names.get(each, each) for each in members)
            yield PlanAccess(self.found.text(plan, "name"), tuple(sorted(stages)), tuple(keys))

    def _path(self, resource_id: str, paths: Mapping[str, Mapping[str, Any]]) -> str:
        parts: list[str] = []
        seen: set[str] = set()
        while resource_id in paths and resource_id not in seen:
            seen.add(resource_id)
            parts.insert(0, self.found.text(paths[resource_id], "path_part"))
            resource_id = self.found.text(paths[resource_id], "parent_id")
        if not resource_id.endswith(".root_resource_id>"):
            parts.insert(0, resource_id)
        return "".join(f"/{each}" for each in parts)

    def _stages(self, api_id: str) -> Iterator[str]:
        for _, arguments in self.found.of("aws_api_gateway_stage"):
            if self.found.text(arguments, "rest_api_id") == api_id:
                yield self.found.text(arguments, "stage_name")

    def _resource_policy(self, api_id: str) -> str | None:
        for _, arguments in self.found.of("aws_api_gateway_rest_api_policy"):
            if self.found.text(arguments, "rest_api_id") == api_id:
                return self.found.text(arguments, "policy")
        return None

    def saml_providers(self) -> dict[str, str]:
        """Return the metadata of the SAML providers by their names."""
        return {
            self.found.text(each, "name"): self.found.text(each, "saml_metadata_document")
            for _, each in self.found.of("aws_iam_saml_provider")
        }

    def roles(self) -> dict[str, RoleAccess]:
        """Return every role that the stack makes, or adds a policy to, by its name."""
        trusts: dict[str, str | None] = {
            self.found.text(each, "name"): self.found.text(each, "assume_role_policy")
            for _, each in self.found.of("aws_iam_role")
        }
        policies: dict[str, list[NamedPolicy]] = {}
        elsewhere: dict[str, list[str]] = {}
        for _, each in self.found.of("aws_iam_role_policy"):
            policy = NamedPolicy(self.found.text(each, "name"), self.found.text(each, "policy"))
            policies.setdefault(self.found.text(each, "role"), []).append(policy)
        managed = dict(self._managed())
        for _, each in self.found.of("aws_iam_role_policy_attachment"):
            role, arn = self.found.text(each, "role"), self.found.text(each, "policy_arn")
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
        for address, each in self.found.of("aws_iam_policy"):
            policy = NamedPolicy(self.found.text(each, "name"), self.found.text(each, "policy"))
            yield f"<aws_iam_policy.{address}.arn>", policy
