"""Blueprint × environment: every default and name is final."""

from __future__ import annotations

import pytest

from gateprint.model import resolved
from gateprint.model.partition import audiences, partition_of
from gateprint.model.placement import check_placement
from tests.model.made import (
    NONPROD,
    ROOT,
    SMALL,
    blueprint_of,
    edited,
    environment_of,
    metadata,
    rejected,
    resolved_of,
)

PETS = (ROOT / "blueprints/pets.yaml").read_text(encoding="utf-8")
STAGED = edited(
    SMALL,
    {
        "  dev: {environment: nonprod}\n": "  dev: {environment: nonprod}\n"
        "  test: {environment: nonprod}\n  prod: {environment: prod}\n"
    },
)


def region(name: str) -> resolved.Environment:
    return environment_of(edited(NONPROD, {"us-east-2": name}))


def test_the_defaults_of_a_blueprint() -> None:
    whole = resolved_of(SMALL)
    assert (whole.owner, whole.description, whole.stack) == (None, None, "pets-nonprod")
    assert whole.stages == (resolved.Stage("dev"),)
    assert whole.apis == (
        resolved.Api(
            "pets",
            (resolved.Route("GET", "/pets/{id}", resolved.FunctionBackend("get_pet", True)),),
        ),
    )
    assert whole.functions == (
        resolved.Function(
            name="get_pet",
            aws_name="pets-nonprod-get_pet",
            source="pets",
            handler="app.get_pet",
            runtime="python3.12",
            memory_mib=128,
            timeout_seconds=10,
            log_retention_days=30,
        ),
    )


def test_the_defaults_of_a_role() -> None:
    (role,) = resolved_of(SMALL).roles
    assert role == resolved.Role(
        name="pets-reader",
        grants=(resolved.Grant("pets", ("dev",), ("GET /pets/{id}",)),),
        identity_provider=environment_of().identity_providers[0],
    )


def test_the_defaults_of_an_environment() -> None:
    environment = environment_of()
    assert environment.state == resolved.S3State("acme-terraform-state", "us-east-2", "gateprint")
    assert environment.state.key_of("pets-nonprod") == "gateprint/pets-nonprod.tfstate"
    assert (environment.tags, environment.endpoint) == ({}, None)
    assert environment.account_stack == "account-nonprod"


def test_hcp_terraform_keeps_the_state_instead() -> None:
    text = edited(
        NONPROD, {"{bucket: acme-terraform-state}": "{hcp: {organization: acme, project: my apis}}"}
    )
    assert environment_of(text).state == resolved.HcpState("acme", "my apis")


def test_written_values_reach_the_stage() -> None:
    text = edited(
        SMALL,
        {
            "{environment: nonprod}": "{environment: nonprod, throttle: {rate: 1.5, burst: 2},"
            " variables: {table: '0123'}, tracing: true, log_level: info, access_log: {},"
            " cache: {size_gb: 0.5, ttl: 1m}}"
        },
    )
    assert resolved_of(text).stages == (
        resolved.Stage(
            name="dev",
            throttle=resolved.Throttle(1.5, 2),
            variables={"table": "0123"},
            has_tracing=True,
            log_level="INFO",
            access_log_days=30,
            cache=resolved.Cache("0.5", 60),
        ),
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{function: get_pet}", resolved.FunctionBackend("get_pet", is_proxy=True)),
        (
            "{lambda_arn: 'arn:aws:lambda:us-east-2:123456789012:function:prices:live'}",
            resolved.LambdaBackend("arn:aws:lambda:us-east-2:123456789012:function:prices:live"),
        ),
        (
            "{http: 'https://a.example.com/{id}'}",
            resolved.HttpBackend("https://a.example.com/{id}"),
        ),
        ("{mock: {status: 204}}", resolved.MockBackend(204, "{}")),
        ("{mock: {status: 200, body: ok}}", resolved.MockBackend(200, "ok")),
    ],
)
def test_each_kind_of_backend(written: str, expected: resolved.Backend) -> None:
    whole = resolved_of(edited(SMALL, {"{function: get_pet}": written}))
    assert whole.apis[0].route("GET /pets/{id}").backend == expected


@pytest.mark.parametrize(
    ("environment", "endpoint", "stages"),
    [
        pytest.param("nonprod", "", ["dev", "test"], id="an environment has its own stages"),
        pytest.param("prod", "", ["prod"], id="another has others"),
        pytest.param("other", "", [], id="one that no stage names has none"),
        pytest.param("local", "y", ["dev", "test", "prod"], id="the embedded cloud has all"),
    ],
)
def test_stages_are_chosen_by_environment(
    environment: str, endpoint: str, stages: list[str]
) -> None:
    text = edited(NONPROD, {"environment: nonprod": f"environment: {environment}"})
    text += "endpoint: http://127.0.0.1:4599\n" if endpoint else ""
    whole = resolved_of(STAGED, environment_of(text), all_stages=bool(endpoint))
    assert [stage.name for stage in whole.stages] == stages
    assert list(whole.roles[0].grants[0].stages) == stages


def test_a_grant_on_a_stage_elsewhere_grants_nothing_here() -> None:
    text = edited(STAGED, {"stages: all": "stages: [prod]"})
    assert resolved_of(text).roles[0].grants[0].stages == ()


def test_all_routes_are_the_signed_ones() -> None:
    text = edited(PETS, {'routes: [POST /pets, "GET /pets/{id}"]': "routes: all"})
    assert resolved_of(text).roles[0].grants[0].routes == ("POST /pets", "GET /pets/{id}")


