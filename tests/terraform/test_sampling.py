"""A day's part of many stacks."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateprint.terraform.sampling import Sample, parts_of

FIRST = dt.date(2026, 11, 22)
STACKS = [f"api-{number}-prod" for number in range(1000)]


@given(
    parts=st.integers(1, 400),
    start=st.dates(max_value=dt.date(9990, 1, 1)),
    stack=st.text(max_size=40),
)
def test_every_stack_has_exactly_one_day_of_a_cycle(parts: int, start: dt.date, stack: str) -> None:
    cycle = [Sample.of_day(parts, start + dt.timedelta(number)) for number in range(parts)]
    assert sum(each.has(stack) for each in cycle) == 1


def test_two_days_of_a_cycle_share_no_stack() -> None:
    parts = [
        {name for name in STACKS if Sample.of_day(30, FIRST + dt.timedelta(day)).has(name)}
        for day in range(30)
    ]
    assert sum(map(len, parts)) == len(STACKS) == len(set[str]().union(*parts))


def test_parts_are_about_equal() -> None:
    sizes = [sum(Sample(part, 30).has(name) for name in STACKS) for part in range(1, 31)]
    assert 33 - 18 < min(sizes) <= max(sizes) < 33 + 18


def test_a_stack_keeps_its_day_on_every_machine() -> None:
    assert [part for part in range(1, 31) if Sample(part, 30).has("pets-prod")] == [28]


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("100%", 1),
        ("10%", 10),
        ("10 %", 10),
        ("33%", 4),
        ("2.5%", 40),
        ("1/30", 30),
        ("2/30", 15),
        ("1/1", 1),
    ],
)
def test_a_share_makes_as_many_parts_as_cover_everything(written: str, parts: int) -> None:
    assert parts_of(written) == parts


@pytest.mark.parametrize(
    "written", ["", "10", "0%", "101%", "1/0", "0/30", "31/30", "-1%", "1/9999"]
)
def test_what_is_no_share_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"write 10% or 1/30|between"):
        parts_of(written)
