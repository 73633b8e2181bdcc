"""Where each field of the two formats arrives: what is written, and what the stack then says.

Expectations come from the text of the YAML and from what AWS and Terraform mean by theirs, never
from gateprint's own models.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.stack.places import (
    At,
    access_log_days,
    boolean,
    granted,
    granted_route,
    granted_stage,
    identity_provider,
    invoked,
    is_account,
    is_assumed_by_gateway,
    is_in_its_environment,
    issuers,
    log_days,
    max_ages,
    metadata,
    mock_body,
    mock_status,
    origins,
    overreach,
    preflight_kinds,
    proxy_kinds,
    role_arrives,
    seconds,
    settings,
    source,
    variables,
)

NAME = " (name)"

# None: the value has no place in this stack, but in another one.
Arrival = Callable[[At], tuple[object, object] | None]
Read = Callable[[At], object]


def value(read: Read, meaning: Callable[[str], object] = str) -> Arrival:
    """The stack says what is written."""
    return lambda at: (meaning(at.text), read(at))


def of_stage(read: Read, meaning: Callable[[str], object] = str) -> Arrival:
    """The stack says so where it has the stage."""
    return lambda at: (meaning(at.text), read(at)) if at.names[0] in at.stages else None


def of_account(read: Read, meaning: Callable[[str], object] = str) -> Arrival:
    """The account's stack says so."""
    return lambda at: (meaning(at.text), read(at)) if is_account(at) else None


BLUEPRINT: Mapping[str, Arrival] = {
    "name": value(lambda at: at.stack.tags["gateprint:blueprint"]),
    "owner": value(lambda at: at.stack.tags["gateprint:owner"]),
    "stages.*" + NAME: of_stage(lambda at: at.stage_body()["stage_name"]),
    "stages.*.environment": is_in_its_environment,
    "stages.*.description": of_stage(lambda at: at.stage_body()["description"]),
    "stages.*.variables.*" + NAME: of_stage(
        lambda at: at.text in at.stage_body()["variables"], bool
    ),
    "stages.*.variables.*": of_stage(lambda at: at.stage_body()["variables"][at.names[1]]),
    "stages.*.tracing": of_stage(lambda at: at.stage_body()["xray_tracing_enabled"], boolean),
    "stages.*.log_level": of_stage(lambda at: settings(at)["logging_level"], str.upper),
    "stages.*.throttle.rate": of_stage(lambda at: settings(at)["throttling_rate_limit"], float),
    "stages.*.throttle.burst": of_stage(lambda at: settings(at)["throttling_burst_limit"], int),
    # An empty mapping is the default.
    "stages.*.access_log": of_stage(access_log_days, lambda _: "30"),
    "stages.*.access_log.retention_days": of_stage(access_log_days),
    "apis.*" + NAME: value(lambda at: at.api_body()["name"].removeprefix(f"{at.stack.name}-")),
    "apis.*.description": value(lambda at: at.api_body()["description"]),
    "apis.*.endpoint": value(
        lambda at: at.api_body()["endpoint_configuration"]["types"], lambda text: [text.upper()]
    ),
    "apis.*.binary_types.#": value(lambda at: at.api_body()["binary_media_types"][at.names[1]]),
    "apis.*.cors.origins.#": value(origins, lambda text: {text}),
    "apis.*.cors.preflight": value(
        preflight_kinds, lambda text: {{"mock": "MOCK", "function": "AWS"}[text]}
    ),
    "apis.*.cors.max_age": value(max_ages, lambda text: {seconds(text)}),
    "apis.*.routes.*" + NAME: value(lambda at: at.text in at.stack.routes(), bool),
    "apis.*.routes.*.function": value(invoked),
    "apis.*.routes.*.http": value(lambda at: at.route().integration["uri"]),
    "apis.*.routes.*.mock.status": value(mock_status, lambda text: {text}),
    "apis.*.routes.*.mock.body": value(mock_body),
    "apis.*.routes.*.auth": value(
        lambda at: at.route().method["authorization"],
        lambda text: {"iam": "AWS_IAM", "none": "NONE"}[text],
    ),
    "functions.*" + NAME: value(
        lambda at: at.function_body()["function_name"].removeprefix(f"{at.stack.name}-")
    ),
    "functions.*.source": value(source),
    "functions.*.handler": value(lambda at: at.function_body()["handler"]),
    "functions.*.runtime": value(lambda at: at.function_body()["runtime"]),
    "functions.*.proxy": value(proxy_kinds, lambda text: {"AWS_PROXY" if boolean(text) else "AWS"}),
    "functions.*.description": value(lambda at: at.function_body()["description"]),
    "functions.*.memory_mib": value(lambda at: at.function_body()["memory_size"], int),
    "functions.*.timeout": value(lambda at: at.function_body()["timeout"], seconds),
    "functions.*.environment.*" + NAME: value(lambda at: at.text in variables(at), bool),
    "functions.*.environment.*": value(lambda at: variables(at)[str(at.names[1])]),
    "functions.*.log_retention_days": value(log_days),
    "roles.*" + NAME: role_arrives,
    "roles.*.identity_provider": value(identity_provider),
    "roles.*.description": value(lambda at: (at.role() or {})["description"]),
    "roles.*.max_session": value(lambda at: (at.role() or {})["max_session_duration"], seconds),
    "roles.*.assumed_by_gateway": value(is_assumed_by_gateway, boolean),
    "roles.*.when.*" + NAME: value(
        lambda at: f"SAML:{at.text}" in at.stack.conditions(str(at.names[0])), bool
    ),
    "roles.*.when.*.#": value(
        lambda at: at.stack.conditions(str(at.names[0]))[f"SAML:{at.names[1]}"][at.names[2]]
    ),
    "roles.*.existing": value(lambda at: at.role() is None, boolean),
    "roles.*.allow.#.stages": granted,
    "roles.*.allow.#.stages.#": granted_stage,
    "roles.*.allow.#.routes": granted,
    "roles.*.allow.#.routes.#": granted_route,
    "roles.*.allow.#.overreach": overreach,
}

