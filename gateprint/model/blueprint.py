"""The blueprint format: what is offered, and who may call it; pure."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from gateprint.model import fields
from gateprint.model.fields import refusal
from gateprint.model.routes import RouteKey
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


_ListOfText = list[Annotated[str, fields.text(256)]] | None
AllOrStages = Annotated[_ListOfText, _all_or_list("stage names"), _all_schema()]
AllOrRoutes = Annotated[_ListOfText, _all_or_list("routes"), _all_schema()]


RetentionDays = Annotated[
    str,
    fields.one_number_of(
        *("1", "3", "5", "7", "14", "30", "60", "90", "180", "365", "731"),
        what="a number of days that CloudWatch Logs offers",
    ),
]
CacheSize = Annotated[
    str,
    fields.one_number_of(
        *("0.5", "1.6", "6.1", "13.5", "28.4", "58.2", "118", "237"),
        what="a cache size that API Gateway offers",
    ),
]


class Throttle(Model):
    """Steady rate in requests per second, and burst in requests."""

    rate: Annotated[float, fields.number(0, 1_000_000)]
    burst: Annotated[int, fields.integer(0, 1_000_000)]


class AccessLog(Model):
    """An access log that names the caller."""

    retention_days: RetentionDays = "30"


class Cache(Model):
    """The stage's response cache: its size in GB, and how long an answer is kept."""

    size_gb: CacheSize
    ttl: Annotated[int, fields.duration("0s", "1h")] = 300


class Stage(Model):
    """An API Gateway stage, and the environment that it lives in."""

    environment: fields.Name
    description: fields.Description | None = None
    throttle: Throttle | None = None
    variables: dict[
        Annotated[str, fields.matching(r"[A-Za-z0-9_]{1,64}", "a stage variable's name", "table")],
        Annotated[
            str,
            fields.matching(
                r"[A-Za-z0-9._~:/?#&=,-]{1,512}",
                "a stage variable's value: letters, digits and ,-._~:/?#&=",
                "pets-v2",
            ),
        ],
    ] = Field(default_factory=dict, max_length=100)
    tracing: fields.Boolean = False
    log_level: Literal["off", "error", "info"] = "off"
    access_log: AccessLog | None = None
    waf_acl: (
        Annotated[
            str,
            fields.matching(
                r"arn:aws[a-z-]*:wafv2:[a-z0-9-]+:\d{12}:(regional|global)/webacl/[\w-]+/[\w-]+",
                "the ARN of a WAFv2 web ACL",
                "arn:aws:wafv2:us-east-2:123456789012:regional/webacl/shop/1a2b",
            ),
        ]
        | None
    ) = None
    cache: Cache | None = None


def _origins(value: list[str]) -> list[str]:
    if "*" in value and len(value) > 1:
        raise refusal(
            "wrong-origin",
            '"*" stands beside exact origins',
            'write ["*"], or the exact origins alone',
        )
    return value


class Cors(Model):
    """What a browser may do from another origin."""

    origins: Annotated[
        list[fields.Origin], Field(min_length=1, max_length=20), AfterValidator(_origins)
    ]
    preflight: Literal["mock", "function"] = "mock"
    max_age: Annotated[int, fields.duration("0s", "24h")] = 600


class Mock(Model):
    """An answer that API Gateway gives by itself."""

    status: Annotated[int, fields.integer(200, 599)]
    body: Annotated[str, fields.text(8192, "the body")] = "{}"


_LAMBDA_ARN = (
    r"arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]{1,64}"
    r"(:[A-Za-z0-9_-]+)?"
)


class Route(Model):
    """One method on one path: its one backend, and who is checked."""

    description: fields.Description | None = None
    function: str | None = None
    lambda_arn: (
        Annotated[
            str,
            fields.matching(
                _LAMBDA_ARN,
                "the ARN of a Lambda function",
                "arn:aws:lambda:us-east-2:123456789012:function:prices",
            ),
        ]
        | None
    ) = None
    http: (
        Annotated[
            str,
            fields.matching(
                r"https?://[A-Za-z0-9.-]+(:\d{1,5})?(/[A-Za-z0-9._~:/@!&'()*+,;=%{}-]*)?",
                "an http(s) URL",
                "https://prices.example.com/v1/{id}",
            ),
        ]
        | None
    ) = None
    mock: Mock | None = None
    auth: Literal["iam", "none"] = "iam"
    public: fields.Description | None = None

    @model_validator(mode="after")
    def _one_backend(self) -> Route:
        backends = (self.function, self.lambda_arn, self.http, self.mock)
        count = sum(each is not None for each in backends)
        if count != 1:
            problem = f"a route has one backend, this one has {count or 'none'}"
            remedy = f"{'keep' if count else 'add'} one of function, lambda_arn, http and mock"
            raise refusal("wrong-backend", problem, remedy)
        return self

    @model_validator(mode="after")
    def _public_has_a_reason(self) -> Route:
        if self.auth == "none" and self.public is None:
            raise refusal(
                "public-without-reason",
                "auth: none lets everybody in",
                "add public: <the reason>, or remove auth: none",
            )
        if self.auth != "none" and self.public is not None:
            raise refusal(
                "public-without-none",
                "public is given, yet callers are checked",
                "remove public, or add auth: none",
            )
        return self


