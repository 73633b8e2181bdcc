"""The pets page in a real browser: preflight, sign-in, and what each person may do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.browser.conftest import Shop
from tests.browser.visits import Visit

pytestmark = pytest.mark.terraform

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
STRANGER = "https://stranger.example.com/"
MAY_NOT = "The role {role} may not do this on {stage}."


@pytest.fixture
def visit(page: Page) -> Visit:
    return Visit(page)


@pytest.fixture
def sent(page: Page) -> Iterator[list[Request]]:
    """The requests to the API, preflights among them."""
    found: list[Request] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.requestWillBeSent", lambda event: found.append(event["request"]))
    yield found
    session.detach()


def test_the_pets_are_there_for_everybody(visit: Visit) -> None:
    assert visit.pets()[:3] == ["dog", "cat", "goldfish"]
    assert visit.statuses() == ["GET /pets 200"]


def test_who_has_not_signed_in_is_told_to(visit: Visit) -> None:
    assert visit.details(1) == "This asks for a signature: sign in first."
    assert visit.add("parrot", "80") == "This asks for a signature: sign in first."
    assert visit.statuses()[1:] == ["GET /pets/1 403", "POST /pets 403"]


def test_a_visitor_adds_a_pet_after_a_preflight(visit: Visit, sent: list[Any]) -> None:
    visit.sign_in("Visitor", "auth0-api-role")
    assert visit.details(2) == "Number 2: a cat for $125.50"
    assert visit.add("parrot", "80") == "The parrot is for sale."
    assert "parrot" in visit.pets()
    methods = [each["method"] for each in sent if each["url"].endswith("/dev/pets")]
    assert methods[-2:] == ["OPTIONS", "POST"] or methods[-2:] == ["POST", "OPTIONS"]


@pytest.mark.parametrize(
    ("person", "role", "stage", "details", "added"),
    [
        (
            "Visitor",
            "auth0-api-role",
            "prod",
            "Number 1: a dog for $250.00",
            "The owl is for sale.",
        ),
        ("Auditor", "pets-auditor", "prod", "Number 1: a dog for $250.00", MAY_NOT),
        ("Auditor", "pets-auditor", "dev", MAY_NOT, MAY_NOT),
        ("Shop keeper", "pets-auditor", "test", MAY_NOT, MAY_NOT),
        ("Packer", "auth0-api-role", "test", "Number 1: a dog for $250.00", "The owl is for sale."),
    ],
)
def test_everybody_may_do_what_the_access_table_says(
    visit: Visit, person: str, role: str, stage: str, details: str, added: str
) -> None:
    visit.sign_in(person, role)
    if stage != "dev":
        visit.choose(stage)
    assert visit.details(1) == details.format(role=role, stage=stage)
    assert visit.add("owl", "20") == added.format(role=role, stage=stage)


def test_the_reason_is_that_of_aws(visit: Visit) -> None:
    visit.sign_in("Auditor", "pets-auditor")
    visit.details(1)
    reason = visit.page.locator("#requests .reason").first.inner_text()
    assert "assumed-role/pets-auditor/auditor@shop.example.com is not authorized" in reason


def test_sts_refuses_a_role_that_is_not_for_the_person(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("Try another role as Visitor").click()
    page.get_by_role("button", name="Visitor: try pets-auditor").click()
    page.wait_for_url("**/acs")
    assert page.get_by_role("heading", level=1).inner_text() == "Not signed in"
    assert page.locator("dd code").inner_text() == "AccessDenied"
    page.get_by_role("link", name="Back to the pets").click()
    page.wait_for_selector("html[data-ready] #visitor:not([hidden])")


def test_credentials_expire(visit: Visit) -> None:
    visit.sign_in("Visitor", "auth0-api-role", "10 seconds, to see it expire")
    assert visit.details(1) == "Number 1: a dog for $250.00"
    left = visit.page.locator("#left")
    assert re.fullmatch(r"in 0:\d\d", left.inner_text())
    visit.page.wait_for_function("() => document.getElementById('left').textContent === 'expired'")
    visit.page.wait_for_timeout(1000)
    assert visit.details(1) == "Your credentials have expired: sign in again."
    assert visit.statuses()[-1] == "GET /pets/1 403"


def test_credentials_stay_in_the_tab(visit: Visit) -> None:
    visit.sign_in("Visitor", "auth0-api-role")
    context = visit.page.context
    assert context.cookies() == []
    assert visit.page.evaluate("localStorage.length") == 0
    other = context.new_page()
    other.goto("/")
    assert other.locator("#visitor").is_visible()
    visit.page.reload()
    assert visit.page.locator("#role").inner_text() == "auth0-api-role"
    visit.page.go_back()
    assert "/acs" not in visit.page.url
    assert "ASIA" not in visit.page.url


def test_signing_out_forgets_them(visit: Visit) -> None:
    visit.sign_in("Visitor", "auth0-api-role")
    visit.page.get_by_role("button", name="Sign out").click()
    assert visit.page.evaluate("sessionStorage.getItem('session')") is None
    assert visit.details(1) == "This asks for a signature: sign in first."


def test_nobody_is_signed_in_who_did_not_ask(visit: Visit) -> None:
    """A page that has an answer for another tab, with that tab's RelayState, changes nothing."""
    page = visit.page
    page.goto("/sign-in?RelayState=of-another-tab")
    page.get_by_role("button", name="Visitor: sign in as auth0-api-role").click()
    page.get_by_text("Nobody in this tab asked to sign in").wait_for()
    assert page.evaluate("sessionStorage.getItem('session')") is None


