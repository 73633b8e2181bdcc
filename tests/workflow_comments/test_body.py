"""The text of comments: what fits, what is remembered, what is cut."""

from __future__ import annotations

import base64
import random
import zlib

import pytest

from gateprint.errors import ToolFailed
from gateprint.workflow.comments.body import (
    Said,
    compose,
    cut,
    first_line,
    is_key,
    is_marked,
    memory_of,
)
from gateprint.workflow.comments.comment import ROOM_FOR_REPORT
from gateprint.workflow.comments.state import (
    Review,
    Shown,
    decode,
    encode,
    read_review,
    shown_of,
)

LIMIT = 65_536
REMEMBERED = zlib.decompress(base64.b64decode(encode([Shown("a", "1")], 1_000)))


def digests(stacks: int, seed: int) -> dict[str, str]:
    chance = random.Random(seed)  # noqa: S311  # no secret
    return {f"blueprint-{n:04}-prod": f"{chance.getrandbits(256):064x}" for n in range(stacks)}


def a_review(stacks: dict[str, str]) -> Shown:
    return shown_of(Review("r", str(stacks), "passed", stacks), "passed: many", "a" * 40)


def all_different(stacks: int) -> list[Shown]:
    """Eleven reviews, in each of which nothing is as it was."""
    return [a_review(digests(stacks, seed)) for seed in range(11)]


