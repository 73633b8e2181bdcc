"""The ARNs of what the stacks of an environment have, by the names that gateprint gives; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gateprint.model.resolved import Environment, LambdaBackend, ResolvedBlueprint

# Whoever reads a key has its value, so that these are for those alone who have plans.
_OF_KEYS = (
    "aws_api_gateway_usage_plan",
    "aws_api_gateway_usage_plan_key",
    "aws_api_gateway_api_key",
)
_OF_POOLS = (
    "aws_cognito_resource_server",
    "aws_cognito_user_pool",
    "aws_cognito_user_pool_client",
    "aws_cognito_user_pool_domain",
)
_LOG_POLICY = "service-role/AmazonAPIGatewayPushToCloudWatchLogs"


@dataclass(frozen=True, slots=True)
class Scope:
    """An environment, its blueprints, and how its stacks are called.

    `stacks` are names, or where `is_widened` one pattern for all of them. There may be several
    versions of a blueprint: what one of them has is meant.
    """

    environment: Environment
    blueprints: tuple[ResolvedBlueprint, ...]
    stacks: tuple[str, ...]
    is_widened: bool = False

    @classmethod
    def exact(cls, environment: Environment, every: Iterable[ResolvedBlueprint]) -> Scope:
        """Return the scope with each stack by its name."""
        here = tuple(each for each in every if each.environment.name == environment.name)
        return cls(environment, here, tuple(sorted({each.stack for each in here})))

    def widened(self) -> Scope:
        """Return the scope with one pattern for all stacks: their names end with that of it."""
        pattern = f"*-{self.environment.name}"
        return Scope(self.environment, self.blueprints, (pattern,), is_widened=True)

    def types(self, known: Iterable[str]) -> tuple[str, ...]:
        """Return the resource types, of those that are known, that may be needed here.

        What changes who may call at all is left out where no blueprint asks for it.
        """
        special = {
            "aws_api_gateway_rest_api_policy": any(
                api.has_policy for each in self.blueprints for api in each.apis
            ),
            "aws_wafv2_web_acl_association": bool(self._web_acls()),
            "aws_vpc_endpoint_policy": bool(self.environment.vpc_endpoints),
            **dict.fromkeys(_OF_KEYS, any(each.plans for each in self.blueprints)),
            "aws_api_gateway_domain_name": bool(self._domains()),
            "aws_api_gateway_base_path_mapping": bool(self._domains()),
            **dict.fromkeys(_OF_POOLS, any(each.user_pools for each in self.blueprints)),
        }
        return tuple(each for each in known if special.get(each, True))

    def arns(self) -> Mapping[str, tuple[str, ...]]:
        """Return the ARNs by the names that actions.json uses.

        Of an API the id is not known before it is made. API Gateway's ARNs are in the service
        authorization reference, "Resource types defined by Amazon API Gateway Management".
        """
        own, added = set(self._own_roles()), set(self._added_roles())
        functions = tuple(
            self._regional("lambda", "function:", f"{each}-*") for each in self.stacks
        )
        return {
            "everything": ("*",),
            "account_settings": (self._gateway("/account"),),
            "apis": (self._gateway("/restapis"), self._gateway("/restapis/*")),
            "api_tags": (self._gateway("/tags/*"),),
            "usage_plans": (self._gateway("/usageplans"), self._gateway("/usageplans/*")),
            "api_keys": (self._gateway("/apikeys"), self._gateway("/apikeys/*")),
            "stages": (self._gateway("/restapis/*/stages/*"),),
            "web_acls": self._web_acls(),
            "vpc_endpoints": tuple(
                self._regional("ec2", "vpc-endpoint/", each.id)
                for each in self.environment.vpc_endpoints
            ),
            "domains": self._domains(),
            "truststores": self._truststores(),
            # Cognito chooses the ids of pools.
            "user_pools": (self._regional("cognito-idp", "userpool/", "*"),),
            "log_role": (self._iam(f"role/{self.environment.log_role}"),),
            "log_policy": (f"arn:{self.environment.partition}:iam::aws:policy/{_LOG_POLICY}",),
            "own_roles": self._roles(own),
            "all_roles": self._roles(own | added),
            "functions_roles": tuple(self._iam(f"role/{each}-functions") for each in self.stacks),
            "managed_policies": tuple(self._managed_policies()),
            "saml_providers": tuple(each.arn for each in self.environment.identity_providers),
            "functions": functions,
            "called_functions": (*functions, *self._foreign_functions()),
            "log_groups": tuple(self._log_groups()),
        }

    def _own_roles(self) -> Iterator[str]:
        yield self.environment.log_role
        yield from (f"{each}-functions" for each in self.stacks)
        for blueprint in self.blueprints:
            yield from (each.name for each in blueprint.roles if each.identity_provider)
            yield from blueprint.retired.roles if blueprint.retired else ()

    def _added_roles(self) -> Iterator[str]:
        for blueprint in self.blueprints:
            yield from (each.name for each in blueprint.roles if not each.identity_provider)
            yield from blueprint.retired.adds_to if blueprint.retired else ()

    def _roles(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(self._iam(f"role/{each}") for each in sorted(names))

    def _managed_policies(self) -> Iterator[str]:
        """Yield patterns: how many policies a role's routes need changes with every route.

        Their names are the blueprint's, the role's and a number, with dots between.
        """
        names = {"*.*"} if self.is_widened else {each.name for each in self.blueprints}
        yield from (self._iam(f"policy/{name}.*") for name in sorted(names))

    def _function(self, name: str) -> str:
        return self._regional("lambda", "function:", name)

    def _foreign_functions(self) -> Sequence[str]:
        backends = (route.backend for each in self.blueprints for _, route in each.routes())
        arns = {each.arn for each in backends if isinstance(each, LambdaBackend)}
        return sorted(each for each in arns if each.split(":")[4] == self.environment.account)

    def _log_groups(self) -> Iterator[str]:
        """Yield patterns; their last `*` covers the `:*` that some actions want behind the name.

        CloudWatch Logs user guide, "CloudWatch Logs resources and operations".
        """
        for each in self.stacks:
            for name in (f"/aws/lambda/{each}-*", f"/aws/apigateway/{each}/*"):
                yield self._regional("logs", "log-group:", name)

    def _web_acls(self) -> tuple[str, ...]:
        stages = (stage for each in self.blueprints for stage in each.stages)
        return tuple(sorted({each.waf_acl_arn for each in stages if each.waf_acl_arn}))

    def _domains(self) -> tuple[str, ...]:
        """Return the domains with what is below them; to make one, their collection is asked."""
        names = sorted({one.name for each in self.blueprints for one in each.domains})
        found = [f"/domainnames/{name}{more}" for name in names for more in ("", "/*")]
        return tuple(self._gateway(each) for each in (["/domainnames", *found] if names else []))

    def _truststores(self) -> tuple[str, ...]:
        domains = (domain for each in self.blueprints for domain in each.domains)
        files = {each.mutual_tls.truststore for each in domains if each.mutual_tls}
        partition = self.environment.partition
        return tuple(f"arn:{partition}:s3:::{each.removeprefix('s3://')}" for each in sorted(files))

    def _gateway(self, path: str) -> str:
        where = self.environment
        return f"arn:{where.partition}:apigateway:{where.region}::{path}"

    def _iam(self, rest: str) -> str:
        return f"arn:{self.environment.partition}:iam::{self.environment.account}:{rest}"

    def _regional(self, service: str, kind: str, name: str) -> str:
        where = self.environment
        return f"arn:{where.partition}:{service}:{where.region}:{where.account}:{kind}{name}"
