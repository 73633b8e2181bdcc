"""The HTML page of `access`: it says what the rows say, to everybody, and loads nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from gateprint.access.matrix import Access, PublicRoute, Row
from gateprint.access.overreach import Reached
from gateprint.cli.page import MEANINGS, access_page
from gateprint.cli.pages import breakable
from gateprint.cli.sheet import sheet_of
from tests.cli.conftest import Cli
from tests.support.golden import assert_golden

GOLDEN = Path(__file__).parents[1] / "golden"
EVIL = "\"><script>alert('1')</script> {{ 7*7 }} </style> \u202e &lt;"
LEAST_CONTRAST = 4.5


def hostile() -> str:
    """Return the page of one blueprint with two APIs and hostile reasons."""
    rows = (
        Row("pets", "cats", "dev", "GET /{id}", "iam", "reader", "allow"),
        Row("pets", "dogs", "dev", "GET /", "none", "reader", "allow"),
    )
    public = (PublicRoute("pets", "dogs", "dev", "GET /", EVIL),)
    found = Reached("pets", "cats", "dev", "GET /{id}", "reader", ("GET /{all+}",), False, EVIL)
    return access_page([sheet_of(Access("pets", "nonprod", rows, public, (found,)))])


def parsed(page: str) -> Any:
    """Parse a page; what XPath returns is whatever the path says."""
    return html.fromstring(page)


def text_of(element: Any) -> str:
    return " ".join(element.text_content().split())


def by_id(page: Any) -> Mapping[str, Any]:
    return {each.get("id"): each for each in page.xpath("//*[@id]")}


def test_golden_page_of_the_examples(cli: Cli) -> None:
    ran = cli("access", "--environment", "prod", "--format", "html")
    assert (ran.code, ran.err) == (0, "")
    assert_golden(GOLDEN / "access-prod.html", ran.out)


def cells_of(page: Any, blueprint: str) -> Mapping[tuple[str, str, str], str]:
    """Return the words of each cell by what its headers say: role, route and stage."""
    named = by_id(page)
    cells = named[blueprint].xpath(".//table[contains(@class, 'matrix')]/tbody//td")
    heads = [[text_of(named[head]) for head in each.get("headers").split()] for each in cells]
    return {
        (role, route, stage): text_of(each)
        for each, (role, route, stage) in zip(cells, heads, strict=True)
    }


def test_every_cell_says_under_its_headers_what_its_row_says(cli: Cli) -> None:
    data = json.loads(cli("access", "--environment", "local", "--format", "json").out)
    page = parsed(cli("access", "--environment", "local", "--format", "html").out)
    words = {"allow": "allowed", "deny": "not allowed"}
    for blueprint in ("orders", "pets"):
        rows = [each for each in data["rows"] if each["blueprint"] == blueprint]
        expected = {
            (each["role"], each["route"], each["stage"]): "public"
            if each["auth"] == "none"
            else words[each["decision"]]
            for each in rows
        }
        for each in data["overreach"]:
            if each["blueprint"] == blueprint:
                place = (each["role"], each["route"], each["stage"])
                expected[place] = (
                    "explicitly denied" if each["is_denied"] else "allowed by overreach"
                )
        assert cells_of(page, f"{blueprint}.local") == expected


def test_the_heads_span_their_cells_and_have_a_scope(cli: Cli) -> None:
    page = parsed(cli("access", "--environment", "local", "--format", "html").out)
    for table in page.xpath("//table[contains(@class, 'matrix')]"):
        routes = table.xpath("./thead/tr[1]/th[@scope='colgroup']")
        stages = table.xpath("./thead/tr[2]/th[@scope='col']")
        assert {each.get("colspan") for each in routes} == {"3"}
        assert [each.get("headers") for each in stages] == [
            route.get("id") for route in routes for _ in range(3)
        ]
        lines = table.xpath("./tbody/tr")
        assert all(len(line.xpath("./th[@scope='row']")) == 1 for line in lines)
        assert {len(line.xpath("./td")) for line in lines} == {len(stages)}


def test_a_reader_without_a_mouse_or_a_screen_finds_the_way(cli: Cli) -> None:
    page = parsed(cli("access", "--format", "html").out)
    named = by_id(page)
    assert len(named) == len(page.xpath("//*[@id]"))
    assert page.get("lang") == "en"
    assert page.findtext(".//title") == "Who may call what"
    assert [each.tag for each in page.xpath("//h1|//h2|//h3")][:4] == ["h1", "h2", "h2", "h2"]
    assert all(each.get("href")[1:] in named for each in page.xpath("//a"))
    assert page.xpath("//body/a[1]/@href") == ["#main"]
    assert all(each.xpath("./caption") for each in page.xpath("//table[@class='matrix']"))
    for table in page.xpath("//table"):
        region = table.getparent()
        assert (region.get("role"), region.get("tabindex")) == ("region", "0")
        assert text_of(named[region.get("aria-labelledby")])


def test_the_index_counts_what_stands_apart(cli: Cli) -> None:
    page = parsed(cli("access", "--environment", "prod", "--format", "html").out)
    rows = page.xpath("//table[@class='index']/tbody/tr")
    assert [[text_of(cell) for cell in row] for row in rows] == [
        ["orders in prod", "4", "16", "prod", "2", "2", "2"],
        ["pets in prod", "2", "3", "prod", "1", "0", "0"],
    ]


def test_what_no_grant_explains_stands_apart_with_its_reason() -> None:
    page = parsed(hostile())
    shown = EVIL.replace("\u202e", "\\u202e")
    public, overreach = page.xpath("//table[@class='list']/tbody/tr")
    assert [text_of(cell) for cell in public] == ["dogs: GET /", "dev", shown]
    assert [text_of(cell) for cell in overreach] == [
        "reader",
        "cats: GET /{id}",
        "GET /{all+}",
        "dev",
        f"allowed by overreach: {shown}",
    ]


def test_routes_of_several_apis_are_told_apart() -> None:
    page = parsed(hostile())
    assert list(cells_of(page, "pets.nonprod")) == [
        ("reader", "cats GET /{id}", "dev"),
        ("reader", "dogs GET /", "dev"),
    ]


def test_hostile_text_stays_text() -> None:
    page = parsed(hostile())
    assert not page.xpath("//script|//img|//iframe|//link|//object|//form|//@style|//@src")
    assert len(page.xpath("//style")) == 1
    assert not [name for each in page.iter() for name in each.keys() if name.startswith("on")]  # noqa: SIM118 - an element's keys are its attributes


def test_a_route_may_break_before_its_segments_and_is_text_as_well() -> None:
    assert breakable("GET /a/<b>") == "GET <wbr>/a<wbr>/&lt;b&gt;"


def test_nothing_is_loaded_and_the_policy_knows_the_style(cli: Cli) -> None:
    for written in (cli("access", "--format", "html").out, hostile()):
        assert not re.search(r"https?:|url\(|@import", written)
        page = parsed(written)
        (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        style = re.search("<style>(.*)</style>", written, re.DOTALL)
        assert style is not None
        digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
        assert policy == (
            f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        )


def style_of(page: str) -> str:
    return page.split("<style>")[1].split("</style>", maxsplit=1)[0]


def test_every_mark_has_a_symbol_and_words_of_its_own() -> None:
    style = style_of(access_page([]))
    symbols = [
        re.findall(rf'\.{each.kind}::before {{ content: "(.)"', style) for each in MEANINGS.values()
    ]
    assert (
        len({each[0] for each in symbols}) == len({each.words for each in MEANINGS.values()}) == 6
    )


@pytest.mark.parametrize("scheme", [0, 1, 2], ids=["light", "dark", "print"])
@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        *((text, ground) for text in ("ink", "quiet", "link") for ground in ("paper", "head")),
        *((f"{kind}-ink", kind) for kind in ("yes", "public", "reach", "denied")),
    ],
)
def test_text_can_be_told_from_its_ground(scheme: int, ink: str, paper: str) -> None:
    blocks = re.findall(r":root \{(.*?)\}", style_of(access_page([])), re.DOTALL)
    colours = dict(re.findall(r"--([a-z-]+): #([0-9a-f]{6});", blocks[scheme]))
    lighter, darker = sorted((luminance(colours[ink]), luminance(colours[paper])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= LEAST_CONTRAST


def luminance(colour: str) -> float:
    """Return the relative luminance after WCAG 2.2."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    linear = [
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_page_without_blueprints_says_so() -> None:
    assert "There is no blueprint." in access_page([])


def test_a_blueprint_without_roles_says_so() -> None:
    assert "No role is granted anything here." in access_page(
        [sheet_of(Access("pets", "nonprod", (), (), ()))]
    )
