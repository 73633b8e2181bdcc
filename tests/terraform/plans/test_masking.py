"""Plan JSON without its secrets."""

from __future__ import annotations

import json
import secrets
from typing import Any

import pytest

from gateprint.terraform.plans.masking import masked, secrets_of
from tests.terraform.plans.documents import change, document, real

MASK = "(sensitive)"
PLANTED = ("PLANTED-PASSWORD", "PLANTED-CONSTANT", "PLANTED-IN-LIST")


@pytest.fixture
def planted() -> tuple[dict[str, Any], dict[str, str]]:
    """A real plan, with secrets that nobody has seen before."""
    text = json.dumps(real("sensitive"))
    made = {name: secrets.token_urlsafe(16) for name in PLANTED}
    for name, secret in made.items():
        text = text.replace(name, secret)
    return json.loads(text), made


def test_no_secret_is_left_in_a_real_plan(planted) -> None:
    document, made = planted
    text = json.dumps(masked(document))
    assert [name for name, secret in made.items() if secret in text] == []


def test_the_secrets_of_a_real_plan_are_told_so_that_logs_can_be_scrubbed(planted) -> None:
    document, made = planted
    assert set(made.values()) <= secrets_of(document)


def test_what_is_not_sensitive_stays(planted) -> None:
    document, _ = planted
    found = masked(document)
    after = {each["address"]: each["change"]["after"] for each in found["resource_changes"]}
    assert after["terraform_data.plain"]["input"]["colour"] == "red"
    assert after["terraform_data.secret"]["input"] == {
        "list": ["first", MASK],
        "password": MASK,
        "user": "reader",
    }
    assert found["variables"]["colour"] == {"value": "red"}
    assert found["variables"]["password"] == {"value": MASK}
    assert found["output_changes"]["colour"]["after"] == "red"


def test_a_secret_is_masked_where_terraform_does_not_call_it_sensitive(planted) -> None:
    document, made = planted
    before = next(
        each["change"]["before"]
        for each in document["resource_changes"]
        if each["address"] == "terraform_data.plain"
    )
    assert before["output"]["constant"] == made["PLANTED-CONSTANT"], "the fixture lost its point"
    found = json.dumps(masked(document)["resource_changes"])
    assert made["PLANTED-CONSTANT"] not in found


def test_messages_of_checks_are_masked(planted) -> None:
    document, _ = planted
    assert masked(document)["checks"][0]["instances"][0]["problems"] == MASK


@pytest.mark.parametrize("name", ["create", "adopted"])
def test_a_real_stack_loses_nothing_but_the_credentials_of_its_provider(name: str) -> None:
    found, original = masked(real(name)), real(name)
    arguments = original["configuration"]["provider_config"]["aws"]["expressions"]
    for secret in ("access_key", "secret_key"):
        arguments[secret]["constant_value"] = MASK
    assert found == original


UNKNOWN = "what-is-this"


@pytest.mark.parametrize(
    "strange",
    [
        document(deferred_changes=[{"value": UNKNOWN}]),
        document(change("a.b", after=UNKNOWN) | {"novelty": UNKNOWN}),
        document(resource_changes=[{"address": "a.b", "change": {"after": {"x": UNKNOWN}}}]),
        document(resource_changes=[{"address": "a.b", "change": {"novelty": UNKNOWN}}]),
        document(resource_changes=[{"address": "a.b", "change": {"generated_config": UNKNOWN}}]),
        document(planned_values={"novelty": UNKNOWN}),
        document(planned_values={"outputs": {"x": {"value": UNKNOWN}}}),
        document(prior_state={"values": {"root_module": {"resources": [{"values": UNKNOWN}]}}}),
        document(variables={"undeclared": {"value": UNKNOWN}}),
        document(checks=[{"instances": [{"problems": [{"message": UNKNOWN}]}]}]),
        document(configuration={"root_module": {"module_calls": {"x": {"source": UNKNOWN}}}}),
        document(configuration={"root_module": {"resources": [{"provisioners": [UNKNOWN]}]}}),
        document(
            configuration={
                "root_module": {
                    "resources": [
                        {"address": "a.b", "expressions": {"x": {"constant_value": UNKNOWN}}}
                    ]
                }
            }
        ),
    ],
)
def test_a_shape_that_is_not_known_is_masked(strange: dict[str, Any]) -> None:
    assert UNKNOWN not in json.dumps(masked(strange))


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("access_key", "the-key"),
        ("token", "the-key"),
        ("https_proxy", "http://user:the-key@proxy.example.com"),
        ("endpoints", "https://user:the-key@example.com"),
        ("assume_role_with_web_identity", {"web_identity_token": "the-key"}),
    ],
)
def test_a_provider_keeps_only_arguments_that_hold_no_secret(argument: str, value: Any) -> None:
    if isinstance(value, dict):
        expression: Any = [{name: {"constant_value": each} for name, each in value.items()}]
    else:
        expression = {"constant_value": value}
    region = {"constant_value": "us-east-2"}
    expressions = {argument: expression, "region": region}
    provider = {"aws": {"name": "aws", "expressions": expressions}}
    found = masked(document(configuration={"provider_config": provider}))
    assert "the-key" not in json.dumps(found)
    kept = found["configuration"]["provider_config"]["aws"]["expressions"]["region"]
    assert kept == region


@pytest.mark.parametrize(
    ("value", "marks", "expected"),
    [
        ({"a": "secret"}, True, MASK),
        ({"a": "secret", "b": "open"}, {"a": True}, {"a": MASK, "b": "open"}),
        (["open", "secret"], [False, True], ["open", MASK]),
        (["open"], [], ["open"]),
        (["secret", "secret"], [False], MASK),
        ("secret", {"a": True}, MASK),
        (None, {"a": True}, None),
        ({"a": [{"b": "secret"}]}, {"a": [{"b": True}]}, {"a": [{"b": MASK}]}),
    ],
)
def test_values_are_masked_by_their_marks(value: Any, marks: Any, expected: Any) -> None:
    changed = change("a.b", after=value)
    changed["change"]["after_sensitive"] = marks
    assert masked(document(changed))["resource_changes"][0]["change"]["after"] == expected


def test_a_constant_is_masked_where_the_attribute_is_sensitive_in_any_instance() -> None:
    changed = change('a.b["x"]', after={"block": [{"token": "the-token", "open": "word"}]})
    changed["change"]["after_sensitive"] = {"block": [{"token": True}]}
    block = {"token": {"constant_value": "another-token"}, "open": {"constant_value": "word"}}
    resource = {"address": "a.b", "expressions": {"block": [block]}}
    found = masked(document(changed, configuration={"root_module": {"resources": [resource]}}))
    [kept] = found["configuration"]["root_module"]["resources"]
    assert kept["expressions"]["block"] == [
        {"token": {"constant_value": MASK}, "open": {"constant_value": "word"}}
    ]
