"""The schemas: every problem at once, each at its place, with what was meant."""

from __future__ import annotations

import pytest

from gateprint.errors import Diagnostic
from gateprint.model import schema, source
from gateprint.model.blueprint import Blueprint
from gateprint.model.environment import Environment
from tests.model.made import NONPROD, SMALL, blueprint_of, edited, rejected


def problems(text: str) -> tuple[Diagnostic, ...]:
    return rejected(blueprint_of, text)


def environment_problems(text: str) -> tuple[Diagnostic, ...]:
    return rejected(schema.validate, source.read("nonprod.yaml", text), Environment)


def test_all_problems_are_reported_at_once_in_the_order_of_the_file() -> None:
    text = edited(
        SMALL,
        {
            "blueprint: 1": "blueprint: 2",
            "name: pets": "name: Pets",
            "GET /pets/{id}: ": "GET /pets/: ",
            "source: pets": "sauce: pets",
            "stages: all, routes: all": "stages: dev, overreach: ok",
        },
    )
    assert [(one.location.line, one.code) for one in problems(text)] == [
        (1, "unknown-value"),
        (2, "wrong-name"),
        (7 + 1, "wrong-path"),
        (10, "unknown-field"),
        (15, "missing-field"),
        (15, "wrong-type"),
        (15, "wrong-overreach"),
    ]


BLUEPRINT = (
    *("blueprint", "name", "owner", "description", "retired"),
    *("stages", "apis", "functions", "authorizers", "plans", "user_pools", "domains", "roles"),
)
STAGE = (
    "environment",
    "description",
    "throttle",
    "variables",
    "tracing",
    "log_level",
    "metrics",
    "access_log",
    "waf_acl",
    "cache",
    "release",
    "kept_releases",
    "canary",
)
API = (
    *("description", "endpoint", "vpc_endpoints", "only_from", "default_endpoint"),
    *("binary_types", "cors", "routes"),
)
ROUTE = (
    *("description", "function", "lambda_arn", "http", "mock"),
    *("auth", "authorizer", "scopes", "api_key", "identity_token", "throttle", "public", "request"),
)
FUNCTION = (
    "source",
    "handler",
    "runtime",
    "proxy",
    "description",
    "memory_mib",
    "timeout",
    "tracing",
    "environment",
    "log_retention_days",
)
ROLE = (
    "identity_provider",
    "description",
    "max_session",
    "assumed_by_gateway",
    "when",
    "existing",
    "allow",
)


@pytest.mark.parametrize(
    ("old", "new", "fields"),
    [
        pytest.param("name: pets\n", "name: pets\nzz: 1\n", BLUEPRINT, id="blueprint"),
        pytest.param("{environment: nonprod", "{zz: 1, environment: nonprod", STAGE, id="stage"),
        pytest.param(
            "nonprod}",
            "nonprod, throttle: {zz: 1, rate: 1, burst: 1}}",
            ("rate", "burst"),
            id="throttle",
        ),
        pytest.param(
            "nonprod}", "nonprod, cache: {zz: 1, size_gb: 0.5}}", ("size_gb", "ttl"), id="cache"
        ),
        pytest.param(
            "nonprod}", "nonprod, access_log: {zz: 1}}", ("retention_days",), id="access log"
        ),
        pytest.param(
            "nonprod}",
            "nonprod, release: v1, canary: {zz: 1, percent: 1}}",
            ("percent", "release"),
            id="canary",
        ),
        pytest.param("    routes:\n", "    zz: 1\n    routes:\n", API, id="API"),
        pytest.param(
            "    routes:\n",
            "    cors: {zz: 1, origins: ['*']}\n    routes:\n",
            ("origins", "preflight", "max_age"),
            id="CORS",
        ),
        pytest.param("{function: get_pet}", "{zz: 1, function: get_pet}", ROUTE, id="route"),
        pytest.param(
            "{function: get_pet}", "{mock: {zz: 1, status: 200}}", ("status", "body"), id="mock"
        ),
        pytest.param("{source: pets", "{zz: 1, source: pets", FUNCTION, id="function"),
        pytest.param("    allow:\n", "    zz: 1\n    allow:\n", ROLE, id="role"),
        pytest.param(
            "{stages: all",
            "{zz: 1, stages: all",
            ("api", "stages", "routes", "overreach"),
            id="grant",
        ),
    ],
)
def test_an_unknown_field_is_met_with_the_fields_of_its_level(
    old: str, new: str, fields: tuple[str, ...]
) -> None:
    (found,) = problems(edited(SMALL, {old: new}))
    expected = f"use one of {', '.join(fields)}" if len(fields) > 1 else f"use {fields[0]}"
    assert (found.code, found.problem, found.remedy) == (
        "unknown-field",
        'unknown field "zz"',
        expected,
    )
    assert found.location.source_line[found.location.column - 1 :].startswith("zz")


