"""Blueprint × environment → `ResolvedBlueprint`: every default and every name final; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from gateprint.errors import Diagnostic, InputRejected
from gateprint.model import blueprint as written
from gateprint.model import resolved
from gateprint.model.authorizers import token_issuer
from gateprint.model.document import Document, KeyPath
from gateprint.model.environment import Environment, State
from gateprint.model.issuers import (
    AUTHORIZER_HANDLER,
    AUTHORIZER_RUNTIME,
    AUTHORIZER_SOURCE,
    authorizer_function,
)
from gateprint.model.metadata import check_metadata
from gateprint.model.naming import function_name
from gateprint.model.partition import partition_of
from gateprint.model.resolved import NOOP_FUNCTION, NOOP_HANDLER
from gateprint.model.routes import split_route

# The metadata of the embedded cloud's own sign-in page, by its issuer.
SignInMetadata = Callable[[str], str]


def no_metadata(_issuer: str) -> str:
    """Return nothing: who only reads the input needs no key of the sign-in page."""
    return ""


def resolve_environment(
    document: Document,
    environment: Environment,
    metadata: Mapping[str, str | Diagnostic],
    sign_in: SignInMetadata = no_metadata,
) -> resolved.Environment:
    """Return the environment with its ARNs and metadata.

    `metadata` maps the written file names to their texts, or to why there is none; `sign_in` gives
    the text where no file is written.

    Raises:
        InputRejected: a metadata file is missing or is not what AWS accepts.
    """
    diagnostics = list(_check_providers(document, environment, metadata))
    if diagnostics:
        raise InputRejected(diagnostics)
    partition = partition_of(environment.region).name
    providers = tuple(
        resolved.IdentityProvider(
            name=name,
            arn=f"arn:{partition}:iam::{environment.account}:saml-provider/{name}",
            issuer=provider.issuer,
            metadata_xml=(
                sign_in(provider.issuer)
                if provider.metadata is None
                else str(metadata[provider.metadata])
            ),
        )
        for name, provider in sorted(environment.identity_providers.items())
    )
    return resolved.Environment(
        name=environment.environment,
        account=environment.account,
        region=environment.region,
        state=_state(environment.state, environment.region),
        identity_providers=providers,
        tags=environment.tags,
        endpoint=environment.endpoint,
        quotas=environment.quotas.model_dump(exclude_none=True) if environment.quotas else {},
    )


def _check_providers(
    document: Document, environment: Environment, metadata: Mapping[str, str | Diagnostic]
) -> Iterator[Diagnostic]:
    for name, provider in environment.identity_providers.items():
        if provider.metadata is None:
            continue
        path: KeyPath = ("identity_providers", name, "metadata")
        text = metadata.get(provider.metadata)
        if not isinstance(text, str):
            reason = text.problem if text else "there is no such file"
            problem = f"{provider.metadata}, below config/: {reason}"
            remedy = "put the identity provider's metadata there"
            if provider.metadata.startswith("config/"):
                inner = provider.metadata.removeprefix("config/")
                remedy = f"write {inner}: it is relative to config/"
            yield document.reject(path, "unknown-metadata", problem, remedy)
            continue
        for flaw in check_metadata(text, provider.issuer):
            path = ("identity_providers", name, flaw.field)
            yield document.reject(path, "wrong-metadata", flaw.problem, flaw.remedy)


def _state(state: State, region: str) -> resolved.S3State | resolved.HcpState:
    if state.hcp is not None:
        return resolved.HcpState(state.hcp.organization, state.hcp.project)
    return resolved.S3State(state.bucket or "", state.region or region, state.prefix, state.kms_key)


# The routes of each API on which callers are checked.
_Signed = Mapping[str, tuple[str, ...]]


def resolve(
    blueprint: written.Blueprint,
    environment: resolved.Environment,
    *,
    all_stages: bool,
) -> resolved.ResolvedBlueprint:
    """Return the blueprint as it is in `environment`.

    `all_stages` puts every stage there, whatever environment it names: a rehearsal. A retired one
    offers nothing there and grants nothing.

    Both have passed their checks.
    """
    stages = {
        name: stage
        for name, stage in blueprint.stages.items()
        if all_stages or stage.environment == environment.name
    }
    signed = {
        name: tuple(key for key, route in api.routes.items() if route.auth == "iam")
        for name, api in blueprint.apis.items()
    }
    whole = resolved.ResolvedBlueprint(
        name=blueprint.name,
        owner=blueprint.owner,
        description=blueprint.description,
        environment=environment,
        stages=tuple(_stage(name, stage) for name, stage in stages.items()),
        apis=tuple(_api(name, api, blueprint) for name, api in blueprint.apis.items()),
        functions=tuple(_functions(blueprint, environment)),
        roles=tuple(
            _role(name, role, environment, tuple(stages), signed)
            for name, role in blueprint.roles.items()
        ),
    )
    return _without_contents(whole, blueprint.retired) if blueprint.retired else whole


def _without_contents(
    whole: resolved.ResolvedBlueprint, said: written.Retired
) -> resolved.ResolvedBlueprint:
    """Return a blueprint without all that it would offer and grant."""
    added = [each for each in whole.roles if each.identity_provider is None]
    retired = resolved.Retired(
        reason=said.reason,
        by=said.by,
        apis=tuple(each.name for each in whole.apis),
        roles=tuple(each.name for each in whole.roles if each not in added),
        adds_to=tuple(each.name for each in added if any(one.stages for one in each.grants)),
    )
    return replace(whole, apis=(), functions=(), roles=(), retired=retired)


def _stage(name: str, stage: written.Stage) -> resolved.Stage:
    throttle, cache, log = stage.throttle, stage.cache, stage.access_log
    return resolved.Stage(
        name=name,
        description=stage.description,
        throttle=resolved.Throttle(throttle.rate, throttle.burst) if throttle else None,
        variables=stage.variables,
        has_tracing=stage.tracing,
        log_level=stage.log_level.upper(),
        access_log_days=int(log.retention_days) if log else None,
        waf_acl_arn=stage.waf_acl,
        cache=resolved.Cache(cache.size_gb, cache.ttl) if cache else None,
    )


def _api(name: str, api: written.Api, blueprint: written.Blueprint) -> resolved.Api:
    return resolved.Api(
        name=name,
        routes=tuple(_route(key, route, blueprint) for key, route in api.routes.items()),
        description=api.description,
        endpoint=api.endpoint.upper(),
        vpc_endpoints=tuple(api.vpc_endpoints),
        binary_types=tuple(api.binary_types),
        cors=_cors(api.cors) if api.cors else None,
        authorizers=tuple(
            token_issuer(each, blueprint.authorizers[each]) for each in _authorizers(api, blueprint)
        ),
    )


def _authorizers(api: written.Api, blueprint: written.Blueprint) -> list[str]:
    """Return the names of the authorizers that an API's routes use, in their own order."""
    used = {_authorizer(route, blueprint) for route in api.routes.values()}
    return [each for each in blueprint.authorizers if each in used]


