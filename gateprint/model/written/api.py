"""An API and its CORS, as a blueprint says them; pure."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gateprint.model import fields, kinds
from gateprint.model.routes import RouteKey
from gateprint.model.schema import Model
from gateprint.model.written.restriction import OnlyFrom
from gateprint.model.written.route import Route


class Cors(Model):
    """What a browser may do from another origin."""

    origins: Annotated[list[fields.Origin], Field(min_length=1, max_length=20)]
    """Who may read answers: `["*"]` for everybody, or exact origins, such as
    `https://shop.example.com`. `*` stands alone.

    In AWS: `Access-Control-Allow-Origin`
    """
    preflight: Literal["mock", "function"] = "mock"
    """Who answers `OPTIONS`: `mock` is API Gateway itself, `function` the Lambda function `noop`
    of `lambdas/noop`.

    In AWS: a mock integration, or a Lambda integration
    """
    max_age: Annotated[int, kinds.duration("0s", "24h")] = 600
    """How long a browser may remember a preflight's answer.

    In AWS: `Access-Control-Max-Age`, in seconds
    """


class Api(Model):
    """One REST API.

    It is called `<blueprint>-<environment>-<api>`. A resource policy of a private API allows only
    its public routes and preflights; everybody else still needs a role. With `cors`, credentials
    mode is never allowed: callers sign requests and send no cookies.
    """

    description: fields.Description | None = Field(default=None, examples=["List and update pets."])
    """What the API offers, in one line.

    In AWS: the API's description
    """
    endpoint: Literal["regional", "edge", "private"] = "regional"
    """How the API is reached: `regional` over the internet, `edge` through CloudFront, `private`
    only through the `vpc_endpoints`.

    In AWS: the endpoint type
    """
    vpc_endpoints: list[
        Annotated[
            str,
            kinds.matching(r"vpce-[0-9a-f]{8,17}", "a VPC endpoint's id", "vpce-0123456789abcdef0"),
        ]
    ] = Field(default_factory=list, max_length=20)
    """The VPC endpoints that lead to a private API. Required with `endpoint: private`, unless
    `only_from` names its `vpcs`; refused without it.

    In AWS: the endpoint configuration, and a resource policy that denies every other way in
    """
    only_from: OnlyFrom | None = None
    """Where callers must come from. Without it, from anywhere, or through the `vpc_endpoints`.

    In AWS: a resource policy that denies everybody else
    """
    default_endpoint: kinds.Boolean = True
    """Whether the API is also reached by the address that AWS gives it. Without it, by the
    `domains` alone.

    In AWS: `disable_execute_api_endpoint`
    """
    binary_types: list[
        Annotated[
            str,
            kinds.matching(
                r"[A-Za-z0-9!#$&^_.+*-]+/[A-Za-z0-9!#$&^_.+*-]+", "a media type", "image/png"
            ),
        ]
    ] = Field(default_factory=list, max_length=50)
    """Media types of bodies that are not text, such as `image/png`.

    In AWS: `binary_media_types`
    """
    cors: Cors | None = None
    """What a browser may do from a page of another origin. Without it, such a page may do nothing.

    In AWS: `OPTIONS` methods, headers, gateway responses
    """
    routes: Annotated[dict[RouteKey, Route], Field(min_length=1)]
    """What can be called.

    Key: the route, `METHOD /path`

    In AWS: `aws_api_gateway_resource`, `_method`, `_integration`
    """
