"""The Terraform of the example blueprints, whole, and of cases in each partition of AWS."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.stack.synthesized import local_stacks, real_stacks, synth
from tests.support.golden import assert_golden
from tests.support.project import ROOT

pytestmark = pytest.mark.cdktf
GOLDEN = ROOT / "tests" / "golden"
REAL = tuple(
    f"{name}-{where}" for name in ("account", "orders", "pets") for where in ("nonprod", "prod")
)


def stack(outdir: Path, name: str) -> dict[str, Any]:
    text = (outdir / "stacks" / name / "cdk.tf.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def addresses(document: dict[str, Any]) -> list[str]:
    return sorted(
        f"{kind}.{name}" for kind, all_of in document["resource"].items() for name in all_of
    )


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stacks of all environments that the examples name."""
    return real_stacks(tmp_path_factory)


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return local_stacks(tmp_path_factory)


@pytest.mark.parametrize("name", REAL)
def test_golden_stacks_of_real_accounts(real: Path, name: str) -> None:
    text = (real / "stacks" / name / "cdk.tf.json").read_text(encoding="utf-8")
    assert_golden(GOLDEN / f"{name}.tf.json", text + "\n")


def test_golden_addresses_are_a_contract(local: Path) -> None:
    """A changed address replaces infrastructure: this list may grow, and nothing else."""
    found = [
        f"{name}: {each}"
        for name in ("account-local", "orders-local", "pets-local")
        for each in addresses(stack(local, name))
    ]
    assert_golden(GOLDEN / "addresses.txt", "\n".join(found) + "\n")


def test_without_an_environment_there_are_the_real_ones_and_no_endpoint(real: Path) -> None:
    folders = sorted(path.name for path in (real / "stacks").iterdir())
    assert folders == list(REAL)
    for name in folders:
        text = (real / "stacks" / name / "cdk.tf.json").read_text(encoding="utf-8")
        for word in ("endpoints", "127.0.0.1", "access_key", "use_path_style", "skip_"):
            assert word not in text


def test_each_environment_has_its_own_stages(real: Path) -> None:
    for name, stages in (("pets-nonprod", {"pets_dev", "pets_test"}), ("pets-prod", {"pets_prod"})):
        document = stack(real, name)
        assert set(document["resource"]["aws_api_gateway_stage"]) == stages
        assert set(document["resource"]["aws_api_gateway_deployment"]) == stages


def dependencies(outdir: Path) -> dict[str, list[str]]:
    """Return what cdktf deploys before each stack."""
    manifest = json.loads((outdir / "manifest.json").read_text(encoding="utf-8"))
    return {name: each["dependencies"] for name, each in manifest["stacks"].items()}


def test_what_adds_to_a_role_is_deployed_after_the_role_and_nothing_else_waits(
    real: Path, local: Path
) -> None:
    waiting = {name: found for name, found in dependencies(real).items() if found}
    assert waiting == {"orders-prod": ["pets-prod"]}
    assert dependencies(local)["orders-local"] == ["pets-local"]


def test_the_state_is_remote_locked_and_encrypted(real: Path) -> None:
    assert stack(real, "pets-prod")["terraform"]["backend"]["s3"] == {
        "bucket": "acme-terraform-state-prod",
        "encrypt": True,
        "key": "gateprint/pets-prod.tfstate",
        "kms_key_id": "alias/terraform",
        "region": "us-east-2",
        "use_lockfile": True,
    }


def test_only_what_both_majors_of_the_provider_know_is_required(real: Path) -> None:
    for name in ("account-prod", "pets-prod"):
        required = stack(real, name)["terraform"]["required_providers"]
        assert required == {"aws": {"source": "hashicorp/aws", "version": ">= 5.100.0, < 7.0.0"}}


def test_everything_is_tagged(real: Path) -> None:
    provider = stack(real, "pets-nonprod")["provider"]["aws"][0]
    assert provider["default_tags"] == [
        {
            "tags": {
                "cost-center": "shop",
                "gateprint:blueprint": "pets",
                "gateprint:environment": "nonprod",
                "gateprint:owner": "team-pets",
            }
        }
    ]
    assert provider["allowed_account_ids"] == ["123456789012"]


