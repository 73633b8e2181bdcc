"""Both sides of a run: what is deployed, read from plans, and what will be."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

from gateprint.access.changes.comparison import changes
from gateprint.access.changes.sentences import sentences
from gateprint.access.changes.trust import trust_of
from gateprint.model.resolved import Cors, Environment, ResolvedBlueprint, Throttle
from gateprint.terraform.plans.plan import TerraformPlan
from gateprint.terraform.runs.record import PlannedStack
from gateprint.workflow.review_sides import RunStack, Sides, sides_of
from gateprint.workflow.synthesis import Stack
from tests.access.generated import blueprints, terraform_of
from tests.model.made import resolved_of
from tests.review.rules.made import PETS, here, signed_with
from tests.review.test_origin import GOLDEN, inputs
from tests.support.made_plan import NOTHING, Terraform, plan_document

QUICK = settings(
    deadline=None,
    derandomize=True,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def planned(
    before: Terraform, after: Terraform, where: Environment, stated: ResolvedBlueprint | None
) -> RunStack:
    name = stated.stack if stated is not None else where.account_stack
    document = plan_document(before, after, name)
    stack = PlannedStack(name, where.name, where.account, where.region, "", "planned")
    return RunStack(stack, Stack(name, where, stated), TerraformPlan.of(document), document)


def of(before: Terraform, after: Terraform, stated: ResolvedBlueprint) -> Sides:
    return sides_of([planned(before, after, stated.environment, stated)], [stated])


def told(sides: Sides) -> list[str]:
    found = sentences(changes(sides.before, sides.after))
    return [each.text for each in found if "overreach" not in each.text]


def whole(blueprint: ResolvedBlueprint) -> dict[str, Any]:
    """Return a stack's Terraform as far as it bears on access, with sessions and endpoints."""
    found = copy.deepcopy(terraform_of(blueprint))
    sessions = {each.name: each.max_session_seconds for each in blueprint.roles}
    for each in found["resource"].get("aws_iam_role", {}).values():
        each["max_session_duration"] = sessions[each["name"]]
    for api in blueprint.apis:
        endpoint = {"types": [api.endpoint], "vpc_endpoint_ids": sorted(api.vpc_endpoints)}
        resource = found["resource"]["aws_api_gateway_rest_api"][api.name]
        resource["endpoint_configuration"] = endpoint
    return found


@QUICK
@given(blueprints())
def test_a_stack_in_which_nothing_bears_on_access_is_as_its_blueprint(
    blueprint: ResolvedBlueprint,
) -> None:
    after = whole(blueprint)
    assert told(of(after, after, blueprint)) == []


@QUICK
@given(blueprints())
def test_what_is_read_from_the_state_and_what_is_taken_from_the_blueprint_agree(
    blueprint: ResolvedBlueprint,
) -> None:
    """A description that changes makes the plan one that bears on access."""
    assume(all(each.grants for each in blueprint.roles))
    after, before = whole(blueprint), whole(blueprint)
    for each in after["resource"]["aws_api_gateway_rest_api"].values():
        each["description"] = "new"
    assert told(of(before, after, blueprint)) == []


@cache
def pets(*days: int) -> ResolvedBlueprint:
    return resolved_of(PETS, signed_with(*days))


def account(environment: Environment) -> Terraform:
    providers = {
        each.name: {"name": each.name, "saml_metadata_document": each.metadata_xml}
        for each in environment.identity_providers
    }
    return {"resource": {"aws_iam_saml_provider": providers}}


def rotated(*more: RunStack, every: tuple[ResolvedBlueprint, ...] = ()) -> Sides:
    """Return the sides of a run in which the provider gets a second certificate."""
    old, new = signed_with(100), signed_with(100, 200)
    return sides_of([planned(account(old), account(new), new, None), *more], every)


@pytest.mark.parametrize("is_planned", [True, False])
def test_a_new_signing_certificate_is_told_of_every_role_that_trusts_it(is_planned: bool):
    stated = pets(100, 200)
    same = planned(whole(stated), whole(stated), stated.environment, stated)
    sides = rotated(*([same] if is_planned else []), every=(stated,))
    (old,) = (trust_of(each) for one in sides.before for each in one.roles)
    (new,) = (trust_of(each) for one in sides.after for each in one.roles)
    assert old is not None
    assert new is not None
    (added,) = set(new.certificates) - set(old.certificates)
    key = f"the key of the signing certificate SHA-256 {added[:16]}… of auth0"
    assert told(sides) == [f"who has {key} may now let anyone assume reader (nonprod)"]


def test_metadata_that_stays_changes_nothing():
    same = signed_with(100)
    sides = sides_of([planned(account(same), account(same), same, None)], [pets(100)])
    assert sides == Sides((), (), ())


def test_metadata_that_cannot_be_read_is_said():
    new = signed_with(100)
    old = {"resource": {"aws_iam_saml_provider": {"auth0": {"name": "auth0"}}}}
    old["resource"]["aws_iam_saml_provider"]["auth0"]["saml_metadata_document"] = "<a"
    sides = sides_of([planned(old, account(new), new, None)], [pets(100)])
    (said,) = sides.undecided
    assert said.stack == "account-nonprod"
    assert said.sentence.startswith("which certificates auth0 may sign with until now: ")


def test_a_new_provider_has_no_metadata_of_before():
    new = signed_with(100)
    assert sides_of([planned(NOTHING, account(new), new, None)], [pets(100)]).before == ()


def example() -> tuple[ResolvedBlueprint, dict[str, Any]]:
    stack = "pets-nonprod"
    found = json.loads((GOLDEN / f"{stack}.tf.json").read_text(encoding="utf-8"))
    return next(each for each in inputs().blueprints if each.stack == stack), found


def test_throttles_and_origins_are_read_from_the_state():
    blueprint, after = example()
    before = copy.deepcopy(after)
    settings_ = before["resource"]["aws_api_gateway_method_settings"]
    settings_["pets_dev"]["settings"] |= {"throttling_rate_limit": 7, "throttling_burst_limit": 3}
    (found,) = of(before, after, blueprint).before
    throttles = {each.name: each.throttle for each in found.stages}
    assert throttles == {"dev": Throttle(7, 3), "test": None}
    (api,) = found.apis
    assert api.cors == Cors(("*",), 0, is_preflight_function=False)


@pytest.mark.parametrize(
    "origins", [("https://a.example",), ("https://a.example", "https://b.example")]
)
def test_exact_origins_are_read_from_the_state(origins: tuple[str, ...]):
    from gateprint.stack.cors import origin_headers, origin_template  # noqa: PLC0415

    blueprint, after = example()
    cors = Cors(origins, 600, is_preflight_function=False)
    headers = {f"method.response.header.{k}": v for k, v in origin_headers(cors).items()}
    for name, each in after["resource"]["aws_api_gateway_integration_response"].items():
        if "_options_" in name:
            each["response_parameters"] = headers
            each["response_templates"] = {"application/json": origin_template(cors)}
    (found,) = of(after, after, blueprint).before
    assert found.apis[0].cors is not None
    assert found.apis[0].cors.origins == origins


def test_a_stack_that_is_not_there_yet_has_nothing_before():
    stated = replace(resolved_of(PETS, here()))
    (before,) = of(NOTHING, whole(stated), stated).before
    assert (before.apis, before.roles, before.stages) == ((), (), ())
