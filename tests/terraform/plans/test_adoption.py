"""What a killed apply made: imported, doubted, searched, or lost."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from gateprint.terraform.plans.adoption import Adoption, adoptions, import_blocks
from gateprint.terraform.plans.import_ids import FORMATS, NOT_ADOPTED
from gateprint.terraform.plans.plan import TerraformPlan
from tests.terraform.plans.documents import change, events, plan, real

STACK = Path(__file__).parents[3] / "gateprint" / "stack"

# What the documentation of AWS provider 5.100.0 asks for; all of them were imported for real.
PETS = {
    "aws_api_gateway_integration.pets_get_pets": "hp4szoyltc/lrao0nuned/GET",
    "aws_api_gateway_method.pets_get_pets": "hp4szoyltc/lrao0nuned/GET",
    "aws_api_gateway_method_settings.pets_dev": "hp4szoyltc/dev/*/*",
    "aws_api_gateway_resource.pets_pets": "hp4szoyltc/lrao0nuned",
    "aws_api_gateway_rest_api.pets": "hp4szoyltc",
    "aws_api_gateway_stage.pets_dev": "hp4szoyltc/dev",
    "aws_cloudwatch_log_group.list_pets": "/aws/lambda/pets-local-list_pets",
    "aws_iam_role.pets-auditor": "pets-auditor",
    "aws_iam_role_policy.pets-auditor": "pets-auditor:api-gateway-policy",
    "aws_lambda_function.list_pets": "pets-local-list_pets",
    "aws_lambda_permission.list_pets_pets": "pets-local-list_pets/pets-local-pets",
}


def create() -> TerraformPlan:
    return TerraformPlan.of(real("create"))


def killed_in(address: str) -> list[dict[str, Any]]:
    """The events of an apply that was killed while it made this resource."""
    found = []
    for event in events():
        found.append(event)
        hook = event.get("hook", {})
        if event["type"] == "apply_start" and hook["resource"]["addr"] == address:
            return found
    raise AssertionError(address)


def event(kind: str, address: str, action: str, identity: str = "") -> dict[str, Any]:
    hook = {"resource": {"addr": address}, "action": action, "id_value": identity}
    return {"type": kind, "hook": hook}


def test_a_stack_that_was_applied_and_forgotten_is_imported_as_a_whole() -> None:
    found = adoptions(create(), events(), (), {})
    assert {each.address: each.import_id for each in found.certain} == PETS
    assert [each.address for each in found.lost] == ["aws_api_gateway_deployment.pets_dev"]
    assert (found.uncertain, found.search) == ((), ())


def test_what_terraform_really_imported_is_what_is_computed() -> None:
    imported = TerraformPlan.of(real("adopted")).changes
    assert {each.address: each.importing for each in imported if each.importing} == PETS


def test_what_the_state_has_is_not_adopted() -> None:
    everything = {each.address for each in create().changes}
    assert adoptions(create(), events(), everything, {}).is_empty
    assert not adoptions(
        create(), events(), everything - {"aws_iam_role.pets-auditor"}, {}
    ).is_empty


def test_what_was_not_begun_is_not_adopted() -> None:
    first = killed_in("aws_api_gateway_resource.pets_pets")
    found = adoptions(create(), first, (), {})
    told = (found.certain, found.uncertain, found.search)
    begun = {each.address for group in told for each in group}
    assert "aws_api_gateway_method.pets_get_pets" not in begun


@pytest.mark.parametrize(
    ("address", "import_id"),
    [
        ("aws_cloudwatch_log_group.list_pets", PETS["aws_cloudwatch_log_group.list_pets"]),
        ("aws_iam_role.pets-auditor", "pets-auditor"),
        ("aws_lambda_function.list_pets", "pets-local-list_pets"),
        ("aws_api_gateway_method.pets_get_pets", "hp4szoyltc/lrao0nuned/GET"),
        ("aws_api_gateway_integration.pets_get_pets", "hp4szoyltc/lrao0nuned/GET"),
        ("aws_api_gateway_stage.pets_dev", "hp4szoyltc/dev"),
        ("aws_api_gateway_method_settings.pets_dev", "hp4szoyltc/dev/*/*"),
    ],
)
def test_a_resource_is_doubted_if_the_end_of_its_creation_was_not_told(address, import_id) -> None:
    found = adoptions(create(), killed_in(address), (), {})
    assert import_id in [each.import_id for each in found.uncertain if each.address == address]


@pytest.mark.parametrize(
    ("address", "facts"),
    [
        (
            "aws_api_gateway_rest_api.pets",
            {"name": "pets-local-pets", "tag:gateprint:blueprint": "pets"},
        ),
        ("aws_api_gateway_resource.pets_pets", {"rest_api_id": "hp4szoyltc", "path_part": "pets"}),
    ],
)
def test_an_id_that_only_aws_knows_is_searched(address, facts) -> None:
    found = adoptions(create(), killed_in(address), (), {})
    [doubt] = [each for each in found.search if each.address == address]
    assert doubt.import_id == ""
    assert facts.items() <= doubt.facts.items()


def test_an_id_that_was_found_in_aws_turns_a_search_into_an_import_id() -> None:
    address = "aws_api_gateway_resource.pets_pets"
    known = {address: {"id": "found"}}
    found = adoptions(create(), killed_in(address), (), known)
    assert [each.import_id for each in found.uncertain if each.address == address] == [
        "hp4szoyltc/found"
    ]
    assert found.search == ()


def test_parents_are_known_from_the_state() -> None:
    address = "aws_api_gateway_method.pets_get_pets"
    started = [event("apply_start", address, "create")]
    known = {
        "aws_api_gateway_rest_api.pets": {"id": "api1"},
        "aws_api_gateway_resource.pets_pets": {"id": "res1"},
    }
    found = adoptions(create(), started, known, known)
    assert [each.import_id for each in found.uncertain] == ["api1/res1/GET"]


def test_a_method_of_the_root_waits_for_the_root_of_its_api() -> None:
    api, method = "aws_api_gateway_rest_api.pets", "aws_api_gateway_method.pets_get"
    arguments = {
        "rest_api_id": {"constant_value": f"${{{api}.id}}", "references": [f"{api}.id", api]},
        "resource_id": {
            "constant_value": f"${{{api}.root_resource_id}}",
            "references": [f"{api}.root_resource_id", api],
        },
    }
    resource = {"address": method, "expressions": arguments}
    approved = plan(
        change(api, after={"name": "pets"}),
        change(method, after={"http_method": "GET"}),
        configuration={"root_module": {"resources": [resource]}},
    )
    told = [event("apply_complete", api, "create", "api1"), event("apply_start", method, "create")]
    assert [each.facts for each in adoptions(approved, told, (), {}).search] == [
        {"http_method": "GET", "rest_api_id": "api1"}
    ]
    found = adoptions(approved, told, (), {api: {"root_resource_id": "root1"}})
    assert [each.import_id for each in found.uncertain] == ["api1/root1/GET"]


COMPLETED = {
    "aws_api_gateway_account": ("api-gateway-account", {}, "api-gateway-account"),
    "aws_api_gateway_api_key": ("key1", {}, "key1"),
    "aws_api_gateway_usage_plan": ("plan1", {}, "plan1"),
    "aws_api_gateway_usage_plan_key": ("key1", {"usage_plan_id": "plan1"}, "plan1/key1"),
    "aws_api_gateway_authorizer": ("auth1", {"rest_api_id": "api1"}, "api1/auth1"),
    "aws_api_gateway_base_path_mapping": ("a.example.com/pets", {}, "a.example.com/pets"),
    "aws_api_gateway_domain_name": (
        "a.example.com",
        {"domain_name": "a.example.com"},
        "a.example.com",
    ),
    "aws_api_gateway_gateway_response": (
        "aggr-api1-ACCESS_DENIED",
        {"response_type": "ACCESS_DENIED"},
        "api1/ACCESS_DENIED",
    ),
    "aws_api_gateway_integration": ("agi-api1-res1-GET", {}, "api1/res1/GET"),
    "aws_api_gateway_integration_response": (
        "agir-api1-res1-GET-200",
        {"status_code": "200"},
        "api1/res1/GET/200",
    ),
    "aws_api_gateway_method": ("agm-api1-res1-OPTIONS", {}, "api1/res1/OPTIONS"),
    "aws_api_gateway_method_response": ("agmr-api1-res1-GET-200", {}, "api1/res1/GET/200"),
    "aws_api_gateway_model": ("model1", {"rest_api_id": "api1", "name": "Pet"}, "api1/Pet"),
    "aws_api_gateway_request_validator": ("valid1", {"rest_api_id": "api1"}, "api1/valid1"),
    "aws_api_gateway_method_settings": (
        "api1-my-stage-*/*",
        {"stage_name": "my-stage", "method_path": "*/*"},
        "api1/my-stage/*/*",
    ),
    "aws_api_gateway_resource": ("res1", {"rest_api_id": "api1"}, "api1/res1"),
    "aws_api_gateway_rest_api": ("api1", {}, "api1"),
    "aws_api_gateway_rest_api_policy": ("api1", {}, "api1"),
    "aws_api_gateway_stage": ("ags-api1-my-stage", {}, "api1/my-stage"),
    "aws_cloudwatch_log_group": ("/aws/lambda/f", {"name": "/aws/lambda/f"}, "/aws/lambda/f"),
    "aws_cognito_resource_server": ("us-east-2_a1|pets", {}, "us-east-2_a1|pets"),
    "aws_cognito_user_pool": ("us-east-2_a1", {}, "us-east-2_a1"),
    "aws_cognito_user_pool_client": (
        "client1",
        {"user_pool_id": "us-east-2_a1"},
        "us-east-2_a1/client1",
    ),
    "aws_cognito_user_pool_domain": ("acme-dev", {"domain": "acme-dev"}, "acme-dev"),
    "aws_iam_policy": ("arn:aws:iam::1:policy/p", {}, "arn:aws:iam::1:policy/p"),
    "aws_iam_role": ("reader", {"name": "reader"}, "reader"),
    "aws_iam_role_policy": ("reader:invoke", {}, "reader:invoke"),
    "aws_iam_role_policy_attachment": (
        "reader-20261122183624",
        {"role": "reader", "policy_arn": "arn:aws:iam::1:policy/p"},
        "reader/arn:aws:iam::1:policy/p",
    ),
    "aws_iam_saml_provider": (
        "arn:aws:iam::1:saml-provider/auth0",
        {},
        "arn:aws:iam::1:saml-provider/auth0",
    ),
    "aws_lambda_alias": ("a", {"function_name": "f", "name": "r1"}, "f/r1"),
    "aws_lambda_function": ("f", {"function_name": "f"}, "f"),
    "aws_lambda_permission": (
        "invoke",
        {"function_name": "f", "statement_id": "invoke"},
        "f/invoke",
    ),
    "aws_vpc_endpoint_policy": ("vpce-1", {"vpc_endpoint_id": "vpce-1"}, "vpce-1"),
    "aws_wafv2_web_acl_association": ("arn:acl,arn:stage", {}, "arn:acl,arn:stage"),
}


@pytest.mark.parametrize(("kind", "case"), COMPLETED.items())
def test_each_type_is_imported_as_its_documentation_says(kind, case) -> None:
    identity, after, import_id = case
    told = [event("apply_complete", f"{kind}.x", "create", identity)]
    found = adoptions(plan(change(f"{kind}.x", after=after)), told, (), {})
    assert found.certain == (Adoption(f"{kind}.x", import_id),)


def test_the_arn_of_an_attached_policy_comes_from_the_policy_that_was_made() -> None:
    policy, attachment = "aws_iam_policy.p", "aws_iam_role_policy_attachment.p"
    reference = {"constant_value": f"${{{policy}.arn}}", "references": [f"{policy}.arn", policy]}
    resource = {"address": attachment, "expressions": {"policy_arn": reference}}
    approved = plan(
        change(policy, after={"name": "p"}),
        change(attachment, after={"role": "reader"}),
        configuration={"root_module": {"resources": [resource]}},
    )
    told = [
        event("apply_complete", policy, "create", "arn:aws:iam::1:policy/p"),
        event("apply_start", attachment, "create"),
    ]
    found = adoptions(approved, told, (), {})
    assert [each.import_id for each in found.uncertain] == ["reader/arn:aws:iam::1:policy/p"]


def test_each_type_that_gateprint_generates_is_known_here() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in STACK.glob("*.py"))
    modules = set(re.findall(r"from cdktf_cdktf_provider_aws\.(\w+) import", text)) - {"provider"}
    assert modules
    assert {f"aws_{name}" for name in modules} == set(FORMATS) | set(NOT_ADOPTED)
    assert set(COMPLETED) == set(FORMATS)


def test_a_type_that_is_not_known_is_told_as_lost() -> None:
    told = [event("apply_complete", "aws_sqs_queue.q", "create", "url")]
    [lost] = adoptions(plan(change("aws_sqs_queue.q", after={})), told, (), {}).lost
    assert lost.identity == "url"
    assert lost.reason.startswith("how to import aws_sqs_queue is not known here")


RESOURCE = "aws_api_gateway_resource.pets"
REPLACED = plan(
    change(RESOURCE, ["delete", "create"], before={"id": "old"}, after={"rest_api_id": "api1"})
)
OLD_IN_STATE = {RESOURCE: {"id": "old"}}
DELETION = event("apply_complete", RESOURCE, "delete")
CREATION = event("apply_complete", RESOURCE, "create", "new")


def test_a_replacement_is_imported_after_its_predecessor_has_left_the_state() -> None:
    found = adoptions(REPLACED, [DELETION, CREATION], OLD_IN_STATE, OLD_IN_STATE)
    assert found.certain == (Adoption(RESOURCE, "api1/new", forget=True),)


def test_children_belong_to_the_replacement_of_their_parent() -> None:
    api = "aws_api_gateway_rest_api.pets"
    reference = {"constant_value": f"${{{api}.id}}", "references": [f"{api}.id", api]}
    resource = {"address": RESOURCE, "expressions": {"rest_api_id": reference}}
    approved = plan(
        change(api, ["delete", "create"], before={"id": "api1"}, after={"name": "pets"}),
        change(RESOURCE, ["delete", "create"], before={"id": "old"}, after={"path_part": "pets"}),
        configuration={"root_module": {"resources": [resource]}},
    )
    state = {**OLD_IN_STATE, api: {"id": "api1"}}
    told = [
        DELETION,
        event("apply_complete", api, "delete"),
        event("apply_complete", api, "create", "api2"),
        event("apply_start", RESOURCE, "create"),
    ]
    found = adoptions(approved, told, state, state)
    assert found.certain == (Adoption(api, "api2", forget=True),)
    [doubt] = found.search
    assert (doubt.facts, doubt.forget) == ({"path_part": "pets", "rest_api_id": "api2"}, True)


def test_a_replacement_that_the_state_has_is_not_imported() -> None:
    known = {RESOURCE: {"id": "new"}}
    assert adoptions(REPLACED, [DELETION, CREATION], known, known).is_empty


def test_a_replacement_of_the_same_id_needs_no_import() -> None:
    same = event("apply_complete", RESOURCE, "create", "old")
    assert adoptions(REPLACED, [DELETION, same], OLD_IN_STATE, OLD_IN_STATE).is_empty


def test_a_replacement_is_lost_while_its_predecessor_is_still_there() -> None:
    [lost] = adoptions(REPLACED, [CREATION], OLD_IN_STATE, OLD_IN_STATE).lost
    assert (lost.address, lost.identity) == (RESOURCE, "new")


def test_updates_and_deletions_need_no_adoption() -> None:
    approved = plan(
        change(RESOURCE, ["update"], before={"id": "1"}, after={"id": "1"}),
        change("aws_iam_role.x", ["delete"], before={"id": "x"}),
    )
    told = [
        event("apply_complete", RESOURCE, "update", "1"),
        event("apply_complete", "aws_iam_role.x", "delete"),
    ]
    assert adoptions(approved, told, (), {}).is_empty


def test_events_about_what_was_not_to_be_made_are_passed_over() -> None:
    approved = plan(change(RESOURCE, ["no-op"], before={"id": "1"}, after={"id": "1"}))
    assert adoptions(approved, [CREATION], (), {}).is_empty


def test_import_blocks_are_terraform_json() -> None:
    found = import_blocks([Adoption("b.b", "2"), Adoption("a.a", "1")])
    assert found == {"import": [{"to": "a.a", "id": "1"}, {"to": "b.b", "id": "2"}]}
