from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from gateprint.errors import ToolFailed
from gateprint.terraform import mirror as mirrors
from gateprint.terraform.binary import TerraformBinary, own_terraform
from gateprint.terraform.setup import set_up


@pytest.fixture(autouse=True)
def _here_is_only_what_the_test_makes(monkeypatch, tmp_path):
    monkeypatch.setattr(mirrors, "host_platform", lambda: "linux_amd64")
    monkeypatch.setattr(mirrors.find_mirror, "__defaults__", (None, (str(tmp_path / "opt"),)))


@pytest.fixture
def download(machine):
    def download(project, progress):
        progress("downloading")
        return TerraformBinary(machine.add_terraform(own_terraform(project)), "1.11.4")

    return download


def no_download(project: Path, progress: Callable[[str], None]) -> TerraformBinary:
    raise AssertionError


def npx_sees(project: Path) -> Path:
    return project / "node_modules" / ".bin" / "terraform"


def guarded(project: Path) -> str:
    """The program that npx runs as `terraform`: the last word but the arguments."""
    return shlex.split(npx_sees(project).read_text().splitlines()[-1])[-2]


def test_a_machine_with_everything_needs_no_download(machine, tmp_path, lines):
    program = machine.add_terraform(tmp_path / "bin" / "terraform")
    mirror = machine.add_mirror(tmp_path / "opt/mirror")
    tools = set_up(machine.project, machine.environ, lines.append, no_download)
    assert tools.terraform.path == program
    assert tools.provider
    assert lines == [
        f"Terraform 1.11.4 at {program}",
        "asking Terraform 1.11.4 for the AWS provider's checksums",
        "AWS provider 5.100.0 is ready",
        f"AWS provider 5.100.0 from {mirror}",
    ]


def test_a_machine_without_a_mirror_is_left_to_the_registry(machine, tmp_path, lines):
    machine.add_terraform(tmp_path / "bin" / "terraform")
    assert set_up(machine.project, machine.environ, lines.append, no_download).provider is None
    assert lines[-1] == "no mirror of the AWS provider found; Terraform will ask its registry"
    assert not (machine.project / ".gateprint").exists()


def test_the_users_own_installation_is_prepared_without_a_mirror(machine, tmp_path, lines):
    machine.add_terraform(tmp_path / "bin" / "terraform", provider="6.4.0")
    machine.add_cli_configuration("provider_installation {\n}\n")
    tools = set_up(machine.project, machine.environ, lines.append, no_download)
    assert tools.provider
    assert (tools.provider.version, tools.provider.mirror) == ("6.4.0", None)


def test_a_missing_terraform_is_downloaded_and_shown_to_npx(machine, lines, download):
    machine.environ["PATH"] = "/usr/bin:/bin"
    npx_sees(machine.project).parent.mkdir(parents=True)
    tools = set_up(machine.project, machine.environ, lines.append, download)
    assert tools.terraform.path == own_terraform(machine.project)
    assert guarded(machine.project) == str(tools.terraform.path)


def test_a_downloaded_terraform_is_shown_to_npx_again_after_node_modules_was_made_anew(
    machine, lines, download
):
    machine.environ["PATH"] = "/usr/bin:/bin"
    set_up(machine.project, machine.environ, lines.append, download)
    npx_sees(machine.project).parent.mkdir(parents=True)
    npx_sees(machine.project).symlink_to("/gone")
    set_up(machine.project, machine.environ, lines.append, no_download)
    assert guarded(machine.project) == str(own_terraform(machine.project))


def test_a_terraform_from_path_is_guarded_too(machine, tmp_path, lines):
    program = machine.add_terraform(tmp_path / "bin" / "terraform")
    npx_sees(machine.project).parent.mkdir(parents=True)
    set_up(machine.project, machine.environ, lines.append, no_download)
    assert guarded(machine.project) == str(program)


def test_the_guard_is_never_put_before_itself(machine, tmp_path, lines):
    """With its folder on PATH by npx, `gateprint setup` finds the guard as Terraform."""
    program = machine.add_terraform(tmp_path / "bin" / "terraform")
    npx_sees(machine.project).parent.mkdir(parents=True)
    set_up(machine.project, machine.environ, lines.append, no_download)
    machine.environ["PATH"] = f"{npx_sees(machine.project).parent}:{machine.environ['PATH']}"
    set_up(machine.project, machine.environ, lines.append, no_download)
    assert guarded(machine.project) == str(program)


def test_a_terraform_that_is_too_old_is_joined_by_a_downloaded_one(
    machine, tmp_path, lines, download
):
    machine.add_terraform(tmp_path / "bin" / "terraform", "1.5.7")
    tools = set_up(machine.project, machine.environ, lines.append, download)
    assert tools.terraform.path == own_terraform(machine.project)


def test_a_named_terraform_is_never_replaced_by_a_download(machine, lines):
    machine.environ["GATEPRINT_TERRAFORM"] = "/nowhere/terraform"
    with pytest.raises(ToolFailed, match="GATEPRINT_TERRAFORM"):
        set_up(machine.project, machine.environ, lines.append, no_download)
