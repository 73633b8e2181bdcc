"""The examples domains and operations in Terraform: domains, base paths, throttles, metrics."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from gateprint.access.proof.applied import Resource, read_applied
from gateprint.access.proof.domains import BasePathAccess, DomainAccess
from gateprint.access.proof.stack import prove
from gateprint.access.proof.synthesized import read_stack
from gateprint.model.resolved import ResolvedBlueprint
from gateprint.review.crosscheck import cross_check
from gateprint.stack.origin import origins_of
from gateprint.stack.publish import publish
from gateprint.stack.stages import method_path
from gateprint.terraform.plans.plan import TerraformPlan
from gateprint.workflow.inputs import load
from gateprint.workflow.places import Places
from tests.stack.synthesized import synth
from tests.support.golden import assert_golden
from tests.support.made_plan import plan_document
from tests.support.project import ROOT

GOLDEN = ROOT / "tests" / "golden"
EXAMPLES = ROOT / "blueprints" / "examples"
STACKS = {"grooming-nonprod": "domains", "boarding-nonprod": "operations"}


def blueprint(stack: str) -> ResolvedBlueprint:
    places = Places(ROOT, EXAMPLES, ROOT / "config", ROOT / "lambdas")
    found = load(places, [EXAMPLES / f"{STACKS[stack]}.yaml"])
    return next(each for each in found.blueprints if each.stack == stack)


@pytest.mark.cdktf
def test_golden_stacks_of_the_examples(tmp_path: Path) -> None:
    for name in STACKS.values():
        shutil.copy(EXAMPLES / f"{name}.yaml", tmp_path)
    outdir = synth(tmp_path / "out", ROOT, GATEPRINT_BLUEPRINTS=str(tmp_path))
    for stack in STACKS:
        text = (outdir / "stacks" / stack / "cdk.tf.json").read_text(encoding="utf-8")
        assert_golden(GOLDEN / f"{stack}.tf.json", text + "\n")


def resources(stack: str) -> dict[str, Any]:
    document = json.loads((GOLDEN / f"{stack}.tf.json").read_text())
    found: dict[str, Any] = document["resource"]
    return found


@pytest.mark.parametrize("stack", STACKS)
def test_the_documents_mean_what_the_matrix_states(stack: str) -> None:
    document, found = json.loads((GOLDEN / f"{stack}.tf.json").read_text()), blueprint(stack)
    assert prove(found, read_stack(document, found.environment)) == ()


@pytest.mark.parametrize("stack", STACKS)
def test_each_resource_comes_from_a_line(stack: str) -> None:
    known = origins_of(blueprint(stack))
    found = {f"{kind}.{name}" for kind, each in resources(stack).items() for name in each}
    assert found - known.keys() == set()


def test_a_base_path_leads_to_a_stage_and_the_root_has_none() -> None:
    found = resources("grooming-nonprod")["aws_api_gateway_base_path_mapping"]
    told = {
        name: (each.get("base_path"), each["stage_name"], each["api_id"])
        for name, each in found.items()
    }
    assert told == {
        "dev--dclinic--dexample--dcom_visits": (
            "visits",
            "${aws_api_gateway_stage.visits_dev.stage_name}",
            "${aws_api_gateway_stage.visits_dev.rest_api_id}",
        ),
        "dev--dlabs--dexample--dcom": (
            None,
            "${aws_api_gateway_stage.labs_dev.stage_name}",
            "${aws_api_gateway_stage.labs_dev.rest_api_id}",
        ),
    }


def test_only_the_api_behind_mutual_tls_loses_its_default_endpoint() -> None:
    found = resources("grooming-nonprod")["aws_api_gateway_rest_api"]
    closed = {name: each.get("disable_execute_api_endpoint") for name, each in found.items()}
    assert closed == {"visits": None, "labs": True}


def test_an_api_without_its_default_endpoint_is_published_anew() -> None:
    """A deployment's digest without the field is that of before there was one."""
    clinic = blueprint("grooming-nonprod")
    visits = clinic.api("visits")
    published = publish(clinic, visits, "id")
    (closed,) = (each for each in clinic.apis if not each.has_default_endpoint)
    assert publish(clinic, closed, "id").has_default_endpoint is False
    assert published.digest != _closed(published).digest


def _closed(published: Any) -> Any:
    from dataclasses import replace  # noqa: PLC0415

    return replace(published, has_default_endpoint=False)


def test_a_route_with_a_throttle_has_all_settings_of_its_stage() -> None:
    found = resources("boarding-nonprod")["aws_api_gateway_method_settings"]
    whole, own = found["boarding_test"], found["boarding_test_get_places"]
    assert own["method_path"] == "places/GET"
    throttle = {"throttling_rate_limit": 10, "throttling_burst_limit": 3}
    assert own["settings"] == {**whole["settings"], **throttle}
    assert own["depends_on"] == ["aws_api_gateway_method_settings.boarding_test"]
    assert found["boarding_dev_get_places"]["settings"].get("metrics_enabled") is None


