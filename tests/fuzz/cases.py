"""Makes the fuzzer's documents: the same seed and number give the same bytes; pure."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.fuzz.corpus import Kind, Seed, seeds
from tests.fuzz.grammar import Grammar
from tests.fuzz.nodes import node_of, parse, write
from tests.fuzz.text_mutators import BYTES, LINES, WORDS, Mutator
from tests.fuzz.tree_mutators import TREES


@dataclass(frozen=True, slots=True)
class Case:
    """A document, how it came to be, and what it is loaded with.

    `beside` puts the project's own blueprints next to it; `environment` is the one that is chosen.
    """

    number: int
    kind: Kind
    data: bytes
    recipe: tuple[str, ...]
    beside: bool = False
    environment: str | None = None


# How a document comes to be, and how often of a hundred.
_WAYS = {"grammar": 34, "grammar with errors": 18, "tree": 22, "words": 12, "lines": 7, "bytes": 7}


def make_case(seed: int, number: int) -> Case:
    """Return document `number` of the run `seed`."""
    random = Random(f"{seed}/{number}")  # noqa: S311 - a repeatable run is the point
    way = random.choices(list(_WAYS), list(_WAYS.values()))[0]
    kind, data, recipe = _grown(random, way) if "grammar" in way else _mutated(random, way)
    chosen = random.choice((None, None, None, None, "local", "nonprod", "prod"))
    beside = kind == "environment" or random.random() < 0.1
    return Case(number, kind, data, (way, *recipe), beside, chosen)


def _grown(random: Random, way: str) -> tuple[Kind, bytes, tuple[str, ...]]:
    grammar = Grammar(random, 0.0 if way == "grammar" else random.choice((0.02, 0.1)))
    kind: Kind = "environment" if random.random() < 0.1 else "blueprint"
    root = node_of(grammar.environment() if kind == "environment" else grammar.blueprint())
    steps = []
    if random.random() < 0.25:
        steps = [random.choice(TREES) for _ in range(random.choice((1, 1, 2)))]
        for step in steps:
            step(random, root)
    text = write(root, width=random.choice((20, 80, 4096)))
    return kind, text.encode(), tuple(step.__name__ for step in steps)


def _mutated(random: Random, way: str) -> tuple[Kind, bytes, tuple[str, ...]]:
    seed = random.choice(seeds())
    if way == "tree":
        data, steps = _with_another_tree(random, seed)
    else:
        pool: tuple[Mutator, ...] = {"words": WORDS, "lines": LINES, "bytes": BYTES}[way]
        data, steps = _with_other_text(random, seed.data, pool)
    return seed.kind, data, (seed.name, *steps)


def _with_another_tree(random: Random, seed: Seed) -> tuple[bytes, tuple[str, ...]]:
    root = parse(seed.data.decode("utf-8", "replace"))
    if root is None:
        return _with_other_text(random, seed.data, LINES + WORDS)
    steps = [random.choice(TREES) for _ in range(random.choice((1, 1, 2, 3)))]
    for step in steps:
        step(random, root)
    return write(root).encode(), tuple(step.__name__ for step in steps)


def _with_other_text(
    random: Random, data: bytes, pool: tuple[Mutator, ...]
) -> tuple[bytes, tuple[str, ...]]:
    steps = [random.choice(pool) for _ in range(random.choice((1, 1, 2, 4)))]
    if random.random() < 0.1:
        steps.append(random.choice(BYTES + LINES + WORDS))
    for step in steps:
        data = step(random, data)
    return data, tuple(step.__name__ for step in steps)
