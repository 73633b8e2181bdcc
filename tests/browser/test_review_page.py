"""The review's page in a real browser: it loads nothing, fits a phone, prints, and is inert."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from gateprint.cli.review_formats.html import review_html
from gateprint.review.review import Review
from tests.support.reviews import HOSTILE, crowd, everything, saying

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
SMALLEST_PHONE = 320
# All that a stranger could write, in one text.
HOSTILE_REVIEW = saying(" ".join(HOSTILE.values()))
Scheme = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Desk:
    """A tab in which reviews are opened one after another."""

    page: Page
    file: Path

    def opened(self, found: Review, width: int = 1280, scheme: Scheme = "light") -> Page:
        self.file.write_text(review_html(found), encoding="utf-8")
        self.page.set_viewport_size({"width": width, "height": 800})
        self.page.emulate_media(color_scheme=scheme, media="screen")
        self.page.goto(self.file.as_uri())
        return self.page

    def unfolded(self, found: Review, width: int, scheme: Scheme = "light") -> Page:
        page = self.opened(found, width, scheme)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        return page


@pytest.fixture(scope="module")
def desk(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    # axe is a script, which the page's policy would not let in.
    context = chromium.new_context(bypass_csp=True)
    yield Desk(context.new_page(), tmp_path_factory.mktemp("review") / "review.html")
    context.close()


def test_nothing_is_asked_for_but_the_file(chromium: Browser, tmp_path: Path) -> None:
    """A violated policy, or a script that runs, would be told on the console or by a dialog."""
    desk = Desk(chromium.new_page(), tmp_path / "review.html")
    asked: list[str] = []
    told: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))
    desk.page.on("console", lambda message: told.append(message.text))
    desk.page.on("dialog", lambda dialog: told.append(dialog.message))
    page = desk.opened(HOSTILE_REVIEW)
    assert page.locator("script, img, table, [onmouseover], [onerror]").count() == 0
    assert asked == [desk.file.as_uri()]
    assert told == []
    page.close()


@pytest.mark.parametrize("found", [everything(), crowd(), HOSTILE_REVIEW])
def test_the_smallest_phone_needs_no_scrolling_to_the_side(desk: Desk, found: Review) -> None:
    page = desk.unfolded(found, SMALLEST_PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == SMALLEST_PHONE


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (SMALLEST_PHONE, "dark")])
def test_the_page_is_accessible(desk: Desk, width: int, scheme: Scheme) -> None:
    page = desk.unfolded(everything(), width, scheme)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then(result => result.violations)")
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


@pytest.mark.parametrize(
    ("scheme", "paper"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(20, 23, 27)")]
)
def test_the_dark_is_dark(desk: Desk, scheme: Scheme, paper: str) -> None:
    page = desk.opened(everything(), scheme=scheme)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == paper


def test_what_is_folded_opens_by_keyboard(desk: Desk) -> None:
    page = desk.opened(everything())
    waived = page.get_by_text("logs go elsewhere")
    assert not waived.is_visible()
    page.get_by_text("2 waived").focus()
    page.keyboard.press("Enter")
    assert waived.is_visible()


def test_what_is_folded_is_on_paper(desk: Desk) -> None:
    page = desk.opened(everything())
    page.emulate_media(media="print")
    assert page.get_by_text("logs go elsewhere").bounding_box() is not None
    assert page.get_by_text("logs go elsewhere").is_visible()
    assert not page.locator("nav").is_visible()


def test_the_first_key_leads_past_the_top(desk: Desk) -> None:
    page = desk.opened(everything())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
