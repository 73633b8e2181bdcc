"""What a listing tells: unchanged, locked, orphans."""

from __future__ import annotations

import datetime as dt

import pytest

from gateprint.terraform.state.keys import StateKeys
from gateprint.terraform.state.listing import Listed, Listing, listing_of

A, B = "aa" * 32, "bb" * 32
OLD, NOW = "0" * 32, "1" * 32
STATE = "gateprint/pets-prod.tfstate"
LOCK = f"{STATE}.tflock"
RECORD = "gateprint/applied/pets-prod"


def listing(*keys: str, etag: str = NOW) -> Listing:
    time = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    objects = [Listed(key, f'"{etag}"', 180, time) for key in keys]
    return listing_of(StateKeys("gateprint", "prod"), objects)


@pytest.mark.parametrize(
    ("keys", "is_unchanged"),
    [
        ([STATE, f"{RECORD}/{A}-{NOW}"], True),
        ([STATE], False),
        ([f"{RECORD}/{A}-{NOW}"], False),  # the state was deleted
        ([STATE, f"{RECORD}/{A}-{OLD}"], False),  # somebody applied by hand since
        ([STATE, f"{RECORD}/{B}-{NOW}"], False),  # the blueprint was changed since
        ([STATE, f"{RECORD}/{A}-{OLD}", f"{RECORD}/{B}-{NOW}"], False),
        ([STATE, f"{RECORD}/{A}-{OLD}", f"{RECORD}/{A}-{NOW}"], True),  # an interrupted record
        ([STATE, LOCK, f"{RECORD}/{A}-{NOW}"], False),
        ([], False),
    ],
)
def test_unchanged_is_what_gave_the_state_of_now(keys: list[str], *, is_unchanged: bool) -> None:
    assert listing(*keys).is_unchanged("pets-prod", A) == is_unchanged


def test_a_first_apply_has_a_lock_and_no_state() -> None:
    found = listing(LOCK).stacks["pets-prod"]
    assert (found.state, found.is_locked, found.applied) == (None, True, ())


def test_the_order_of_a_listing_does_not_matter() -> None:
    keys = [STATE, LOCK, f"{RECORD}/{A}-{NOW}", "gateprint/a-prod.tfstate"]
    assert listing(*keys) == listing(*reversed(keys))
    assert list(listing(*keys).stacks) == ["a-prod", "pets-prod"]


@pytest.mark.parametrize(
    ("stack", "expected", "orphans"),
    [
        ("old-prod", [], ("old-prod",)),
        ("pets-prod", ["pets-prod"], ()),
        ("pets-eu-prod", [], ()),  # that of `pets` in `eu-prod`
        ("pets-eu-prod", ["pets-eu-prod"], ()),  # that of `pets-eu` in `prod`
    ],
)
def test_an_orphan_is_a_state_that_nobody_asks_for(
    stack: str, expected: list[str], orphans: tuple[str, ...]
) -> None:
    found = listing(f"gateprint/{stack}.tfstate", "gateprint/new-prod.tfstate.tflock")
    assert found.orphans("prod", expected, ["prod", "eu-prod", "local"]) == orphans
