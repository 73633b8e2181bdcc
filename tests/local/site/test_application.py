"""The site's answers: who may sign in as whom, the exchange, and what it refuses."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from tests.local.site.made import HOST, PROVIDER, ROLES, FakeAws, browser
from tests.support.saml import metadata

RELAY = {"RelayState": "made-by-this-tab"}
OWN = {"Origin": HOST, "Host": "127.0.0.1:4600"}
AUDITORS = "arn:aws:iam::000000000000:role/auditors"


def get(path: str, aws: FakeAws | None = None, **headers: str) -> Any:
    return browser(aws).get(path, headers={"Host": "127.0.0.1:4600", **headers})


def post(path: str, form: dict[str, str], aws: FakeAws | None = None, **headers: str) -> Any:
    return browser(aws).post(path, data=form, headers={**OWN, **headers})


def choice(person: str, role: str, seconds: str = "900") -> dict[str, str]:
    return {"choice": f"{person} {role} {PROVIDER}", "seconds": seconds, **RELAY}


def parsed(page: str) -> Any:
    """The page as a tree; lxml's stubs know xpath's results too well."""
    return html.fromstring(page)


def fields_of(page: str) -> dict[str, str]:
    return {each.get("name"): each.get("value") for each in parsed(page).iter("input")}


def signed_in(aws: FakeAws, form: dict[str, str] | None = None) -> Any:
    """Choose an auditor, and post what the sign-in page answers with."""
    answer = post("/sign-in", form or choice("auditor", AUDITORS), aws)
    assert answer.status_code == 200, answer.text
    return post("/acs", fields_of(answer.text), aws)


def test_people_stand_beside_the_roles_that_let_them_in() -> None:
    page = parsed(get("/sign-in?RelayState=x").text)
    found = {
        section.findtext("h2"): [
            each.get("value").split()[1].rpartition("/")[2]
            for each in section.xpath("div[@class='choices']/button")
        ]
        for section in page.iter("section")
    }
    assert found == {
        "Visitor": ["buyers"],
        "Shop keeper": ["buyers"],
        "Auditor": ["auditors", "buyers"],
        "Packer": ["buyers"],
        "Somebody for pilots": ["buyers", "pilots"],
    }


def test_a_sign_in_ends_with_credentials_for_the_tab_that_asked() -> None:
    aws = FakeAws()
    answer = signed_in(aws)
    handover = parsed(answer.text).xpath("//script[@id='handover']")[0]
    assert json.loads(handover.text) == {
        "relayState": "made-by-this-tab",
        "session": {
            "access_key": "ASIAEXAMPLE",
            "secret_key": "example",
            "token": "token",
            "expires": "2026-06-01T12:15:00+00:00",
            "role": "auditors",
            "name": "auditor@shop.example.com",
        },
    }
    assert answer.headers["Cache-Control"] == "no-store"
    [asked] = aws.exchanged
    assert (asked["RoleArn"], asked["PrincipalArn"]) == (AUDITORS, PROVIDER)
    assert asked["DurationSeconds"] == 900


def test_what_sts_says_is_shown_and_nothing_else() -> None:
    aws = FakeAws(refusal=("AccessDenied", "Not authorized <b>to</b> perform it"))
    answer = signed_in(aws, choice("visitor", AUDITORS))
    assert answer.status_code == 403
    shown = [" ".join(each.itertext()) for each in parsed(answer.text).iter("dd")]
    assert shown == ["AccessDenied", "Not authorized <b>to</b> perform it"]


def test_the_cloud_is_told_to_the_page() -> None:
    base = "http://127.0.0.1:4599/_aws/execute-api/abc123"
    assert get("/cloud.json").json == {
        "region": "us-east-2",
        "apis": [
            {
                "id": "abc123",
                "name": "pets",
                "stages": {"dev": f"{base}/dev", "prod": f"{base}/prod"},
            }
        ],
    }


def test_an_api_without_pets_is_none_of_the_page() -> None:
    assert get("/cloud.json", FakeAws(paths=("/", "/orders"))).json["apis"] == []


@pytest.mark.parametrize("text", [metadata("urn:acme.auth0.com", "acme.auth0.com"), "xxx"])
def test_a_provider_of_somebody_else_is_named(text: str) -> None:
    page = get("/sign-in?RelayState=x", FakeAws(metadata=text)).text
    assert "<code>auth0</code> trusts another sign-in system" in page
    assert "<button" not in page
    assert post("/sign-in", choice("auditor", AUDITORS), FakeAws(metadata=text)).status_code == 400


def test_nobody_can_sign_in_before_anything_is_deployed() -> None:
    assert "make demo" in get("/sign-in?RelayState=x", FakeAws(roles=())).text


@pytest.mark.parametrize("path", ["/", "/sign-in?RelayState=x", "/cloud.json", "/nothing"])
def test_every_answer_closes_the_doors(path: str) -> None:
    headers = get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "connect-src 'self' http://127.0.0.1:4599;" in policy
    assert "unsafe" not in policy
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in headers


def test_no_page_has_a_script_or_a_style_of_its_own() -> None:
    aws = FakeAws()
    pages = [get("/").text, get("/sign-in?RelayState=x").text, signed_in(aws).text]
    for text in pages:
        page = parsed(text)
        kinds = {each.get("type") for each in page.iter("script") if not each.get("src")}
        assert kinds <= {"application/json"}
        assert not page.xpath("//style | //@style | //@*[starts-with(name(), 'on')]")


def test_what_is_read_of_the_account_is_text() -> None:
    name = "x<script>alert(1)</script>"
    hostile = [{**ROLES[0], "RoleName": name}]
    page = get("/sign-in?RelayState=x", FakeAws(roles=hostile)).text
    assert "<script>" not in page
    assert "x&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("path", "form", "headers", "expected"),
    [
        ("/sign-in", choice("auditor", AUDITORS), {"Origin": "http://evil.example.com"}, 403),
        ("/sign-in", choice("auditor", AUDITORS), {"Origin": "null"}, 403),
        ("/sign-in", choice("auditor", AUDITORS), {"Origin": "http://127.0.0.1:4599"}, 403),
        ("/acs", {"SAMLResponse": "PHg+PC94Pg==", **RELAY}, {"Origin": ""}, 403),
        ("/sign-in", choice("nobody", AUDITORS), {}, 400),
        ("/sign-in", choice("auditor", "arn:aws:iam::000000000000:role/function"), {}, 400),
        ("/sign-in", choice("auditor", AUDITORS, "86400"), {}, 400),
        ("/sign-in", choice("auditor", AUDITORS, "-1"), {}, 400),
        ("/acs", {"SAMLResponse": "###", **RELAY}, {}, 400),
        ("/acs", {"SAMLResponse": "PHg+PC94Pg==", **RELAY}, {}, 400),
        ("/acs", {}, {}, 400),
        ("/acs", {"SAMLResponse": "A" * 300_000}, {}, 413),
        ("/", {}, {}, 405),
        ("/nothing", {}, {}, 404),
    ],
)
def test_what_is_posted_wrongly_is_refused(
    path: str, form: dict[str, str], headers: dict[str, str], expected: int
) -> None:
    aws = FakeAws()
    assert post(path, form, aws, **headers).status_code == expected
    assert aws.exchanged == []


@pytest.mark.parametrize(
    ("path", "host", "expected"),
    [
        ("/", "127.0.0.1:4600", 200),
        ("/", "localhost:4600", 200),
        ("/", "[::1]:4600", 200),
        ("/", "shop.example.com:4600", 403),
        ("/", "127.0.0.1.evil.example.com:4600", 403),
        ("/sign-in", "127.0.0.1:4600", 400),
        (f"/sign-in?RelayState={'x' * 100}", "127.0.0.1:4600", 400),
        ("/static/site.css", "127.0.0.1:4600", 200),
        ("/static/../application.py", "127.0.0.1:4600", 404),
        ("/static/%2e%2e%2fkey.py", "127.0.0.1:4600", 404),
        ("/static/nothing.js", "127.0.0.1:4600", 404),
    ],
)
def test_reading(path: str, host: str, expected: int) -> None:
    assert get(path, Host=host).status_code == expected


def test_the_signer_comes_from_the_node_packages(tmp_path: Path) -> None:
    headers = {"Host": "127.0.0.1:4600"}
    missing = browser(modules=tmp_path).get("/vendor/aws4fetch.js", headers=headers)
    assert missing.status_code == 404
    assert "make setup" in missing.text
    file = tmp_path / "aws4fetch" / "dist" / "aws4fetch.esm.mjs"
    file.parent.mkdir(parents=True)
    file.write_text("export class AwsClient {}")
    found = browser(modules=tmp_path).get("/vendor/aws4fetch.js", headers=headers)
    assert found.headers["Content-Type"].startswith("text/javascript")
    assert found.text == "export class AwsClient {}"


def test_responses_are_never_the_same_twice() -> None:
    first, second = (post("/sign-in", choice("auditor", AUDITORS)).text for _ in range(2))
    assert re.search(r'name="SAMLResponse" value="[A-Za-z0-9+/=]{2000,}"', first)
    assert first != second
