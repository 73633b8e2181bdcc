"""What holds for the changes between any two sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from gateprint.access.changes.comparison import Changes, PublicChange, RowChange, changes
from gateprint.access.changes.sentences import sentences
from gateprint.access.matrix import matrix, public_routes
from gateprint.model.resolved import (
    Api,
    Environment,
    Grant,
    MockBackend,
    ResolvedBlueprint,
    Role,
    Route,
    Stage,
)
from tests.model.made import environment_of

# Sides are built by a seed, which is much quicker than drawing each part.
KEYS = ("GET /a", "POST /a", "GET /b/{x}", "GET /b/{x}/c")
STAGES = ("dev", "test")
OVERREACH = (None, "deny", "accepted because of the test")
WHEN: tuple[dict[str, tuple[str, ...]], ...] = (
    {},
    {"mail": ("a", "b")},
    {"mail": ("a",), "uid": ("c",)},
)
ENVIRONMENTS = (
    environment_of(),
    replace(environment_of(), name="prod", account="210987654321"),
)


def some(random: Random, items: Sequence[str], least: int = 1) -> tuple[str, ...]:
    chosen = random.sample(items, random.randint(min(least, len(items)), len(items)))
    return tuple(each for each in items if each in chosen)


def route(key: str, *, is_public: bool) -> Route:
    method, path = key.split()
    auth, public = ("none", "why not") if is_public else ("iam", None)
    return Route(method, path, MockBackend(200, ""), auth, public)


def role(random: Random, name: str, api: Api, stages: Sequence[str]) -> Role:
    signed = [each.key for each in api.routes if each.auth == "iam"]
    grants = tuple(
        Grant(api.name, some(random, stages), some(random, signed), random.choice(OVERREACH))
        for _ in range(random.randint(0, 2))
    )
    return Role(
        name,
        grants,
        random.choice([*ENVIRONMENTS[0].identity_providers, None]),
        max_session_seconds=random.choice([3600, 7200]),
        when=random.choice(WHEN),
    )


def blueprint(random: Random, name: str, environment: Environment) -> ResolvedBlueprint:
    public = some(random, KEYS, 0)[:2]
    api = Api(
        f"api-of-{name}",
        tuple(route(key, is_public=key in public) for key in some(random, KEYS)),
        vpc_endpoints=random.choice([(), (), ("vpce-1",)]),
    )
    stages = some(random, STAGES)
    return ResolvedBlueprint(
        f"{name}-{random.choice('ab')}",
        environment,
        tuple(map(Stage, stages)),
        (api,),
        roles=tuple(
            role(random, f"{name}-{each}", api, stages)
            for each in some(random, ["reader", "clerk", "chief"], 0)
        ),
    )


def side(seed: int) -> list[ResolvedBlueprint]:
    random = Random(seed)  # noqa: S311
    return [
        blueprint(random, name, environment)
        for name in some(random, ["pets", "shop"], 0)
        for environment in ENVIRONMENTS[: random.randint(1, 2)]
    ]


SIDES = st.integers(0, 1_000_000).map(side)
MANY = settings(deadline=None, derandomize=True, max_examples=300)


@given(SIDES)
@MANY
def test_from_a_side_to_itself_nobody_gains_or_loses(one: list[ResolvedBlueprint]) -> None:
    found = changes(one, list(reversed(one)))
    assert not found
    assert sentences(found) == ()


@given(SIDES, SIDES)
@MANY
def test_the_way_back_loses_what_the_way_there_gains(
    one: list[ResolvedBlueprint], two: list[ResolvedBlueprint]
) -> None:
    there, back = changes(one, two), changes(two, one)
    assert (there.gains, there.public_gains) == (back.losses, back.public_losses)
    assert (there.losses, there.public_losses) == (back.gains, back.public_gains)
    turned = {(each.where, each.role, each.is_elsewhere) for each in back.sign_in}
    assert turned == {(each.where, each.role, each.is_elsewhere) for each in there.sign_in}
    assert bool(there) == bool(back) == bool(sentences(there)) == bool(sentences(back))


Call = tuple[str, str, str, str]


@dataclass(frozen=True)
class Applied:
    """Who may call what after some changes, from the side before and the changes alone."""

    before: Mapping[tuple[Call, str], bool]
    public: AbstractSet[Call]
    found: Changes

    def is_allowed(self, call: Call, role: str) -> bool:
        opened = {call_of(each) for each in self.found.public_gains}
        closed = {call_of(each): each.roles for each in self.found.public_losses}
        if call in closed:
            return role in closed[call]
        if call in self.public | opened or (call, role) in calls(self.found.gains):
            return True
        return self.before.get((call, role), False) and (call, role) not in calls(self.found.losses)


def call_of(one: PublicChange) -> Call:
    return one.environment, one.route.api, one.route.stage, one.route.route


def calls(found: Sequence[RowChange]) -> set[tuple[Call, str]]:
    return {
        ((each.environment, each.row.api, each.row.stage, each.row.route), each.row.role)
        for each in found
    }


def public_of(side: Sequence[ResolvedBlueprint]) -> set[Call]:
    return {
        (one.environment.name, each.api, each.stage, each.route)
        for one in side
        for each in public_routes(one)
    }


def decisions_of(side: Sequence[ResolvedBlueprint]) -> dict[tuple[Call, str], bool]:
    return {
        ((one.environment.name, row.api, row.stage, row.route), row.role): row.decision == "allow"
        for one in side
        for row in matrix(one)
    }


@given(SIDES, SIDES)
@MANY
def test_one_side_and_the_changes_make_the_other_side(
    one: list[ResolvedBlueprint], two: list[ResolvedBlueprint]
) -> None:
    found, before, after = changes(one, two), decisions_of(one), decisions_of(two)
    applied = Applied(before, public_of(one), found)
    assert {key: applied.is_allowed(*key) for key in after} == after
    # Nothing is left of what is on the one side alone, and nobody gains what was theirs.
    gone = {key for key in before if key not in after and key[0] not in public_of(two)}
    assert not any(applied.is_allowed(*key) for key in gone)
    assert not any(before.get(key) for key in calls(found.gains))
