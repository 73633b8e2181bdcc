"""What identity providers are told: the values, and code that is right in its own language."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateprint.access.saml.guides import GUIDES, Guide, plain
from gateprint.access.saml.identity import SignIn
from gateprint.model.saml import (
    ROLE,
    SAML_LISTS,
    SAML_SINGLES,
    SESSION_DURATION,
    SESSION_NAME,
    attribute_names,
)
from gateprint.workflow.identity import instruct
from gateprint.workflow.roles import PlacedRole
from tests.docs.pages import blocks
from tests.model.made import NONPROD, SMALL, edited, environment_of, resolved_of

AFFILIATION = "urn:oid:1.3.6.1.4.1.5923.1.1.1.1"
PAIR = "arn:aws:iam::123456789012:role/pets-reader,arn:aws:iam::123456789012:saml-provider/auth0"
# What ends a text, a line or a fence in one of the languages; all of it may stand in a blueprint.
HOSTILE = (
    '"); process.exit(1); ("',
    "'; --",
    "\\",
    '\\"',
    "</script>",
    "```",
    "${user}",
    "$role",
    "`id`",
    "//",
    "/*",
    "é ÿ",
    "a|b",
    "a^$.(){}[]+b",
    "{0}",
    "%{",
)


def instructions(region: str = "us-east-2", **more: Any) -> tuple[SignIn, str, Mapping[str, Guide]]:
    """Return what is said of the small blueprint's role, with fields of it replaced."""
    environment = environment_of(edited(NONPROD, {"us-east-2": region}))
    role = replace(resolved_of(SMALL, environment).roles[0], **more)
    (found,) = instruct([PlacedRole(role, environment)], tuple(GUIDES))
    return found.sign_in, found.values, found.guides


def test_the_values_are_those_of_the_trust_policy() -> None:
    found, text, _ = instructions(max_session_seconds=7200)
    assert found.role_value == PAIR
    assert found.acs == found.audience == "https://signin.aws.amazon.com/saml"
    assert found.regional_acs == "https://us-east-2.signin.aws.amazon.com/saml"
    assert found.session_seconds == 7200
    assert found.name_id_format == "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
    for each in (PAIR, ROLE, SESSION_NAME, SESSION_DURATION, "`7200`", "urn:acme.auth0.com"):
        assert each in text


@pytest.mark.parametrize(
    ("region", "partition", "host"),
    [
        ("cn-north-1", "aws-cn", "signin.amazonaws.cn"),
        ("us-gov-west-1", "aws-us-gov", "signin.amazonaws-us-gov.com"),
    ],
)
def test_the_values_are_right_for_the_partition(region: str, partition: str, host: str) -> None:
    found, text, guides = instructions(region)
    assert found.acs == f"https://{host}/saml"
    assert found.regional_acs == f"https://{region}.{host}/saml"
    assert found.role_value == PAIR.replace("arn:aws:", f"arn:{partition}:")
    for each in (text, *(guide.text for guide in guides.values())):
        assert "signin.aws.amazon.com" not in each
        assert "arn:aws:" not in each


@pytest.mark.parametrize("name", GUIDES)
def test_every_guide_has_role_duration_and_address(name: str) -> None:
    _, _, guides = instructions(max_session_seconds=5400)
    code = "\n".join(guides[name].code.values())
    for each in (PAIR, ROLE, SESSION_NAME, SESSION_DURATION, "5400"):
        assert each in guides[name].text
        assert each in code or name == "keycloak"
    assert "signin.aws.amazon.com" in guides[name].text


@pytest.mark.parametrize("name", GUIDES)
def test_every_claim_is_under_the_name_that_aws_reads(name: str) -> None:
    when = {key: ("x",) for key in SAML_LISTS + SAML_SINGLES if attribute_names(key)}
    _, _, guides = instructions(when=when)
    for key in when:
        assert f'"{attribute_names(key)[0]}"' in guides[name].text


def test_keys_without_an_attribute_are_explained() -> None:
    when = {"sub": ("carla",), "primaryGroupSID": ("S-1",), "sub_type": ("transient",)}
    found, text, guides = instructions(when=when)
    assert "`SAML:sub`, the NameID:" in text
    assert "`SAML:primaryGroupSID`, an attribute whose name AWS does not document:" in text
    assert found.name_id_format == "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
    assert not any("carla" in each.text for each in guides.values())


