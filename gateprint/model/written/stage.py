"""A stage, as a blueprint says it; pure."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gateprint.model import fields, kinds
from gateprint.model.schema import Model
from gateprint.model.written.logs import RetentionDays
from gateprint.model.written.release import Canary, ReleaseName

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
    metrics: Literal["basic", "detailed"] | None = None
    """Which metrics CloudWatch gets: `basic` of the API and the stage, `detailed` also of each
    route, for which CloudWatch charges. Detailed ones end with `basic`; where nothing is said, AWS
    keeps what it has.

    Default: what the stage has; a new one has `basic`

    In AWS: `metrics_enabled` on `*/*`
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
    release: ReleaseName | None = None
    """Pins the stage: it keeps serving what was deployed under this name, whatever the blueprint
    says by now. A name that the environment does not have yet is taken from the blueprint when it
    is applied. `gateprint promote` writes it. A name is 1 to 64 letters, digits, `_` and `-`, not
    digits alone, and not `latest`.

    Default: the stage follows the blueprint

    In AWS: `deployment_id` of the stage, and the stage variable `gateprint_release`, which chooses
    the alias of each function
    """
    kept_releases: list[ReleaseName] = Field(
        default_factory=list, max_length=5, examples=[["2026-11-18-1"]]
    )
    """Releases that the stage served before, the newest first. They are kept, so that it can go
    back to them; a release that no stage names is destroyed.

    In AWS: an `aws_api_gateway_deployment`, and an alias of each function
    """
    canary: Canary | None = None
    """Gives another release to a part of the callers. Only with `release`.

    In AWS: the stage's canary settings, with a cache of their own
    """