# What blueprints of tests alone have: the examples of a feature are elsewhere.
OF_TESTS: Mapping[str, Arrival] = {
    "plans.*.description": value(lambda at: at.plan_body()["description"]),
    "user_pools.*.scopes.*": value(lambda at: at.scope()),
}

ENVIRONMENT: Mapping[str, Arrival] = {
    "environment": value(lambda at: at.stack.tags["gateprint:environment"]),
    "account": value(lambda at: at.stack.provider["allowed_account_ids"], lambda text: [text]),
    "region": value(lambda at: at.stack.provider["region"]),
    "endpoint": value(
        lambda at: {
            *at.stack.provider["endpoints"][0].values(),
            *at.stack.backend["endpoints"].values(),
        },
        lambda text: {text},
    ),
    "state.bucket": value(lambda at: at.stack.backend["bucket"]),
    "state.region": value(lambda at: at.stack.backend["region"]),
    "state.prefix": value(
        lambda at: at.stack.backend["key"].removesuffix(f"/{at.stack.name}.tfstate")
    ),
    "state.kms_key": value(lambda at: at.stack.backend["kms_key_id"]),
    "identity_providers.*" + NAME: of_account(
        lambda at: (at.stack.one("aws_iam_saml_provider", name=at.text) or {})["name"]
    ),
    "identity_providers.*.issuer": issuers,
    "identity_providers.*.metadata": metadata,
    "tags.*" + NAME: value(lambda at: at.text in at.stack.tags, bool),
    "tags.*": value(lambda at: at.stack.tags[str(at.names[0])]),
}

# What rightly stays in the file, and why.
STAYS: Mapping[str, str] = {
    "blueprint": "the version of the format, which AWS need not know",
    "description": "for readers of the file; AWS has no place for it",
    "apis.*.routes.*.description": "for readers of the file; a method in AWS has no description",
    "apis.*.routes.*.public": "the reason, which `gateprint access` shows; auth arrives",
}
