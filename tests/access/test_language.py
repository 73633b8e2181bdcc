"""Questions about languages, compared with the enumeration of all short texts."""

from __future__ import annotations

import os
import re
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateprint.access.iam.language import (
    ONE,
    RUN,
    SEGMENT,
    SOME,
    Class,
    Language,
    Part,
    find,
    joined,
)

# `make prove` asks for more.
EXAMPLES = int(os.environ.get("PROVE_EXAMPLES", "250"))
ALPHABET = "ab/:x"
TEXTS = ["".join(each) for count in range(6) for each in product(ALPHABET, repeat=count)]
FIELD = Class(":", is_run=True)
PIECES: list[tuple[Part, ...]] = [
    *(("a",), ("b",), ("/",), (":",), ("ab",), ("a/",)),
    *((ONE,), (RUN,), SEGMENT, SOME, (FIELD,)),
]
LANGUAGES = st.lists(st.sampled_from(PIECES), max_size=4).map(
    lambda pieces: joined(part for piece in pieces for part in piece)
)
SETS = st.lists(LANGUAGES, max_size=3)


def expression(language: Language) -> re.Pattern[str]:
    return re.compile("".join(map(as_text, language)), re.DOTALL)


def as_text(part: Part) -> str:
    if isinstance(part, str):
        return re.escape(part)
    one = f"[^{re.escape(part.excluded)}]" if part.excluded else "."
    return f"{one}*" if part.is_run else one


def holds(languages: list[Language], text: str) -> bool:
    return any(expression(each).fullmatch(text) for each in languages)


@given(of=LANGUAGES, allows=SETS, denies=SETS, apart_from=SETS, is_allowed=st.booleans())
@settings(deadline=None, derandomize=True, max_examples=EXAMPLES)
def test_what_is_found_is_so_and_where_nothing_is_found_no_short_text_is_so(
    of: Language,
    allows: list[Language],
    denies: list[Language],
    apart_from: list[Language],
    is_allowed: bool,
) -> None:
    def is_so(text: str) -> bool:
        return (
            holds([of], text)
            and (holds(allows, text) and not holds(denies, text)) is is_allowed
            and not holds(apart_from, text)
        )

    found = find(of, allows=allows, denies=denies, apart_from=apart_from, is_allowed=is_allowed)
    if found is None:
        assert [text for text in TEXTS if is_so(text)] == []
    else:
        assert is_so(found)


@pytest.mark.parametrize(
    ("allows", "found"),
    [
        ([("dev/GET/pets/", RUN)], None),
        ([("dev/GET/pets/", ONE, RUN)], None),
        ([("dev/", RUN)], None),
        ([(RUN, "pets/", RUN)], None),
        ([("dev/GET/pets",)], "dev/GET/pets/x"),
        ([("dev/GET/pets/",)], "dev/GET/pets/x"),
        ([("dev/GET/pets/", ONE)], "dev/GET/pets/xx"),
        ([("dev/GET/pets/", ONE, ONE, RUN), ("dev/GET/pets/", ONE)], None),
        ([("dev/GET/pets/x", RUN)], "dev/GET/pets/y"),
        ([("test/GET/pets/", RUN)], "dev/GET/pets/x"),
        ([], "dev/GET/pets/x"),
    ],
)
def test_a_request_that_is_not_allowed_is_shown(allows: list[Language], found: str | None) -> None:
    of = ("dev/GET/pets/", *SEGMENT)
    assert find(of, allows=allows, is_allowed=False) == found


def test_long_routes_take_no_time() -> None:
    of = joined(part for _ in range(200) for part in (*SEGMENT, "/b/"))
    assert find(of, allows=[(RUN, "c", RUN)], is_allowed=True) is not None
    assert find(of, allows=[(RUN, "/c")], is_allowed=True) is None
