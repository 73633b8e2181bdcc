"""The examples domains and operations in Terraform: domains, base paths, throttles, metrics."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from gateprint.access.proof.stack import prove
from gateprint.access.proof.synthesized import read_stack
from gateprint.model.resolved import ResolvedBlueprint
from gateprint.stack.origin import origins_of
from gateprint.stack.publish import publish
from gateprint.stack.stages import method_path
from gateprint.workflow.inputs import Places, load
from tests.stack.synthesized import synth
from tests.support.golden import assert_golden
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


# Terraform registry: what has an argument `tags` gets the provider's default tags.
UNTAGGED = {
    *("aws_api_gateway_base_path_mapping", "aws_api_gateway_deployment"),
    *("aws_api_gateway_authorizer", "aws_api_gateway_gateway_response"),
    *("aws_api_gateway_integration", "aws_api_gateway_integration_response"),
    *("aws_api_gateway_method", "aws_api_gateway_method_response"),
    *("aws_api_gateway_method_settings", "aws_api_gateway_resource"),
    *("aws_api_gateway_rest_api_policy", "aws_iam_role_policy"),
    *("aws_iam_role_policy_attachment", "aws_lambda_permission"),
    *("aws_wafv2_web_acl_association", "aws_api_gateway_account"),
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
