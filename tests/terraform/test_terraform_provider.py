from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from gateprint.errors import ToolFailed
from gateprint.terraform import mirror as mirrors
from gateprint.terraform.binary import TerraformBinary
from gateprint.terraform.mirror import Mirror
from gateprint.terraform.provider import (
    PreparedProvider,
    attach_provider,
    find_prepared,
    prepare_provider,
)
from tests.terraform.conftest import Machine

BLOCK = "provider_installation {\n  direct {}\n}\n"
OTHER_LOCK = 'provider "registry.terraform.io/hashicorp/aws" {\n  version     = "6.2.0"\n}\n'


@pytest.fixture(autouse=True)
def _on_linux(monkeypatch):
    monkeypatch.setattr(mirrors, "host_platform", lambda: "linux_amd64")


@pytest.fixture
def program(machine, tmp_path):
    return machine.add_terraform(tmp_path / "bin" / "terraform")


@pytest.fixture
def mirror(machine, tmp_path):
    return Mirror(machine.add_mirror(tmp_path / "opt/mirror"), "5.100.0")


@pytest.fixture
def prepare(machine, program, lines):
    def prepare(mirror):
        binary = TerraformBinary(program, "1.11.4")
        return prepare_provider(machine.project, binary, mirror, machine.environ, lines.append)

    return prepare


@pytest.fixture
def stack(machine):
    folder = machine.project / "cdktf.out/stacks/pets-local"
    folder.mkdir(parents=True)
    return folder


def runs(program: Path) -> list[str]:
    log = Path(f"{program}.log")
    return log.read_text().splitlines() if log.exists() else []


def attach(machine: Machine, *stacks: Path) -> PreparedProvider | None:
    return attach_provider(stacks, machine.project, machine.environ)


def test_terraform_makes_the_lock_file_from_the_mirror(machine, program, mirror, prepare):
    prepared = prepare(mirror)
    assert runs(program) == ["init -backend=false -input=false -no-color", str(mirror.path)]
    assert prepared.lock == machine.project / ".gateprint/terraform/5.100.0.lock.hcl"
    assert 'version     = "5.100.0"' in prepared.lock.read_text()


def test_preparing_twice_runs_terraform_once(program, mirror, prepare, lines):
    first = prepare(mirror)
    lines.clear()
    assert prepare(mirror) == first
    assert len(runs(program)) == 2
    assert lines == []


def test_another_mirror_is_prepared_anew(machine, tmp_path, program, mirror, prepare):
    prepare(mirror)
    other = Mirror(machine.add_mirror(tmp_path / "opt/other"), "5.100.0")
    assert prepare(other).mirror == other.path
    assert runs(program)[-1] == str(other.path)


def test_the_users_provider_installation_wins_over_the_mirror(machine, program, mirror, prepare):
    machine.add_cli_configuration(BLOCK)
    assert prepare(mirror).mirror is None
    assert runs(program) == ["init -backend=false -input=false -no-color"]


def test_a_terraform_that_cannot_use_the_mirror_is_told_with_its_message(
    machine, tmp_path, mirror, lines
):
    broken = machine.add_broken_terraform(tmp_path / "bin" / "terraform")
    with pytest.raises(ToolFailed, match="cannot use the AWS provider from the mirror") as caught:
        prepare_provider(
            machine.project, TerraformBinary(broken, "1.11.4"), mirror, {}, lines.append
        )
    assert caught.value.detail == "no version is chosen"
    assert not (machine.project / ".gateprint").exists()


def test_attaching_gives_a_stack_the_mirror_and_the_lock_file(machine, mirror, prepare, stack):
    prepared = prepare(mirror)
    assert attach(machine, stack) == prepared
    assert (stack / "terraform.d/plugins").readlink() == mirror.path
    assert (stack / ".terraform.lock.hcl").read_text() == prepared.lock.read_text()


def test_attaching_twice_writes_once(machine, mirror, prepare, stack):
    prepare(mirror)
    attach(machine, stack)
    before = {path: path.lstat().st_mtime_ns for path in stack.rglob("*")}
    attach(machine, stack)
    assert {path: path.lstat().st_mtime_ns for path in stack.rglob("*")} == before


def test_nothing_is_attached_where_nothing_was_prepared(machine, mirror, stack):
    assert attach(machine, stack) is None
    assert list(stack.iterdir()) == []


def test_nothing_is_attached_once_the_mirror_is_gone(machine, mirror, prepare, stack):
    prepare(mirror)
    shutil.rmtree(mirror.path)
    assert attach(machine, stack) is None
    assert list(stack.iterdir()) == []


def test_nothing_is_attached_once_the_lock_file_is_gone(machine, mirror, prepare, stack):
    prepare(mirror).lock.unlink()
    assert attach(machine, stack) is None


def test_nothing_is_attached_once_the_user_configures_an_installation(
    machine, mirror, prepare, stack
):
    prepare(mirror)
    machine.add_cli_configuration(BLOCK)
    assert attach(machine, stack) is None


def test_only_the_lock_file_is_attached_under_the_users_installation(
    machine, mirror, prepare, stack
):
    machine.add_cli_configuration(BLOCK)
    prepare(mirror)
    attach(machine, stack)
    assert [path.name for path in stack.iterdir()] == [".terraform.lock.hcl"]


def test_nothing_is_attached_where_another_mirror_is_named(machine, mirror, prepare, stack):
    prepare(mirror)
    machine.environ["GATEPRINT_PROVIDER_MIRROR"] = "/elsewhere"
    assert attach(machine, stack) is None


def test_a_lock_file_with_another_version_is_replaced(machine, mirror, prepare, stack):
    (stack / ".terraform.lock.hcl").write_text(OTHER_LOCK)
    prepared = prepare(mirror)
    attach(machine, stack)
    assert (stack / ".terraform.lock.hcl").read_text() == prepared.lock.read_text()


def test_a_lock_file_with_the_same_version_stays_as_it_is(machine, mirror, prepare, stack):
    own = OTHER_LOCK.replace("6.2.0", "5.100.0") + "# and more checksums\n"
    (stack / ".terraform.lock.hcl").write_text(own)
    prepare(mirror)
    attach(machine, stack)
    assert (stack / ".terraform.lock.hcl").read_text() == own


def test_a_link_to_an_old_mirror_is_renewed(machine, mirror, prepare, stack):
    (stack / "terraform.d").mkdir()
    (stack / "terraform.d/plugins").symlink_to("/gone")
    prepare(mirror)
    attach(machine, stack)
    assert (stack / "terraform.d/plugins").readlink() == mirror.path
    assert os.listdir(stack / "terraform.d") == ["plugins"]  # noqa: PTH208


def test_a_plugin_folder_of_the_users_own_stays(machine, mirror, prepare, stack):
    (stack / "terraform.d/plugins").mkdir(parents=True)
    prepare(mirror)
    attach(machine, stack)
    assert not (stack / "terraform.d/plugins").is_symlink()


@pytest.mark.parametrize("record", ["", "[]", "{}", '{"version": "5.100.0", "mirror": null}'])
def test_a_record_that_cannot_be_used_counts_as_none(machine, record):
    folder = machine.project / ".gateprint/terraform"
    folder.mkdir(parents=True)
    (folder / "provider.json").write_text(record)
    assert find_prepared(machine.project, machine.environ) is None
