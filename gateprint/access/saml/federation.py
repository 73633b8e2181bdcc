"""What AWS knows of a sign-in: the ARNs, and the condition keys of a trust policy; pure."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping

from gateprint.access.evaluate import evaluate_trust
from gateprint.access.iam.request import Request, federated
from gateprint.access.iam.statement import read_policy
from gateprint.access.policy import trust_policy
from gateprint.access.saml.response import Assertion
from gateprint.model.resolved import Environment, IdentityProvider, Role
from gateprint.model.saml import SAML_LISTS, SAML_SINGLES, attribute_names

ACTION = "sts:AssumeRoleWithSAML"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
_FORMATS = "urn:oasis:names:tc:SAML:2.0:nameid-format:"

Context = Mapping[str, tuple[str, ...]]


def role_arn(environment: Environment, role: str) -> str:
    """Return the ARN of a role in an environment's account."""
    return f"arn:{environment.partition}:iam::{environment.account}:role/{role}"


def saml_context(
    assertion: Assertion, environment: Environment, provider: IdentityProvider
) -> Context:
    """Return the condition keys that AWS makes of an assertion, `SAML:` before each.

    IAM user guide, "IAM and AWS STS condition context keys", on SAML. What is missing in the
    assertion is missing here.
    """
    found = {key: _values(assertion, key) for key in SAML_LISTS + SAML_SINGLES}
    kind = assertion.name_id_format
    found |= {
        "aud": tuple(each.recipient for each in assertion.confirmations if each.recipient),
        "iss": (assertion.issuer,),
        "sub": () if assertion.name_id is None else (assertion.name_id,),
        "sub_type": () if kind is None else (kind.removeprefix(_FORMATS),),
        "doc": (f"{environment.account}/{provider.name}",),
        "namequalifier": (_name_qualifier(assertion.issuer, environment, provider),),
    }
    return {f"SAML:{key}": values for key, values in found.items() if values}


def is_trusted(role: Role, environment: Environment, context: Context) -> bool:
    """Tell whether a role's own trust policy lets somebody with this context assume it.

    Raises:
        NotModelled: that is not known.
        ValueError: the role has no trust policy of its own.
    """
    policy = read_policy(role.name, trust_policy(role, environment), "trust")
    provider = role.identity_provider
    principal = federated(provider.arn if provider else "")
    arn = role_arn(environment, role.name)
    request = Request(ACTION, arn, principal, context)
    return evaluate_trust(policy, request).outcome == "allow"


def _values(assertion: Assertion, key: str) -> tuple[str, ...]:
    names = attribute_names(key)
    return tuple(value for name in names for value in assertion.attributes.get(name, ()))


def _name_qualifier(issuer: str, environment: Environment, provider: IdentityProvider) -> str:
    # AWS's definition; nothing rests on the hash's strength.
    text = f"{issuer}{environment.account}/{provider.name}"
    digest = hashlib.sha1(text.encode(), usedforsecurity=False).digest()
    return base64.b64encode(digest).decode()
