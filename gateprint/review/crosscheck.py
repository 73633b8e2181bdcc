"""Compares the documents in a plan, wherever they are known, with what the blueprint states; pure.

What a plan says of tomorrow is read as a state is. An id that Terraform knows only after the apply
stays a symbol, such as `<aws_api_gateway_resource.pets_pets.id>`; a document that it does not know
is left out, and what follows from it is not judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gateprint.access.proof.applied import Resource, read_applied
from gateprint.access.proof.stack import prove, prove_account
from gateprint.errors import Difference
from gateprint.model.resolved import Environment, ResolvedBlueprint
from gateprint.review.planned import is_unknown, staying_all, text
from gateprint.terraform.plans.plan import ResourceChange, TerraformPlan

# The documents that give access, by type.
_DOCUMENTS: Mapping[str, str] = {
    "aws_api_gateway_rest_api_policy": "policy",
    "aws_iam_policy": "policy",
    "aws_iam_role": "assume_role_policy",
    "aws_iam_role_policy": "policy",
    "aws_iam_saml_provider": "saml_metadata_document",
    "aws_vpc_endpoint_policy": "policy",
}
# What else bears on who may call what.
_BEARING = {
    *_DOCUMENTS,
    "aws_api_gateway_api_key",
    "aws_api_gateway_base_path_mapping",
    "aws_api_gateway_domain_name",
    "aws_api_gateway_method",
    "aws_api_gateway_resource",
    "aws_api_gateway_rest_api",
    "aws_api_gateway_stage",
    "aws_api_gateway_usage_plan",
    "aws_api_gateway_usage_plan_key",
    "aws_iam_role_policy_attachment",
}
_API = "aws_api_gateway_rest_api"
_RESOURCE = "aws_api_gateway_resource"


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """What the comparison found: contradictions and what is undecided in words.

    `compared` is the number of documents that are known, `unknown` are the addresses of the others.
    """

    contradictions: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    compared: int = 0
    unknown: tuple[str, ...] = ()


def cross_check(
    plan: TerraformPlan, environment: Environment, blueprint: ResolvedBlueprint | None
) -> CrossCheck:
    """Compare a plan with the blueprint, or with None the account's own stack with its environment.

    A plan in which nothing that bears on access changes is the state that it was made from; what
    that gives access to is told by the comparison of both sides.
    """
    if not is_bearing(plan):
        return CrossCheck()
    later = _Later(plan)
    access = read_applied(later.resources()).access
    found = (
        prove(blueprint, access) if blueprint is not None else prove_account(environment, access)
    )
    judged = [each for each in found if not later.is_left_out(each)]
    return CrossCheck(
        tuple(each.sentence for each in judged if each.kind != "unknown"),
        tuple(each.sentence for each in judged if each.kind == "unknown"),
        sum(1 for each in later.changes.values() if each.type in _DOCUMENTS) - len(later.unknown),
        tuple(sorted(each.address for each in later.unknown)),
    )


def is_bearing(plan: TerraformPlan) -> bool:
    """Tell whether a plan changes something that bears on who may call what."""
    return any(each.type in _BEARING and not each.is_nothing for each in plan.changes)


class _Later:
    """The resources of a stack as they will be, as far as its plan knows them."""

    def __init__(self, plan: TerraformPlan) -> None:
        self.changes = {each.address: each for each in staying_all(plan)}
        self._references = plan.references

    @cached_property
    def unknown(self) -> tuple[ResourceChange, ...]:
        """The resources whose documents are known only after the apply."""
        return tuple(
            each
            for each in self.changes.values()
            if each.type in _DOCUMENTS and is_unknown(each, _DOCUMENTS[each.type])
        )

    def resources(self) -> tuple[Resource, ...]:
        """Return all whose documents are known."""
        unknown = {each.address for each in self.unknown}
        return tuple(
            Resource(each.address, each.type, self._values(each))
            for each in self.changes.values()
            if each.address not in unknown
        )

    def is_left_out(self, found: Difference) -> bool:
        """Tell whether a difference only says that a document is not known."""
        if found.kind == "resource-policy":
            return found.api in self._apis(found.stack)
        return found.role in (self._trusts if found.kind == "trust" else self._roles)

    @cached_property
    def _roles(self) -> frozenset[str]:
        attached = {
            self._text(each, "policy_arn"): self._text(each, "role")
            for each in self.changes.values()
            if each.type == "aws_iam_role_policy_attachment"
        }
        found = {self._text(each, "role") for each in self.unknown}
        found |= {attached.get(self._text(each, "arn"), "") for each in self.unknown}
        return (frozenset(found) | self._trusts) - {""}

    @cached_property
    def _trusts(self) -> frozenset[str]:
        return frozenset(
            text(each.after, "name") for each in self.unknown if each.type == "aws_iam_role"
        )

    def _apis(self, stack: str) -> set[str]:
        ids = {self._text(each, "rest_api_id") for each in self.unknown}
        return {
            text(each.after, "name").removeprefix(f"{stack}-")
            for each in self.changes.values()
            if each.type == _API and self._text(each, "id") in ids
        }

    def _values(self, change: ResourceChange) -> Mapping[str, Any]:
        values = dict(change.after) if isinstance(change.after, Mapping) else {}
        for name in self._unknown_names(change):
            values[name] = self._text(change, name)
        if change.type == _RESOURCE:
            values["path"] = self._path(change)
        return values

    def _unknown_names(self, change: ResourceChange) -> Iterator[str]:
        unknown = change.after_unknown
        if isinstance(unknown, Mapping):
            yield from (name for name, mark in unknown.items() if mark is True)

    def _text(self, change: ResourceChange, name: str) -> str:
        """Return an argument, or the symbol of what it refers to."""
        if not is_unknown(change, name):
            return text(change.after, name)
        reference = self._references.get(change.address, {}).get(name, f"{change.address}.{name}")
        owner, _, attribute = reference.rpartition(".")
        if owner != change.address and owner in self.changes:
            return self._text(self.changes[owner], attribute)
        return f"<{reference}>"

    def _path(self, change: ResourceChange) -> str:
        by_id = {
            self._text(each, "id"): each for each in self.changes.values() if each.type == _RESOURCE
        }
        parts, seen = list[str](), set[str]()
        here: ResourceChange | None = change
        while here is not None and here.address not in seen:
            seen.add(here.address)
            parts.insert(0, text(here.after, "path_part"))
            here = by_id.get(self._text(here, "parent_id"))
        return "".join(f"/{each}" for each in parts)
