"""Who installs the wheel has a working gateprint, and with `init` a project that works."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.packaging.wheel import Installed, build_wheel, install
from tests.support.project import ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("packaging")
    return install(build_wheel(folder), folder / "environment")


@pytest.fixture(scope="module")
def project(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    done = installed.gateprint("init", "shop", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "shop"


def files_of_the_package() -> set[str]:
    """Return the files of the package that the repository has."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "gateprint"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("this is no git repository")
    return {line for line in done.stdout.splitlines() if (ROOT / line).exists()}


def test_the_wheel_has_every_file_of_the_package(installed: Installed) -> None:
    inside = set(zipfile.ZipFile(installed.wheel).namelist())
    assert files_of_the_package() - inside == set()


def test_the_wheel_has_nothing_but_the_package_and_the_example(installed: Installed) -> None:
    inside = zipfile.ZipFile(installed.wheel).namelist()
    own = files_of_the_package()
    beside = {each for each in inside if each not in own and ".dist-info/" not in each}
    assert {each for each in beside if not each.startswith("gateprint/project/")} == set()
    assert {each for each in beside if "__pycache__" in each or "tests" in each} == set()


def test_gateprint_runs_from_the_wheel(installed: Installed, tmp_path: Path) -> None:
    words = [str(installed.python), "-c", "import gateprint; print(gateprint.__file__)"]
    where = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert where.stdout.startswith(str(installed.python.parents[1]))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("validate",), "1 blueprint: nothing to mend"),
        (("access", "--environment", "local"), "pets-auditor"),
        (("sdk", "pets", "prod", "--language", "typescript", "--out", "client"), "client"),
        (("man",), ".TH GATEPRINT 1"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else "",
)
def test_a_project_made_by_init_works(
    installed: Installed, project: Path, words: tuple[str, ...], said: str
) -> None:
    done = installed.gateprint(*words, cwd=project)
    assert done.returncode == 0, done.stderr
    assert said in done.stdout


def test_the_example_of_the_wheel_is_that_of_the_repository(project: Path) -> None:
    for name in ("blueprints/pets.yaml", "config/local.yaml", "lambdas/pets/app.py", "main.py"):
        assert (project / name).read_bytes() == (ROOT / name).read_bytes(), name
