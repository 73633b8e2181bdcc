"""The fuzzer sees what it is there to see: each of its checks fails once, on something made up."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from yaml import Node

from gateprint.errors import Diagnostic, InputRejected, Location
from gateprint.workflow.places import Places
from tests.fuzz import workers
from tests.fuzz.cases import Case, make_case
from tests.fuzz.corpus import ROOT
from tests.fuzz.findings import Finding, Tally, keep, summary
from tests.fuzz.invariants import (
    Problem,
    check_diagnostics,
    check_rejection,
    check_renderings,
    check_text,
)
from tests.fuzz.launcher import Launcher
from tests.fuzz.minimise import Budget, minimise
from tests.fuzz.nodes import parse, shape
from tests.fuzz.project import Project
from tests.fuzz.restyle import restyled
from tests.fuzz.trial import Outcome, examine

TEXT = "name: pets\nowner: me\n"
PLACE = Location("a.yaml", 1, 7, 4, "name: pets")


def what(problems: Any) -> list[str]:
    return [each.what for each in problems]


def worded(code: str = "unknown-field", problem: str = "odd", remedy: str = "mend") -> Diagnostic:
    return Diagnostic(PLACE, code, problem, remedy)


def moved(**fields: Any) -> Diagnostic:
    return replace(worded(), location=replace(PLACE, **fields))


def test_a_right_diagnostic_has_no_fault() -> None:
    assert what(check_diagnostics({"a.yaml": TEXT}, [worded()])) == []
    assert what(check_renderings([worded()])) == []


@pytest.mark.parametrize(
    ("diagnostic", "fault"),
    [
        (worded(code="no-such-code"), "a code that nobody knows [no-such-code]"),
        (worded(problem=" "), "no problem or no remedy [unknown-field]"),
        (worded(remedy=""), "no problem or no remedy [unknown-field]"),
        (moved(line=0), "a line outside the file [unknown-field]"),
        (moved(line=4), "a line outside the file [unknown-field]"),
        (moved(column=12, length=1), "a column outside the line [unknown-field]"),
        (moved(length=5), "a caret that leaves the line [unknown-field]"),
        (moved(length=0), "a caret that leaves the line [unknown-field]"),
        (moved(source_line="name:"), "a source line that is not the file's [unknown-field]"),
    ],
)
def test_a_fault_of_a_diagnostic_is_seen(diagnostic: Diagnostic, fault: str) -> None:
    assert what(check_diagnostics({"a.yaml": TEXT}, [diagnostic])) == [fault]


def test_a_rejection_without_an_error_is_seen() -> None:
    assert what(check_rejection({}, InputRejected([]))) == ["rejected without an error"]


def test_half_a_character_and_a_turned_text_are_shown_harmlessly() -> None:
    assert what(check_renderings([worded(problem="\ud800 \u202e \x1b[2J")])) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a\x1b[2J", "text: a character that moves the cursor"),
        ("a\u202e", "text: a character that moves the cursor"),
        ("    1 | name\n      |     ^^", "text: a caret outside the line"),
        ("123456 | name\n      | ^", "text: a caret beside its value"),
    ],
)
def test_a_fault_of_the_shown_text_is_seen(text: str, fault: str) -> None:
    assert what(check_text(text)) == [fault]


def test_the_same_case_is_made_in_every_run() -> None:
    assert all(make_case(3, number) == make_case(3, number) for number in range(200))
    assert make_case(3, 1) != make_case(4, 1)


@dataclass(frozen=True, slots=True)
class BrokenProject(Project):
    """A project whose program crashes."""

    def places(self, case: Case) -> Places:
        raise ZeroDivisionError(case.number)


def test_a_crash_is_a_problem(tmp_path: Path) -> None:
    project = BrokenProject(Project.make(tmp_path).root)
    outcome = examine(project, Case(1, "blueprint", b"a: b\n", ()), is_guest=True)
    assert what(outcome.problems) == ["ZeroDivisionError in test_fuzzer.py:places"]


@dataclass(frozen=True, slots=True)
class MovingProject(Project):
    """A project whose environment is another one at every second look."""

    def places(self, case: Case) -> Places:
        found = Project.places(self, case)
        path = self.root / "turn"
        path.touch() if not path.exists() else path.unlink()
        return Places(
            blueprints=found.blueprints,
            config=found.config,
            lambdas=found.lambdas,
            environment=None if path.exists() else "local",
        )


def test_another_answer_and_another_meaning_are_problems(tmp_path: Path) -> None:
    project = MovingProject(Project.make(tmp_path).root)
    data = (ROOT / "blueprints" / "pets.yaml").read_bytes()
    found = {each for number in range(60) for each in what(_problems(project, number, data))}
    assert {"another answer the second time", "another meaning in another style"} <= found


def _problems(project: Project, number: int, data: bytes) -> tuple[Problem, ...]:
    (project.root / "turn").unlink(missing_ok=True)
    return examine(project, Case(number, "blueprint", data, ()), is_guest=True).problems


def test_a_restyled_document_is_another_text_of_the_same_values() -> None:
    data = (ROOT / "blueprints" / "pets.yaml").read_bytes()
    found = {restyled(Random(number), data) for number in range(20)}  # noqa: S311
    whole = [each for each in found if each is not None]
    assert len(whole) > 10
    assert {repr(shape(_node(each))) for each in whole} == {repr(shape(_node(data)))}


def _node(data: bytes) -> Node:
    found = parse(data.decode())
    assert found is not None
    return found


def test_the_smallest_document_keeps_only_what_fails() -> None:
    data = b"\n".join(b"line %d" % number for number in range(300))
    budget = Budget(2_000)
    assert minimise(data, lambda part: b"17" in part and b"253" in part, budget) == b"17253"


def test_a_document_is_made_smaller_only_while_there_is_time() -> None:
    data = b"a\n" * 100_000
    assert minimise(data, lambda _: True, Budget(1_000_000, lambda: True)) == data
    assert len(minimise(data, lambda _: True, Budget(3))) == len(data) // 8


def test_one_cause_is_counted_once() -> None:
    tally = Tally()
    for number in (5, 3, 9):
        tally.find(number, Problem("crash", str(number)))
    assert list(tally.found.values()) == [Finding(Problem("crash", "3"), 3, 3)]
    assert "FOUND crash: 3 documents, the first is 3" in summary(tally, 1)


def test_a_finding_is_kept_with_its_story(tmp_path: Path) -> None:
    finding = Finding(Problem("A crash!", "at line 1"), 3, 1)
    path = keep(tmp_path / "kept", 9, finding, make_case(9, 3), b"a: b\n")
    assert path.read_bytes() == b"a: b\n"
    assert path.name.startswith("a-crash-9-3.")
    assert "at line 1" in path.with_suffix(".txt").read_text()


def stumble(connection: Any, _seed: int, numbers: range) -> None:
    """Die of document 2, and hang on document 4."""
    for number in numbers:
        connection.send((number, None))
        if number == 2:
            os._exit(7)
        if number == 4:
            time.sleep(60)
        connection.send((number, Outcome("read", (), (), 0.0, 0)))


def test_a_process_that_dies_or_hangs_is_a_problem_and_the_others_go_on() -> None:
    heard: dict[int, Outcome | Problem] = {}
    workers.run(1, 7, 2, heard.__setitem__, work=stumble, patience=2)
    problems = {number: each.what for number, each in heard.items() if isinstance(each, Problem)}
    assert problems == {2: "the process died", 4: "no answer after 2 s"}
    assert sorted(heard) == list(range(7))


def test_the_launcher_tells_what_a_run_used(launcher: Launcher, project: Path) -> None:
    done = launcher.run(project, "validate")
    assert (done.code, done.errors) == (0, "")
    assert 0 < launcher.start_seconds < done.cpu_seconds
    assert done.peak > 10 * 1024**2


def test_the_launcher_ends_what_takes_too_long(launcher: Launcher, project: Path) -> None:
    assert launcher.run(project, "validate", seconds=0).code is None