def test_a_role_without_a_grant_here_has_no_policy_here(real: Path) -> None:
    resources = stack(real, "pets-nonprod")["resource"]
    assert "pets-auditor" in resources["aws_iam_role"]
    assert "pets-auditor" not in resources["aws_iam_role_policy"]


def test_a_deployment_waits_for_all_that_it_publishes(local: Path) -> None:
    resources = stack(local, "pets-local")["resource"]
    kinds = ("method", "integration", "method_response", "integration_response", "gateway_response")
    published = {
        f"aws_api_gateway_{kind}.{name}"
        for kind in kinds
        for name in resources[f"aws_api_gateway_{kind}"]
    }
    for deployment in resources["aws_api_gateway_deployment"].values():
        assert published <= set(deployment["depends_on"])
        assert deployment["lifecycle"] == {"create_before_destroy": True}
        assert "stage_name" not in deployment


def test_the_same_inputs_give_the_same_bytes(local: Path, tmp_path: Path) -> None:
    """Another process, another hash seed, another folder."""
    again = synth(tmp_path / "again", GATEPRINT_ENVIRONMENT="local", PYTHONHASHSEED="7")
    files = sorted(path.relative_to(local) for path in local.rglob("*") if path.is_file())
    assert [path for path in files if path.suffix in {".json", ".zip"}]
    for path in files:
        assert (local / path).read_bytes() == (again / path).read_bytes(), path


def test_no_path_of_this_machine_is_in_the_stacks(real: Path) -> None:
    for path in real.rglob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert str(ROOT) not in text
        assert str(Path.home()) not in text


PARTITIONS = (
    ("us-east-2", "aws", "https://signin.aws.amazon.com/saml"),
    ("cn-north-1", "aws-cn", "https://signin.amazonaws.cn/saml"),
    ("us-gov-west-1", "aws-us-gov", "https://signin.amazonaws-us-gov.com/saml"),
)


def test_partitions_and_hcp_follow_from_the_environment(tmp_path: Path) -> None:
    """One project with an environment in each partition, the last with its state in HCP."""
    project = tmp_path / "project"
    (project / "blueprints").mkdir(parents=True)
    (project / "config").mkdir()
    (project / "lambdas").symlink_to(ROOT / "lambdas")
    shutil.copytree(ROOT / "config" / "identity", project / "config" / "identity")
    stages = {}
    for index, (region, _, _) in enumerate(PARTITIONS):
        name = f"env-{index}"
        stages[f"s{index}"] = {"environment": name}
        state = (
            {"bucket": "acme-state"}
            if index < 2
            else {"hcp": {"organization": "acme", "project": "apis"}}
        )
        environment = {
            "environment": name,
            "account": f"11111111111{index}",
            "region": region,
            "state": state,
            "identity_providers": {
                "auth0": {"issuer": "urn:acme.auth0.com", "metadata": "identity/auth0.xml"}
            },
        }
        (project / "config" / f"{name}.yaml").write_text(yaml.safe_dump(environment))
    blueprint = yaml.safe_load((ROOT / "blueprints" / "pets.yaml").read_text())
    blueprint["stages"] = stages
    blueprint["roles"]["pets-auditor"]["allow"][0]["stages"] = ["s0"]
    (project / "blueprints" / "pets.yaml").write_text(yaml.safe_dump(blueprint))
    outdir = synth(tmp_path / "out", project)
    for index, (region, partition, audience) in enumerate(PARTITIONS):
        account = stack(outdir, f"account-env-{index}")
        pets = stack(outdir, f"pets-env-{index}")
        text = json.dumps([account, pets])
        assert f"arn:{partition}:execute-api:{region}:11111111111{index}:" in text
        assert audience in text
        foreign = {each for _, each, _ in PARTITIONS if each != partition}
        assert not any(f"arn:{each}:" in text for each in foreign)
    cloud = stack(outdir, "pets-env-2")["terraform"]["cloud"]
    assert cloud == {
        "organization": "acme",
        "workspaces": {"name": "pets-env-2", "project": "apis"},
    }