def test_an_existing_role_needs_no_identity_provider() -> None:
    text = edited(SMALL, {"identity_provider: auth0": "existing: true"})
    empty = environment_of(NONPROD.split("identity_providers")[0])
    assert resolved_of(text, empty).roles[0].identity_provider is None


@pytest.mark.parametrize(
    ("providers", "remedy"),
    [("auth", "did you mean auth?"), ("", "declare it under identity_providers of nonprod")],
)
def test_an_identity_provider_that_the_environment_lacks_is_refused(
    providers: str, remedy: str
) -> None:
    text = NONPROD.split("identity_providers")[0]
    if providers:
        text = edited(NONPROD, {"  auth0: {": f"  {providers}: {{"})
    (found,) = rejected(resolved_of, SMALL, environment_of(text))
    assert (found.code, found.remedy) == ("unknown-identity-provider", remedy)


def long_names(blueprint: str, function: str) -> list[tuple[str, int]]:
    text = SMALL.replace("name: pets", f"name: {blueprint}").replace("get_pet:", f"{function}:")
    document, _ = blueprint_of(text.replace("{function: get_pet}", f"{{function: {function}}}"))
    found = check_placement(document, environment_of())
    return [(one.code, one.location.line) for one in found]


@pytest.mark.parametrize(
    ("blueprint", "function", "expected"),
    [
        pytest.param("b" * 32, "f" * 23, [], id="64 characters are accepted"),
        pytest.param("b" * 32, "f" * 24, [("long-name", 10)], id="65 are not"),
    ],
)
def test_a_name_that_grows_too_long_for_aws_is_refused(
    blueprint: str, function: str, expected: list[tuple[str, int]]
) -> None:
    assert long_names(blueprint, function) == expected


@pytest.mark.parametrize(
    ("name", "partition", "host"),
    [
        ("us-east-2", "aws", "signin.aws.amazon.com"),
        ("cn-north-1", "aws-cn", "signin.amazonaws.cn"),
        ("us-gov-west-1", "aws-us-gov", "signin.amazonaws-us-gov.com"),
    ],
)
def test_partition_audiences_and_arns_follow_from_the_region(
    name: str, partition: str, host: str
) -> None:
    environment = region(name)
    assert partition_of(name).name == environment.partition == partition
    assert audiences(name) == (f"https://{host}/saml", f"https://{name}.{host}/saml")
    (provider,) = environment.identity_providers
    assert provider.arn == f"arn:{partition}:iam::123456789012:saml-provider/auth0"
    function = f"arn:{partition}:lambda:{name}:123456789012:function:pets-nonprod-get_pet"
    assert resolved_of(SMALL, environment).function_arn("get_pet") == function


def test_tags_say_where_a_stack_comes_from() -> None:
    text = NONPROD + "tags: {cost-center: shop}\n"
    assert resolved_of(PETS, environment_of(text)).tags == {
        "cost-center": "shop",
        "gateprint:blueprint": "pets",
        "gateprint:environment": "nonprod",
        "gateprint:owner": "team-pets",
    }


def test_the_preflight_function_is_added_where_an_api_wants_it() -> None:
    assert [each.name for each in resolved_of(PETS).functions] == [
        "list_pets",
        "update_pets",
        "get_pet",
        "noop",
    ]
    assert resolved_of(PETS).function("noop").aws_name == "pets-nonprod-noop"


@pytest.mark.parametrize(
    ("origins", "variables"),
    [
        ("['*']", {"ALLOWED_ORIGINS": "*"}),
        (
            "[https://a.example.com, https://b.example.com]",
            {"ALLOWED_ORIGINS": "https://a.example.com https://b.example.com"},
        ),
    ],
)
def test_functions_are_told_the_origins(origins: str, variables: dict[str, str]) -> None:
    text = edited(SMALL, {"    routes:\n": f"    cors: {{origins: {origins}}}\n    routes:\n"})
    assert resolved_of(text).function("get_pet").environment == variables


def test_a_variable_of_the_users_own_wins() -> None:
    text = edited(
        SMALL,
        {
            "    routes:\n": "    cors: {origins: ['*']}\n    routes:\n",
            "app.get_pet}": "app.get_pet, environment: {ALLOWED_ORIGINS: none, TABLE: pets}}",
        },
    )
    assert resolved_of(text).function("get_pet").environment == {
        "ALLOWED_ORIGINS": "none",
        "TABLE": "pets",
    }


def test_missing_metadata_is_refused() -> None:
    (found,) = rejected(environment_of, NONPROD, {})
    assert (found.code, found.location.line) == ("unknown-metadata", 6)


def test_beside_an_endpoint_the_sign_in_page_needs_no_metadata() -> None:
    text = NONPROD.replace(", metadata: identity/auth0.xml", "")
    (found,) = rejected(environment_of, text, {})
    assert (found.code, found.location.line) == ("missing-field", 6)
    text += "endpoint: http://127.0.0.1:4599\n"
    assert environment_of(text, {}).identity_providers[0].metadata_xml == ""


def test_identity_providers_are_sorted_and_keep_their_metadata() -> None:
    text = NONPROD + '  acme: {issuer: "urn:acme.auth0.com", metadata: identity/auth0.xml}\n'
    found = environment_of(text).identity_providers
    assert [(each.name, each.metadata_xml) for each in found] == [
        ("acme", metadata()),
        ("auth0", metadata()),
    ]
