"""`gateprint saml check`: verdicts, exit codes, forms of a response, and what is not shown."""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlencode

import pytest
from lxml import etree

from tests.cli.conftest import Cli, Ran
from tests.support.saml_response import (
    Fields,
    pair,
    posted,
    provider_metadata,
    signed,
    unsigned,
)

RIGHT = Fields().but(Role=[pair("pets-auditor")])
AT = ("--at", "2026-06-01T12:00:00Z")


@pytest.fixture(autouse=True)
def _provider(project: Path) -> None:
    """Let the project's identity provider be the one that signs in these tests."""
    (project / "config/identity/auth0.xml").write_text(provider_metadata())


def check(cli: Cli, text: str, more: Iterable[str] = AT) -> Ran:
    Path("response.b64").write_text(text)
    common = ("saml", "check", "response.b64", "--role", "pets-auditor")
    return cli(*common, "--environment", "nonprod", *more)


def test_a_right_response_ends_with_0(cli: Cli) -> None:
    ran = check(cli, posted(signed(RIGHT)))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith("no check failed\n")


def test_a_wrong_response_ends_with_3(cli: Cli) -> None:
    ran = check(cli, posted(signed(RIGHT.but(RoleSessionName=["Carla Jones"]))))
    assert ran.code == 3
    assert ran.out.endswith("1 of 17 checks failed\n")


def test_json_has_every_check(cli: Cli) -> None:
    ran = check(cli, posted(unsigned(RIGHT)), [*AT, "--format", "json"])
    found = json.loads(ran.out)
    assert ran.code == 3
    assert (found["role"], found["environment"]) == ("pets-auditor", "nonprod")
    assert found["at"] == "2026-06-01T12:00:00+00:00"
    assert found["checks"][0] == {
        "name": "signature",
        "verdict": "failed",
        "expected": "by a certificate in the metadata of auth0",
        "found": "neither the response nor its assertion is signed",
    }
    assert len(found["checks"]) == 17


@pytest.mark.parametrize(
    "form",
    [
        etree.tostring(signed(RIGHT)).decode(),
        urlencode({"SAMLResponse": posted(signed(RIGHT)), "RelayState": ""}),
        "SAMLResponse=" + posted(signed(RIGHT)),
        posted(signed(RIGHT)) + "\n",
    ],
    ids=["XML", "form", "decoded form", "base64"],
)
def test_a_response_may_be_captured_in_several_forms(cli: Cli, form: str) -> None:
    assert check(cli, form).code == 0


def test_standard_input_is_read(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    content = io.BytesIO(posted(signed(RIGHT)).encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(content))
    arguments = ("--role", "pets-auditor", "--environment", "nonprod")
    assert cli("saml", "check", "-", *arguments, *AT).code == 0


def test_the_time_is_now_unless_another_is_given(cli: Cli) -> None:
    ran = check(cli, posted(signed(RIGHT)), [])
    assert ran.code == 3
    assert check(cli, posted(signed(RIGHT)), ["--at", "2026-06-01T12:00:00"]).code == 0
    assert check(cli, posted(signed(RIGHT)), ["--at", "2026-06-01T14:00:00+02:00"]).code == 0
    assert check(cli, posted(signed(RIGHT)), ["--at", "noon"]).code == 2


def test_a_time_without_a_zone_is_in_utc(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert check(cli, posted(signed(RIGHT)), ["--at", "2026-06-01T12:00:00"]).code == 0
    finally:
        monkeypatch.undo()
        time.tzset()


def test_what_cannot_be_read_ends_with_1(cli: Cli) -> None:
    ran = check(cli, "no response")
    assert (ran.code, ran.out) == (1, "")
    assert "response.b64:1:1: error: it is neither base64 nor XML [wrong-response]" in ran.err
    missing = cli("saml", "check", "none.b64", "--role", "pets-auditor", "--environment", "nonprod")
    assert missing.code == 1
    assert check(cli, "A" * 2_000_000).code == 1


def test_an_environment_has_to_be_chosen_where_the_role_goes_to_several(cli: Cli) -> None:
    Path("response.b64").write_text(posted(signed(RIGHT)))
    ran = cli("saml", "check", "response.b64", "--role", "pets-auditor")
    assert ran.code == 2
    assert "add --environment nonprod or prod" in ran.err


def test_an_unknown_role_is_a_wrong_command_line(cli: Cli) -> None:
    ran = cli("saml", "check", "response.b64", "--role", "pets-auditer")
    assert ran.code == 2
    assert "did you mean pets-auditor?" in ran.err


def test_a_role_that_is_made_elsewhere_cannot_be_checked(cli: Cli) -> None:
    path = Path("blueprints/pets.yaml")
    path.write_text(path.read_text().replace("pets-auditor:", "pets-inspector:"))
    ran = cli("saml", "check", "response.b64", "--role", "pets-auditor", "--environment", "prod")
    assert ran.code == 2
    assert "made elsewhere" in ran.err


@pytest.mark.parametrize("form", ["table", "json"])
def test_nothing_of_the_assertion_is_shown_or_kept(cli: Cli, project: Path, form: str) -> None:
    text = posted(signed(RIGHT))
    ran = check(cli, text, [*AT, "--format", form])
    for each in ("carla", "staff", "member", text[:40], "<saml", "Assertion"):
        assert each not in ran.out + ran.err
    assert not (project / ".gateprint").exists()
