"""The core never crashes on input: a short run of the fuzzer, and what hypothesis can think of."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateprint.model import schema, source
from gateprint.model.blueprint import Blueprint
from gateprint.model.environment import Environment
from tests.fuzz.cases import Case, make_case
from tests.fuzz.corpus import Kind, seeds
from tests.fuzz.findings import Tally, summary
from tests.fuzz.grammar import Grammar
from tests.fuzz.hostile import TEXTS, TOKENS
from tests.fuzz.nodes import node_of, write
from tests.fuzz.project import Project
from tests.fuzz.trial import PHASES, examine

# The same documents in every run: what is found here is found again.
_SEED = 7
_DOCUMENTS = 400

quickly = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project.make(tmp_path_factory.mktemp("fuzzed"))


@cache
def run_of(project: Project) -> Tally:
    """A short run, in this process: its causes are in the assertion, its documents in the seed."""
    tally = Tally()
    for number in range(_DOCUMENTS):
        tally.add(number, examine(project, make_case(_SEED, number), is_guest=True))
    return tally


def test_every_mutated_document_gets_a_value_or_diagnostics(project: Project) -> None:
    tally = run_of(project)
    details = [f"{each.number}: {each.problem.detail}" for each in tally.found.values()]
    assert not tally.found, "\n".join([summary(tally, 0), *details])


def test_the_documents_reach_every_part_of_the_program(project: Project) -> None:
    tally = run_of(project)
    shares = {phase: tally.phases[phase] / tally.documents for phase in PHASES}
    assert min(shares.values()) > 0.08, shares
    assert len(tally.codes) > 45


def problems_of(project: Project, data: bytes, kind: Kind = "blueprint") -> list[str]:
    outcome = examine(project, Case(0, kind, data, ()), is_guest=True)
    return [f"{each.what}: {each.detail}" for each in outcome.problems]


# Characters that YAML gives a meaning to come often, all the others now and then.
_signs = st.sampled_from([*" \n\t:-?,[]{}#&*!|>'\"%@`\\~=<.0a", "\r", "\u2028", "\x85", "\ufeff"])
_texts = st.text(st.one_of(_signs, st.characters()), max_size=80)


@quickly
@given(text=_texts)
def test_any_text_is_read_or_refused(project: Project, text: str) -> None:
    assert problems_of(project, text.encode("utf-8", "surrogatepass")) == []


@quickly
@given(data=st.binary(max_size=60), kind=st.sampled_from(["blueprint", "environment"]))
def test_any_bytes_are_read_or_refused(project: Project, data: bytes, kind: Kind) -> None:
    assert problems_of(project, data, kind) == []


_names = st.one_of(
    st.sampled_from([*Blueprint.model_fields, *Environment.model_fields, "GET /pets", "a"]),
    st.sampled_from(TEXTS),
)
_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from(TEXTS)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(_names, inner, max_size=4)
    ),
    max_leaves=12,
)


@quickly
@given(values=st.dictionaries(_names, _values, max_size=6))
def test_any_values_are_accepted_or_refused_at_their_places(
    project: Project, values: dict[str, object]
) -> None:
    text = write(node_of(values))
    for kind in ("blueprint", "environment"):
        assert problems_of(project, text.encode(), kind) == []


@quickly
@given(data=st.data(), token=st.sampled_from(TOKENS + TEXTS))
def test_a_hostile_word_anywhere_in_a_seed_is_read_or_refused(
    project: Project, data: st.DataObject, token: str
) -> None:
    seed = data.draw(
        st.sampled_from([each for each in seeds() if each.name.startswith("blueprints/")])
    )
    at = data.draw(st.integers(0, len(seed.data)))
    spoilt = seed.data[:at] + token.encode() + seed.data[at:]
    assert problems_of(project, spoilt) == []


@quickly
@given(number=st.integers(0, 10**6))
def test_what_is_accepted_means_the_same_in_every_style(project: Project, number: int) -> None:
    text = write(node_of(Grammar(Random(number), 0.0).blueprint()))  # noqa: S311
    outcome = examine(project, Case(number, "blueprint", text.encode(), ()), is_guest=True)
    assert outcome.problems == ()


@pytest.mark.parametrize("number", range(40))
def test_a_grown_blueprint_breaks_no_rule_of_its_form(number: int) -> None:
    # Its names may clash; but a schema that refuses it would keep the fuzzer from the later checks.
    text = write(node_of(Grammar(Random(number), 0.0).blueprint()))  # noqa: S311
    _, found = schema.examine(source.read("grown.yaml", text), Blueprint)
    assert {each.code for each in found if each.severity == "error"} <= {"wrong-path"}
