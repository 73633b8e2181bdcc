"""What the pacer decides, step by step and for any work."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateprint.terraform.pace.pacer import Done, Pacer, Start, Wait
from gateprint.terraform.pace.work import Domain, Work, work_of
from tests.terraform.pace.clouds import HERE, Stack, creates
from tests.terraform.pace.simulation import Machine, PacedPool, chance

API = ("aws_api_gateway_rest_api.shop", "create")
METHOD = ("aws_api_gateway_method.shop_get", "create")
DEV = ("aws_api_gateway_deployment.shop_dev", "create")
TEST = ("aws_api_gateway_deployment.shop_test", "create")
ROLE = ("aws_iam_role.reader", "create")


def plain(stack: str, *needs: str) -> Work:
    """Return a stack without API Gateway work."""
    return work_of(stack, HERE, [ROLE], needs)


def started(*works: Work) -> Pacer:
    """Return a pacer whose stacks all run, and have told their first event."""
    pacer = Pacer(works, 10)
    for work in works:
        pacer.started(work.stack, 0)
        pacer.passed(work.stack, 0)
    return pacer


def do(pacer: Pacer, stack: str, change: tuple[str, str], now: float) -> None:
    """Let a stack start and end a change."""
    pacer.seen(stack, *change, now)
    pacer.finished(stack, *change, now)


def test_nothing_to_do_is_done() -> None:
    assert Pacer([], 10).next(0) == Done()


def test_stacks_without_calls_start_at_once_as_far_as_there_are_workers() -> None:
    pacer = Pacer([plain("a"), plain("b"), plain("c")], 2)
    assert pacer.next(0) == Start("a")
    pacer.started("a", 0)
    assert pacer.next(0) == Start("b")
    pacer.started("b", 0)
    assert isinstance(pacer.next(0), Wait)
    pacer.ended("a", 1, ok=True)
    assert pacer.next(1) == Start("c")


def test_a_stack_starts_after_those_that_it_needs() -> None:
    pacer = Pacer([plain("api", "account"), plain("account")], 10)
    assert pacer.next(0) == Start("account")
    pacer.started("account", 0)
    assert isinstance(pacer.next(0), Wait)
    pacer.ended("account", 1, ok=True)
    assert pacer.next(1) == Start("api")


def test_a_failure_blocks_those_that_depend_on_it_and_nothing_else() -> None:
    works = [plain("account"), plain("b", "account"), plain("c", "b"), plain("other")]
    pacer = Pacer(works, 10)
    pacer.started("account", 0)
    pacer.ended("account", 1, ok=False)
    assert pacer.blocked() == {"b": "account", "c": "account"}
    assert pacer.next(1) == Start("other")
    pacer.started("other", 1)
    pacer.ended("other", 2, ok=True)
    assert pacer.next(2) == Done()


def test_a_need_that_has_no_work_is_met() -> None:
    assert Pacer([plain("api", "account")], 1).next(0) == Start("api")


def test_needs_in_a_circle_are_refused() -> None:
    with pytest.raises(ValueError, match=r"a → b → a|b → a → b"):
        Pacer([plain("a", "b"), plain("b", "a")], 1)


def test_only_one_of_two_deployments_of_a_stack_may_start_within_five_seconds() -> None:
    pacer = started(work_of("shop", HERE, [DEV, TEST]))
    assert pacer.hold("shop", 0) == 0
    pacer.seen("shop", *DEV, 0)
    assert pacer.hold("shop", 0) == pytest.approx(5.15)
    assert pacer.hold("shop", 5.2) == 0


def test_two_stacks_share_the_quota_and_the_first_one_goes_first() -> None:
    pacer = started(work_of("a", HERE, [DEV, TEST]), work_of("b", HERE, [DEV]))
    assert pacer.hold("a", 0) == 0
    pacer.seen("a", *DEV, 0)
    assert pacer.hold("b", 0.1) > 5
    assert pacer.hold("a", 0.2) > 4
    assert 0 < pacer.hold("b", 5.2) < 1
    assert pacer.hold("a", 5.2) == 0


def test_accounts_and_regions_do_not_share_quotas() -> None:
    there = Domain(HERE.account, "eu-west-1")
    pacer = started(work_of("a", HERE, [DEV]), work_of("b", there, [DEV]))
    assert pacer.hold("a", 0) == pacer.hold("b", 0) == 0


def test_a_deployment_is_held_only_when_all_before_it_is_done() -> None:
    other, shop = work_of("other", HERE, [DEV]), work_of("shop", HERE, [API, METHOD, DEV])
    pacer = started(other, shop)
    assert pacer.hold("other", 0) == 0
    pacer.seen("other", *DEV, 0)
    assert pacer.hold("shop", 0) == 0
    do(pacer, "shop", API, 0)
    assert pacer.hold("shop", 0) == 0
    do(pacer, "shop", METHOD, 0)
    assert pacer.hold("shop", 0) > 5


def test_a_reserved_call_that_did_not_come_is_free_again() -> None:
    pacer = started(work_of("a", HERE, [DEV]), work_of("b", HERE, [DEV]))
    assert pacer.hold("a", 0) == 0
    assert pacer.hold("b", 0) > 0
    pacer.passed("a", 0)
    pacer.ended("a", 1, ok=False)
    assert pacer.hold("b", 1) == 0


def test_the_expected_time_is_that_of_the_calls_which_are_left() -> None:
    works = [work_of(f"shop-{n}", HERE, [DEV]) for n in range(101)]
    pacer = Pacer(works, 10)
    assert pacer.expected_seconds(0) == pytest.approx(100 * 5.15)
    pacer.started("shop-0", 0)
    pacer.seen("shop-0", *DEV, 0)
    assert pacer.expected_seconds(0) == pytest.approx(100 * 5.15)
    assert pacer.expected_seconds(60) == pytest.approx(99 * 5.15)


def test_stacks_start_no_sooner_than_their_calls_can_be_made() -> None:
    pacer = Pacer([work_of(f"shop-{n}", HERE, [API, METHOD, DEV]) for n in range(100)], 50)
    count = 0
    while isinstance(found := pacer.next(0), Start):
        pacer.started(found.stack, 0)
        count += 1
    assert 2 <= count <= 6
    assert isinstance(found, Wait)


def test_a_change_that_the_plan_did_not_have_is_counted() -> None:
    pacer = started(plain("shop"), work_of("other", HERE, [DEV]))
    pacer.seen("shop", *DEV, 0)
    pacer.finished("shop", *DEV, 1)
    assert pacer.hold("other", 1) > 4


@st.composite
def estates(draw: st.DrawFn) -> list[Stack]:
    """Draw stacks that need some of those before them."""
    stacks: list[Stack] = []
    for number in range(draw(st.integers(1, 12))):
        names = [stack.work.stack for stack in stacks]
        needs = draw(st.lists(st.sampled_from(names), max_size=3)) if names else []
        paths, stages = draw(st.integers(0, 12)), draw(st.integers(0, 3))
        stacks.append(creates(f"stack-{number}", paths, stages, tuple(needs)))
    return stacks


@settings(max_examples=25, deadline=None)
@given(estates(), st.integers(1, 6), st.integers(0, 99), st.data())
def test_any_work_ends_in_order_with_no_call_refused(
    stacks: list[Stack], workers: int, seed: int, data: st.DataObject
) -> None:
    names = [stack.work.stack for stack in stacks]
    failing = frozenset(data.draw(st.sets(st.sampled_from(names), max_size=2)))
    machine = Machine(chance(seed), failing=failing)
    pacer = PacedPool(machine, stacks, workers).pacer
    machine.clock.run(36_000)
    started = [name for kind, name in machine.order if kind == "start"]
    assert machine.gateway.refused == 0
    assert machine.most_running <= workers
    assert pacer.next(machine.clock.now) == Done()
    assert sorted([*started, *pacer.blocked()]) == sorted(names)
    for stack in stacks:
        assert _is_in_order(stack, machine.order, failing, set(pacer.blocked()))


def _is_in_order(
    stack: Stack, order: list[tuple[str, str]], failing: frozenset[str], blocked: set[str]
) -> bool:
    """Tell whether a stack started after its needs, or not at all because one of them failed."""
    name, needs = stack.work.stack, set(stack.work.needs)
    if name in blocked:
        return bool(needs & (failing | blocked)) and ("start", name) not in order
    start = order.index(("start", name))
    return all(order.index(("end", need)) < start for need in needs - {name})