def test_a_whole_name_id_format_is_taken_as_it_is() -> None:
    form = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
    assert instructions(when={"sub_type": (form,)})[0].name_id_format == form


def test_a_role_that_is_made_elsewhere_says_what_is_not_known() -> None:
    found, text, guides = instructions(identity_provider=None, max_session_seconds=3600)
    assert found.role_arn == PAIR.partition(",")[0]
    assert (found.role_value, found.session_seconds) == (None, None)
    assert "Not known here" in text
    assert "3600" not in text
    assert guides == {}


# In their own languages.


def json_of(guides: Mapping[str, Guide]) -> dict[str, Any]:
    return {
        file: json.loads(text)
        for guide in guides.values()
        for file, text in guide.code.items()
        if file.endswith(".json")
    }


def test_the_json_parses_whatever_the_values_are() -> None:
    found = json_of(instructions(when={"edupersonaffiliation": HOSTILE})[2])
    assert set(found) == {
        *("addon.json", "sign-on.json", "app-role.json", "policy.json", "client.json")
    }


def test_a_guide_in_markdown_has_its_code_in_fences_of_its_own(tmp_path: Path) -> None:
    _, values, guides = instructions(when={"edupersonaffiliation": HOSTILE, "sub": HOSTILE})
    for name, each in guides.items():
        page = tmp_path / f"{name}.md"
        page.write_text(each.text, encoding="utf-8")
        texts = [block.text.rstrip("\n") for block in blocks(page)]
        assert [text for text in texts if text != PAIR] == list(each.code.values())
    page.write_text(values, encoding="utf-8")
    assert [json.loads(block.text) for block in blocks(page)] == [
        {AFFILIATION: list(HOSTILE)},
        list(HOSTILE),
    ]


def test_plain_text_has_the_code_without_fences() -> None:
    text = "# a\n\n```json\n{\n\n}\n```\nend\n"
    assert plain(text) == "# a\n\n    {\n\n    }\nend\n"