def composed(report: str, shown: list[Shown], since: str = "", key: str = "k") -> str:
    return compose(key, report, encode(shown, LIMIT // 4), Said(since, shown[1:]), LIMIT)


@pytest.mark.parametrize("stacks", [1, 60, 500, 1_000])
def test_the_room_for_a_report_is_there_whatever_else_is_said(stacks: int) -> None:
    report = "x" * ROOM_FOR_REPORT
    body = composed(report, all_different(stacks), "s" * 1_500)
    assert report in body
    assert len(body.encode()) <= LIMIT


def test_500_stacks_of_which_few_changed_are_remembered_each_time() -> None:
    stacks = digests(500, 0)
    shown = [a_review({**stacks, "pets-prod": str(number)}) for number in range(11)]
    assert decode(encode(shown, LIMIT // 4)) == tuple(shown)


def test_the_stacks_of_the_newest_and_of_the_approved_review_are_remembered_longest() -> None:
    shown = all_different(60)
    found = decode(encode(shown, 3_000, shown[7]))
    assert [each.line for each in found] == ["passed: many"] * 11
    assert [number for number, each in enumerate(found) if each.stacks is not None] == [0, 7]


def test_too_many_stacks_are_forgotten_before_the_verdicts_are() -> None:
    found = decode(encode(all_different(60), 1_000))
    assert [each.stacks for each in found] == [None] * 11
    assert len(decode(encode(all_different(60), 200))) < 11
    assert not encode(all_different(60), 10)


def test_what_is_remembered_comes_back() -> None:
    shown = [
        Shown("b", "2", "c" * 12, "", {"new": "1", "same": "1", "changed": "1"}),
        Shown("a", "1", "", "2026-11-20T09:00:00Z", {"gone": "1", "same": "1", "changed": "0"}),
        Shown("0", "0", "", "2026-11-20T08:00:00Z", None),
    ]
    assert decode(encode(shown, LIMIT)) == tuple(shown)
    assert memory_of(composed("text", shown)) == tuple(shown)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "AAAA",
        "ä",
        base64.b64encode(zlib.compress(b"[]")).decode(),
        base64.b64encode(zlib.compress(b'{"format": 1, "shown": []}')).decode(),
        base64.b64encode(zlib.compress(b'{"format": 1, "shown": [{"stacks": 7}]}')).decode(),
        base64.b64encode(zlib.compress(b"[" * 100_000)).decode(),
        base64.b64encode(zlib.compress(b" " * (64 << 20) + REMEMBERED)).decode(),
    ],
)
def test_a_memory_that_somebody_damaged_is_none(text: str) -> None:
    assert decode(text) == ()


def test_a_report_cannot_stand_in_for_the_mark_or_the_memory() -> None:
    forged = encode([Shown("forged", "0")], LIMIT)
    report = f"<!-- gateprint:prod -->\n<!-- gateprint-memory: {forged} -->"
    body = composed(report, [Shown("real", "1")], key="gateprint:other")
    assert not is_marked(body, "gateprint:prod")
    assert memory_of(body)[0].line == "real"


def test_windows_lines_are_lines() -> None:
    body = composed("text", [Shown("real", "1")]).replace("\n", "\r\n")
    assert is_marked(body, "k")
    assert memory_of(body)[0].line == "real"


def test_an_earlier_verdict_is_text_and_no_markup() -> None:
    old = Shown("</details> <b>[click](http://x)", "0", at="2026-11-20T09:00:00Z")
    body = composed("now", [Shown("now", "1"), old])
    assert body.count("</details>") == 1
    assert "\\</details\\> \\<b\\>\\[click\\](http:\u200b//x)" in body


# --- cutting


def test_a_report_is_cut_between_its_parts() -> None:
    table = "| a |\n|---|\n" + "| 1 |\n" * 10
    report = f"## verdict\n\nfirst\n\n{table}\nlast"
    found = cut(report, 90)
    assert found == "## verdict\n\nfirst\n\n**14 more lines of this report did not fit.**"


@pytest.mark.parametrize(
    "part",
    [
        "```\na\n\nb\n```",
        "~~~~\na\n\n~~~\n\nb\n~~~~",
        "<details>\n\na\n\n<details>\n\nb\n</details>\n\nc\n</details>",
    ],
    ids=["code", "code with tildes", "folded"],
)
def test_code_and_folded_sections_are_not_cut(part: str) -> None:
    report = f"verdict\n\n{part}\n\n" + "x" * 200
    for room in range(60, len(report)):
        found = cut(report, room)
        assert len(found) <= room
        assert (part in found) == ("a" in found.split("**")[0].removeprefix("verdict"))


def test_bytes_are_counted_not_characters() -> None:
    assert len(cut("日" * 100, 299).encode()) <= 299
    assert cut("日" * 100, 300) == "日" * 100


def test_what_was_cut_is_on_the_jobs_page() -> None:
    assert "[the whole is on the job's page](https://ci.invalid/9)" in cut(
        "x" * 500, 200, "https://ci.invalid/9"
    )


# --- keys, verdicts, reviews


@pytest.mark.parametrize("key", ["gateprint:prod", "a", "a-b", "team/pets_1.0"])
def test_keys(key: str) -> None:
    assert is_key(key)


@pytest.mark.parametrize("key", ["", "-", "a--b", "a-->", "a b", "ä", "a" * 101, "a\n"])
def test_no_keys(key: str) -> None:
    assert not is_key(key)


@pytest.mark.parametrize(
    ("report", "line"),
    [
        ("## **refused**: 2 of `500` stacks\n\nmore", "refused: 2 of 500 stacks"),
        ("<!-- made -->\n\n> passed", "passed"),
        (r"a \_ b", "a _ b"),
        ("passed\rmore", "passed"),
        ("\n\n", ""),
        ("x" * 300, "x" * 160 + "…"),
    ],
)
def test_the_verdict_is_the_first_line(report: str, line: str) -> None:
    assert first_line(report) == line


def test_a_review_is_read() -> None:
    text = '{"run": "r", "digest": "d", "verdict": "passed", "stacks": {"a": "1"}, "more": 1}'
    assert read_review(text) == Review("r", "d", "passed", {"a": "1"})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"run": "r", "digest": "d", "verdict": "passed"}',
        '{"run": "r", "digest": 1, "verdict": "passed", "stacks": {}}',
        '{"run": "r", "digest": "d", "verdict": "passed", "stacks": {"a": {"create": 1}}}',
        "[" * 100_000,
    ],
)
def test_what_is_no_review_is_told(text: str) -> None:
    with pytest.raises(ToolFailed, match="not what gateprint review writes"):
        read_review(text)
