"""Access in sentences: what holds for many blueprints is said once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateprint.access.changes.comparison import changes
from gateprint.access.changes.sentences import sentences
from gateprint.model.resolved import ResolvedBlueprint
from gateprint.review.told import told_access
from tests.model.made import resolved_of
from tests.review.rules.made import PETS, here

GRANT = "routes: [GET /pets]"
SESSION = "    when: {edupersonaffiliation: [staff]}\n"


def shop(name: str, *edits: tuple[str, str]) -> ResolvedBlueprint:
    """Return a blueprint whose API and role have its name."""
    text = PETS.replace("name: pets", f"name: {name}").replace("  pets:\n", f"  {name}:\n")
    text = text.replace("  reader:", f"  {name}-reader:")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return resolved_of(text, here())


MORE = (GRANT, "routes: [GET /pets, POST /pets]")
LONGER = (SESSION, f"{SESSION}    max_session: 4h\n")


def told(*pairs: tuple[ResolvedBlueprint, ResolvedBlueprint]) -> list[str]:
    before, after = zip(*pairs, strict=True)
    return [each.text for each in told_access(changes(before, after), (*before, *after))]


def pairs(
    *names: str, edit: tuple[str, str] = MORE
) -> list[tuple[ResolvedBlueprint, ResolvedBlueprint]]:
    return [(shop(name), shop(name, edit)) for name in names]


def test_three_blueprints_that_gain_the_same_are_one_sentence():
    found = told(*pairs("shop-1", "shop-2", "shop-3"))
    gain = "{blueprint}-reader gains POST /pets on dev and live of {blueprint} (nonprod)"
    assert found == [f"in 3 blueprints, such as shop-1: {gain}"]


def test_two_blueprints_are_two_sentences():
    assert told(*pairs("shop-1", "shop-2")) == [
        "shop-1-reader gains POST /pets on dev and live of shop-1 (nonprod)",
        "shop-2-reader gains POST /pets on dev and live of shop-2 (nonprod)",
    ]


def test_an_outlier_has_a_sentence_of_its_own():
    odd = (
        shop("odd"),
        shop("odd", (GRANT, 'routes: [GET /pets, POST /pets, "GET /pets/{id}/owner"]')),
    )
    found = told(*pairs("a", "b", "c"), odd)
    assert len(found) == 2
    assert found[0].startswith("in 3 blueprints, such as a: ")
    assert found[1].startswith("odd-reader gains POST /pets and GET /pets/{id}/owner ")


def test_sign_ins_are_told_once_too():
    found = told(*pairs("a", "b", "c", edit=LONGER))
    session = "a session of {blueprint}-reader (nonprod) may last 4h now, not 1h"
    assert found == [f"in 3 blueprints, such as a: {session}"]


@pytest.mark.parametrize("number", [1, 2])
def test_few_blueprints_are_told_as_everywhere_else(number: int):
    found = pairs(*("a", "b")[:number])
    before, after = zip(*found, strict=True)
    whole = changes(before, after)
    assert told_access(whole, (*before, *after)) == sentences(whole)
    assert told_access(replace(whole, gains=()), ()) == ()
