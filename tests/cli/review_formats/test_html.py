"""The review's page as a file: it loads nothing, and a stranger's text stays text."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from gateprint.cli.review_formats.html import review_html
from gateprint.review.clusters import Cluster
from tests.support.golden import assert_golden
from tests.support.reviews import (
    HOSTILE_REVIEWS,
    REVIEWS,
    cluster,
    crowd,
    everything,
    finding,
    review,
    same,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "review"
MEGABYTE = 1_000_000
SECTIONS = ["access", "destroyed", "noticed", "findings", "changes", "unverified", "waived"]


def parsed(page: str) -> Any:
    """Parse a page; what XPath returns is whatever the path says."""
    return html.fromstring(page)


def text_of(element: Any) -> str:
    return " ".join(element.text_content().split())


def test_golden_page() -> None:
    assert_golden(GOLDEN / "everything.html", review_html(everything()))


@pytest.mark.parametrize("name", [*REVIEWS, *HOSTILE_REVIEWS])
def test_the_page_loads_and_runs_nothing(name: str) -> None:
    page = parsed(review_html({**REVIEWS, **HOSTILE_REVIEWS}[name]))
    assert page.xpath("//script|//img|//link|//iframe|//form|//object|//embed|//svg") == []
    assert page.xpath("//@src|//@style|//@srcset|//@onerror|//@onmouseover|//@action") == []
    assert {each[0] for each in page.xpath("//@href")} == {"#"}
    assert not re.search(r"url\(|@import", page.findtext(".//style"))


def test_the_policy_allows_the_style_alone() -> None:
    page = review_html(everything())
    style = page.split("<style>", 1)[1].split("</style>", 1)[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        in parsed(page).xpath("//meta[@http-equiv]/@content")[0]
    )


def test_the_sections_stand_in_order_and_are_found_from_the_top() -> None:
    page = parsed(review_html(everything()))
    assert page.xpath("//main/section/@id") == SECTIONS
    assert page.xpath("//nav//a/@href") == [f"#{each}" for each in SECTIONS]
    names = {each.get("id"): text_of(each) for each in page.xpath("//h2")}
    assert all(names[each.get("aria-labelledby")] for each in page.xpath("//section"))


def test_the_page_has_landmarks_a_title_and_one_heading_for_all() -> None:
    page = parsed(review_html(everything()))
    assert page.get("lang") == "en"
    assert page.findtext(".//title").startswith("refused: monday, 20 stacks change")
    assert [text_of(each) for each in page.xpath("//h1")] == ["refused: review of monday"]
    assert [each.tag for each in page.xpath("//body/*")] == ["a", "header", "main", "footer"]


def test_what_has_a_sign_also_has_words() -> None:
    page = parsed(review_html(everything()))
    told = [text_of(each) for each in page.xpath("//section[@id='access']//li")]
    assert told == [
        "open to everybody, or no longer: everyone may call GET /pets on pets/live",
        "gain: clerk gains POST /pets on pets/live",
        "loss: reader loses GET /pets/{id} on pets/live",
        "who may assume a role: whoever is staff may sign in as reader",
    ]
    pills = page.xpath("//section[@id='findings']//b[contains(@class, 'pill')]")
    assert [text_of(each) for each in pills] == ["critical", "high", "medium", "low", "low", "info"]


def test_500_stacks_are_a_light_page() -> None:
    assert len(review_html(crowd(500)).encode()) < MEGABYTE


def test_500_stacks_that_change_in_500_ways_are_a_light_page() -> None:
    names = [f"shop-with-a-long-name-{index:03}-prod" for index in range(500)]
    changes = tuple(same(rate=rate) for rate in range(60))
    found = replace(
        review(*(finding("no-throttle", each, sentence=f"stage {each}") for each in names)),
        clusters=tuple(Cluster(changes, (each,), "throttle 100 → 200") for each in names),
    )
    assert len(review_html(found).encode()) < 2 * MEGABYTE


def test_a_preview_without_a_cloud_counts_nothing_for_terraform() -> None:
    page = parsed(review_html(REVIEWS["offline"]))
    assert page.xpath("//dl[@class='numbers']//dt/text()") == ["stacks change", "unchanged"]
    assert "was not asked" in text_of(page.xpath("//dl[@class='facts']")[0])
    assert text_of(page.xpath("//h1")[0]).startswith("passed: offline preview of the blueprints")


def test_a_line_of_a_blueprint_is_a_link_where_there_is_an_address() -> None:
    page = review_html(
        review(clusters=(cluster("pets-prod"),)),
        lambda place: f"https://git.example.com/#L{place.line}",
    )
    [link] = parsed(page).xpath("//a[@class='place']")
    assert (link.get("href"), text_of(link)) == (
        "https://git.example.com/#L6",
        "blueprints/pets.yaml:6",
    )


def test_an_address_of_another_scheme_is_no_link() -> None:
    page = review_html(review(finding()), lambda place: f"javascript:alert({place.line})")
    assert "javascript" not in page
