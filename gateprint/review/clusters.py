"""Groups stacks that change in the same way, whatever their names are; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from gateprint.errors import Location
from gateprint.review.attributes import AttributeChange, attribute_changes, content_digest
from gateprint.review.origin import Origins, is_following
from gateprint.review.plain import Plain, restoring
from gateprint.review.summary import summary
from gateprint.terraform.plans.plan import ResourceChange, TerraformPlan

_IDS = frozenset(
    {"id", "rest_api_id", "resource_id", "parent_id", "deployment_id", "root_resource_id"}
)
# Elsewhere ids are names.
_WITH_IDS = "aws_api_gateway_"
# An outlier has at least this part of what the greatest group does.
_LEAST_SHARED = 0.5


@dataclass(frozen=True, slots=True, order=True)
class SameChange:
    """A change as several stacks have it: their own names are `{blueprint}`, `{environment}` ….

    `content` tells new resources with one address apart.
    """

    action: str
    address: str
    attributes: tuple[AttributeChange, ...]
    content: str = ""


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
    """A plan, and the names that are its stack's own: text → placeholder, such as `{account}`.

    `origins` makes what tells where each resource comes from; it is asked of examples alone.
    """

    stack: str
    plan: TerraformPlan
    names: Mapping[str, str]
    origins: Callable[[], Origins] = Origins


def clusters(plans: Iterable[Named]) -> tuple[Cluster, ...]:
    """Return the stacks grouped by what changes; the greatest group first."""
    found: dict[tuple[SameChange, ...], list[Named]] = {}
    for each in plans:
        found.setdefault(_changes(each, _plain(each)), []).append(each)
    groups = [_Group(changes, tuple(alike)) for changes, alike in found.items()]
    groups.sort(key=lambda each: (-len(each.alike), each.example.stack))
    return tuple(each.cluster(groups[0]) for each in groups)


@dataclass(frozen=True, slots=True)
class _Group:
    """Stacks with the same plain changes."""

    changes: tuple[SameChange, ...]
    alike: tuple[Named, ...]

    @property
    def example(self) -> Named:
        return min(self.alike, key=lambda each: each.stack)

    def cluster(self, greatest: _Group) -> Cluster:
        """Return the group for people; a stack that is alone keeps its own names."""
        example = self.example
        words, origins = self._words(example), example.origins()
        own = _pairs(example, words)
        told = summary((change for _, change in own), example.plan, origins)
        return Cluster(
            tuple(same for same, _ in own),
            tuple(sorted(each.stack for each in self.alike)),
            words(told),
            tuple(origins.locate(change) for _, change in own),
            None if self is greatest else self._difference(greatest),
        )

    def _words(self, named: Named) -> Callable[[str], str]:
        """Return what makes a text of one of the stacks one of all."""
        if len(self.alike) == 1:
            return str
        plain, restored = _plain(named), restoring(each.names for each in self.alike)
        return lambda text: restored(plain(text))

    def _difference(self, greatest: _Group) -> Difference | None:
        shared = {_place(each) for each in self.changes} & {_place(e) for e in greatest.changes}
        if len(shared) < _LEAST_SHARED * len(greatest.changes):
            return None
        more = _without(self.changes, greatest.changes)
        less = _without(greatest.changes, self.changes)
        words = restoring(each.names for each in self.alike)
        return Difference(greatest.example.stack, _said(more, words), _said(less, words))


def _place(change: SameChange) -> tuple[str, str]:
    return change.action, change.address


def _without(some: Sequence[SameChange], others: Sequence[SameChange]) -> tuple[SameChange, ...]:
    """Return what others do not have; of a resource that both change only what differs."""
    known = set(others)
    attributes = {_place(each): set(each.attributes) for each in others}
    return tuple(
        replace(each, attributes=tuple(a for a in each.attributes if a not in shared))
        for each in some
        if each not in known
        for shared in (attributes.get(_place(each), set()),)
    )


def _said(changes: Iterable[SameChange], words: Callable[[str], str]) -> tuple[SameChange, ...]:
    found = (
        replace(
            each,
            address=words(each.address),
            attributes=tuple(
                replace(a, path=words(a.path), before=words(a.before), after=words(a.after))
                for a in each.attributes
            ),
        )
        for each in changes
    )
    return tuple(sorted(found))


def _changes(named: Named, plain: Callable[[str], str]) -> tuple[SameChange, ...]:
    return tuple(same for same, _ in _pairs(named, plain))


def _pairs(named: Named, plain: Callable[[str], str]) -> list[tuple[SameChange, ResourceChange]]:
    """Return what a plan changes, its texts made plain, beside the changes themselves.

    What only follows from the others comes last.
    """
    done = [each for each in named.plan.changes if not each.is_nothing]
    found = [(_same(each, plain), each) for each in done]
    return sorted(found, key=lambda pair: (is_following(pair[1]), pair[0]))


def _same(change: ResourceChange, plain: Callable[[str], str]) -> SameChange:
    return SameChange(
        change.action,
        plain(change.address),
        attribute_changes(change, plain),
        content_digest(change, plain),
    )


def _plain(named: Named) -> Plain:
    """Return what replaces names, and the ids that AWS gave: they are another in each stack."""
    ids = {
        value
        for change in named.plan.changes
        if isinstance(change.before, Mapping) and change.type.startswith(_WITH_IDS)
        for name, value in change.before.items()
        if name in _IDS and isinstance(value, str) and value.isalnum()
    }
    return Plain(named.names, ids)
