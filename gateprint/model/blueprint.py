"""The blueprint format: what is offered, and who may call it; pure."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from gateprint.model import fields, kinds
from gateprint.model.schema import Model
from gateprint.model.written.api import Api
from gateprint.model.written.authorizer import Authorizer
from gateprint.model.written.domain import Domain, HostName
from gateprint.model.written.function import Function
from gateprint.model.written.plan import Plan
from gateprint.model.written.pool import UserPool
from gateprint.model.written.role import Role
from gateprint.model.written.stage import Stage


class Retired(Model):
    """Why a blueprint is given up, and who decided it."""

    reason: Annotated[fields.Description, Field(examples=["the shop moved to the blueprint store"])]
    """Why it is given up. `gateprint access` shows it."""
    by: Annotated[str, kinds.text(256, "who decided it"), Field(examples=["team-pets"])]
    """Who decided it: a person or a team."""


class Blueprint(Model):
    """What is offered, and who may call it."""

    blueprint: Annotated[str, kinds.one_number_of("1", what="a format version")]
    """Version of the format."""
    name: fields.Name
    """Name of the blueprint: 1 to 32 small letters, digits and hyphens, a letter first; not
    `account`.

    In AWS: first part of the stack's and of most resources' names; tag `gateprint:blueprint`
    """
    owner: Annotated[str, kinds.text(256, "the owner")] | None = Field(
        default=None, examples=["team-pets"]
    )
    """Who answers for it: a team, or an address.

    In AWS: tag `gateprint:owner`
    """
    description: fields.Description | None = Field(
        default=None, examples=["The pets shop's catalogue, and its updates."]
    )
    """What the blueprint offers, for readers of the file."""
    retired: Retired | None = None
    """Gives the blueprint up, in all of its environments: it grants nothing any more, and the next
    apply destroys everything that it has in AWS. The rest of the file is checked as before, so that
    removing this block takes it back. Delete the file once that apply is done, not before; until
    then the names of its APIs and roles are taken.

    In AWS: stacks without a resource
    """
    stages: Annotated[dict[fields.StageName, Stage], Field(min_length=1, max_length=10)]
    """The API Gateway stages, in promotion order.

    Key: the stage's name, 1 to 128 letters, digits, `_` and `-`

    In AWS: `aws_api_gateway_stage`, and the last part of the invoke URL
    """
    apis: Annotated[dict[fields.Name, Api], Field(min_length=1, max_length=100)]
    """The REST APIs; usually one.

    Key: the API's name, 1 to 32 small letters, digits and hyphens, a letter first

    In AWS: `aws_api_gateway_rest_api`
    """
    functions: dict[fields.FunctionName, Function] = Field(default_factory=dict, max_length=1_000)
    """The Lambda functions, built from `lambdas/`.

    Key: the function's name, 1 to 40 small letters, digits and `_`, a letter first; not `noop`

    In AWS: `aws_lambda_function`
    """
    authorizers: dict[fields.Name, Authorizer] = Field(default_factory=dict, max_length=10)
    """Whose tokens routes with `auth: jwt` or `auth: cognito` take.

    Key: the authorizer's name, 1 to 32 small letters, digits and hyphens, a letter first

    In AWS: `aws_api_gateway_authorizer` in each API that uses it
    """
    plans: dict[fields.Name, Plan] = Field(default_factory=dict, max_length=100)
    """The usage plans: which API keys open the routes with `api_key: true`, and how often.

    Key: the plan's name, 1 to 32 small letters, digits and hyphens, a letter first

    In AWS: `aws_api_gateway_usage_plan`
    """
    user_pools: dict[fields.Name, UserPool] = Field(default_factory=dict, max_length=10)
    """The user pools of Amazon Cognito that the blueprint creates, for authorizers.

    Key: the pool's name, 1 to 32 small letters, digits and hyphens, a letter first

    In AWS: `aws_cognito_user_pool`, named after the stack and itself
    """
    domains: dict[HostName, Domain] = Field(default_factory=dict, max_length=50)
    """Domain names of one's own, under which stages are called.

    Key: the host name in small letters, such as `api.example.com`

    In AWS: `aws_api_gateway_domain_name`
    """
    roles: dict[fields.RoleName, Role] = Field(default_factory=dict, max_length=500)
    """The IAM roles that callers assume, and what they may call.

    Key: the role's name in IAM, at most 64 letters, digits and `_+=.@-`, a letter first

    In AWS: `aws_iam_role`
    """