class Api(Model):
    """One REST API."""

    description: fields.Description | None = None
    endpoint: Literal["regional", "edge", "private"] = "regional"
    vpc_endpoints: list[
        Annotated[
            str,
            fields.matching(
                r"vpce-[0-9a-f]{8,17}", "a VPC endpoint's id", "vpce-0123456789abcdef0"
            ),
        ]
    ] = Field(default_factory=list, max_length=20)
    binary_types: list[
        Annotated[
            str,
            fields.matching(
                r"[A-Za-z0-9!#$&^_.+*-]+/[A-Za-z0-9!#$&^_.+*-]+", "a media type", "image/png"
            ),
        ]
    ] = Field(default_factory=list, max_length=50)
    cors: Cors | None = None
    routes: Annotated[dict[RouteKey, Route], Field(min_length=1)]

    @model_validator(mode="after")
    def _private_has_its_door(self) -> Api:
        if self.endpoint == "private" and not self.vpc_endpoints:
            raise refusal(
                "private-endpoint",
                "endpoint: private lets nobody in without vpc_endpoints",
                "add vpc_endpoints, or choose another endpoint",
            )
        if self.endpoint != "private" and self.vpc_endpoints:
            raise refusal(
                "private-endpoint",
                f"vpc_endpoints mean nothing where endpoint is {self.endpoint}",
                "add endpoint: private, or remove vpc_endpoints",
            )
        return self


class Function(Model):
    """A Lambda function, built from `lambdas/<source>`."""

    source: Annotated[
        str, fields.matching(r"[a-z][a-z0-9_-]{0,63}", "a folder of lambdas/", "pets")
    ]
    handler: Annotated[
        str,
        fields.matching(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*){1,4}", "module.function", "app.list_pets"),
    ]
    runtime: Literal["python3.10", "python3.11", "python3.12", "python3.13"] = "python3.12"
    proxy: fields.Boolean = True
    description: Annotated[str, fields.text(256, "the description")] | None = None
    memory_mib: Annotated[int, fields.integer(128, 10_240)] = 128
    timeout: Annotated[int, fields.duration("1s", "29s")] = 10
    environment: dict[
        Annotated[
            str,
            fields.matching(r"[A-Za-z][A-Za-z0-9_]+", "an environment variable's name", "TABLE"),
        ],
        Annotated[str, fields.text(4096, "the value")],
    ] = Field(default_factory=dict, max_length=50)
    log_retention_days: RetentionDays = "30"


def _overreach(said: str) -> str:
    if said == "deny" or re.fullmatch(r"accepted because \S.*", said):
        return said
    raise refusal(
        "wrong-overreach",
        f'"{said}" does not decide about the overreach',
        'write deny, or "accepted because …" with the reason',
    )


class Grant(Model):
    """Routes of one API that a role may call on some stages."""

    api: str | None = None
    stages: AllOrStages
    routes: AllOrRoutes
    overreach: Annotated[fields.Description, AfterValidator(_overreach)] | None = None


SamlKey = Annotated[str, fields.one_of(SAML_LISTS + SAML_SINGLES, "a SAML attribute")]
# What enters a policy: the characters that IAM takes, and no policy variable.
ClaimText = Annotated[str, fields.text(256, "the accepted value")]


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
    """An IAM role that federated users assume, and what it may call."""

    identity_provider: str | None = None
    description: fields.RoleDescription | None = None
    max_session: Annotated[int, fields.duration("1h", "12h")] = 3600
    assumed_by_gateway: fields.Boolean = False
    when: dict[SamlKey, Annotated[list[Claim], Field(min_length=1)]] = Field(default_factory=dict)
    existing: fields.Boolean = False
    allow: Annotated[list[Grant], Field(min_length=1)]

    @model_validator(mode="after")
    def _existing_has_no_trust(self) -> Role:
        trust = {"identity_provider", "max_session", "assumed_by_gateway", "when", "description"}
        given = sorted(trust & self.model_fields_set)
        if self.existing and given:
            raise refusal(
                "existing-role",
                f"existing: true keeps the role's own trust policy, whatever {given[0]} says",
                f"remove {', '.join(given)}, or existing: true",
            )
        if not self.existing and self.identity_provider is None:
            raise refusal(
                "missing-field",
                '"identity_provider" is missing',
                "add identity_provider: <name>, or existing: true",
            )
        return self


class Blueprint(Model):
    """A whole blueprint."""

    blueprint: Annotated[str, fields.one_number_of("1", what="a format version")]
    name: fields.Name
    owner: Annotated[str, fields.text(256, "the owner")] | None = None
    description: fields.Description | None = None
    stages: Annotated[dict[fields.StageName, Stage], Field(min_length=1, max_length=10)]
    apis: Annotated[dict[fields.Name, Api], Field(min_length=1)]
    functions: dict[fields.FunctionName, Function] = Field(default_factory=dict)
    roles: dict[fields.RoleName, Role] = Field(default_factory=dict)
