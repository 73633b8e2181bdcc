from __future__ import annotations

import subprocess
import sys

import pytest

from gateprint.terraform.environment import (
    clean_environment,
    detached_environment,
    has_provider_installation,
    host_platform,
)

BLOCK = "provider_installation {\n  direct {}\n}\n"


def test_a_configuration_file_that_names_nothing_is_dropped(tmp_path):
    assert "TF_CLI_CONFIG_FILE" not in clean_environment(
        {"TF_CLI_CONFIG_FILE": str(tmp_path / "missing")}
    )


def test_a_configuration_file_that_exists_is_kept(tmp_path):
    file = tmp_path / "terraformrc"
    file.touch()
    assert clean_environment({"TF_CLI_CONFIG_FILE": str(file)})["TF_CLI_CONFIG_FILE"] == str(file)


def test_terraform_is_told_not_to_call_home_and_that_nobody_reads_its_advice():
    assert clean_environment({}) == {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}


def test_the_users_own_word_on_automation_stays():
    assert clean_environment({"TF_IN_AUTOMATION": ""})["TF_IN_AUTOMATION"] == ""


def test_cleaning_leaves_the_original_alone():
    original = {"TF_CLI_CONFIG_FILE": "/missing"}
    clean_environment(original)
    assert original == {"TF_CLI_CONFIG_FILE": "/missing"}


def test_commands_of_our_own_do_not_inherit_settings_for_the_users_directories():
    settings = {"TF_DATA_DIR": "d", "TF_WORKSPACE": "w", "TF_CLI_ARGS_init": "-upgrade", "A": "a"}
    assert detached_environment(settings) == {**clean_environment({}), "A": "a"}


@pytest.mark.parametrize(
    ("system", "machine_name", "expected"),
    [
        ("Linux", "x86_64", "linux_amd64"),
        ("Linux", "aarch64", "linux_arm64"),
        ("Darwin", "arm64", "darwin_arm64"),
        ("Linux", "riscv64", "linux_riscv64"),
    ],
)
def test_platforms_have_the_names_that_terraform_gives_them(
    monkeypatch, system, machine_name, expected
):
    monkeypatch.setattr("platform.system", lambda: system)
    monkeypatch.setattr("platform.machine", lambda: machine_name)
    assert host_platform() == expected


def test_a_provider_installation_in_the_home_folder_counts(machine):
    machine.add_cli_configuration(BLOCK)
    assert has_provider_installation(machine.environ)


def test_a_provider_installation_beside_the_plugins_counts(machine, tmp_path):
    folder = tmp_path / "home" / ".terraform.d"
    folder.mkdir()
    (folder / "company.tfrc").write_text(BLOCK)
    assert has_provider_installation(machine.environ)


def test_a_named_configuration_file_replaces_the_one_at_home(machine, tmp_path):
    machine.add_cli_configuration(BLOCK)
    other = tmp_path / "other"
    other.write_text('plugin_cache_dir = "cache"\n')
    assert not has_provider_installation({**machine.environ, "TF_CLI_CONFIG_FILE": str(other)})


def test_the_configuration_at_home_counts_where_the_named_one_is_missing(machine):
    machine.add_cli_configuration(BLOCK)
    assert has_provider_installation({**machine.environ, "TF_CLI_CONFIG_FILE": "/missing"})


def test_a_commented_block_does_not_count(machine):
    machine.add_cli_configuration("# provider_installation {}\n")
    assert not has_provider_installation(machine.environ)


def test_importing_the_package_does_not_import_python_terraform():
    code = "import sys, gateprint.terraform.setup; sys.exit('python_terraform' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