def _authorizer(route: written.Route, blueprint: written.Blueprint) -> str | None:
    if route.auth != "jwt":
        return None
    return route.authorizer or next(iter(blueprint.authorizers))


def _cors(cors: written.Cors) -> resolved.Cors:
    return resolved.Cors(tuple(cors.origins), cors.max_age, cors.preflight == "function")


def _route(key: str, route: written.Route, blueprint: written.Blueprint) -> resolved.Route:
    method, path = split_route(key)
    return resolved.Route(
        method=method,
        path=path,
        backend=_backend(route, blueprint),
        auth=route.auth,
        public=route.public,
        description=route.description,
        authorizer=_authorizer(route, blueprint),
        scopes=tuple(dict.fromkeys(route.scopes)),
    )


def _backend(route: written.Route, blueprint: written.Blueprint) -> resolved.Backend:
    if route.function is not None:
        is_proxy = blueprint.functions[route.function].proxy
        return resolved.FunctionBackend(route.function, is_proxy)
    if route.lambda_arn is not None:
        return resolved.LambdaBackend(route.lambda_arn)
    if route.http is not None:
        return resolved.HttpBackend(route.http)
    mock = route.mock or written.Mock(status=200)
    return resolved.MockBackend(mock.status, mock.body)


def _functions(
    blueprint: written.Blueprint, environment: resolved.Environment
) -> Iterator[resolved.Function]:
    for name, function in blueprint.functions.items():
        yield resolved.Function(
            name=name,
            aws_name=function_name(blueprint.name, environment.name, name),
            source=function.source,
            handler=function.handler,
            runtime=function.runtime,
            memory_mib=function.memory_mib,
            timeout_seconds=function.timeout,
            log_retention_days=int(function.log_retention_days),
            description=function.description,
            environment=_variables(name, function, blueprint),
        )
    if any(api.cors and api.cors.preflight == "function" for api in blueprint.apis.values()):
        yield _noop(blueprint.name, environment.name)
    for api_name, api in blueprint.apis.items():
        for authorizer in _authorizers(api, blueprint):
            yield _token_check(blueprint.name, environment.name, api_name, authorizer)


