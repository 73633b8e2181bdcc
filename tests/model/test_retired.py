"""A retired blueprint: what is left of it, what it still has to say right, and its names."""

from __future__ import annotations

import pytest

from gateprint.model import source
from gateprint.model.across import Placed, check_across
from gateprint.model.cautions import check_cautions
from gateprint.model.references import check_references
from gateprint.model.resolved import Retired, Stage
from tests.model.made import SMALL, blueprint_of, edited, environment_of, rejected, resolved_of

REASON = "the shop moved to the blueprint store"
RETIRED = f"retired: {{reason: {REASON}, by: team-pets}}\n"
NAME = "name: pets\n"
TEXT = edited(SMALL, {NAME: NAME + RETIRED})
OTHER = "  others-reader:\n    existing: true\n    allow:\n      - {stages: STAGES, routes: all}\n"


def test_it_keeps_its_stack_and_its_tags_and_nothing_else() -> None:
    living, whole = resolved_of(SMALL), resolved_of(TEXT)
    assert (living.retired, living.is_retired, whole.is_retired) == (None, False, True)
    assert (whole.apis, whole.functions, whole.roles) == ((), (), ())
    assert (whole.stack, whole.tags, whole.stages) == (living.stack, living.tags, (Stage("dev"),))


def test_it_says_why_and_who_and_what_goes_away() -> None:
    assert resolved_of(TEXT).retired == Retired(REASON, "team-pets", ("pets",), ("pets-reader",))


@pytest.mark.parametrize(("stages", "expected"), [("all", ("others-reader",)), ("[prod]", ())])
def test_of_others_roles_it_knows_those_that_it_grants_something_here(
    stages: str, expected: tuple[str, ...]
) -> None:
    text = edited(TEXT, {"  dev: {": "  prod: {environment: prod}\n  dev: {"})
    retired = resolved_of(text + OTHER.replace("STAGES", stages)).retired
    assert retired is not None
    assert (retired.roles, retired.adds_to) == (("pets-reader",), expected)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("{by: team-pets}", "missing-field"),
        ("{reason: it moved}", "missing-field"),
        ("{reason: it moved, by: }", "empty-value"),
        ('{reason: " ", by: team-pets}', "wrong-size"),
        ('{reason: "it\\nmoved", by: team-pets}', "control-character"),
        ("{reason: it moved, by: [team-pets]}", "wrong-type"),
        ("{reason: it moved, by: team-pets, on: Monday}", "unknown-field"),
        ("true", "wrong-type"),
        ("", "empty-value"),
        ('{reason: "${TfToken[TOKEN.0]}", by: team-pets}', "terraform-token"),
    ],
)
def test_reason_and_person_are_plain_text(written: str, code: str) -> None:
    (found,) = rejected(blueprint_of, edited(SMALL, {NAME: f"{NAME}retired: {written}\n"}))
    assert (found.code, found.location.line) == (code, 3)


def test_the_rest_of_the_file_has_to_stay_right() -> None:
    document, _ = blueprint_of(edited(TEXT, {"function: get_pet}": "function: get_cat}"}))
    assert [each.code for each in check_references(document)] == ["unknown-function"]


def test_nobody_is_warned_of_what_goes_away() -> None:
    edits = {
        "routes:\n": "routes:\n      GET /all: {mock: {status: 200}}\n",
        ": all}": ": ['GET /pets/{id}']}",
    }
    codes = [
        [each.code for each in check_cautions(source.read("pets.yaml", edited(text, edits)))]
        for text in (SMALL, TEXT)
    ]
    assert codes == [["uncallable-route"], []]


def placed(path: str, text: str) -> Placed:
    return Placed(source.read(path, text), (environment_of(),))


@pytest.mark.parametrize(("old", "new"), [("a.yaml", "b.yaml"), ("b.yaml", "a.yaml")])
def test_its_names_are_taken_and_the_other_blueprint_is_told(old: str, new: str) -> None:
    both = [
        placed(old, edited(SMALL, {NAME: f"name: old\n{RETIRED}"})),
        placed(new, edited(SMALL, {NAME: "name: new\n"})),
    ]
    found = list(check_across(sorted(both, key=lambda each: each.document.path)))
    assert [(each.code, each.location.path) for each in found] == [
        ("api-taken", new),
        ("role-taken", new),
    ]
    for each, line in zip(found, (7, 13), strict=True):
        assert f"at {old}:{line}:3, in a blueprint that is retired" in each.problem
        assert each.remedy == "delete that file once it is destroyed, or write another name here"