@pytest.mark.parametrize(
    ("route", "path"),
    [
        ("GET /pets", "pets/GET"),
        ("GET /pets/{id}", "pets/{id}/GET"),
        ("POST /files/{rest+}", "files/{rest+}/POST"),
        ("GET /", "~1/GET"),
    ],
)
def test_a_method_is_called_as_the_provider_wants_it(route: str, path: str) -> None:
    from gateprint.model.resolved import MockBackend, Route  # noqa: PLC0415

    method, _, where = route.partition(" ")
    assert method_path(Route(method, where, MockBackend(200, ""))) == path


DOMAIN, LABS = "aws_api_gateway_domain_name", "dev--dlabs--dexample--dcom"
BASE_PATH = "aws_api_gateway_base_path_mapping"
MUTUAL = "mutual_tls_authentication"
TRUST = {"truststore_uri": "s3://clinic-trust/partners.pem"}
VISITS = "dev--dclinic--dexample--dcom_visits"
# The edit of a resource's arguments, where None takes one away, and the differences it makes.
PLANTED: dict[str, tuple[tuple[str, str, dict[str, Any]], list[str]]] = {
    "the default endpoint stays": (
        ("aws_api_gateway_rest_api", "labs", {"disable_execute_api_endpoint": None}),
        ["labs has its default endpoint"],
    ),
    "another one goes": (
        ("aws_api_gateway_rest_api", "visits", {"disable_execute_api_endpoint": True}),
        ["visits does not have its default endpoint"],
    ),
    "no certificate is asked for": (
        (DOMAIN, LABS, {MUTUAL: None}),
        ["the domain dev.labs.example.com asks clients for no certificate"],
    ),
    "another truststore": (
        (DOMAIN, LABS, {MUTUAL: {**TRUST, "truststore_uri": "s3://other/all.pem"}}),
        ["the domain dev.labs.example.com has another truststore for mutual TLS"],
    ),
    "whatever version is the newest": (
        (DOMAIN, LABS, {MUTUAL: TRUST}),
        ["the domain dev.labs.example.com has another truststore for mutual TLS"],
    ),
    "old TLS": (
        (DOMAIN, LABS, {"security_policy": "TLS_1_0"}),
        ["the domain dev.labs.example.com has the security policy TLS_1_0, not TLS_1_2"],
    ),
    "TLS is AWS's choice": (
        (DOMAIN, LABS, {"security_policy": None}),
        ["the domain dev.labs.example.com has the security policy AWS's own choice, not TLS_1_2"],
    ),
    "a policy of the domain": (
        (DOMAIN, LABS, {"policy": "{}"}),
        [f"{DOMAIN}.{LABS} has policy, which is not read"],
    ),
    "another API": (
        (BASE_PATH, LABS, {"api_id": "${aws_api_gateway_rest_api.visits.id}"}),
        ["the base path / of dev.labs.example.com leads to another API or stage"],
    ),
    "another stage": (
        (BASE_PATH, VISITS, {"stage_name": "prod"}),
        ["the base path /visits of dev.clinic.example.com leads to another API or stage"],
    ),
    "another base path": (
        (BASE_PATH, VISITS, {"base_path": "v1"}),
        [
            "the base path /v1 of dev.clinic.example.com is not in the blueprint",
            "the base path /visits of dev.clinic.example.com leads nowhere",
        ],
    ),
    "another domain": (
        (DOMAIN, LABS, {"domain_name": "x.example.com"}),
        [
            "the base path / of dev.labs.example.com leads nowhere",
            "the base path / of x.example.com is not in the blueprint",
            "the domain dev.labs.example.com is not there",
            "the domain x.example.com is not in the blueprint",
        ],
    ),
}


def differences(*edits: tuple[str, str, dict[str, Any]]) -> list[str]:
    document = json.loads((GOLDEN / "grooming-nonprod.tf.json").read_text())
    for kind, name, values in edits:
        whole = {**document["resource"][kind][name], **values}
        document["resource"][kind][name] = {k: v for k, v in whole.items() if v is not None}
    found = blueprint("grooming-nonprod")
    return [each.sentence for each in prove(found, read_stack(document, found.environment))]


@pytest.mark.parametrize("name", PLANTED)
def test_what_is_otherwise_at_a_domain_is_a_difference(name: str) -> None:
    edit, expected = PLANTED[name]
    told = differences(edit)
    assert len(told) == len(expected)
    assert all(map(str.startswith, sorted(told), sorted(expected)))


