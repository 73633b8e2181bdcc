"""Groups stacks that change in the same way, whatever their names are; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from gateprint.errors import Location
from gateprint.review.attributes import AttributeChange, attribute_changes
from gateprint.terraform.plans.plan import ResourceChange, TerraformPlan

_IDS = frozenset(
    {"id", "rest_api_id", "resource_id", "parent_id", "deployment_id", "root_resource_id"}
)


@dataclass(frozen=True, slots=True, order=True)
class SameChange:
    """A change as several stacks have it: their own names are `{blueprint}`, `{environment}` …."""

    action: str
    address: str
    attributes: tuple[AttributeChange, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """How an outlier differs from the group that it almost belongs to, whose example is named."""

    example: str
    more: tuple[SameChange, ...]
    less: tuple[SameChange, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Stacks that change in the same way, by name; `changes` in the words of all of them.

    `summary` says the changes in a few words, such as `throttle 100 → 200`. `origins` are the
    lines of the example's blueprint that the changes come from, in the same order. `difference` is
    that of an outlier.
    """

    changes: tuple[SameChange, ...]
    stacks: tuple[str, ...]
    summary: str = ""
    origins: tuple[Location | None, ...] = ()
    difference: Difference | None = None

    @property
    def example(self) -> str:
        """Return the stack that stands for all."""
        return self.stacks[0]


@dataclass(frozen=True, slots=True)
class Named:
    """A plan, and the names that are its stack's own: text → placeholder, such as `{account}`."""

    stack: str
    plan: TerraformPlan
    names: Mapping[str, str]


def own_names(blueprint: str, environment: str, account: str) -> dict[str, str]:
    """Return the names that tell one stack from another which is made alike."""
    names = {blueprint: "{blueprint}", environment: "{environment}", account: "{account}"}
    # In Terraform's addresses and some names of AWS a hyphen is another character.
    names[blueprint.replace("-", "_")] = "{blueprint}"
    return {name: placeholder for name, placeholder in names.items() if name}


def clusters(plans: Iterable[Named]) -> tuple[Cluster, ...]:
    """Return the stacks grouped by what changes; the greatest group first."""
    found: dict[tuple[SameChange, ...], list[Named]] = {}
    for each in plans:
        found.setdefault(same_changes(each, _plain(each)), []).append(each)
    groups = [_cluster(changes, alike) for changes, alike in found.items()]
    return tuple(sorted(groups, key=lambda each: (-len(each.stacks), each.stacks)))


def _cluster(changes: tuple[SameChange, ...], alike: list[Named]) -> Cluster:
    """Return a group; a stack that is alone keeps its own names."""
    if len(alike) == 1:
        return Cluster(same_changes(alike[0], str), (alike[0].stack,))
    return Cluster(changes, tuple(sorted(each.stack for each in alike)))


def same_changes(named: Named, plain: Callable[[str], str]) -> tuple[SameChange, ...]:
    """Return what a plan changes, its texts made plain."""
    done = [each for each in named.plan.changes if not each.is_nothing]
    return tuple(sorted(_same(each, plain) for each in done))


def _same(change: ResourceChange, plain: Callable[[str], str]) -> SameChange:
    attributes = tuple(
        AttributeChange(plain(each.path), plain(each.before), plain(each.after))
        for each in attribute_changes(change)
    )
    return SameChange(change.action, plain(change.address), attributes)


class _Plain:
    """Replaces a stack's own names in texts, the longest first, where they are whole words."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        longest = sorted(names, key=len, reverse=True)
        found = "|".join(re.escape(each) for each in longest)
        self._pattern = re.compile(rf"(?<![A-Za-z0-9])(?:{found})(?![A-Za-z0-9])")

    def __call__(self, text: str) -> str:
        return self._pattern.sub(lambda found: self._names[found[0]], text)


def _plain(named: Named) -> _Plain:
    """Return what replaces names, and the ids that AWS gave: they are another in each stack."""
    ids = {
        value: "{id}"
        for change in named.plan.changes
        if isinstance(change.before, Mapping)
        for name, value in change.before.items()
        if name in _IDS and isinstance(value, str) and value
    }
    return _Plain({**ids, **named.names})
