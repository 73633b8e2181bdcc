from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from gateprint.errors import ToolFailed
from gateprint.terraform.binary import TerraformBinary, find_terraform
from gateprint.terraform.mirror import PROVIDER, VERSION_CONSTRAINTS, Mirror, find_mirror
from gateprint.terraform.provider import PreparedProvider, attach_provider, prepare_provider

pytestmark = pytest.mark.terraform

REPOSITORY = Path(__file__).parents[2]
STACK = {
    "terraform": {
        "required_providers": {"aws": {"source": "hashicorp/aws", "version": VERSION_CONSTRAINTS}},
        "backend": {"local": {"path": "terraform.tfstate"}},
    },
    "provider": {"aws": [{"region": "eu-west-1"}]},
}
ASK_CDKTF = """
const base = "@cdktf/cli-core/src/lib/";
const { TerraformProviderLock } = require(base + "terraform-provider-lock");
const { ProviderConstraint } = require(base + "dependencies/dependency-manager");
const wanted = new ProviderConstraint("hashicorp/aws", process.argv[2]);
new TerraformProviderLock(process.argv[1]).hasMatchingProvider(wanted).then(console.log);
"""


@pytest.fixture(scope="module")
def environ(tmp_path_factory) -> dict[str, str]:
    """The environment of the test run, with a home folder that configures nothing."""
    home = {"HOME": str(tmp_path_factory.mktemp("home"))}
    return {k: v for k, v in os.environ.items() if not k.startswith("TF_")} | home


@pytest.fixture(scope="module")
def binary(environ) -> TerraformBinary:
    try:
        return find_terraform(REPOSITORY, environ)
    except ToolFailed:
        pytest.skip("Terraform is not installed")


@pytest.fixture(scope="module")
def mirror() -> Mirror:
    found = find_mirror(os.environ)
    return found or pytest.skip("there is no mirror of the AWS provider")


@pytest.fixture(scope="module")
def prepared(binary, mirror, environ, tmp_path_factory) -> PreparedProvider:
    project = tmp_path_factory.mktemp("project")
    return prepare_provider(project, binary, mirror, environ, lambda line: None)


@pytest.fixture
def project(prepared: PreparedProvider) -> Path:
    return prepared.lock.parents[2]


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    folder = tmp_path / "stacks" / "pets-local"
    folder.mkdir(parents=True)
    (folder / "cdk.tf.json").write_text(json.dumps(STACK))
    return folder


@pytest.fixture
def init(binary, stack):
    """Run a plain `terraform init` in the stack, as the cdktf command line does."""

    def init(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [binary.path, "init", "-no-color", "-input=false"],
            cwd=stack,
            env=environ | {"CHECKPOINT_DISABLE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )

    return init


def installed_from(stack: Path, mirror: Mirror) -> bool:
    installed = stack / ".terraform/providers" / PROVIDER / mirror.version
    programs = [path.resolve() for path in installed.glob("*/terraform-provider-aws_v*")]
    return bool(programs) and all(p.is_relative_to(mirror.path.resolve()) for p in programs)


@pytest.mark.parametrize("variable", [{}, {"TF_CLI_CONFIG_FILE": "/missing/terraformrc"}])
def test_a_plain_init_takes_the_provider_from_the_mirror(
    project, mirror, stack, environ, init, variable
):
    attach_provider([stack], project, environ | variable)
    done = init(environ | variable)
    assert (done.returncode, done.stderr.count("Error")) == (0, 0), done.stdout
    assert installed_from(stack, mirror)


def test_init_leaves_the_attached_lock_file_as_it_is(project, prepared, stack, environ, init):
    attach_provider([stack], project, environ)
    init(environ)
    assert (stack / ".terraform.lock.hcl").read_text() == prepared.lock.read_text()


def test_the_lock_file_names_exactly_the_constraints_of_the_stacks(prepared):
    assert f'constraints = "{VERSION_CONSTRAINTS}"' in prepared.lock.read_text()


def test_preparing_again_takes_milliseconds_and_says_nothing(
    project, prepared, binary, mirror, environ
):
    lines: list[str] = []
    assert prepare_provider(project, binary, mirror, environ, lines.append) == prepared
    assert lines == []


def test_the_cdktf_command_line_sees_no_need_to_lock_providers(project, stack, environ):
    if not (shutil.which("node") and (REPOSITORY / "node_modules/@cdktf/cli-core").is_dir()):
        pytest.skip("the cdktf command line is not installed")
    attach_provider([stack], project, environ)
    answer = subprocess.run(
        ["node", "-e", ASK_CDKTF, str(stack), VERSION_CONSTRAINTS],
        cwd=REPOSITORY,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.splitlines()[-1] == "true"


def test_the_users_own_provider_installation_wins_over_the_attached_mirror(
    project, mirror, stack, environ, init, tmp_path
):
    attach_provider([stack], project, environ)
    configuration = tmp_path / "terraformrc"
    (tmp_path / "empty").mkdir()
    configuration.write_text(
        f'provider_installation {{\n  filesystem_mirror {{ path = "{tmp_path}/empty" }}\n}}\n'
    )
    done = init(environ | {"TF_CLI_CONFIG_FILE": str(configuration)})
    assert done.returncode != 0
    assert not installed_from(stack, mirror)


def test_the_users_own_provider_installation_gets_a_lock_file_too(
    binary, mirror, stack, environ, init, tmp_path
):
    configuration = tmp_path / "terraformrc"
    configuration.write_text(
        f'provider_installation {{\n  filesystem_mirror {{ path = "{mirror.path}" }}\n}}\n'
    )
    environ = environ | {"TF_CLI_CONFIG_FILE": str(configuration)}
    prepare_provider(tmp_path, binary, None, environ, lambda line: None)
    attached = attach_provider([stack], tmp_path, environ)
    assert attached
    assert (attached.mirror, attached.version) == (None, mirror.version)
    assert init(environ).returncode == 0
