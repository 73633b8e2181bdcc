"""`state init`, `state list` and `state unlock`, in moto's AWS within this process."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import psutil
import pytest
from moto import mock_aws
from moto.s3.models import s3_backends

from tests.cli.conftest import Cli
from tests.terraform.state.conftest import ACCOUNT, REGION, States

BUCKET = "acme-terraform-state"  # nonprod's, in config/
HERE = socket.gethostname()
NONPROD = ("--environment", "nonprod")


@pytest.fixture(scope="module")
def moto() -> Iterator[Any]:
    """A client of moto's S3; making one takes longer than most tests here."""
    with mock_aws():
        yield boto3.client("s3", region_name=REGION)


@pytest.fixture
def s3(moto: Any) -> Any:
    """S3 without any bucket."""
    s3_backends[ACCOUNT]["aws"].reset()
    return moto


@pytest.fixture
def states(s3: Any) -> States:
    """The bucket of nonprod."""
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    return States(s3, BUCKET)


@pytest.fixture
def run_of_here(project: Path) -> None:
    """A run of this machine that took the lock `our-lock`, and is dead."""
    folder = project / "runs" / "20261122-183000-4f2a"
    folder.mkdir(parents=True)
    process = {"pid": 1, "process": 1.0}
    events = [
        {"event": "applying", "stack": "pets-nonprod", **process},
        {"event": "lock", "stack": "pets-nonprod", "id": "our-lock"},
    ]
    lines = [json.dumps(each) for each in events]
    (folder / "journal.jsonl").write_text("\n".join(lines))


def test_init_says_what_it_makes_and_then_keeps(cli: Cli, s3: Any) -> None:
    to_do = cli("state", "init", *NONPROD, "--check")
    assert (to_do.code, to_do.err) == (3, "")
    assert to_do.out.count("to be made") == 7
    made = cli("state", "init", *NONPROD)
    assert made.code == 0
    assert "making the bucket acme-terraform-state in us-east-2" in made.err
    again = cli("state", "init", *NONPROD, "--format", "json")
    (found,) = json.loads(again.out)["environments"]
    assert {each["outcome"] for each in found["measures"]} == {"kept"}
    assert cli("state", "init", *NONPROD, "--check").code == 0


def test_init_needs_no_sound_blueprint(cli: Cli, s3: Any, project: Path) -> None:
    (project / "blueprints" / "pets.yaml").write_text("nonsense")
    assert cli("state", "init", *NONPROD).code == 0


def test_init_of_a_wrong_account_fails_and_makes_nothing(cli: Cli, s3: Any) -> None:
    ran = cli("state", "init", "--environment", "prod")
    assert ran.code == 4
    assert "these credentials are of account 123456789012" in ran.err
    assert s3.list_buckets()["Buckets"] == []


def test_list_shows_orphans_and_who_holds_a_lock(cli: Cli, states: States) -> None:
    for stack in ("account-nonprod", "pets-nonprod", "gone-nonprod"):
        states.apply(stack)
    etag = states.apply("pets-nonprod", serial=2)
    states.put(f"gateprint/applied/pets-nonprod/{'ab' * 32}-{etag}")
    states.lock("pets-nonprod", "their-lock", who="ci\x1b[31m@builder")
    ran = cli("state", "list", *NONPROD)
    assert (ran.code, ran.err) == (0, "")
    lines = {line.split()[0]: line for line in ran.out.splitlines() if line.strip()}
    assert "orphan" in lines["gone-nonprod"]
    assert "known" in lines["pets-nonprod"]
    assert "ci\\u001b[31m@builder since 2026-11-22 18:35 UTC" in " ".join(ran.out.split())
    data = json.loads(cli("state", "list", *NONPROD, "--format", "json").out)
    rows = {each["stack"]: each for each in data["environments"][0]["stacks"]}
    assert list(rows) == ["account-nonprod", "gone-nonprod", "pets-nonprod"]
    assert [rows[each]["blueprint"] for each in rows] == ["account", None, "pets"]
    assert [rows[each]["is_orphan"] for each in rows] == [False, True, False]
    assert rows["pets-nonprod"]["applied"] == ["ab" * 32]
    assert rows["pets-nonprod"]["lock"]["id"] == "their-lock"


