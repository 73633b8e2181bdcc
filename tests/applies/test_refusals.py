"""What `apply` does not do, and why: edited runs, other people's locks, a state that went on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gateprint.errors import Refused, ToolFailed
from gateprint.terraform.runs.folder import RunFolder
from gateprint.terraform.runs.journal import read_journal
from gateprint.terraform.runs.verdict import Verdict, write_verdict
from gateprint.workflow.apply import Wanted
from tests.support.estate import Estate, Resources, appending, waiting_for
from tests.support.estate import reviewed as reviewed_again
from tests.support.held_terraform import wait_for

pytestmark = pytest.mark.terraform


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lines") / "lines"


@pytest.fixture(scope="module")
def reviewed(estate: Estate, lines: Path) -> RunFolder:
    """A run of one stack that is never applied: tests spoil copies of it."""
    return estate.planned("reviewed", {"spoilt-local": {"a": appending(lines, "never")}})


def _in_stack(name: str, edit: Callable[[str], str]) -> Callable[[RunFolder], None]:
    def spoil(run: RunFolder) -> None:
        path = run.path / "stacks" / "spoilt-local" / name
        text = path.read_text(encoding="latin-1")
        path.write_text(edit(text), encoding="latin-1")

    return spoil


def _add_to_configuration(run: RunFolder) -> None:
    (run.stack("spoilt-local").configuration / "more.tf").write_text('output "a" { value = 1 }\n')


def _edit_run_json(run: RunFolder) -> None:
    run.run_json.write_text(run.run_json.read_text().replace('"create": 1', '"create": 2'))


def _forget_review(run: RunFolder) -> None:
    run.review.unlink()


def _refuse(run: RunFolder) -> None:
    found = json.loads(run.review.read_text())
    run.review.write_text(json.dumps({**found, "verdict": "refused", "reasons": ["too late"]}))


def _break_review(run: RunFolder) -> None:
    run.review.write_text(run.review.read_text()[:-20])


def _other_version(run: RunFolder) -> None:
    run.run_json.write_text(run.run_json.read_text().replace('"1.11.4"', '"1.10.0"'))
    reviewed_again(run)


def _fail_a_plan(run: RunFolder) -> None:
    run.run_json.write_text(run.run_json.read_text().replace('"planned"', '"failed"'))
    planned = run.read()
    write_verdict(run, Verdict(planned.name, run.digest(), "passed", planned.created))


REFUSED_WHOLE: dict[str, tuple[Callable[[RunFolder], None], str]] = {
    "failed-plan": (_fail_a_plan, "spoilt-local could not be planned"),
    "unreviewed": (_forget_review, "nobody has reviewed this run"),
    "run-json": (_edit_run_json, "the review is of another plan than the one in this run"),
    "verdict": (_refuse, "the review refused this run: too late"),
    "broken-verdict": (_break_review, "nobody has reviewed this run"),
    "version": (_other_version, "it was planned with terraform 1.10.0 (here 1.11.4)"),
}
REFUSED_STACK: dict[str, tuple[Callable[[RunFolder], None], str]] = {
    "configuration": (
        _in_stack("configuration/cdk.tf.json", lambda text: text.replace("never", "ever")),
        "its configuration was edited after it was planned",
    ),
    "more-configuration": (
        _add_to_configuration,
        "its configuration was edited after it was planned",
    ),
    "plan": (
        _in_stack("plan.tfplan", lambda text: text + "\0"),
        "its saved plan is not the one that was made",
    ),
    "masked-plan": (
        _in_stack("plan.json", lambda text: text.replace('"create"', '"no-op"')),
        "its masked plan is not the one that was made",
    ),
    "lock-file": (
        _in_stack("terraform.lock.hcl", lambda text: text.replace("h1:", "h2:") + "\n"),
        "its lock file is not the one that it was planned with",
    ),
}


@pytest.mark.parametrize("name", REFUSED_WHOLE)
def test_a_run_that_was_not_reviewed_as_it_is_is_refused(
    name: str, estate: Estate, reviewed: RunFolder, lines: Path
) -> None:
    spoil, reason = REFUSED_WHOLE[name]
    run = estate.copy(reviewed, f"whole-{name}")
    spoil(run)
    with pytest.raises(Refused) as refusal:
        estate.apply_here(run)
    assert reason in refusal.value.reasons
    assert _is_untouched(estate, lines)


@pytest.mark.parametrize("name", REFUSED_STACK)
def test_an_edited_stack_is_refused_with_its_reason(
    name: str, estate: Estate, reviewed: RunFolder, lines: Path
) -> None:
    spoil, reason = REFUSED_STACK[name]
    run = estate.copy(reviewed, f"stack-{name}")
    spoil(run)
    done = estate.apply_here(run)
    assert done.code == 3
    assert done.outcomes["spoilt-local"].problem == reason
    assert _is_untouched(estate, lines)


def test_a_run_without_run_json_is_none(estate: Estate, reviewed: RunFolder) -> None:
    run = estate.copy(reviewed, "no-run-json")
    run.run_json.unlink()
    done = estate.apply(run)
    assert done.code == 4
    assert "holds no finished plan: it has no run.json" in done.output


def test_the_command_line_says_every_reason_and_exits_with_3(
    estate: Estate, reviewed: RunFolder
) -> None:
    run = estate.copy(reviewed, "said")
    _other_version(run)
    _forget_review(run)
    done = estate.apply(run)
    assert done.code == 3
    assert "gateprint: nobody has reviewed this run" in done.output
    assert "gateprint: it was planned with terraform 1.10.0 (here 1.11.4)" in done.output
    assert "= fix: gateprint review" in done.output


def test_a_run_is_applied_by_one_process_at_a_time(estate: Estate, tmp_path: Path) -> None:
    go, begun = tmp_path / "go", tmp_path / "begun"
    stack = {"a": appending(tmp_path / "lines", "a", waiting_for(go, begun))}
    run = estate.planned("alone", {"alone-local": stack})
    first = estate.start(run)
    wait_for(begun.exists, "the resource")
    with pytest.raises(ToolFailed, match="somebody applies"):
        estate.apply_here(run, Wanted(is_resumed=True))
    go.touch()
    assert first.finish().code == 0
    assert (tmp_path / "lines").read_text() == "a\n"


def test_a_plan_that_another_run_has_outrun_is_refused(estate: Estate, tmp_path: Path) -> None:
    first, second = _two_runs(estate, tmp_path / "lines")
    assert estate.apply_here(first).code == 0
    done = estate.apply(second)
    assert done.code == 3
    assert "the state has changed since this was planned; plan again" in done.output
    assert (tmp_path / "lines").read_text() == "first\n"


def test_a_resume_does_not_bring_an_outrun_plan_about(estate: Estate, tmp_path: Path) -> None:
    first, second = _two_runs(estate, tmp_path / "lines", "again")
    assert estate.apply_here(first).code == 0
    assert estate.apply_here(second).code == 3
    done = estate.apply_here(second, Wanted(is_resumed=True))
    assert done.code == 3
    assert "what is left is not only what was approved" in done.outcomes["again-local"].problem
    assert (tmp_path / "lines").read_text() == "first\n"


def _two_runs(estate: Estate, lines: Path, name: str = "outrun") -> tuple[RunFolder, RunFolder]:
    def stacks(line: str) -> dict[str, Resources]:
        return {f"{name}-local": {"a": {**appending(lines, line), "triggers_replace": line}}}

    return (
        estate.planned(f"{name}-1", stacks("first")),
        estate.planned(f"{name}-2", stacks("second")),
    )


def test_a_lock_of_somebody_else_is_waited_for_and_left_alone(
    estate: Estate, tmp_path: Path
) -> None:
    run = estate.planned("locked", {"locked-local": {"a": appending(tmp_path / "lines", "a")}})
    lock = "11111111-2222-3333-4444-555555555555"
    estate.lock("locked-local", lock, "ci@builder")
    for words in ((), ("--resume",)):
        done = estate.apply(run, "--lock-timeout", "1", *words)
        assert done.code == 4
        assert "somebody else holds the state's lock" in done.output
        assert "ci@builder" in done.output
    assert estate.is_locked("locked-local")
    assert not (tmp_path / "lines").exists()
    estate.unlock("locked-local")
    assert estate.apply(run, "--resume").code == 0
    assert (tmp_path / "lines").read_text() == "a\n"


def test_an_apply_goes_on_when_the_lock_is_released(estate: Estate, tmp_path: Path) -> None:
    # Long enough to be asked for the lock while it is held.
    slow = appending(tmp_path / "lines", "a", "sleep 2")
    run = estate.planned("waits", {"waits-local": {"a": slow}})
    estate.lock("waits-local", "11111111-2222-3333-4444-555555555555", "ci@builder")
    applying = estate.start(run, "--lock-timeout", "60")
    applying.wait_for_event("applying")
    estate.unlock("waits-local")
    assert applying.finish().code == 0
    events = read_journal(run.journal)
    (lock,) = [each for each in events if each["event"] == "lock"]
    assert lock["id"] != "11111111-2222-3333-4444-555555555555"


def _is_untouched(estate: Estate, lines: Path) -> bool:
    return not lines.exists() and estate.state("spoilt-local") == {}
