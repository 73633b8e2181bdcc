"""Compares gateprint's decisions with the simulator's, and makes a case that differs small."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.oracle.cases import case_of
from tests.oracle.simulator import Case, Document, Oracle, decided

BATCH = 250


@dataclass(slots=True)
class Comparison:
    """What was compared: how often which outcome, and the seeds of the cases that differ."""

    outcomes: Counter[str] = field(default_factory=Counter)
    differing: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return self.outcomes.total()


def compare(
    oracle: Oracle, seed: int, count: int, tell: Callable[[Comparison], None] = lambda _: None
) -> Comparison:
    """Compare `count` cases. While the simulator decides a batch, gateprint decides it too."""
    comparison = Comparison()
    for seeds in _batches(seed, count):
        cases = [case_of(each) for each in seeds]
        oracle.ask(cases)
        ours = [decided(each) for each in cases]
        for one, our, other in zip(seeds, ours, oracle.answer(), strict=True):
            comparison.outcomes[our] += 1
            if our != other:
                comparison.differing.append(one)
        tell(comparison)
    return comparison


def _batches(seed: int, count: int) -> Iterator[list[str]]:
    for start in range(0, count, BATCH):
        yield [f"{seed}:{each}" for each in range(start, min(start + BATCH, count))]


def minimised(oracle: Oracle, case: Case) -> Case:
    """Return a smaller case on which they differ in the same way."""
    wanted = decided(case), oracle.decide(case)
    is_smaller = True
    while is_smaller:
        is_smaller = False
        for smaller in _smaller(case):
            if (decided(smaller), oracle.decide(smaller)) == wanted:
                case, is_smaller = smaller, True
                break
    return case


def _smaller(case: Case) -> Iterator[Case]:
    if case.boundary is not None:
        yield case.without(boundary=None)
    if case.resource_policy is not None:
        yield case.without(resource_policy=None)
    for name in case.context:
        if case.context[name]:
            yield case.without(context={**case.context, name: ()})
    for index in range(len(case.identity)):
        yield case.without(identity=case.identity[:index] + case.identity[index + 1 :])
    for field_name in ("boundary", "resource_policy", "trust"):
        document = getattr(case, field_name)
        for smaller in _smaller_documents(document) if document else ():
            yield case.without(**{field_name: smaller})
    for index, document in enumerate(case.identity):
        for smaller in _smaller_documents(document):
            identity = [*case.identity[:index], smaller, *case.identity[index + 1 :]]
            yield case.without(identity=tuple(identity))


def _smaller_documents(document: Document) -> Iterator[Document]:
    found = document["Statement"]
    statements: list[Document] = found if isinstance(found, list) else [found]
    for index, statement in enumerate(statements):
        if len(statements) > 1:
            yield {**document, "Statement": statements[:index] + statements[index + 1 :]}
        for smaller in _smaller_statements(statement):
            changed = [*statements[:index], smaller, *statements[index + 1 :]]
            yield {**document, "Statement": changed}


def _smaller_statements(statement: Document) -> Iterator[Document]:
    for name in ("Sid", "Condition"):
        if name in statement:
            yield {key: each for key, each in statement.items() if key != name}
    for name in ("Action", "NotAction", "Resource", "NotResource"):
        for smaller in _shorter(statement.get(name)):
            yield {**statement, name: smaller}
    conditions = statement.get("Condition", {})
    for operator, keys in conditions.items():
        if len(conditions) > 1:
            rest = {key: each for key, each in conditions.items() if key != operator}
            yield {**statement, "Condition": rest}
        for key, values in keys.items():
            for smaller in _shorter(values):
                yield {**statement, "Condition": {**conditions, operator: {key: smaller}}}


def _shorter(values: Any) -> Iterator[Any]:
    if isinstance(values, list) and len(values) > 1:
        for index in range(len(values)):
            yield values[:index] + values[index + 1 :]
