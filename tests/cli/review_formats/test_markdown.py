"""The review as Markdown: it fits, nothing is cut in the middle, and nothing in it acts."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from gateprint.access.changes.sentences import Sentence
from gateprint.cli.review_formats.markdown import ROOM, review_markdown
from gateprint.errors import Location
from gateprint.review.clusters import Cluster
from gateprint.review.review import Review
from tests.support.golden import assert_golden
from tests.support.reviews import (
    HOSTILE,
    HOSTILE_REVIEWS,
    REVIEWS,
    cluster,
    crowd,
    everything,
    finding,
    review,
    same,
    saying,
    waived,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "review"
FIRST_SCREEN = 40
LEAST_ROOM = 2_000
TAGS = {"details", "summary"}
NAMES = st.one_of(st.sampled_from(list(HOSTILE.values())), st.text(max_size=40))


def rendered(markdown: str) -> str:
    """Return Markdown as HTML, with the tags and the tables that GitHub and GitLab know."""
    return str(MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown))


def tags(page: str) -> list[str]:
    return re.findall(r"<(/?[a-z][a-z0-9]*)", page)


def size(markdown: str) -> int:
    return len(markdown.encode())


@pytest.mark.parametrize("name", ["everything", "offline and refused", "calm"])
def test_golden_markdown(name: str) -> None:
    file = f"{name.replace(' ', '-')}.md"
    assert_golden(GOLDEN / file, review_markdown(REVIEWS[name]) + "\n")


def test_golden_markdown_without_much_room() -> None:
    assert_golden(GOLDEN / "everything-short.md", review_markdown(everything(), 4_000) + "\n")


def test_the_verdict_is_the_first_line() -> None:
    told = review_markdown(everything())
    assert told.startswith("## refused: monday, 20 stacks change, 480 unchanged, 1 critical")


def test_the_outliers_of_500_stacks_are_on_the_first_screen() -> None:
    told = review_markdown(crowd(500))
    screen = "\n".join(told.splitlines()[:FIRST_SCREEN])
    assert "498 of 500 stacks in the same way: throttle 100 → 200\n" in screen
    assert "- **outlier**: `zebra-prod`: throttle 100 → 300\n" in screen
    assert "- **outlier**: `yak-prod`: throttle 100 → 50\n" in screen
    assert size(told) < 20_000


@pytest.mark.parametrize("room", [LEAST_ROOM, 4_000, 10_000, ROOM, 65_536])
@pytest.mark.parametrize("name", HOSTILE_REVIEWS)
def test_hostile_texts_fit_and_make_no_tag_and_no_link(name: str, room: int) -> None:
    told = review_markdown(HOSTILE_REVIEWS[name], room)
    assert size(told) <= room
    page = rendered(told)
    assert {each.lstrip("/") for each in tags(page)} <= TAGS | {
        "h2",
        "h3",
        "p",
        "ul",
        "li",
        "strong",
        "code",
    }
    assert page.count("<details>") == page.count("</details>")


def test_the_title_of_a_folded_part_is_text() -> None:
    odd = Cluster(tuple(same(rate=rate) for rate in range(9)), ("<b>@team</summary>",))
    told = review_markdown(review(clusters=(odd,)))
    assert "<summary>9 changes of &lt;b&gt;@\u200bteam&lt;/summary&gt;</summary>" in told


@pytest.mark.parametrize("name", HOSTILE_REVIEWS)
def test_nothing_outside_code_is_a_mention_or_an_address(name: str) -> None:
    page = rendered(review_markdown(HOSTILE_REVIEWS[name], 65_536))
    text = html.unescape(re.sub(r"<code>.*?</code>", "", page, flags=re.DOTALL))
    assert re.findall(r"@\w|#\d|\bGH-\d|://|\bwww\.", text) == []


@pytest.mark.parametrize("name", HOSTILE_REVIEWS)
def test_no_line_is_a_quick_action_of_gitlab(name: str) -> None:
    lines = review_markdown(HOSTILE_REVIEWS[name], 65_536).splitlines()
    assert [each for each in lines if each.lstrip().startswith("/")] == []


@st.composite
def reviews(draw: st.DrawFn) -> Review:
    """Return a review with any number of anything, all of whose texts are from strangers."""
    text = draw(NAMES)
    stacks = tuple(f"{text[:20]}{index}" for index in range(draw(st.sampled_from([0, 1, 3, 60]))))
    changes = tuple(same(rate=rate) for rate in range(draw(st.integers(0, 12))))
    base = saying(text)
    return replace(
        base,
        subject=draw(NAMES),
        is_offline=draw(st.booleans()),
        reasons=tuple(draw(st.lists(NAMES, max_size=5))),
        access=tuple(Sentence("gain", ("", each, f" gains {text[:50]}")) for each in stacks),
        findings=tuple(finding("no-throttle", each, sentence=each) for each in stacks),
        waived=tuple(waived(reason=text, stack=each) for each in stacks[:5]),
        clusters=tuple(Cluster(changes, (each,), text) for each in stacks) or base.clusters,
        unverified=stacks,
    )


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(reviews(), st.integers(LEAST_ROOM, 70_000))
def test_any_review_fits_into_any_room(found: Review, room: int) -> None:
    told = review_markdown(found, room)
    assert size(told) <= room
    assert told.startswith(f"## {found.verdict}: ")
    lines = told.split("\n")
    folds = [each for each in lines if each in {"<details>", "</details>"}]
    assert folds == ["<details>", "</details>"] * (len(folds) // 2)
    headings = [each for each in lines if each.startswith("### ")]
    assert headings[0] == "### Access"
    assert "### Changes" in headings


def counted(told: str, section: str, first: str) -> tuple[int, int]:
    """Return how many items of a section are shown, and how many are said to be missing."""
    part = told.split(f"### {section}\n", 1)[1].split("\n### ", 1)[0]
    missing = re.search(r"^- \*\*([\d,]+) more items\*\*", part, re.MULTILINE)
    shown = len(re.findall(rf"^{re.escape(first)}", part, re.MULTILINE))
    return shown, int(missing[1].replace(",", "")) if missing else 0


@pytest.mark.parametrize("room", [3_000, 9_000, 30_000])
def test_what_does_not_fit_is_said_with_its_number(room: int) -> None:
    found = review(
        *(finding("no-throttle", f"pets-{each}", sentence=f"route r{each}") for each in range(300)),
        access=tuple(Sentence("gain", (f"somebody gains {each}",)) for each in range(300)),
    )
    told = review_markdown(found, room)
    for section, first in (("Access", "- **+** "), ("Findings", "- **low**")):
        shown, missing = counted(told, section, first)
        assert shown >= 5
        assert shown + missing == 300


def test_details_give_way_before_findings() -> None:
    some = [finding("no-throttle", f"pets-{each}", sentence=f"route r{each}") for each in range(30)]
    found = replace(review(*some), waived=(waived(),), clusters=everything().clusters)
    whole = review_markdown(found)
    told = review_markdown(found, size(whole) - 200)
    assert counted(told, "Findings", "- **low**") == (30, 0)
    assert told.count("<details>") < whole.count("<details>")
    assert re.search(r"\*\*\d more folded parts?\*\*: no room here", told)


def test_a_line_of_a_blueprint_is_a_link_where_there_is_an_address() -> None:
    found = review(finding(line=10))
    told = review_markdown(found, link=lambda place: f"https://git.example.com/#L{place.line}")
    assert "[blueprints/pets.yaml:10](https://git.example.com/#L10)" in told


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "https://a.example/) [x](y", "https://a.example/ b", ""]
)
def test_an_address_that_could_do_something_is_no_link(address: str) -> None:
    def link(place: Location) -> str:
        return address + str(place.line)[:0]

    told = review_markdown(review(finding(line=10)), link=link)
    assert "`blueprints/pets.yaml:10`" in told
    assert "](" not in told


def test_the_fix_of_a_refused_review_is_its_last_line() -> None:
    assert review_markdown(everything()).splitlines()[-1].startswith("**Fix**: mend it")
    assert "**Fix**" not in review_markdown(review(clusters=(cluster("pets-prod"),)))
