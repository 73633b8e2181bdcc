"""Manifests for GitHub, GitLab and Kubernetes are as committed, and within what they accept."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateprint.errors import ToolFailed
from gateprint.terraform.shards.manifest import Manifest, ShardStack, make_manifest, read_manifest
from gateprint.terraform.shards.outputs import Phase, Target, github, gitlab, kubernetes
from tests.support.golden import assert_golden

GOLDEN = Path(__file__).parent / "golden"
PHASES: tuple[Phase, ...] = ("plan", "apply")


def a_manifest(number: int = 3) -> Manifest:
    names = ("books", "orders", "pets", "shop")
    stacks = [ShardStack(f"{name}-prod", "123456789012", "us-east-2") for name in names]
    account = ShardStack("account-prod", "123456789012", "us-east-2", is_account=True)
    return make_manifest([*stacks, account], number)


def target(phase: Phase) -> Target:
    return Target(phase, "prod", "registry.example.com/gateprint:1")


def test_golden_github_output() -> None:
    assert_golden(GOLDEN / "github.txt", github(a_manifest()))


@pytest.mark.parametrize("phase", PHASES)
def test_golden_gitlab_pipeline(phase: Phase) -> None:
    assert_golden(GOLDEN / f"gitlab-{phase}.yml", gitlab(a_manifest(), target(phase)))


@pytest.mark.parametrize("phase", PHASES)
def test_golden_kubernetes_jobs(phase: Phase) -> None:
    assert_golden(GOLDEN / f"kubernetes-{phase}.yaml", kubernetes(a_manifest(), target(phase)))


def test_a_line_of_github_is_a_name_and_json() -> None:
    lines = dict(line.split("=", 1) for line in github(a_manifest()).splitlines())
    assert [each["shard"] for each in json.loads(lines["matrix"])["include"]] == [
        "1/3",
        "2/3",
        "3/3",
    ]
    assert [each["index"] for each in json.loads(lines["rest"])["include"]] == [2, 3]


def test_github_takes_256_jobs_and_no_more() -> None:
    assert github(a_manifest(256)).count("\n") == 4
    with pytest.raises(ToolFailed, match="at most 256") as caught:
        github(a_manifest(257))
    assert "256 shards or fewer" in caught.value.remedy


def jobs(phase: Phase, number: int = 3) -> list[Any]:
    return list(yaml.safe_load_all(kubernetes(a_manifest(number), target(phase))))


def test_kubernetes_carries_the_manifest_itself() -> None:
    assert read_manifest(jobs("plan")[0]["data"]["shards.json"]) == a_manifest()


def test_the_other_shards_are_applied_after_the_first_one() -> None:
    first, rest = jobs("apply")[1:]
    assert (first["spec"]["completions"], first["spec"].get("suspend")) == (1, None)
    assert (rest["spec"]["completions"], rest["spec"]["suspend"]) == (2, True)
    pipeline = yaml.safe_load(gitlab(a_manifest(), target("apply")))
    assert {"job": "shard 1 of 3", "artifacts": False} in pipeline["shard 3 of 3"]["needs"]


def test_one_shard_has_no_others_to_wait_for() -> None:
    assert len(jobs("apply", 1)) == 2


@pytest.mark.parametrize(
    ("what", "index", "code", "expected"),
    [
        ("plan", 0, 0, ["plan --shard 1/3", "push"]),
        ("plan", 2, 4, ["plan --shard 3/3", "push"]),
        ("apply", 1, 4, ["pull --shard 3/3", "apply", "push"]),
    ],
)
def test_a_pod_does_its_own_shard_and_ends_as_it_did(
    what: Phase, index: int, code: int, expected: list[str], tmp_path: Path
) -> None:
    (tmp_path / "gateprint").write_text(_STAND_IN, encoding="utf-8")
    (tmp_path / "gateprint").chmod(0o755)
    job = jobs(what)[-1]
    command = job["spec"]["template"]["spec"]["containers"][0]["command"]
    environ = {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "JOB_COMPLETION_INDEX": str(index),
        "CODE": str(code),
    }
    shell = shutil.which("sh") or command[0]
    done = subprocess.run(  # noqa: PLW1510
        [shell, *command[1:]], env=environ, capture_output=True, text=True, timeout=30
    )
    assert (done.returncode, done.stdout.splitlines()) == (code, expected)


# Says what it was asked, and ends with $CODE where that is to plan or to apply.
_STAND_IN = """\
#!/bin/sh
verb=$1
[ "$verb" = bundle ] && verb=$2
while [ $# -gt 0 ]; do
  [ "$1" = --shard ] && shard=" --shard $2"
  shift
done
echo "$verb$shard"
case $verb in plan|apply) exit "$CODE" ;; esac
"""


def test_names_are_quoted_for_the_shell() -> None:
    odd = Target("plan", "prod; rm -rf /")
    script = yaml.safe_load(gitlab(a_manifest(1), odd))["shard 1 of 1"]["script"]
    assert script[1].startswith("gateprint plan --environment 'prod; rm -rf /' ")


def test_so_many_stacks_that_no_config_map_holds_them_are_refused() -> None:
    stacks = [ShardStack(f"{'s' * 70}{number:05}-prod", "1", "r") for number in range(12_000)]
    with pytest.raises(ToolFailed, match="1 MiB"):
        kubernetes(make_manifest(stacks, 1), Target())
