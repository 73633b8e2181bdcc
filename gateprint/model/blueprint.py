"""The blueprint format: what is offered, and who may call it; pure."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from gateprint.model import fields, kinds
from gateprint.model.authorizers import Authorizer, Scope
from gateprint.model.kinds import refusal
from gateprint.model.routes import LONGEST, RouteKey
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


RetentionDays = Annotated[
    str,
    kinds.one_number_of(
        *("1", "3", "5", "7", "14", "30", "60", "90", "180", "365", "731"),
        what="a number of days that CloudWatch Logs offers",
    ),
]
CacheSize = Annotated[
    str,
    kinds.one_number_of(
        *("0.5", "1.6", "6.1", "13.5", "28.4", "58.2", "118", "237"),
        what="a cache size that API Gateway offers",
    ),
]


class Throttle(Model):
    """How many requests a stage takes: a steady rate, and a burst."""

    rate: Annotated[float, kinds.number(0, 1_000_000)]
    """Requests per second, with up to 6 decimals.

    In AWS: `throttling_rate_limit` of the method settings on `*/*`
    """
    burst: Annotated[int, kinds.integer(0, 1_000_000)]
    """Requests that may arrive at once.

    In AWS: `throttling_burst_limit` of the method settings on `*/*`
    """


class AccessLog(Model):
    """An access log that names the caller."""

    retention_days: RetentionDays = "30"
    """Days for which CloudWatch Logs keeps a line.

    In AWS: `retention_in_days` of the log group
    """


class Cache(Model):
    """A stage's response cache."""

    size_gb: CacheSize
    """Size of the cache in GB. AWS charges for it by the hour.

    In AWS: `cache_cluster_size` of the stage
    """
    ttl: Annotated[int, kinds.duration("0s", "1h")] = 300
    """How long an answer is kept.

    In AWS: `cache_ttl_in_seconds` of the method settings on `*/*`
    """


class Stage(Model):
    """An API Gateway stage, and the environment that it lives in.

    Each API of the blueprint gets each stage of the environment. In an environment with `endpoint`,
    the embedded cloud, every stage is there whatever environment it names.
    """

    environment: fields.UsedEnvironment
    """Where the stage goes: the name of a file in `config/`, without `.yaml`.

    In AWS: which stack has the `aws_api_gateway_stage`
    """
    description: fields.Description | None = Field(default=None, examples=["What customers use."])
    """What the stage is for, in one line.

    In AWS: the stage's description
    """
    throttle: Throttle | None = None
    """How fast callers may be. Both fields are given.

    Default: the account's limits

    In AWS: `aws_api_gateway_method_settings` on `*/*`
    """
    variables: dict[
        Annotated[str, kinds.matching(r"[A-Za-z0-9_]{1,64}", "a stage variable's name", "table")],
        Annotated[
            str,
            kinds.matching(
                r"[A-Za-z0-9._~:/?#&=,-]{1,512}",
                "a stage variable's value: letters, digits and ,-._~:/?#&=",
                "pets-v2",
            ),
        ],
    ] = Field(default_factory=dict, max_length=100)
    """Stage variables, which functions and mappings can read. A value is 1 to 512 letters, digits
    and `-._~:/?#&=,`.

    Key: the variable's name, 1 to 64 letters, digits and `_`

    In AWS: the stage's variables
    """
    tracing: kinds.Boolean = False
    """Whether X-Ray traces the requests.

    In AWS: `xray_tracing_enabled`
    """
    log_level: Literal["off", "error", "info"] = "off"
    """How much goes to the execution log. Requests' bodies are never logged.

    In AWS: `logging_level` on `*/*`; `data_trace_enabled` is always false
    """
    access_log: AccessLog | None = None
    """Writes one JSON line per request, with the caller's ARN and why a request was refused. `{}`
    takes the default.

    In AWS: a log group `/aws/apigateway/<stack>/<api>/<stage>`
    """
    waf_acl: (
        Annotated[
            str,
            kinds.matching(
                r"arn:aws[a-z-]*:wafv2:[a-z0-9-]+:\d{12}:regional/webacl/[\w-]+/[\w-]+",
                "the ARN of a regional WAFv2 web ACL",
                "arn:aws:wafv2:us-east-2:123456789012:regional/webacl/shop/1a2b",
            ),
        ]
        | None
    ) = None
    """ARN of the WAFv2 web ACL that guards the stage.

    In AWS: `aws_wafv2_web_acl_association`
    """
    cache: Cache | None = None
    """Keeps answers for a while, so that backends are asked less often.

    In AWS: an encrypted cache; clearing it needs authorization
    """


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
    auth: Literal["iam", "jwt", "none"] = "iam"
    """Who is checked: `iam` lets in only callers whose role is granted the route, `jwt` those who
    bring a token of the `authorizer`, `none` lets in everybody and needs `public`.

    In AWS: authorization `AWS_IAM`, `CUSTOM` or `NONE`
    """
    authorizer: str | None = Field(default=None, examples=["auth0"])
    """Whose tokens are taken, by its name under `authorizers`. Only with `auth: jwt`; required
    where there are several.

    Default: the one authorizer

    In AWS: `authorizer_id`
    """
    scopes: Annotated[list[Scope], Field(max_length=20)] = Field(
        default_factory=list, examples=[["read:pets"]]
    )
    """What a token must be good for: it has all of these in its claim `scope` or `scp`. Only with
    `auth: jwt`. Without any, every token of the authorizer will do.

    In AWS: a setting of the authorizer's function
    """
    public: fields.Description | None = Field(
        default=None, examples=["the catalogue is open to visitors"]
    )
    """Why everybody may call the route. Required with `auth: none`, refused without it. `gateprint
    access` shows it.
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
    """The VPC endpoints that lead to a private API. Required with `endpoint: private`, refused
    without it.

    In AWS: the endpoint configuration, and a resource policy that denies every other way in
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


