"""The JSON Schema of config/review.yaml says what gateprint takes, and proposes the rules."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gateprint.errors import InputRejected
from gateprint.model import source
from gateprint.model.manual.waivers_schema import waivers_schema
from gateprint.model.waivers import waivers_of
from gateprint.review.rules import RULES

NAMES = {each.id: each.title for each in RULES}
SOUND = """\
waivers:
  - rule: gateway-trust
    address: pets-nonprod/role auth0-api-role
    reason: the integration of the reports uses it as its credentials
    until: 2027-03-31
"""
# What is wrong, as (old, new), and the line and code of the diagnostic.
WRONG: dict[str, tuple[str, str, int, str]] = {
    "an unknown rule": ("gateway-trust", "gateway-trusts", 2, "unknown-rule"),
    "a rule about waivers": ("gateway-trust", "expired-waiver", 2, "unknown-rule"),
    "no stack": ("pets-nonprod/role", "role", 3, "wrong-form"),
    "a blank reason": (
        "the integration of the reports uses it as its credentials",
        '" "',
        4,
        "wrong-size",
    ),
    "no such day": ("2027-03-31", "2027-02-30", 5, "wrong-date"),
    "a day as in Germany": ("2027-03-31", "31.3.2027", 5, "wrong-date"),
    "a field too many": ("    until", "    by: somebody\n    until", 5, "unknown-field"),
    "a reason that is missing": ("    reason: the integration", "    # ", 2, "missing-field"),
    "no list": ("  - rule", "    rule", 1, "wrong-type"),
}


def _edited(name: str) -> str:
    old, new, _, _ = WRONG[name]
    assert old in SOUND
    return SOUND.replace(old, new)


def _refused(text: str) -> InputRejected | None:
    try:
        waivers_of(source.read("config/review.yaml", text), NAMES)
    except InputRejected as error:
        return error
    return None


def _told(text: str) -> list[str]:
    data: Any = source.read("config/review.yaml", text).data
    schema = Draft202012Validator(
        waivers_schema(NAMES), format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    return [each.json_path for each in schema.iter_errors(data)]


def test_an_editor_proposes_each_rule_with_what_it_is_about() -> None:
    rule = waivers_schema(NAMES)["$defs"]["WaiverEntry"]["properties"]["rule"]
    assert dict(zip(rule["enum"], rule["enumDescriptions"], strict=True)) == NAMES


@pytest.mark.parametrize("text", [SOUND, "waivers: []\n"])
def test_what_gateprint_takes_is_taken_by_an_editor(text: str) -> None:
    assert _refused(text) is None
    assert _told(text) == []


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_at_its_line_with_a_remedy(name: str) -> None:
    _, _, line, code = WRONG[name]
    error = _refused(_edited(name))
    assert error is not None
    (found,) = error.diagnostics
    assert (found.location.line, found.code) == (line, code)
    assert found.remedy


# An editor sees characters, and no blank reasons.
@pytest.mark.parametrize("name", sorted(WRONG.keys() - {"a blank reason"}))
def test_an_editor_refuses_it_as_well(name: str) -> None:
    assert _told(_edited(name))