def _variables(
    name: str, function: written.Function, blueprint: written.Blueprint
) -> Mapping[str, str]:
    """Return the function's variables; the helper of lambdas/shared reads ALLOWED_ORIGINS."""
    origins = {
        " ".join(api.cors.origins)
        for api in blueprint.apis.values()
        if api.cors and any(route.function == name for route in api.routes.values())
    }
    allowed = {"ALLOWED_ORIGINS": origins.pop()} if origins else {}
    return {**allowed, **function.environment}


def _noop(blueprint: str, environment: str) -> resolved.Function:
    return resolved.Function(
        name=NOOP_FUNCTION,
        aws_name=function_name(blueprint, environment, NOOP_FUNCTION),
        source=NOOP_FUNCTION,
        handler=NOOP_HANDLER,
        runtime="python3.12",
        memory_mib=128,
        timeout_seconds=3,
        log_retention_days=7,
        description="Answers CORS preflights with nothing: API Gateway adds the headers.",
    )


def _token_check(blueprint: str, environment: str, api: str, authorizer: str) -> resolved.Function:
    name = authorizer_function(api, authorizer)
    return resolved.Function(
        name=name,
        aws_name=function_name(blueprint, environment, name),
        source=AUTHORIZER_SOURCE,
        handler=AUTHORIZER_HANDLER,
        runtime=AUTHORIZER_RUNTIME,
        memory_mib=256,
        timeout_seconds=5,
        log_retention_days=30,
        description=f"Checks the tokens of {authorizer} for the API {api}.",
        checks=(api, authorizer),
    )


def _role(
    name: str,
    role: written.Role,
    environment: resolved.Environment,
    stages: tuple[str, ...],
    signed: _Signed,
) -> resolved.Role:
    providers = {each.name: each for each in environment.identity_providers}
    return resolved.Role(
        name=name,
        grants=tuple(_grant(grant, stages, signed) for grant in role.allow),
        identity_provider=providers.get(role.identity_provider or ""),
        description=role.description,
        max_session_seconds=role.max_session,
        is_assumed_by_gateway=role.assumed_by_gateway,
        when={key: tuple(values) for key, values in sorted(role.when.items())},
    )


def _grant(grant: written.Grant, stages: tuple[str, ...], signed: _Signed) -> resolved.Grant:
    name = grant.api or next(iter(signed))
    chosen = stages if grant.stages is None else [each for each in stages if each in grant.stages]
    return resolved.Grant(
        api=name,
        stages=tuple(chosen),
        routes=signed[name] if grant.routes is None else tuple(grant.routes),
        overreach=grant.overreach,
    )
