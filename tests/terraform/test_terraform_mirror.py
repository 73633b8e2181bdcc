from __future__ import annotations

import time

import pytest

from gateprint.errors import ToolFailed
from gateprint.terraform.mirror import Mirror, find_mirror, holds_provider
from tests.terraform.conftest import Machine

PLATFORM = "linux_amd64"


def find(machine: Machine, platform: str = PLATFORM) -> Mirror | None:
    return find_mirror(machine.environ, platform, (str(machine.shared),))


def test_no_mirror_is_no_error(machine):
    assert find(machine) is None


@pytest.mark.parametrize("place", ["opt/anything", "opt/vendor/anything"])
def test_a_mirror_one_or_two_levels_below_a_shared_folder_is_found(machine, tmp_path, place):
    path = machine.add_mirror(tmp_path / place)
    assert find(machine) == Mirror(path, "5.100.0")


def test_a_mirror_three_levels_down_is_not_looked_for(machine, tmp_path):
    machine.add_mirror(tmp_path / "opt/a/b/c")
    assert find(machine) is None


@pytest.mark.parametrize(
    "place",
    ["home/.terraform.d/plugins", "home/.local/share/terraform/plugins", "data/terraform/plugins"],
)
def test_the_plugin_folders_of_terraform_are_searched(machine, tmp_path, place):
    path = machine.add_mirror(tmp_path / place)
    assert find(machine) == Mirror(path, "5.100.0")


def test_a_data_home_of_the_users_choice_is_searched(machine, tmp_path):
    machine.environ["XDG_DATA_HOME"] = str(tmp_path / "mine")
    path = machine.add_mirror(tmp_path / "mine/terraform/plugins")
    assert find(machine) == Mirror(path, "5.100.0")


def test_the_application_support_folder_is_searched_on_macos(machine, tmp_path):
    path = machine.add_mirror(
        tmp_path / "home/Library/Application Support/io.terraform/plugins",
        platform="darwin_arm64",
    )
    assert find(machine, "darwin_arm64") == Mirror(path, "5.100.0")


def test_the_newest_acceptable_version_wins(machine, tmp_path):
    machine.add_mirror(tmp_path / "opt/a", "5.100.0")
    path = machine.add_mirror(tmp_path / "opt/b", "6.10.0")
    machine.add_mirror(tmp_path / "opt/b", "6.9.1")
    assert find(machine) == Mirror(path, "6.10.0")


@pytest.mark.parametrize("version", ["4.67.0", "5.99.1", "7.0.0", "6.0.0-beta1", "latest"])
def test_versions_outside_the_constraints_are_passed_over(machine, tmp_path, version):
    machine.add_mirror(tmp_path / "opt/a", version)
    assert find(machine) is None


def test_of_equal_versions_the_first_by_name_wins(machine, tmp_path):
    for name in ("c", "a", "b"):
        machine.add_mirror(tmp_path / "opt" / name)
    assert find(machine) == Mirror(tmp_path / "opt/a", "5.100.0")


def test_a_mirror_for_another_machine_is_passed_over(machine, tmp_path):
    machine.add_mirror(tmp_path / "opt/a", platform="darwin_arm64")
    assert find(machine) is None


def test_a_folder_without_the_program_is_passed_over(machine, tmp_path):
    (tmp_path / "opt/a/registry.terraform.io/hashicorp/aws/5.100.0" / PLATFORM).mkdir(parents=True)
    assert find(machine) is None


def test_the_named_mirror_decides_alone(machine, tmp_path):
    machine.add_mirror(tmp_path / "opt/a", "6.10.0")
    named = machine.add_mirror(tmp_path / "named")
    machine.environ["GATEPRINT_PROVIDER_MIRROR"] = str(named)
    assert find(machine) == Mirror(named, "5.100.0")


@pytest.mark.parametrize("version", [None, "4.67.0"])
def test_a_named_mirror_that_does_not_serve_is_told(machine, tmp_path, version):
    machine.add_mirror(tmp_path / "opt/a")
    if version:
        machine.add_mirror(tmp_path / "named", version)
    machine.environ["GATEPRINT_PROVIDER_MIRROR"] = str(tmp_path / "named")
    with pytest.raises(ToolFailed, match="GATEPRINT_PROVIDER_MIRROR names") as caught:
        find(machine)
    assert "registry.terraform.io/hashicorp/aws/VERSION/linux_amd64" in caught.value.remedy


def test_a_mirror_that_went_away_no_longer_holds_the_provider(machine, tmp_path):
    path = machine.add_mirror(tmp_path / "opt/a")
    assert holds_provider(Mirror(path, "5.100.0"), PLATFORM)
    assert not holds_provider(Mirror(path, "5.101.0"), PLATFORM)


def test_the_search_is_bounded(machine, tmp_path):
    for number in range(300):
        (tmp_path / "opt" / f"{number:03}").mkdir()
    machine.add_mirror(tmp_path / "opt" / "zz")
    assert find(machine) is None


def test_a_search_takes_milliseconds(machine):
    find_mirror(machine.environ)
    start = time.perf_counter()
    find_mirror(machine.environ)
    assert time.perf_counter() - start < 0.2
