"""The value of an API key is masked wherever a plan has it, whatever the provider marks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateprint.terraform.plans.masking import masked, secrets_of
from tests.terraform.plans.documents import change, document

PLANTED = "PlantedValueOfAnApiKey0123456789abcdef00"
MEMBER = "aws_api_gateway_usage_plan_key.partner_acme"


def member(**more: Any) -> dict[str, Any]:
    return change(MEMBER, ("delete",), before={"value": PLANTED, "name": "acme"}, **more)


def resource() -> dict[str, Any]:
    return {
        "address": MEMBER,
        "mode": "managed",
        "type": "aws_api_gateway_usage_plan_key",
        "name": "partner_acme",
        "values": {"value": PLANTED, "name": "acme"},
        "sensitive_values": {},
    }


PLANS: dict[str, dict[str, Any]] = {
    "a change": document(member()),
    "a drift": document(resource_drift=[member()]),
    "the state": document(
        prior_state={
            "format_version": "1.0",
            "values": {"root_module": {"resources": [resource()]}},
        }
    ),
    "what is planned": document(
        planned_values={"root_module": {"child_modules": [{"resources": [resource()]}]}}
    ),
    "another attribute": document(member(), change("aws_x.y", after={"text": f"a {PLANTED}"})),
}


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_a_key_is_in_no_kept_plan_and_is_known_to_who_scrubs_logs(plan: dict[str, Any]) -> None:
    assert PLANTED in json.dumps(plan)
    text = json.dumps(masked(plan))
    assert PLANTED not in text
    assert "acme" in text, "its name is no secret"
    assert PLANTED in secrets_of(plan)
