"""A route and its backends, as a blueprint says them; pure."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gateprint.model import fields, kinds
from gateprint.model.schema import Model
from gateprint.model.written.authorizer import Scope
from gateprint.model.written.identity_token import IdentityToken
from gateprint.model.written.request import Request
from gateprint.model.written.stage import Throttle


class Mock(Model):
    """An answer that API Gateway gives by itself."""

    status: Annotated[int, kinds.integer(200, 599)]
    """HTTP status of the answer.

    In AWS: the method response's status code
    """
    body: Annotated[str, kinds.text(8192, "the body")] = "{}"
    """Body of the answer, sent as written.

    In AWS: the integration response's template
    """


_LAMBDA_ARN = (
    r"arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]{1,64}"
    r"(:[A-Za-z0-9_-]+)?"
)


class Route(Model):
    """One method on one path: its one backend, and who is checked.

    Methods are `GET`, `POST`, `PUT`, `PATCH`, `DELETE`, `HEAD` and `ANY`; `OPTIONS` is generated. A
    segment of the path is letters, digits and `_ - . , :`, or a whole `{name}`, or as the last one
    `{name+}`, which takes the rest of the path. At one place of all paths there is one parameter
    name.

    A route has exactly one of the four backends `function`, `lambda_arn`, `http` and `mock`.
    """

    description: fields.Description | None = Field(
        default=None, examples=["Adds a pet to the catalogue."]
    )
    """What the route does, for readers of the file."""
    function: str | None = Field(default=None, examples=["list_pets"])
    """Backend: a function of this blueprint, by its name under `functions`.

    In AWS: a Lambda integration, proxy or custom
    """
    lambda_arn: (
        Annotated[
            str,
            kinds.matching(
                _LAMBDA_ARN,
                "the ARN of a Lambda function",
                "arn:aws:lambda:us-east-2:123456789012:function:prices",
            ),
        ]
        | None
    ) = None
    """Backend: a function that exists already, with or without an alias or version.

    In AWS: a Lambda proxy integration; a permission where it is in the same account
    """
    http: (
        Annotated[
            str,
            kinds.matching(
                r"https?://[A-Za-z0-9.-]+(:\d{1,5})?(/[A-Za-z0-9._~:/@!&'()*+,;=%{}-]*)?",
                "an http(s) URL",
                "https://prices.example.com/v1/{id}",
            ),
        ]
        | None
    ) = None
    """Backend: an address on the web. It may use the parameters of the route's path, `{id}`.

    In AWS: an HTTP proxy integration, with the parameters passed on
    """
    mock: Mock | None = None
    """Backend: none. API Gateway gives one fixed answer.

    In AWS: a mock integration
    """
    auth: Literal["iam", "jwt", "cognito", "none"] = "iam"
    """Who is checked: `iam` lets in only callers whose role is granted the route, `jwt` and
    `cognito` those who bring a token of the `authorizer`, `none` lets in everybody and needs
    `public`.

    In AWS: authorization `AWS_IAM`, `CUSTOM`, `COGNITO_USER_POOLS` or `NONE`
    """
    authorizer: str | None = Field(default=None, examples=["auth0"])
    """Whose tokens are taken, by its name under `authorizers`: one with an issuer for `auth: jwt`,
    one with user pools for `auth: cognito`. Required where there are several of the kind.

    Default: the one authorizer of the kind

    In AWS: `authorizer_id`
    """
    scopes: Annotated[list[Scope], Field(max_length=20)] = Field(
        default_factory=list, examples=[["read:pets"]]
    )
    """What a token must be good for. With `auth: jwt` it has ALL of these in its claim `scope` or
    `scp`; without any, every token of the authorizer will do. With `auth: cognito` an access token
    has AT LEAST ONE of these; without any, an ID token is asked for, of every user of the pools.

    In AWS: a setting of the authorizer's function, or `authorization_scopes`
    """
    api_key: kinds.Boolean = False
    """Whether the request needs an API key as well, in the header `x-api-key`. It tells whose
    requests are counted, and is no authorization: with `auth: none` the route still needs `public`.
    A plan under `plans` opens it.

    In AWS: `api_key_required`
    """
    identity_token: IdentityToken | None = Field(default=None, examples=[{"claim": "email"}])
    """A token of the person who signed in, asked for beside the signature. Only with `auth: iam`
    and `function`.

    In AWS: a handler before the function's own
    """
    throttle: Throttle | None = None
    """How fast the route may be called, on every stage, whatever a stage's own `throttle` says. Not
    of a route with `ANY`. Both fields are given.

    Default: that of the stage

    In AWS: `aws_api_gateway_method_settings` on the route, for each stage
    """
    public: fields.Description | None = Field(
        default=None, examples=["the catalogue is open to visitors"]
    )
    """Why everybody may call the route. Required with `auth: none`, refused without it. `gateprint
    access` shows it.
    """
    request: Request | None = None
    """What a request has to have before a backend sees it.

    In AWS: a request validator
    """
