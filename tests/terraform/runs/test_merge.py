"""The reports of shards make the report that one process would have made."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateprint.errors import ToolFailed
from gateprint.terraform.runs.merge import merge
from gateprint.terraform.runs.record import PlannedStack
from gateprint.terraform.runs.report import Report, report_of, timeless
from tests.terraform.runs.made import (
    PLANNED,
    applied,
    applying,
    begun,
    ended,
    events,
    made_run,
    planned,
    shard,
)

NAMES = tuple(f"{letter}-prod" for letter in "abcdef")
ENDS = ("applied", "failed", "skipped", "refused", "interrupted", "killed")


def report(stacks: list[PlannedStack], said: dict[str, str], **fields: Any) -> Report:
    """The report of one process that applied its stacks with these ends."""
    journal: list[Any] = [*PLANNED, begun()]
    for each in stacks:
        end = said.get(each.stack)
        journal += [applying(each.stack)] if end else []
        journal += (
            [applied(each.stack, end, problem=f"as {each.stack}")]
            if end != "killed" and end
            else []
        )
    return report_of(made_run(stacks, **fields), events(*journal, ended()))


def of_shard(index: int, *names: str, number: int = 2, **fields: Any) -> Report:
    stacks = [planned(name) for name in names]
    return report(stacks, {}, shard=shard(index, number), name=f"run-{index}", **fields)


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from(ENDS)),
    st.lists(st.integers(1, 4), min_size=len(NAMES), max_size=len(NAMES)),
    st.randoms(use_true_random=False),
)
def test_shards_make_the_report_of_one_process(
    ends: dict[str, str], places: list[int], chance: Any
) -> None:
    stacks = [planned(name) for name in NAMES]
    whole = report(stacks, ends)
    parts = []
    for index in range(1, 5):
        own = [each for each, place in zip(stacks, places, strict=True) if place == index]
        parts.append(report(own, ends, shard=shard(index, 4), name=f"run-{index}"))
    chance.shuffle(parts)
    merged = merge(parts)
    assert timeless(merged) == timeless(whole)
    assert (merged.missing, merged.exit_code) == ((), whole.exit_code)


def test_a_resume_after_a_kill_gives_the_report_of_one_that_was_never_killed() -> None:
    stacks = [planned(name) for name in NAMES[:2]]
    whole = report(stacks, dict.fromkeys(NAMES, "applied"))
    killed = [*PLANNED, begun(), applying(NAMES[0])]
    resumed = [*killed, begun(resume=True), applied(NAMES[0], "nothing"), ended()]
    first = report_of(made_run(stacks[:1], shard(1)), events(*resumed))
    second = report(stacks[1:], dict.fromkeys(NAMES, "applied"), shard=shard(2))
    assert timeless(merge([first, second])) == replace(
        timeless(whole), stacks=timeless(whole).stacks
    )


def test_the_order_of_the_reports_does_not_matter() -> None:
    one, two = of_shard(1, "a-prod"), of_shard(2, "b-prod")
    assert merge([one, two]) == merge([two, one])


def test_a_missing_shard_is_said() -> None:
    merged = merge([of_shard(3, "c-prod", number=4), of_shard(1, "a-prod", number=4)])
    assert (merged.missing, merged.exit_code) == ((2, 4), None)


def test_a_shard_with_nothing_to_do_is_not_missing() -> None:
    merged = merge([of_shard(1, "a-prod"), of_shard(2)])
    assert (merged.missing, merged.exit_code) == ((), 0)


def test_merged_reports_can_be_merged_again() -> None:
    one, two, three = (of_shard(each, f"{each}-prod", number=3) for each in (1, 2, 3))
    assert merge([merge([one, three]), two]) == merge([one, two, three])


def test_an_orphan_that_every_shard_saw_is_told_once() -> None:
    assert len(merge([of_shard(1, "a-prod"), of_shard(2, "b-prod")]).orphans) == 1


REFUSED: dict[str, tuple[Report, str]] = {
    "of another manifest": (
        replace(of_shard(2, "b-prod"), manifest="f" * 64),
        "different manifests",
    ),
    "of one process": (report([planned("b-prod")], {}), "is no shard"),
    "of another commit": (of_shard(2, "b-prod", revision="f" * 40), "git revision differs"),
    "of a changed tree": (of_shard(2, "b-prod", is_dirty=True), "git revision differs"),
    "of another lock file": (of_shard(2, "b-prod", lock="f" * 64), "lock file differs"),
    "of another kind": (of_shard(2, "b-prod", kind="drift"), "planned for differs"),
    "of the same shard": (of_shard(1, "b-prod"), "has shard 1 of 2"),
    "with the same stack": (of_shard(2, "a-prod"), "has stack a-prod"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_another_shard_of_the_plan_is_refused(case: str) -> None:
    other, problem = REFUSED[case]
    with pytest.raises(ToolFailed, match=problem):
        merge([of_shard(1, "a-prod"), other])


def test_nothing_cannot_be_merged() -> None:
    with pytest.raises(ToolFailed, match="no report"):
        merge([])