def test_a_plan_of_domains_is_compared_with_the_blueprint() -> None:
    clinic = blueprint("grooming-nonprod")
    after = json.loads((GOLDEN / "grooming-nonprod.tf.json").read_text())
    assert _contradictions(clinic, {}, after) == ()
    assert _contradictions(clinic, after, after) == ()
    wrong = copy.deepcopy(after)
    wrong["resource"][DOMAIN][LABS].pop(MUTUAL)
    wrong["resource"][BASE_PATH][VISITS]["stage_name"] = "prod"
    assert _contradictions(clinic, after, wrong) == (
        "the base path /visits of dev.clinic.example.com leads to another API or stage",
        "the domain dev.labs.example.com asks clients for no certificate",
    )


def test_a_plan_that_changes_nothing_but_a_domain_is_compared_as_well() -> None:
    clinic = blueprint("grooming-nonprod")
    before = json.loads((GOLDEN / "grooming-nonprod.tf.json").read_text())
    for kind, name, values in (
        (DOMAIN, LABS, {"security_policy": "TLS_1_0"}),
        (BASE_PATH, VISITS, {"stage_name": "prod"}),
    ):
        after = copy.deepcopy(before)
        after["resource"][kind][name] |= values
        assert len(_contradictions(clinic, before, after)) == 1


def _contradictions(clinic: ResolvedBlueprint, before: Any, after: Any) -> tuple[str, ...]:
    plan = TerraformPlan.of(plan_document(before, after, clinic.stack))
    return cross_check(plan, clinic.environment, clinic).contradictions


def test_a_state_has_blocks_as_lists_and_the_root_without_a_base_path() -> None:
    named = {"domain_name": "a.example.com", "security_policy": "TLS_1_2"}
    resources = [
        Resource(f"{DOMAIN}.a", DOMAIN, {**named, MUTUAL: [{**TRUST, "truststore_version": ""}]}),
        Resource(f"{DOMAIN}.b", DOMAIN, {**named, "domain_name": "b.example.com", MUTUAL: []}),
        Resource(f"{BASE_PATH}.a", BASE_PATH, {**named, "base_path": "(none)", "api_id": "i"}),
    ]
    access = read_applied(resources).access
    assert access.domains == (
        DomainAccess("a.example.com", "TLS_1_2", TRUST["truststore_uri"]),
        DomainAccess("b.example.com", "TLS_1_2"),
    )
    assert access.base_paths == (BasePathAccess("a.example.com", "", "i", ""),)


# Terraform registry: what has an argument `tags` gets the provider's default tags.
UNTAGGED = {
    *("aws_api_gateway_base_path_mapping", "aws_api_gateway_deployment"),
    *("aws_api_gateway_authorizer", "aws_api_gateway_gateway_response"),
    *("aws_api_gateway_integration", "aws_api_gateway_integration_response"),
    *("aws_api_gateway_method", "aws_api_gateway_method_response"),
    *("aws_api_gateway_method_settings", "aws_api_gateway_resource"),
    *("aws_api_gateway_rest_api_policy", "aws_iam_role_policy"),
    *("aws_iam_role_policy_attachment", "aws_lambda_permission"),
    *("aws_wafv2_web_acl_association", "aws_api_gateway_account", "aws_vpc_endpoint_policy"),
    *("aws_api_gateway_model", "aws_api_gateway_request_validator"),
    *("aws_api_gateway_usage_plan_key", "aws_lambda_alias"),
    *("aws_cognito_resource_server", "aws_cognito_user_pool_client"),
    "aws_cognito_user_pool_domain",
}
TAGGED = {
    *("aws_api_gateway_domain_name", "aws_api_gateway_rest_api", "aws_api_gateway_stage"),
    *("aws_cloudwatch_log_group", "aws_iam_policy", "aws_iam_role", "aws_iam_saml_provider"),
    *("aws_lambda_function", "aws_cognito_user_pool"),
    *("aws_api_gateway_api_key", "aws_api_gateway_usage_plan"),
}


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.tf.json")), ids=lambda path: path.name)
def test_everything_that_takes_tags_has_those_of_its_stack(path: Path) -> None:
    """They are the provider's, so nothing may have tags of its own that hide them."""
    document = json.loads(path.read_text())
    (provider,) = document["provider"]["aws"]
    (default,) = provider["default_tags"]
    assert default["tags"]["gateprint:environment"]
    kinds = set(document.get("resource", {}))
    assert kinds <= TAGGED | UNTAGGED, "decide whether it takes tags"
    own = [each for kind in document.get("resource", {}).values() for each in kind.values()]
    assert [each for each in own if "tags" in each] == []
