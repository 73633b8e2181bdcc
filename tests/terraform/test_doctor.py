from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gateprint.terraform import mirror as mirrors
from gateprint.workflow import doctor
from gateprint.workflow.doctor import Check, examine
from tests.terraform.conftest import Machine


@pytest.fixture(autouse=True)
def _here_is_only_what_the_test_makes(monkeypatch, tmp_path):
    monkeypatch.setattr(mirrors, "host_platform", lambda: "linux_amd64")
    monkeypatch.setattr(mirrors.find_mirror, "__defaults__", (None, (str(tmp_path / "opt"),)))


@pytest.fixture
def check(machine, tmp_path):
    """Return the check of one tool on a machine whose PATH is `bin` alone."""
    machine.environ["PATH"] = str(tmp_path / "bin")

    def check(tool):
        checks = {check.tool: check for check in examine(machine.project, machine.environ)}
        return checks.get(tool)

    return check


def add_program(tmp_path: Path, name: str, answer: str) -> str:
    path = tmp_path / "bin" / name
    path.write_text(f"#!/bin/sh\necho {answer}\n")
    path.chmod(0o755)
    return str(path)


def add_cdktf_cli(machine: Machine, text: str) -> str:
    folder = machine.project / "node_modules" / "cdktf-cli"
    folder.mkdir(parents=True)
    (folder / "package.json").write_text(text)
    return str(folder)


def test_a_bare_machine_is_examined_without_an_exception(machine, check):
    assert [c.tool for c in examine(machine.project, {})] == [
        "Python", "Node", "cdktf-cli", "CDKTF", "AWS provider bindings", "python-terraform",
        "Terraform", "AWS provider", "git", "jsii cache",
    ]  # fmt: skip
    assert check("Node").status == "missing"
    assert check("Terraform") == Check("Terraform", "", "", "run make setup", "missing")


def test_every_tool_that_is_missing_or_outdated_has_a_remedy(machine):
    checks = examine(machine.project, {})
    assert all(c.remedy for c in checks if c.status in {"missing", "outdated"})


def test_python_is_the_one_that_runs(check):
    assert check("Python").found == sys.executable


def test_node_tells_its_version(check, tmp_path):
    path = add_program(tmp_path, "node", "v22.3.0")
    assert check("Node") == Check("Node", path, "22.3.0", "", "ok")


def test_an_old_node_is_outdated(check, tmp_path):
    path = add_program(tmp_path, "node", "v18.20.1")
    assert check("Node") == Check("Node", path, "18.20.1", "install Node 20 or 22", "outdated")


def test_a_program_that_says_nothing_sensible_is_outdated(check, tmp_path):
    add_program(tmp_path, "node", "hello")
    assert check("Node").status == "outdated"


def test_the_pinned_cdktf_cli_is_ok(machine, check):
    folder = add_cdktf_cli(machine, json.dumps({"version": "0.21.0"}))
    assert check("cdktf-cli") == Check("cdktf-cli", folder, "0.21.0", "", "ok")


def test_another_cdktf_cli_is_outdated(machine, check):
    add_cdktf_cli(machine, json.dumps({"version": "0.20.12"}))
    assert check("cdktf-cli").status == "outdated"


@pytest.mark.parametrize("text", ["", "[]", "{}"])
def test_a_half_installed_cdktf_cli_is_missing(machine, check, text):
    add_cdktf_cli(machine, text)
    assert check("cdktf-cli").status == "missing"


def test_packages_are_found_without_being_imported(check):
    assert check("CDKTF").version == "0.21.0"
    code = (
        "import sys, pathlib, gateprint.workflow.doctor as doctor;"
        "doctor.examine(pathlib.Path('/nowhere'), {}); sys.exit('cdktf' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_package_that_is_not_installed_is_missing():
    assert doctor._package("X", "no-such-package-at-all").status == "missing"


def test_terraform_is_found_with_its_version(machine, check, tmp_path):
    path = machine.add_terraform(tmp_path / "named" / "terraform", "1.12.2")
    machine.environ["GATEPRINT_TERRAFORM"] = str(path)
    machine.environ["PATH"] += ":/usr/bin:/bin"
    assert check("Terraform") == Check("Terraform", str(path), "1.12.2", "", "ok")


def test_an_old_terraform_is_outdated(machine, check, tmp_path):
    path = machine.add_terraform(tmp_path / "bin" / "terraform", "1.5.7")
    machine.environ["PATH"] += ":/usr/bin:/bin"
    machine.environ["GATEPRINT_TERRAFORM"] = str(path)
    assert (check("Terraform").version, check("Terraform").status) == ("1.5.7", "outdated")


def test_without_a_mirror_the_provider_comes_from_the_registry(check):
    assert check("AWS provider").found == "registry.terraform.io"


def test_a_mirror_that_was_not_prepared_asks_for_make_setup(machine, check, tmp_path):
    path = str(machine.add_mirror(tmp_path / "opt/mirror"))
    expected = Check("AWS provider", path, "5.100.0", "run make setup", "optional")
    assert check("AWS provider") == expected


def test_a_named_mirror_that_does_not_serve_is_missing(machine, check):
    machine.environ["GATEPRINT_PROVIDER_MIRROR"] = "/nowhere"
    assert (check("AWS provider").found, check("AWS provider").status) == ("/nowhere", "missing")


def test_a_jsii_cache_that_is_switched_off_is_remarked(machine, check):
    machine.environ["JSII_RUNTIME_PACKAGE_CACHE"] = "disabled"
    assert "much slower" in check("jsii cache").remedy


def test_the_jsii_cache_of_the_users_choice_is_found(machine, check, tmp_path):
    machine.environ["JSII_RUNTIME_PACKAGE_CACHE_ROOT"] = str(tmp_path / "home")
    assert check("jsii cache") == Check("jsii cache", str(tmp_path / "home"), "", "", "ok")


def test_a_cli_configuration_that_names_nothing_is_remarked(machine, check):
    assert check("Terraform's CLI configuration") is None
    machine.environ["TF_CLI_CONFIG_FILE"] = "/missing/terraformrc"
    assert check("Terraform's CLI configuration").status == "optional"


def test_a_cli_configuration_that_exists_is_not_remarked(machine, check, tmp_path):
    (tmp_path / "terraformrc").touch()
    machine.environ["TF_CLI_CONFIG_FILE"] = str(tmp_path / "terraformrc")
    assert check("Terraform's CLI configuration") is None
