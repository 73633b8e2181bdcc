"""A role and its grants, as a blueprint says them; pure."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from gateprint.model import fields, kinds
from gateprint.model.kinds import refusal
from gateprint.model.routes import LONGEST
from gateprint.model.saml import SAML_LISTS, SAML_SINGLES
from gateprint.model.schema import Model


def _all_or_list(what: str) -> BeforeValidator:
    def check(value: object) -> object:
        if value == "all":
            return None
        if isinstance(value, list) and value:
            return value
        raise refusal(
            "wrong-type",
            f'expected "all" or a list of {what}',
            f"write all, or a list of {what} in [ ]",
        )

    return BeforeValidator(check)


def _all_schema() -> WithJsonSchema:
    listed = {"type": "array", "items": {"type": "string"}, "minItems": 1}
    return WithJsonSchema({"anyOf": [{"const": "all"}, listed]})


_ListOfText = list[Annotated[str, kinds.text(LONGEST)]] | None
AllOrStages = Annotated[_ListOfText, _all_or_list("stage names"), _all_schema()]
AllOrRoutes = Annotated[_ListOfText, _all_or_list("routes"), _all_schema()]


def _overreach(said: str) -> str:
    if said == "deny" or re.fullmatch(r"accepted because \S.*", said):
        return said
    raise refusal(
        "wrong-overreach",
        f'"{said}" does not decide about the overreach',
        'write deny, or "accepted because …" with the reason',
    )


class Grant(Model):
    """Routes of one API that a role may call on some stages.

    Each granted route on each granted stage becomes one ARN in a statement that allows
    `execute-api:Invoke`: `…:<api id>/<stage>/<METHOD>/<path>`, with `*` for each parameter and for
    `ANY`. A grant on an unknown route or stage, or on a route that checks nobody, is refused.
    """

    api: str | None = Field(default=None, examples=["pets"])
    """Which API, by its name under `apis`. Required where there are several.

    Default: the one API
    """
    stages: AllOrStages
    """On which stages: `all`, or a list of names under `stages`."""
    routes: AllOrRoutes
    """Which routes: `all`, or a list of routes exactly as declared. `all` means every route with
    `auth: iam`.
    """
    overreach: Annotated[fields.Description, AfterValidator(_overreach)] | None = Field(
        default=None, examples=["deny", "accepted because every reader may see the owners"]
    )
    """What is done where the grant also reaches routes that were not granted: `deny` them, or
    `accepted because …` with the reason.
    """


SamlKey = Annotated[str, kinds.one_of(SAML_LISTS + SAML_SINGLES, "a SAML attribute")]
# What enters a policy: the characters that IAM takes, and no policy variable.
ClaimText = Annotated[str, kinds.text(256, "the accepted value")]


def _claim(value: str) -> str:
    if "${" in value:
        raise refusal(
            "policy-variable",
            "${ would become a policy variable of IAM",
            "write the value without ${",
        )
    if "*" in value or "?" in value or any(each > "\xff" for each in value):
        raise refusal(
            "wrong-claim",
            f'"{value}" is not an exact value',
            "write the exact value, without * and ?, in Latin-1 characters",
        )
    return value


Claim = Annotated[ClaimText, AfterValidator(_claim)]


class Role(Model):
    """An IAM role that federated users assume, and what it may call.

    A role that is granted nothing in an environment gets no policy there.

    `assumed_by_gateway` is rarely needed: a caller signs with the role's own session. With it,
    whoever may configure APIs in the account can also use what the role may do.

    A role's name belongs to one blueprint per account. Another blueprint adds permissions to the
    role with `existing: true`.
    """

    identity_provider: str | None = Field(default=None, examples=["auth0"])
    """Who signs callers in: a name under `identity_providers` of the environment.

    Default: required unless `existing`

    In AWS: the principal of the trust policy, with the conditions `SAML:iss` and `SAML:aud`
    """
    description: fields.RoleDescription | None = Field(
        default=None, examples=["Reads the catalogue."]
    )
    """What the role is for, in Latin-1 letters and signs.

    In AWS: the role's description
    """
    max_session: Annotated[int, kinds.duration("1h", "12h")] = 3600
    """How long a session may last.

    In AWS: `max_session_duration`, in seconds
    """
    assumed_by_gateway: kinds.Boolean = False
    """Whether API Gateway itself may assume the role too.

    In AWS: a second statement of the trust policy, for `apigateway.amazonaws.com`
    """
    when: dict[SamlKey, Annotated[list[Claim], Field(min_length=1)]] = Field(default_factory=dict)
    """What the identity provider must say about a caller: for every attribute named, one of its
    values.

    Key: a SAML attribute that AWS can test in a trust policy

    In AWS: `ForAnyValue:StringEquals` for attributes with several values, `StringEquals` for the
    others
    """
    existing: kinds.Boolean = False
    """Whether the role is made elsewhere. Then `allow` is the only other field.

    In AWS: only policies, `api-gateway-policy-<blueprint>` and what does not fit into it
    """
    allow: Annotated[list[Grant], Field(min_length=1)]
    """What the role may call.

    In AWS: the inline policy `api-gateway-policy`, and managed ones for what does not fit
    """