class Function(Model):
    """A Lambda function, built from `lambdas/<source>`.

    It is called `<blueprint>-<environment>-<function>`, at most 64 characters, and has a log group.
    All functions of a stack run as one role, `<blueprint>-<environment>-functions`, which may write
    to those log groups and nothing else.

    With `proxy: true` the function receives API Gateway's event and answers with status, headers
    and body. `lambdas/shared/http.py` builds such an answer and adds the CORS header from
    `ALLOWED_ORIGINS`, a variable that gateprint sets.

    With `proxy: false` API Gateway maps both ways. The function receives `{"body", "path", "query",
    "caller"}` and returns the answer's body. An exception whose text begins with `[400] ` becomes
    status 400 with the rest as message; every other failure becomes 500 with a fixed body, so that
    no stack trace is shown.
    """

    source: Annotated[str, kinds.matching(r"[a-z][a-z0-9_-]{0,63}", "a folder of lambdas/", "pets")]
    """Folder of `lambdas/` that is packed. `lambdas/shared` goes into every archive.

    In AWS: the archive
    """
    handler: Annotated[
        str,
        kinds.matching(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*){1,4}", "module.function", "app.list_pets"),
    ]
    """Where the function begins, as `module.function` of the source.

    In AWS: the handler
    """
    runtime: Literal["python3.10", "python3.11", "python3.12", "python3.13"] = "python3.12"
    """Version of Python.

    In AWS: the runtime
    """
    proxy: kinds.Boolean = True
    """Whether the function gets API Gateway's event and answers for itself (`true`), or API
    Gateway maps both ways (`false`).

    In AWS: integration type `AWS_PROXY` or `AWS`
    """
    description: Annotated[str, kinds.text(256, "the description")] | None = Field(
        default=None, examples=["Lists the pets."]
    )
    """What the function does, in one line.

    In AWS: the function's description
    """
    memory_mib: Annotated[int, kinds.integer(128, 10_240)] = 128
    """Memory in MiB; the share of the processor grows with it.

    In AWS: `memory_size`
    """
    timeout: Annotated[int, kinds.duration("1s", "29s")] = 10
    """How long the function may run. API Gateway gives up after 29 seconds.

    In AWS: `timeout`, in seconds
    """
    environment: dict[
        fields.VariableName,
        Annotated[str, kinds.text(4096, "the value")],
    ] = Field(default_factory=dict, max_length=50)
    """Environment variables. They are no place for secrets.

    Key: the variable's name, a letter and then letters, digits and `_`, at least 2

    In AWS: the function's environment
    """
    log_retention_days: RetentionDays = "30"
    """Days for which CloudWatch Logs keeps what the function writes.

    In AWS: `retention_in_days` of the log group
    """


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
    """Whose tokens routes with `auth: jwt` take.

    Key: the authorizer's name, 1 to 32 small letters, digits and hyphens, a letter first

    In AWS: `aws_api_gateway_authorizer` in each API that uses it
    """
    roles: dict[fields.RoleName, Role] = Field(default_factory=dict, max_length=500)
    """The IAM roles that callers assume, and what they may call.

    Key: the role's name in IAM, at most 64 letters, digits and `_+=.@-`, a letter first

    In AWS: `aws_iam_role`
    """
