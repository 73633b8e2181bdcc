"""Makes blueprints and environments that are mostly right, so that the later checks are reached."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, TypeVar

from tests.fuzz.nodes import Quoted

T = TypeVar("T")

_STAGES = ("dev", "test", "prod", "blue", "green", "v1", "PROD", "a_b")
_SEGMENTS = ("pets", "orders", "owner", "items", "a", "b", "v1", "Pets", "x.y", "a-b", "a,b", "a:b")
_METHODS = ("GET", "GET", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "ANY")
_HANDLERS = ("app.list_pets", "app.update_pets", "app.get_pet")
_CLAIMS = ("edupersonaffiliation", "sub", "edupersonorgdn", "cn", "mail")
_REASONS = ("accepted because it is only read", "accepted because \U0001f600 … é")
_WORDS = (
    "The pets shop",
    "a",
    "é à ü",
    "100 % ${of} it",
    'it\'s "quoted"',
    "日本語",
    "NO",
    "1.10",
    "~",
)


class Grammar:
    """A blueprint in the making; `error_rate` is how often a name or value is a wrong one."""

    def __init__(self, random: Random, error_rate: float) -> None:
        self.random = random
        self.error_rate = error_rate
        self.stages: list[str] = []
        self.functions: list[str] = []
        self.routes: dict[str, dict[str, Any]] = {}
        self.origins = self._origins()

    def blueprint(self) -> dict[str, Any]:
        """Return a whole blueprint."""
        random = self.random
        self.stages = random.sample(_STAGES, random.randint(1, 5))
        self.functions = [f"f{number}" for number in range(random.randint(0, 4))]
        stages = {name: self._stage() for name in self.stages}
        apis = {name: self._api(name) for name in self._few(("pets", "orders", "a"), most=2)}
        roles = {self._role_name(number): self._role() for number in range(self._count())}
        whole = {
            "blueprint": "1",
            "name": self._or_wrong(random.choice(("pets", "shop", "a", "a" * 31)), "Pets!"),
            "stages": stages,
            "apis": apis,
        }
        if self.functions:
            whole["functions"] = {name: self._function() for name in self.functions}
        if roles:
            whole["roles"] = roles
        # Rarely: whatever else such a blueprint says, little of the program sees it.
        if random.random() < 0.05:
            whole["retired"] = {"reason": self._text(), "by": self._or_wrong("team-pets", "")}
        return self._shuffled(whole | self._some(owner=self._text, description=self._text))

    def _stage(self) -> dict[str, Any]:
        random = self.random
        name = self._or_wrong(random.choice(("nonprod", "nonprod", "prod", "local")), "nonprd")
        return {"environment": name} | self._some(
            description=self._text,
            throttle=lambda: {
                "rate": random.choice(("0.5", "100")),
                "burst": random.randint(0, 99),
            },
            variables=lambda: {"table": random.choice(("pets-v2", "a=b&c"))},
            tracing=lambda: random.choice(("true", "false")),
            log_level=lambda: random.choice(("off", "error", "info")),
            access_log=lambda: random.choice(({}, {"retention_days": "7"})),
            cache=lambda: {"size_gb": random.choice(("0.5", "237")), "ttl": "5m"},
        )

    def _api(self, name: str) -> dict[str, Any]:
        routes = {self._route_key(): self._route() for _ in range(self.random.randint(1, 9))}
        self.routes[name] = routes
        private = {"endpoint": "private", "vpc_endpoints": ["vpce-0123456789abcdef0"]}
        kind = self.random.choice(({}, {}, {"endpoint": "edge"}, private))
        return {"routes": routes, **kind} | self._some(
            description=self._text,
            binary_types=lambda: ["image/png"],
            cors=lambda: {
                "origins": self.origins,
                "preflight": self._preflight(),
                "max_age": "10m",
            },
        )

    def _origins(self) -> list[str]:
        exact = ["https://a.example", "http://localhost:3000", "https://[::1]:8443"]
        return self.random.choice((["*"], exact[:1], exact))

    def _preflight(self) -> str:
        return self.random.choice(("mock", "function"))

    def _route_key(self) -> str:
        """Return a route; a parameter's name follows from its depth, so that siblings agree."""
        depth = self.random.choice((0, 1, 1, 2, 2, 3, 4))
        segments = [self._segment(number) for number in range(depth)]
        if depth and self.random.random() < 0.05:
            segments[-1] = "{rest+}"
        key = f"{self.random.choice(_METHODS)} /{'/'.join(segments)}"
        return self._or_wrong(key, f"{key}/{{id}}/{{id}}")

    def _segment(self, depth: int) -> str:
        is_parameter = self.random.random() < 0.3
        return f"{{p{depth}}}" if is_parameter else self.random.choice(_SEGMENTS)

    def _route(self) -> dict[str, Any]:
        public = {"auth": "none", "public": self._text()}
        return self._backend() | self.random.choice(({}, {}, {}, {"auth": "iam"}, public))

    def _backend(self) -> dict[str, Any]:
        if self.functions and self.random.random() < 0.5:
            return {"function": self._or_wrong(self.random.choice(self.functions), "f9")}
        arn = "arn:aws:lambda:us-east-2:123456789012:function:prices"
        mock = {"status": str(self.random.choice((200, 404, 599))), "body": "{}"}
        others = ({"mock": mock}, {"http": "https://a.example/v1"}, {"lambda_arn": arn})
        return dict(self.random.choice(others))

    def _function(self) -> dict[str, Any]:
        random = self.random
        handler = self._or_wrong(random.choice(_HANDLERS), "app.get_pets")
        return {"source": self._or_wrong("pets", "pet"), "handler": handler} | self._some(
            runtime=lambda: random.choice(("python3.11", "python3.13")),
            proxy=lambda: random.choice(("true", "false")),
            description=self._text,
            memory_mib=lambda: self._or_wrong(random.choice((128, 10_240)), 64),
            timeout=lambda: random.choice(("1s", "29s")),
            environment=lambda: {"TABLE": self._text()},
            log_retention_days=lambda: random.choice(("1", "731")),
        )

    def _role_name(self, number: int) -> str:
        return f"{self.random.choice(('reader', 'Admin', 'a+b=c', 'x@y'))}{number}"

    def _role(self) -> dict[str, Any]:
        allow = [self._grant() for _ in range(self.random.randint(1, 4))]
        if self.random.random() < 0.15:
            return {"existing": "true", "allow": allow}
        provider = self._or_wrong("auth0", "auth1")
        return {"identity_provider": provider, "allow": allow} | self._some(
            description=lambda: self.random.choice(("Reads pets", "Liest é")),
            max_session=lambda: self.random.choice(("1h", "12h", "90m")),
            assumed_by_gateway=lambda: self.random.choice(("true", "false")),
            when=lambda: {key: self._few(("staff", "é", "a b")) for key in self._few(_CLAIMS)},
        )

    def _grant(self) -> dict[str, Any]:
        api = self.random.choice(list(self.routes))
        signed = [key for key, route in self.routes[api].items() if "public" not in route]
        routes = self._few(signed, most=4) if signed and self.random.random() < 0.6 else "all"
        stages = self._few(self.stages, most=3) if self.random.random() < 0.5 else "all"
        found = {
            "stages": self._or_wrong(stages, ["prd"]),
            "routes": self._or_wrong(routes, ["GET /pet"]),
        }
        if len(self.routes) > 1:
            found["api"] = self._or_wrong(api, "pet")
        if self.random.random() < 0.6:
            found["overreach"] = self.random.choice(("deny", *_REASONS))
        return found

    def environment(self) -> dict[str, Any]:
        """Return a whole environment, called nonprod."""
        provider = {"issuer": "urn:acme.auth0.com", "metadata": "identity/auth0.xml"}
        wrong = provider | {"metadata": self.random.choice(("identity/none.xml", "nonprod.yaml"))}
        whole = {
            "environment": self._or_wrong("nonprod", "prod"),
            "account": Quoted(self._or_wrong("123456789012", "210987654321")),
            "region": self.random.choice(("us-east-2", "eu-central-1", "cn-north-1")),
            "state": self._state(),
            "identity_providers": {"auth0": self._or_wrong(provider, wrong)},
        }
        some = self._some(
            tags=lambda: {"team": self._text()}, endpoint=lambda: "http://127.0.0.1:4599"
        )
        return self._shuffled(whole | some)

    def _state(self) -> dict[str, Any]:
        hcp = {"hcp": {"organization": "acme", "project": "apis of acme"}}
        bucket = {"bucket": "acme-terraform-state"} | self._some(
            region=lambda: "us-east-1", prefix=lambda: "a/b", kms_key=lambda: "alias/terraform"
        )
        return self.random.choice((bucket, bucket, hcp))

    def _text(self) -> str:
        return self.random.choice(_WORDS)

    def _count(self) -> int:
        return self.random.choice((0, 1, 1, 2, 3))

    def _few(self, names: Sequence[T], most: int = 3) -> list[T]:
        return self.random.sample(list(names), self.random.randint(1, min(most, len(names))))

    def _or_wrong(self, right: T, wrong: T) -> T:
        return wrong if self.random.random() < self.error_rate else right

    def _some(self, **fields: Callable[[], Any]) -> dict[str, Any]:
        """Return some of the optional fields."""
        return {name: make() for name, make in fields.items() if self.random.random() < 0.25}

    def _shuffled(self, fields: dict[str, Any]) -> dict[str, Any]:
        names = list(fields)
        if self.random.random() < 0.2:
            self.random.shuffle(names)
        return {name: fields[name] for name in names}
