"""A secret is in the saved plan, which its owner alone can read, and nowhere else."""

from __future__ import annotations

import stat
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from gateprint.terraform.runs.folder import RunFolder
from tests.support.estate import Estate, Resources
from tests.support.project import Finished

pytestmark = pytest.mark.terraform

OF_PLAN = "planted-in-the-plan-8f3a"
OF_SURROUNDINGS = "planted-in-the-surroundings-5b1c"


@dataclass(frozen=True, slots=True)
class Told:
    """A run whose programs repeat secrets wherever they can, and everything that was printed."""

    estate: Estate
    run: RunFolder
    failed_plan: RunFolder
    printed: str


@pytest.fixture(scope="module")
def told(estate: Estate, tmp_path_factory: pytest.TempPathFactory) -> Told:
    home = tmp_path_factory.mktemp("secrets")
    (home / "of-plan").write_text(OF_PLAN)
    (home / "of-surroundings").write_text(OF_SURROUNDINGS)
    surroundings = {"AWS_SECRET_ACCESS_KEY": OF_SURROUNDINGS}
    estate = replace(estate, more=surroundings)
    run = estate.planned("secrets", _stacks(home))
    (home / "fails").touch()
    failed_plan = estate.plan("secrets-unplanned", _stacks(home))
    (home / "fails").unlink()
    first = estate.apply(run)
    (home / "fails").touch()
    second = estate.apply(run, "--resume")
    (home / "fails").unlink()
    (home / "mended").touch()
    third = estate.apply(run, "--resume")
    assert [first.code, second.code, third.code] == [4, 4, 0], _text(first, second, third)
    return Told(estate, run, failed_plan, _text(first, second, third))


def _text(*finished: Finished) -> str:
    return "\n".join(each.output for each in finished)


def _stacks(home: Path) -> dict[str, Resources]:
    """A stack that prints secrets and fails, and one whose plan fails where a file is there."""
    command = f"cat {home}/of-plan; printenv AWS_SECRET_ACCESS_KEY; test -e {home}/mended"
    message = f'no: ${{file("{home}/of-plan")}} ${{file("{home}/of-surroundings")}}'
    condition = {"condition": "${!local.fails}", "error_message": message}
    secret = f'${{sensitive(file("{home}/of-plan"))}}'
    return {
        "secret-local": {
            "$locals": {"fails": f'${{fileexists("{home}/fails")}}'},
            "kept": {"input": secret, "lifecycle": {"precondition": [condition]}},
            "told": {"provisioner": [{"local-exec": {"command": command}}]},
        }
    }


def test_what_terraform_said_is_told_without_the_secrets(told: Told) -> None:
    assert "(sensitive)" in told.printed
    assert "no: " in told.printed
    assert OF_PLAN not in told.printed
    assert OF_SURROUNDINGS not in told.printed


def test_no_file_of_the_run_holds_a_secret_but_the_saved_plan(told: Told) -> None:
    holders = {path.relative_to(told.run.path) for path in _holding(told.run.path, OF_PLAN)}
    # The saved plan is an archive; that Terraform keeps the secret in it is not ours to see.
    assert not {str(each) for each in holders} - {"stacks/secret-local/plan.tfplan"}
    assert list(_holding(told.run.path, OF_SURROUNDINGS)) == []


def test_a_plan_that_failed_holds_no_secret_that_is_known(told: Told) -> None:
    text = told.failed_plan.journal.read_text()
    assert "no: " in text
    assert list(_holding(told.failed_plan.path, OF_SURROUNDINGS)) == []


def test_logs_tell_the_rest(told: Told) -> None:
    log = told.run.stack("secret-local").log.read_text()
    assert "(sensitive)" in log
    assert "apply_errored" in log
    assert "apply_complete" in log


@pytest.mark.parametrize("name", ["plan.tfplan", "plan.json", "log.jsonl", "terraform.lock.hcl"])
def test_files_of_a_stack_are_its_owners_alone(name: str, told: Told) -> None:
    path = told.run.stack("secret-local").path / name
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_no_work_folder_is_left(told: Told) -> None:
    work = told.estate.root / ".gateprint" / "work"
    assert not work.exists() or list(work.iterdir()) == []


def _holding(folder: Path, secret: str) -> list[Path]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if secret.encode() in path.read_bytes()]
