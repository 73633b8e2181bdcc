"""Who gains and who loses what, in sentences that say once what holds for many blueprints; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any

from gateprint.access.changes.comparison import Changes
from gateprint.access.changes.sentences import Sentence, sentences
from gateprint.access.changes.wording import grouped
from gateprint.model.resolved import ResolvedBlueprint
from gateprint.review.plain import Plain

# As many blueprints with one sentence are told by one.
_LEAST = 3
_IN_ORDER = ("public", "gain", "loss", "sign-in")


def told_access(
    changes: Changes, blueprints: Iterable[ResolvedBlueprint] = ()
) -> tuple[Sentence, ...]:
    """Return the sentences, public routes first.

    `blueprints` are those of both sides. What three or more of them say in the same words but for
    their names is one sentence, in which each's own name is `{blueprint}`.
    """
    owners = _Owners(blueprints)
    parts = owners.parts(changes)
    if len(parts) < _LEAST:
        return sentences(changes)
    told = [
        (name, each, _plainly(each, Plain({name: "{blueprint}"})))
        for name, part in parts.items()
        for each in sentences(part)
    ]
    found = grouped(told, lambda one: (one[2].kind, one[2].parts)).values()
    once = [each for alike in found for each in _once(alike)]
    return tuple(sorted(once, key=lambda each: _IN_ORDER.index(each.kind)))


def _plainly(sentence: Sentence, plain: Plain) -> Sentence:
    """Return a sentence without the blueprint's name, which is no word of ours: see `parts`."""
    told = (plain(each) if index % 2 else each for index, each in enumerate(sentence.parts))
    return Sentence(sentence.kind, tuple(told))


def _once(alike: list[tuple[str, Sentence, Sentence]]) -> Iterator[Sentence]:
    if len(alike) < _LEAST:
        yield from (own for _, own, _ in alike)
        return
    name, _, plain = alike[0]
    first, *rest = plain.parts
    front = (f"in {len(alike):,} blueprints, such as ", name, f": {first}")
    yield Sentence(plain.kind, (*front, *rest))


class _Owners:
    """Which blueprint an API or a role belongs to, by environment and name."""

    def __init__(self, blueprints: Iterable[ResolvedBlueprint]) -> None:
        self._apis: dict[tuple[str, str], str] = {}
        self._roles: dict[tuple[str, str], str] = {}
        for each in blueprints:
            where = each.environment.name
            self._apis |= {(where, api.name): each.name for api in each.apis}
            self._roles |= {
                (where, role.name): each.name
                for role in each.roles
                if role.identity_provider is not None
            }

    def parts(self, changes: Changes) -> Mapping[str, Changes]:
        """Return the changes of each blueprint, by its name, in the order of the names."""
        ways: Mapping[str, Callable[[Any], str]] = {
            "gains": lambda each: str(each.row.blueprint),
            "losses": lambda each: str(each.row.blueprint),
            "public_gains": lambda each: str(each.route.blueprint),
            "public_losses": lambda each: str(each.route.blueprint),
            "networks": lambda each: self._apis.get((each.environment, each.api), ""),
            "sign_in": lambda each: self._roles.get((each.environment, each.role), ""),
        }
        found: dict[str, dict[str, list[Any]]] = {}
        for field, owner in ways.items():
            for each in getattr(changes, field):
                found.setdefault(owner(each), {}).setdefault(field, []).append(each)
        every = [each.name for each in fields(Changes)]
        return {
            name: Changes(**{field: tuple(of.get(field, ())) for field in every})
            for name, of in sorted(found.items())
        }
