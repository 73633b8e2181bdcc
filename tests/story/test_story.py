"""The story that reviews have to tell: the reports, and whether they are true."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from gateprint.review.review import Review
from gateprint.terraform.events import read_event
from gateprint.terraform.runs.folder import RunFolder
from tests.story import steps, truth
from tests.story.project import FORMATS
from tests.story.telling import PETS, SECRET, SECRET_PLACE, Whole
from tests.support.golden import assert_golden

pytestmark = [pytest.mark.terraform, pytest.mark.cdktf]

EXPECTED = Path(__file__).parent / "expected"
_ENDINGS = {"text": "txt", "markdown": "md"}
_SCREEN = 25


@pytest.mark.parametrize("form", _ENDINGS)
@pytest.mark.parametrize("name", steps.NAMES)
def test_golden_report_of_a_step(name: str, form: str, whole: Whole) -> None:
    text = whole.plain(whole.told[name].texts[form])
    assert_golden(EXPECTED / f"{name}.{_ENDINGS[form]}", text)


@pytest.mark.parametrize("name", steps.NAMES)
def test_who_can_do_what_is_what_gateprint_can_answers(name: str, whole: Whole) -> None:
    told = whole.told[name]
    truth.check(told.data["access"], told.before, told.after)


@pytest.mark.parametrize("name", steps.NAMES)
def test_without_one_of_its_sentences_no_report_is_true(name: str, whole: Whole) -> None:
    told = whole.told[name]
    access = told.data["access"]
    assert access
    for index in range(len(access)):
        with pytest.raises(truth.Untrue):
            truth.check([*access[:index], *access[index + 1 :]], told.before, told.after)


def test_a_sentence_about_another_stage_is_noticed(whole: Whole) -> None:
    told = whole.told[steps.WIDENED.name]
    (gain,) = told.data["access"]
    wrong = {**gain, "sentence": gain["sentence"].replace("beta", "prod")}
    with pytest.raises(truth.Untrue, match="not said"):
        truth.check([wrong], told.before, told.after)


@pytest.mark.parametrize("form", _ENDINGS)
@pytest.mark.parametrize("name", steps.NAMES)
def test_people_read_the_same_sentences_as_programs(name: str, form: str, whole: Whole) -> None:
    told = whole.told[name]
    read = " ".join(told.texts[form].replace("`", "").split())
    assert [each for each in told.data["access"] if each["sentence"] not in read] == []


def test_a_route_made_public_is_refused_until_it_is_waived(whole: Whole) -> None:
    assert whole.told[steps.REFUSED].code == 3
    assert whole.told[steps.PUBLIC.name].code == 0


@pytest.mark.parametrize("name", steps.BY_TERRAFORM)
def test_the_counts_are_those_of_terraform(name: str, whole: Whole) -> None:
    told = whole.told[name]
    counted = _counted_by_terraform(told.run)
    assert told.data["counts"]["terraform"] == counted
    said = ", ".join(f"{counted[each]} to {each}" for each in ("add", "change", "destroy"))
    assert [form for form in _ENDINGS if said not in told.texts[form]] == []


def _counted_by_terraform(run: RunFolder) -> dict[str, int]:
    """Return what the plans' own last events say, all of them together."""
    total: Counter[str] = Counter()
    for log in run.path.glob("stacks/*/log.jsonl"):
        events = [read_event(line) for line in log.read_text(encoding="utf-8").splitlines()]
        summaries = [each["changes"] for each in events if each["type"] == "change_summary"]
        total.update(next(each for each in summaries if each.pop("operation") == "plan"))
    return {"add": total["add"], "change": total["change"], "destroy": total["remove"]}


def test_the_double_plans_as_terraform_does(whole: Whole) -> None:
    assert _changes(whole.by_double) == _changes(whole.by_terraform)
    assert whole.by_double.access == whole.by_terraform.access
    assert whole.by_double.findings == whole.by_terraform.findings


def _changes(found: Review) -> list[str]:
    """Return what changes, but for the secret, which Terraform alone plans, and for ids."""
    (group,) = found.clusters
    told = [str(each) for each in group.changes if each.address != SECRET_PLACE]
    return [re.sub(r":[0-9a-z]{10}/", ":id/", each) for each in told]


@pytest.mark.parametrize("form", FORMATS)
def test_a_secret_is_in_no_format(form: str, whole: Whole) -> None:
    assert SECRET not in whole.with_secret.texts[form]


def test_the_secret_is_in_the_plan_and_its_change_is_told(whole: Whole) -> None:
    saved = whole.with_secret.run.stack(PETS).saved_plan
    with zipfile.ZipFile(saved) as archive:
        assert SECRET.encode() in archive.read("tfplan")
    (group,) = whole.by_terraform.clusters
    (stage,) = (each for each in group.changes if each.address == SECRET_PLACE)
    assert [(one.path, one.after) for one in stage.attributes] == [
        ("variables.token", "(sensitive)")
    ]


def test_the_two_outliers_among_many_are_on_the_first_screen(whole: Whole) -> None:
    told = whole.told[steps.MANY]
    groups = [each["stacks"] for each in told.data["clusters"]]
    assert [len(each) for each in groups] == [60, 1, 1]
    first = "\n".join(told.texts["markdown"].splitlines()[:_SCREEN])
    assert steps.WRONG in first
    assert steps.GENEROUS in first