def test_list_of_a_bucket_that_is_not_there_says_how_to_make_it(cli: Cli, s3: Any) -> None:
    ran = cli("state", "list", *NONPROD)
    assert ran.code == 4
    assert "= fix: make it: gateprint state init --environment nonprod" in ran.err


@pytest.mark.usefixtures("run_of_here")
def test_unlock_releases_what_a_dead_run_of_this_machine_took(cli: Cli, states: States) -> None:
    states.lock("pets-nonprod", "our-lock", who=f"me@{HERE}")
    ran = cli("state", "unlock", "pets-nonprod")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"pets-nonprod is unlocked; it was locked by me@{HERE} since 2026")
    assert states.keys() == []
    assert cli("state", "unlock", "pets-nonprod").out == "pets-nonprod is not locked\n"


@pytest.mark.usefixtures("run_of_here")
@pytest.mark.parametrize(
    ("lock_id", "who", "reason"),
    [
        ("their-lock", f"me@{HERE}", "no run of this machine took it"),
        ("our-lock", "me@elsewhere", f"it was taken on elsewhere, and this is {HERE}"),
        ("", "", "what the lock says is not Terraform's"),
    ],
)
def test_unlock_leaves_any_other_lock_unless_forced(
    cli: Cli, states: States, lock_id: str, who: str, reason: str
) -> None:
    states.lock("pets-nonprod", lock_id, who=who)
    ran = cli("state", "unlock", "pets-nonprod")
    assert (ran.code, ran.err) == (3, "")
    assert f"pets-nonprod stays locked: {reason}" in ran.out
    assert " since 20" in ran.out
    assert "gateprint state unlock pets-nonprod --environment nonprod --force" in ran.out
    assert len(states.keys()) == 1
    forced = cli("state", "unlock", "pets-nonprod", "--force")
    assert forced.code == 0
    assert reason in forced.err
    assert f"is locked by {who or 'somebody unknown'} since 20" in forced.err
    assert states.keys() == []


@pytest.mark.parametrize(
    ("process", "reason"),
    [
        ("alive", "the run now, which took it, still works"),
        ("unknown", "it cannot be told whether the run now, which took it, still works"),
    ],
)
def test_unlock_leaves_the_lock_of_a_run_that_may_still_work(
    cli: Cli, states: States, project: Path, process: str, reason: str
) -> None:
    own = {"pid": os.getpid(), "process": psutil.Process().create_time()}
    applying = {"event": "applying", "stack": "pets-nonprod", **(own if process == "alive" else {})}
    lock = {"event": "lock", "stack": "pets-nonprod", "id": "our-lock"}
    folder = project / "journals" / "now"
    folder.mkdir(parents=True)
    (folder / "journal.jsonl").write_text(f"{json.dumps(applying)}\n{json.dumps(lock)}\n")
    states.lock("pets-nonprod", "our-lock", who=f"me@{HERE}")
    ran = cli("state", "unlock", "pets-nonprod", "--runs", "journals", "--format", "json")
    found = json.loads(ran.out)
    assert (ran.code, found["outcome"], found["reason"]) == (3, "refused", reason)
    assert found["lock"]["who"] == f"me@{HERE}"


@pytest.mark.parametrize(
    "stack", ["pets", "pets-nowhere", "../pets-nonprod", "-nonprod", "p\n-prod"]
)
def test_unlock_of_what_is_no_stack_is_a_wrong_command_line(cli: Cli, stack: str) -> None:
    ran = cli("state", "unlock", "--", stack)
    assert (ran.code, ran.out) == (2, "")
    assert "is no stack of" in ran.err


def test_hcp_terraform_has_no_bucket(cli: Cli, project: Path) -> None:
    path = project / "config" / "nonprod.yaml"
    text = path.read_text()
    start, end = text.index("state:"), text.index("identity_providers:")
    hcp = "state: {hcp: {organization: acme, project: apis}}\n"
    path.write_text(text[:start] + hcp + text[end:])
    for verb in (("init",), ("list",), ("unlock", "pets-nonprod")):
        ran = cli("state", *verb, *NONPROD)
        assert ran.code == 4
        assert "HCP Terraform keeps its state, and locks it" in ran.err