def run_action(action: str, event: Mapping[str, Any]) -> dict[str, Any]:
    """Run the Action in Node for an event; return what it did."""
    program = f"""
{action}
const done = {{attributes: {{}}, denied: false}};
const api = {{
  access: {{ deny: () => {{ done.denied = true; }} }},
  samlResponse: {{ setAttribute: (name, value) => {{ done.attributes[name] = value; }} }},
}};
exports.onExecutePostLogin({json.dumps(event)}, api).then(() => console.log(JSON.stringify(done)));
"""
    ended = subprocess.run(
        ["node", "--input-type=commonjs"],
        input=program,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def action_of(client: str = "abc", **more: Any) -> str:
    action = instructions(**more)[2]["auth0"].code["action.js"]
    assert action.count('CLIENT_ID = ""') == 1
    return action.replace('CLIENT_ID = ""', f'CLIENT_ID = "{client}"')


def event(**more: Any) -> dict[str, Any]:
    return {
        "client": {"client_id": "abc"},
        "connection": {"name": "staff-directory"},
        "authorization": {"roles": ["pets-reader"]},
        "user": {"user_id": "auth0|1", "email": "carla jones@acme.example.com"},
        **more,
    }


NOTHING = {"attributes": {}, "denied": False}
DENIED = {"attributes": {}, "denied": True}


def test_the_action_gives_the_role_to_a_member_of_the_group() -> None:
    assert run_action(action_of(max_session_seconds=7200), event()) == {
        "denied": False,
        "attributes": {
            ROLE: [PAIR],
            SESSION_NAME: "carla-jones@acme.example.com",
            SESSION_DURATION: "7200",
        },
    }


def test_the_action_gives_the_role_to_people_of_a_connection() -> None:
    action = action_of().replace("connections: []", 'connections: ["staff-directory"]')
    found = run_action(action, event(authorization={"roles": []}))
    assert found["attributes"][ROLE] == [PAIR]


@pytest.mark.parametrize(
    "more",
    [{"authorization": {"roles": ["other"]}}, {"authorization": {}}, {"authorization": None}],
)
def test_the_action_denies_everybody_else(more: dict[str, Any]) -> None:
    assert run_action(action_of(), event(**more)) == DENIED


def test_the_action_leaves_other_applications_alone() -> None:
    assert run_action(action_of(), event(client={"client_id": "other"})) == NOTHING
    assert run_action(action_of(client=""), event(client={"client_id": ""})) == NOTHING


def test_the_action_sends_accepted_values_and_no_others() -> None:
    action = action_of(when={"edupersonaffiliation": ("staff", "auditor")})
    user = event()["user"]
    values = {"edupersonaffiliation": ["member", "auditor", "staff"]}
    found = run_action(action, event(user={**user, "app_metadata": values}))
    assert found["attributes"][AFFILIATION] == ["auditor", "staff"]
    values = {"edupersonaffiliation": ["member"]}
    assert run_action(action, event(user={**user, "app_metadata": values})) == DENIED
    # What people write about themselves counts for nothing.
    values = {"edupersonaffiliation": ["staff"]}
    assert run_action(action, event(user={**user, "user_metadata": values})) == DENIED


def test_the_action_has_the_values_exactly_whatever_they_are() -> None:
    values = {"edupersonaffiliation": list(HOSTILE)}
    user = {**event()["user"], "app_metadata": values}
    found = run_action(action_of(when={"edupersonaffiliation": HOSTILE}), event(user=user))
    assert found["attributes"][AFFILIATION] == list(HOSTILE)


def test_a_session_name_of_the_action_is_one_that_aws_takes() -> None:
    found = run_action(action_of(), event(user={"user_id": "waad|" + "ä" * 90}))
    name = found["attributes"][SESSION_NAME]
    assert re.fullmatch(r"[\w+=,.@-]{2,64}", name, re.ASCII)


# AD FS: strings are in double quotes and know no escapes.
RULE = re.compile(
    r'@RuleName = "[^"\n]*"\n'
    r'(?:c:\[(?:Type|Value|Issuer) (?:==|=~) "[^"\n]*"'
    r'(?:, (?:Type|Value|Issuer) (?:==|=~) "[^"\n]*")*\]\n)?'
    r' => (?:issue|add)\((?:[A-Za-z]+(?:\["[^"\n]*"\])? = '
    r'(?:"[^"\n]*"|\("[^"\n]*"\)|c\.[A-Za-z]+)(?:,\s+)?)+\);'
)


def test_every_claim_rule_has_the_form_of_one_whatever_the_values_are() -> None:
    rules = instructions(when={"edupersonaffiliation": HOSTILE})[2]["adfs"].code["rules.txt"]
    found = rules.split("\n\n")
    assert len(found) == 5 + len(HOSTILE)
    assert [each for each in found if not RULE.fullmatch(each)] == []


def test_a_claim_rule_means_the_value_exactly() -> None:
    rules = instructions(when={"edupersonaffiliation": HOSTILE})[2]["adfs"].code["rules.txt"]
    tests = re.findall(r'Value (==|=~) "([^"]*)"\]\n => issue\(Type = "urn:oid', rules)
    assert len(tests) == len(HOSTILE)
    for (operator, text), value in zip(tests, HOSTILE, strict=True):
        if operator == "==":
            assert text == value
        else:
            assert re.fullmatch(text, value)
            assert not re.fullmatch(text, value + "x")
            assert not re.search(r"[^\w\\^$]", text)


def test_entra_is_told_of_a_value_that_is_too_long() -> None:
    assert "120" not in instructions()[2]["entra"].text
    assert "120" in instructions(name="r" * 64)[2]["entra"].text


def test_an_app_role_has_the_same_id_each_time() -> None:
    first, second = (instructions()[2]["entra"].code["app-role.json"] for _ in range(2))
    assert first == second
    other = instructions(name="other")[2]["entra"].code["app-role.json"]
    assert json.loads(other)["id"] != json.loads(first)["id"]


def test_a_documented_name_exists_for_all_but_what_aws_makes_itself() -> None:
    without = {key for key in SAML_LISTS + SAML_SINGLES if not attribute_names(key)}
    assert without == {"sub", "sub_type", "namequalifier", "doc", "primaryGroupSID"}