@pytest.mark.parametrize(
    ("old", "new", "fields"),
    [
        pytest.param(
            "region:",
            "zz: 1\nregion:",
            "environment, account, region, state, identity_providers, tags, endpoint, quotas, "
            "tokens, vpc_endpoints",
            id="environment",
        ),
        pytest.param(
            "{bucket:", "{zz: 1, bucket:", "bucket, region, prefix, kms_key, hcp", id="state"
        ),
        pytest.param("{issuer:", "{zz: 1, issuer:", "issuer, metadata", id="identity provider"),
        pytest.param(
            "{bucket: acme-terraform-state}",
            "{hcp: {zz: 1, organization: acme, project: apis}}",
            "organization, project",
            id="HCP",
        ),
    ],
)
def test_an_unknown_field_of_an_environment_as_well(old: str, new: str, fields: str) -> None:
    (found,) = environment_problems(edited(NONPROD, {old: new}))
    assert (found.code, found.remedy) == ("unknown-field", f"use one of {fields}")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("rolls", "roles"), ("stage", "stages"), ("descripton", "description"), ("ownr", "owner")],
)
def test_a_slip_in_a_field_name_is_guessed(written: str, meant: str) -> None:
    (found,) = problems(SMALL + f"{written}: x\n")
    assert found.remedy == f"did you mean {meant}?"


@pytest.mark.parametrize(
    ("edits", "place"),
    [
        pytest.param({"dev: {environment: nonprod}": "dev: {}"}, "dev", id="at its key"),
        pytest.param({"{stages: all, routes: all}": "{stages: all}"}, "{stages", id="at its item"),
        pytest.param({"name: pets\n": ""}, "blueprint", id="at the beginning"),
    ],
)
def test_a_missing_field_is_shown_where_it_belongs(edits: dict[str, str], place: str) -> None:
    (found,) = problems(edited(SMALL, edits))
    assert found.code == "missing-field"
    assert found.location.source_line[found.location.column - 1 :].startswith(place)


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "~:\n"])
def test_a_file_without_a_blueprint_is_refused(text: str) -> None:
    assert {one.code for one in problems(text)} <= {
        "empty-file",
        "empty-value",
        "unknown-field",
        "missing-field",
    }


@pytest.mark.parametrize("text", ["pets\n", "- pets\n", "'{}'\n", "~\n"])
def test_a_file_that_is_no_mapping_is_refused(text: str) -> None:
    assert [one.code for one in problems(text)] == ["wrong-type"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("name: pets\n", "name: pets\nowner: TfToken[1]\n", id="in a value"),
        pytest.param("dev: {", "TfToken[1]: {", id="in a key"),
        pytest.param("nonprod}", "nonprod, variables: {a: 'x${TfToken[TOKEN.0]}'}}", id="within"),
    ],
)
def test_the_marks_of_cdktf_are_refused_everywhere(old: str, new: str) -> None:
    assert "terraform-token" in {one.code for one in problems(edited(SMALL, {old: new}))}


def test_texts_may_hold_what_terraform_would_interpret() -> None:
    text = edited(SMALL, {"name: pets\n": 'name: pets\ndescription: "${file(1)} %{ if true }"\n'})
    assert blueprint_of(text)[1].description == "${file(1)} %{ if true }"


def test_an_existing_role_has_no_trust_of_its_own() -> None:
    text = edited(
        SMALL, {"    identity_provider: auth0\n": "    existing: true\n    max_session: 2h\n"}
    )
    (found,) = problems(text)
    assert (found.code, found.remedy) == ("existing-role", "remove max_session, or existing: true")


def test_an_existing_role_is_accepted() -> None:
    text = edited(SMALL, {"    identity_provider: auth0\n": "    existing: true\n"})
    assert blueprint_of(text)[1].roles["pets-reader"].existing
    assert isinstance(blueprint_of(text)[1], Blueprint)