def test_another_site_cannot_post_a_sign_in(chromium: Browser, shop: Shop) -> None:
    page = chromium.new_page()
    page.route(STRANGER, lambda route: route.fulfill(body="<p>", content_type="text/html"))
    page.goto(STRANGER)
    with page.expect_navigation():
        page.evaluate(
            """site => {
                const form = document.createElement("form");
                Object.assign(form, {method: "post", action: `${site}/acs`});
                document.body.append(form);
                form.submit();
            }""",
            shop.site,
        )
    assert "The form comes from another site." in page.inner_text("main")
    page.close()


@pytest.mark.parametrize("path", ["/open", "/orders"])
def test_an_origin_that_is_not_allowed_reads_nothing(page: Page, shop: Shop, path: str) -> None:
    assert _read(page, shop.desk + path) == "TypeError"


def test_the_origin_that_is_allowed_reads(chromium: Browser, shop: Shop) -> None:
    page = chromium.new_page()
    page.goto(shop.other_site)
    assert json.loads(_read(page, f"{shop.desk}/open")) == {"open": True}
    page.close()


def _read(page: Page, address: str) -> str:
    found: str = page.evaluate(
        """address => fetch(address, {headers: {Authorization: "none"}})
            .then(answer => answer.text(), error => error.name)""",
        address,
    )
    return found


def test_everything_works_by_keyboard(visit: Visit) -> None:
    page = visit.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.get_by_role("button", name="Sign in").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Visitor: sign in as auth0-api-role").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-ready] #person:not([hidden])")
    page.get_by_label("Kind").focus()
    page.keyboard.type("hamster")
    page.keyboard.press("Tab")
    page.keyboard.type("12.50")
    page.keyboard.press("Enter")
    page.get_by_text("The hamster is for sale.").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
def test_the_pages_are_accessible_and_fit(
    chromium: Browser, shop: Shop, scheme: Any, width: int
) -> None:
    size: Any = {"width": width, "height": 800}
    context = chromium.new_context(
        base_url=shop.site, color_scheme=scheme, viewport=size, bypass_csp=True
    )
    page = context.new_page()
    page.goto("/")
    page.wait_for_selector("html[data-ready]")
    visit = Visit(page)
    visit.details(1)
    assert _flaws(page) == []
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("Try another role as Visitor").click()
    assert _flaws(page) == []
    page.get_by_role("button", name="Visitor: sign in as auth0-api-role").click()
    page.wait_for_selector("html[data-ready] #person:not([hidden])")
    visit.add("rabbit", "30")
    assert _flaws(page) == []
    context.close()


def _flaws(page: Page) -> list[str]:
    """Return what axe finds on the page, and whether it is wider than the window."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then(result => result.violations)")
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [each["id"] for each in found] + (["too wide"] if wide else [])


def test_the_console_stays_quiet(chromium: Browser, shop: Shop) -> None:
    """A violated content security policy, or a script's error, would be told there."""
    page = chromium.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.goto(shop.site)
    page.wait_for_selector("html[data-ready]")
    Visit(page).sign_in("Visitor", "auth0-api-role")
    page.wait_for_load_state("networkidle")
    assert told == []
    page.close()
