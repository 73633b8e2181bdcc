"""A usage plan, as a blueprint says it; pure.

API Gateway developer guide, "Usage plans and API keys for REST APIs in API Gateway".
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gateprint.model import fields, kinds
from gateprint.model.routes import RouteKey
from gateprint.model.schema import Model
from gateprint.model.written.role import AllOrStages


class Pace(Model):
    """How fast each key of a plan may be: a steady rate, and a burst."""

    rate: Annotated[float, kinds.number(0, 1_000_000)]
    """Requests per second, with up to 6 decimals.

    In AWS: `rate_limit` of the usage plan, or of a method in it
    """
    burst: Annotated[int, kinds.integer(0, 1_000_000)]
    """Requests that may arrive at once.

    In AWS: `burst_limit` of the usage plan, or of a method in it
    """


class Quota(Model):
    """How many requests each key of a plan has in a day, a week or a month."""

    requests: Annotated[int, kinds.integer(1, 2_000_000_000)]
    """Requests of one key. What is beyond them is answered with 429 until the next period.

    In AWS: `limit` of the quota
    """
    per: Literal["day", "week", "month"]
    """The period.

    In AWS: `period` of the quota
    """


class Plan(Model):
    """A usage plan: which API keys open the routes with `api_key: true`, and how often.

    Keys are names here. AWS makes their values, which are in no file but the Terraform state; see
    [API keys](auth/api-keys.md). In AWS a key is called `<blueprint>-<environment>-<key>`, a plan
    `<blueprint>-<environment>-<plan>`. An environment without a stage of the plan has neither.
    """

    description: fields.Description | None = Field(
        default=None, examples=["Partners with a contract."]
    )
    """Whom the plan is for, in one line.

    In AWS: the usage plan's description
    """
    api: str | None = Field(default=None, examples=["prices"])
    """Which API, by its name under `apis`. Required where there are several.

    Default: the one API
    """
    stages: AllOrStages
    """On which stages: `all`, or a list of names under `stages`. Those of one environment share
    the quota.

    In AWS: `api_stages` of the usage plan
    """
    throttle: Pace | None = None
    """How fast each key may be. Both fields are given.

    Default: the limits of the stage and the account

    In AWS: `throttle_settings` of the usage plan
    """
    quota: Quota | None = None
    """How many requests each key has in a period. AWS counts as well as it can, not exactly.

    Default: as many as it likes

    In AWS: `quota_settings` of the usage plan
    """
    routes: dict[RouteKey, Pace] = Field(default_factory=dict, max_length=100)
    """How fast each key may be on single routes, instead of `throttle`.

    Key: a route with `api_key: true`, exactly as declared

    In AWS: `throttle` of the usage plan's stages
    """
    keys: Annotated[list[fields.Name], Field(min_length=1, max_length=1_000)] = Field(
        examples=[["acme", "globex"]]
    )
    """Whose keys they are: names, never values. On a stage of an API a key is in one plan.

    In AWS: `aws_api_gateway_api_key`, which AWS gives its value
    """
