"""The people of the sign-in page, and which roles their claims open; pure.

They are parts in a play and no persons: a visitor, a shop keeper, an auditor, a packer, and for a
role that none of these may assume, somebody who has the claims that it asks for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gateprint.access.evaluate import evaluate_trust
from gateprint.access.iam.request import Request, federated
from gateprint.access.iam.statement import read_policy
from gateprint.access.saml.federation import ACTION
from gateprint.errors import NotModelled
from gateprint.model.partition import audiences
from gateprint.model.saml import SAML_LISTS, SAML_SINGLES

_DOMAIN = "shop.example.com"
_FORMATS = "urn:oasis:names:tc:SAML:2.0:nameid-format:"
# AWS makes these of the provider and the account: nobody can have them as a claim.
_NOT_CLAIMED = {"namequalifier", "doc"}
_SESSION_NAME_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in; `claims` maps SAML keys, as in `when`, to values."""

    id: str
    name: str
    about: str
    claims: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def session_name(self) -> str:
        """Return what CloudTrail would call the session."""
        return f"{self.id}@{_DOMAIN}"[:_SESSION_NAME_LENGTH]

    @property
    def name_id(self) -> str:
        """Return the subject of the assertion."""
        return self.claims.get("sub", (self.session_name,))[0]

    @property
    def name_id_format(self) -> str:
        """Return the whole name of the subject's format."""
        kind = self.claims.get("sub_type", ("persistent",))[0]
        return kind if ":" in kind else f"{_FORMATS}{kind}"


PEOPLE = (
    Person("visitor", "Visitor", "has an account, and belongs to no group"),
    Person(
        "keeper",
        "Shop keeper",
        "works in the shop and answers the telephone",
        {
            "edupersonaffiliation": ("staff",),
            "edupersonprimaryorgunitdn": ("ou=service,o=acme",),
        },
    ),
    Person(
        "auditor", "Auditor", "comes once a year and reads", {"edupersonaffiliation": ("auditor",)}
    ),
    Person(
        "packer",
        "Packer",
        "packs and sends what was ordered",
        {"edupersonentitlement": ("urn:acme:orders:pack",)},
    ),
)


@dataclass(frozen=True, slots=True)
class SamlRole:
    """A role of the account that a SAML provider's people may assume, and its trust policy."""

    name: str
    arn: str
    provider_arn: str
    issuer: str
    trust: Mapping[str, Any]
    max_seconds: int
    is_own: bool


def everybody(roles: Sequence[SamlRole], region: str) -> tuple[Person, ...]:
    """Return the people, and one more for each role that none of them may assume."""
    others = (_somebody_for(role) for role in roles if not _is_open(role, region))
    return (*PEOPLE, *others)


def _is_open(role: SamlRole, region: str) -> bool:
    return any(may_assume(person, role, region) for person in PEOPLE)


def may_assume(person: Person, role: SamlRole, region: str) -> bool:
    """Tell whether the role's trust policy lets the person in; False where that is not known."""
    context = {
        "SAML:aud": (recipient(region),),
        "SAML:iss": (role.issuer,),
        "SAML:sub": (person.name_id,),
        "SAML:sub_type": (person.name_id_format.removeprefix(_FORMATS),),
        **{f"SAML:{key}": values for key, values in person.claims.items()},
    }
    request = Request(ACTION, role.arn, federated(role.provider_arn), context)
    try:
        policy = read_policy(role.name, json.dumps(role.trust), "trust")
        return evaluate_trust(policy, request).outcome == "allow"
    except NotModelled:
        return False


def recipient(region: str) -> str:
    """Return the region's own sign-in address, which is where the response claims to go."""
    return audiences(region)[-1]


def federated_by(trust: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the ARNs of the SAML providers that a trust policy names."""
    found = (principal for each in _statements(trust) for principal in _providers_of(each))
    return tuple(dict.fromkeys(found))


def _statements(trust: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = trust.get("Statement", [])
    return [found] if isinstance(found, dict) else list(found)


def _providers_of(statement: Mapping[str, Any]) -> list[str]:
    principal = statement.get("Principal")
    if statement.get("Effect") != "Allow" or not isinstance(principal, dict):
        return []
    return [each for each in _listed(principal.get("Federated", [])) if ":saml-provider/" in each]


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _somebody_for(role: SamlRole) -> Person:
    """Return a person with the first accepted value of every claim that the trust policy tests."""
    claims = dict(_wanted(role.trust))
    identity = re.sub(r"[^a-z0-9-]+", "-", role.name.lower()).strip("-")
    about = f"has the claims that {role.name} asks for"
    return Person(f"for-{identity}", f"Somebody for {role.name}", about, claims)


def _wanted(trust: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    known = {key.lower(): key for key in SAML_LISTS + SAML_SINGLES if key not in _NOT_CLAIMED}
    for statement in _statements(trust):
        for operator, tests in statement.get("Condition", {}).items():
            if not operator.lower().endswith("stringequals"):
                continue
            for name, values in tests.items():
                key = known.get(name.lower().removeprefix("saml:"))
                if key is not None and name.lower().startswith("saml:"):
                    yield key, (_listed(values)[0],)
