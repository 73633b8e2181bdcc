"""The values that the rest of gateprint works on: every default and every name is final; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gateprint.model.issuers import TokenIssuer
from gateprint.model.naming import functions_role_name, log_role_name, stack_name
from gateprint.model.partition import partition_of

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "ANY")
NOOP_FUNCTION = "noop"
NOOP_HANDLER = "app.handler"
# Stacks are named <blueprint>-<environment>, so no blueprint may have this name.
ACCOUNT_STACK = "account"


@dataclass(frozen=True, slots=True)
class S3State:
    """Terraform state in an S3 bucket with native locking."""

    bucket: str
    region: str
    prefix: str
    kms_key: str | None = None

    def key_of(self, stack: str) -> str:
        """Return the object key of a stack's state."""
        return f"{self.prefix}/{stack}.tfstate"


@dataclass(frozen=True, slots=True)
class HcpState:
    """Terraform state and runs in HCP Terraform."""

    organization: str
    project: str


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """IAM's SAML provider: its name and ARN, the expected issuer, and the metadata's text.

    The text is empty where the provider is the embedded cloud's own sign-in page, unless whoever
    loads the environment gives it: the page's key is made on each machine.
    """

    name: str
    arn: str
    issuer: str
    metadata_xml: str


@dataclass(frozen=True, slots=True)
class Environment:
    """Where stacks go: account, region, state, sign-in; `endpoint` only for the embedded cloud."""

    name: str
    account: str
    region: str
    state: S3State | HcpState
    identity_providers: tuple[IdentityProvider, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    endpoint: str | None = None
    quotas: Mapping[str, int] = field(default_factory=dict)

    @property
    def partition(self) -> str:
        """Return the second field of this environment's ARNs."""
        return partition_of(self.region).name

    @property
    def account_stack(self) -> str:
        """Return the name of the stack that holds what an account has once."""
        return stack_name(ACCOUNT_STACK, self.name)

    @property
    def log_role(self) -> str:
        """Return the name of the role that API Gateway writes its logs as."""
        return log_role_name(self.name)


@dataclass(frozen=True, slots=True)
class Throttle:
    """Requests per second, and requests at once."""

    rate: float
    burst: int


@dataclass(frozen=True, slots=True)
class Cache:
    """A stage's response cache."""

    size_gb: str
    ttl_seconds: int


@dataclass(frozen=True, slots=True)
class Stage:
    """An API Gateway stage."""

    name: str
    description: str | None = None
    throttle: Throttle | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    has_tracing: bool = False
    log_level: str = "OFF"
    access_log_days: int | None = None
    waf_acl_arn: str | None = None
    cache: Cache | None = None


@dataclass(frozen=True, slots=True)
class Cors:
    """What a browser may do from another origin; `origins` is `("*",)` or exact origins."""

    origins: tuple[str, ...]
    max_age_seconds: int
    is_preflight_function: bool


@dataclass(frozen=True, slots=True)
class FunctionBackend:
    """A Lambda function of this blueprint."""

    function: str
    is_proxy: bool


@dataclass(frozen=True, slots=True)
class LambdaBackend:
    """A Lambda function that exists already; always a proxy integration."""

    arn: str


@dataclass(frozen=True, slots=True)
class HttpBackend:
    """An HTTP address that requests are passed to."""

    url: str


@dataclass(frozen=True, slots=True)
class MockBackend:
    """An answer that API Gateway gives by itself."""

    status: int
    body: str


Backend = FunctionBackend | LambdaBackend | HttpBackend | MockBackend


@dataclass(frozen=True, slots=True)
class Route:
    """One method on one path; `public` is the reason where no caller is checked.

    Where tokens are, `authorizer` names whose, and they must have all `scopes`.
    """

    method: str
    path: str
    backend: Backend
    auth: str = "iam"
    public: str | None = None
    description: str | None = None
    authorizer: str | None = None
    scopes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return the route as the blueprint writes it."""
        return f"{self.method} {self.path}"

    @property
    def segments(self) -> tuple[str, ...]:
        """Return the path's segments; none for the root."""
        return tuple(each for each in self.path.split("/") if each)


@dataclass(frozen=True, slots=True)
class Api:
    """One REST API; `authorizers` are those that its routes use."""

    name: str
    routes: tuple[Route, ...]
    description: str | None = None
    endpoint: str = "REGIONAL"
    vpc_endpoints: tuple[str, ...] = ()
    binary_types: tuple[str, ...] = ()
    cors: Cors | None = None
    authorizers: tuple[TokenIssuer, ...] = ()

    def route(self, key: str) -> Route:
        """Return the route that the blueprint writes as `key`."""
        return next(each for each in self.routes if each.key == key)


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda function, built from `lambdas/<source>`.

    `checks` is the (API, authorizer) whose tokens it checks, for a function that does so.
    """

    name: str
    aws_name: str
    source: str
    handler: str
    runtime: str
    memory_mib: int
    timeout_seconds: int
    log_retention_days: int
    description: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    checks: tuple[str, str] | None = None

    @property
    def archive(self) -> str:
        """Return the name of its archive; one that checks tokens holds settings of its own."""
        return self.aws_name if self.checks else self.source


@dataclass(frozen=True, slots=True)
class Grant:
    """Routes of one API that a role may call on stages of this environment, spelled out."""

    api: str
    stages: tuple[str, ...]
    routes: tuple[str, ...]
    overreach: str | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """An IAM role; `identity_provider` is None where the role exists already."""

    name: str
    grants: tuple[Grant, ...]
    identity_provider: IdentityProvider | None = None
    description: str | None = None
    max_session_seconds: int = 3600
    is_assumed_by_gateway: bool = False
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Retired:
    """Why a blueprint is given up, who decided it, and the names of what that is about.

    `apis` and `roles` are its own, which go away; `adds_to` are the roles of others that it grants
    something here until it is destroyed. Nothing else of a retired blueprint is left.
    """

    reason: str
    by: str
    apis: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    adds_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResolvedBlueprint:
    """One blueprint in one environment: what becomes one Terraform stack; empty where retired."""

    name: str
    environment: Environment
    stages: tuple[Stage, ...]
    apis: tuple[Api, ...]
    functions: tuple[Function, ...] = ()
    roles: tuple[Role, ...] = ()
    owner: str | None = None
    description: str | None = None
    retired: Retired | None = None

    @property
    def is_retired(self) -> bool:
        """Tell whether the next apply destroys everything that the stack has."""
        return self.retired is not None

    @property
    def stack(self) -> str:
        """Return the name of the Terraform stack."""
        return stack_name(self.name, self.environment.name)

    @property
    def functions_role(self) -> str:
        """Return the name of the role that the stack's functions run as."""
        return functions_role_name(self.name, self.environment.name)

    @property
    def tags(self) -> Mapping[str, str]:
        """Return the default tags of everything in the stack."""
        own = {"gateprint:blueprint": self.name, "gateprint:environment": self.environment.name}
        owner = {"gateprint:owner": self.owner} if self.owner else {}
        return {**self.environment.tags, **own, **owner}

    def function(self, name: str) -> Function:
        """Return the function that the blueprint calls `name`."""
        return next(each for each in self.functions if each.name == name)

    def function_arn(self, name: str) -> str:
        """Return the ARN of the function that the blueprint calls `name`."""
        where = self.environment
        aws_name = self.function(name).aws_name
        return f"arn:{where.partition}:lambda:{where.region}:{where.account}:function:{aws_name}"

    def api(self, name: str) -> Api:
        """Return the API of this name."""
        return next(each for each in self.apis if each.name == name)

    def routes(self) -> Iterator[tuple[Api, Route]]:
        """Yield every route with its API, in the blueprint's order."""
        for api in self.apis:
            for route in api.routes:
                yield api, route
