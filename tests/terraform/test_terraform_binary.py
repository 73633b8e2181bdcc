from __future__ import annotations

import logging

import pytest

from gateprint.errors import ToolFailed
from gateprint.terraform.binary import (
    find_terraform,
    installed_terraforms,
    is_new_enough,
    own_terraform,
)
from gateprint.terraform.command import command_line, run

WARNING = 'There are some problems with the CLI configuration:\n{ "/x" does not exist }\n\n'


def test_the_named_terraform_comes_first(machine, tmp_path):
    named = machine.add_terraform(tmp_path / "named" / "tf", "1.12.0")
    machine.add_terraform(tmp_path / "bin" / "terraform")
    machine.environ["GATEPRINT_TERRAFORM"] = str(named)
    assert find_terraform(machine.project, machine.environ).path == named


def test_the_one_on_path_comes_before_the_projects_own(machine, tmp_path):
    on_path = machine.add_terraform(tmp_path / "bin" / "terraform", "1.10.0")
    machine.add_terraform(own_terraform(machine.project))
    found = find_terraform(machine.project, machine.environ)
    assert (found.path, found.version) == (on_path, "1.10.0")


def test_the_projects_own_is_used_where_path_has_none(machine):
    machine.environ["PATH"] = ""
    own = machine.add_terraform(own_terraform(machine.project))
    assert find_terraform(machine.project, machine.environ).path == own


def test_the_projects_own_is_used_where_the_one_on_path_is_too_old(machine, tmp_path):
    machine.add_terraform(tmp_path / "bin" / "terraform", "1.9.8")
    own = machine.add_terraform(own_terraform(machine.project))
    assert find_terraform(machine.project, machine.environ).path == own


def test_the_projects_own_is_used_where_the_one_on_path_does_not_run(machine, tmp_path):
    machine.add_broken_terraform(tmp_path / "bin" / "terraform")
    own = machine.add_terraform(own_terraform(machine.project))
    assert find_terraform(machine.project, machine.environ).path == own


def test_a_warning_before_the_json_does_no_harm(machine, tmp_path):
    machine.add_terraform(tmp_path / "bin" / "terraform", "1.13.1", warning=WARNING)
    assert find_terraform(machine.project, machine.environ).version == "1.13.1"


def test_terraform_is_asked_in_a_clean_environment(machine, tmp_path):
    program = machine.add_terraform(tmp_path / "bin" / "terraform")
    machine.environ |= {"TF_CLI_CONFIG_FILE": "/missing", "TF_CLI_ARGS_version": "-x"}
    find_terraform(machine.project, machine.environ)
    assert program.with_name("terraform.env").read_text() == "/1/\n"


def test_no_terraform_at_all_is_cured_by_make_setup(machine):
    machine.environ["PATH"] = ""
    with pytest.raises(ToolFailed, match=r"Terraform 1\.10\.0 or newer was not found") as caught:
        find_terraform(machine.project, machine.environ)
    assert caught.value.remedy == "run make setup"


def test_what_is_wrong_with_those_that_were_found_is_told(machine, tmp_path):
    old = machine.add_terraform(tmp_path / "bin" / "terraform", "1.5.7")
    broken = machine.add_broken_terraform(own_terraform(machine.project))
    with pytest.raises(ToolFailed) as caught:
        find_terraform(machine.project, machine.environ)
    assert caught.value.detail == (
        f"{old} is 1.5.7\n{broken} does not tell its version: no version is chosen"
    )


def test_a_name_that_is_no_program_is_told_although_path_has_one(machine, tmp_path):
    machine.add_terraform(tmp_path / "bin" / "terraform")
    machine.environ["GATEPRINT_TERRAFORM"] = "/nowhere/terraform"
    with pytest.raises(ToolFailed, match="GATEPRINT_TERRAFORM names /nowhere/terraform"):
        find_terraform(machine.project, machine.environ)


def test_every_terraform_that_runs_is_listed_whatever_its_version(machine, tmp_path):
    machine.add_terraform(tmp_path / "bin" / "terraform", "0.12.31")
    machine.add_terraform(own_terraform(machine.project), "1.11.4")
    found = installed_terraforms(machine.project, machine.environ)
    assert [binary.version for binary in found] == ["0.12.31", "1.11.4"]


@pytest.mark.parametrize(
    ("version", "expected"),
    [("1.9.8", False), ("1.10.0", True), ("1.10.0-rc1", True), ("2.0.0", True), ("0.15.5", False)],
)
def test_versions_are_compared_as_numbers(version, expected):
    assert is_new_enough(version) is expected


def test_options_become_flags_values_or_nothing(tmp_path):
    line = command_line(
        tmp_path / "tf", "plan", "x", json=True, input=False, out=None, target=["a", "b"]
    )
    assert line == [
        str(tmp_path / "tf"), "plan", "-json", "-input=false", "-target=a", "-target=b", "x"
    ]  # fmt: skip


def test_a_folder_with_a_space_is_one_word(tmp_path):
    assert command_line(tmp_path / "my tools" / "tf", "version")[0].endswith("my tools/tf")


def test_python_terraform_logs_nothing(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    command_line(tmp_path / "tf", "version")
    logging.getLogger("python_terraform").critical("a secret")
    assert caplog.text == ""


def test_a_command_that_hangs_is_ended(tmp_path):
    with pytest.raises(ToolFailed, match=r"did not end within 0\.2 seconds"):
        run(["sleep", "60"], tmp_path, {"PATH": "/usr/bin:/bin"}, timeout_seconds=0.2)
