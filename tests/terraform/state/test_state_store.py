"""Listing, recording and unlocking in a bucket, with others at work in it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.s3.models import s3_backends

from gateprint.errors import ToolFailed
from gateprint.model.resolved import Environment, HcpState
from gateprint.terraform.state.store import StateStore
from tests.terraform.state.conftest import ACCOUNT, Between, States, environment

A, B = "aa" * 32, "bb" * 32


def test_only_what_is_the_environments_is_listed(store: StateStore, states: States) -> None:
    etag = states.apply("pets-prod")
    for key in ("gateprint/pets-dev.tfstate", "gateprint/notes.txt", "gateprint/x/y-prod.tfstate"):
        states.put(key)
    states.put("elsewhere/pets-prod.tfstate")
    states.put("gateprint/a b/\u00e9\x01-prod.tfstate")
    found = store.list().stacks
    assert list(found) == ["pets-prod"]
    assert found["pets-prod"].state is not None
    assert found["pets-prod"].state.etag.strip('"') == etag


def test_an_empty_bucket_has_an_empty_listing(store: StateStore) -> None:
    assert store.list().stacks == {}


def test_2_500_keys_are_three_questions(
    store: StateStore, states: States, s3: Any, bucket: str
) -> None:
    backend = s3_backends[ACCOUNT]["aws"]
    for number in range(1_250):
        state = backend.put_object(bucket, f"gateprint/s{number}-prod.tfstate", b"{}")
        record = store.keys.record(f"s{number}-prod", A, state.etag)
        backend.put_object(bucket, record, b"")
    asked: list[str] = []
    s3.meta.events.register("before-call.s3.*", lambda model, **_: asked.append(model.name), "a")
    try:
        listing = store.list()
    finally:
        s3.meta.events.unregister("before-call.s3.*", unique_id="a")
    assert asked == ["ListObjectsV2"] * 3
    assert len(listing.stacks) == 1_250
    assert all(listing.is_unchanged(stack, A) for stack in listing.stacks)


def test_what_was_applied_is_unchanged_until_the_state_changes(
    store: StateStore, states: States
) -> None:
    states.apply("pets-prod", serial=1)
    assert not store.list().is_unchanged("pets-prod", A)
    assert store.record_applied("pets-prod", A) == "recorded"
    assert store.list().is_unchanged("pets-prod", A)
    assert not store.list().is_unchanged("pets-prod", B)
    states.apply("pets-prod", serial=2)
    assert not store.list().is_unchanged("pets-prod", A)


def test_recording_twice_leaves_one_record(store: StateStore, states: States) -> None:
    etag = states.apply("pets-prod")
    for _ in range(2):
        store.record_applied("pets-prod", A)
    assert states.records("pets-prod") == [f"{A}-{etag}"]


def test_a_new_record_takes_the_place_of_all_older_ones(store: StateStore, states: States) -> None:
    states.apply("pets-prod")
    for digest in (A, B):  # the first was interrupted before it had deleted the older one
        states.put(store.keys.record("pets-prod", digest, "0" * 32))
    states.put("gateprint/applied/pets-prod/notes.txt")
    states.put(store.keys.record("cats-prod", A, "0" * 32))
    etag = states.apply("pets-prod", serial=2)
    store.record_applied("pets-prod", B)
    assert states.records("pets-prod") == [f"{B}-{etag}", "notes.txt"]
    assert len(states.records("cats-prod")) == 1


def test_the_old_record_is_there_until_the_new_one_is(s3: Any, bucket: str, states: States) -> None:
    seen: list[list[str]] = []
    between = Between(
        s3, "delete_object", lambda: seen.append(states.records("p-prod")), after=False
    )
    store = StateStore(environment(bucket), between)
    first = states.apply("p-prod")
    store.record_applied("p-prod", A)
    second = states.apply("p-prod", serial=2)
    store.record_applied("p-prod", B)
    assert seen == [[f"{A}-{first}", f"{B}-{second}"]]


def test_two_who_record_at_once_never_delete_the_newer_record(
    s3: Any, bucket: str, states: States
) -> None:
    other = StateStore(environment(bucket), s3)

    def apply_and_record() -> None:
        states.apply("p-prod", serial=2)
        other.record_applied("p-prod", B)

    states.apply("p-prod")
    slow = StateStore(environment(bucket), Between(s3, "put_object", apply_and_record, after=True))
    slow.record_applied("p-prod", A)
    listing = other.list()
    assert listing.is_unchanged("p-prod", B)
    assert not listing.is_unchanged("p-prod", A)


def test_what_somebody_else_applied_since_is_not_recorded_as_ours(
    s3: Any, bucket: str, states: States
) -> None:
    states.apply("p-prod")
    now = dt.datetime.now(dt.UTC)
    store = StateStore(environment(bucket), s3, clock=lambda: now + dt.timedelta(minutes=5))
    assert store.record_applied("p-prod", A, seconds_since_apply=600) == "outrun"
    assert states.records("p-prod") == []
    assert store.record_applied("p-prod", A, seconds_since_apply=60) == "recorded"


def test_a_stack_without_a_state_is_not_recorded(store: StateStore, states: States) -> None:
    assert store.record_applied("pets-prod", A) == "missing"
    assert states.keys() == []


def test_a_record_is_encrypted_as_the_state_is(s3: Any, bucket: str, states: States) -> None:
    store = StateStore(environment(bucket, kms_key="alias/terraform"), s3)
    states.apply("pets-prod")
    store.record_applied("pets-prod", A)
    key = next(iter(states.keys("gateprint/applied/")))
    found = s3.head_object(Bucket=bucket, Key=key)
    assert (found["ServerSideEncryption"], found["SSEKMSKeyId"]) == ("aws:kms", "alias/terraform")


def test_a_forgotten_stack_is_planned_next_time(store: StateStore, states: States) -> None:
    states.apply("pets-prod")
    store.record_applied("pets-prod", A)
    store.forget_applied("pets-prod")
    store.forget_applied("pets-prod")
    assert not store.list().is_unchanged("pets-prod", A)


def test_a_lock_is_read_and_released_by_its_id(store: StateStore, states: States) -> None:
    states.apply("pets-prod")
    states.lock("pets-prod", "our-lock")
    found = store.read_lock("pets-prod")
    assert found is not None
    assert (found.id, found.who, found.operation) == ("our-lock", "ci@builder", "apply")
    assert store.release("pets-prod", "our-lock")
    assert store.read_lock("pets-prod") is None
    assert states.keys() == ["gateprint/pets-prod.tfstate"]


def test_another_lock_is_not_released(store: StateStore, states: States) -> None:
    states.lock("pets-prod", "their-lock")
    assert not store.release("pets-prod", "our-lock")
    assert not store.release("cats-prod", "our-lock")
    assert store.read_lock("pets-prod") is not None


def test_a_lock_that_somebody_takes_at_that_moment_stays_theirs(
    s3: Any, bucket: str, states: States
) -> None:
    def take() -> None:
        states.lock("pets-prod", "their-lock")

    store = StateStore(environment(bucket), Between(s3, "delete_object", take, after=False))
    states.lock("pets-prod", "our-lock")
    assert not store.release("pets-prod", "our-lock")
    found = store.read_lock("pets-prod")
    assert found is not None
    assert found.id == "their-lock"


def test_a_lock_with_strange_content_is_released_by_its_etag(
    store: StateStore, states: States
) -> None:
    etag = states.put("gateprint/pets-prod.tfstate.tflock", "?" * 100_000)
    found = store.read_lock("pets-prod")
    assert found is not None
    assert found.id == etag
    assert store.release("pets-prod", etag)


def test_a_stack_whose_lock_was_released_is_planned_next_time(
    store: StateStore, states: States
) -> None:
    states.apply("pets-prod")
    store.record_applied("pets-prod", A)
    states.lock("pets-prod", "our-lock")
    store.release("pets-prod", "our-lock")
    assert not store.list().is_unchanged("pets-prod", A)


def test_the_state_of_a_destroyed_stack_is_forgotten(store: StateStore, states: States) -> None:
    states.apply("pets-prod", resources=0)
    store.record_applied("pets-prod", A)
    assert store.forget_empty("pets-prod")
    assert states.keys() == []


@pytest.mark.parametrize(
    "content", ['{"resources": [{}]}', "{}", "", "[]", "{" * 70_000, '{"resources": {}}']
)
def test_a_state_that_is_not_surely_empty_stays(
    store: StateStore, states: States, content: str
) -> None:
    states.put("gateprint/pets-prod.tfstate", content)
    assert not store.forget_empty("pets-prod")
    assert states.keys() == ["gateprint/pets-prod.tfstate"]


def test_a_state_that_is_locked_or_not_there_is_not_forgotten(
    store: StateStore, states: States
) -> None:
    assert not store.forget_empty("pets-prod")
    states.apply("pets-prod", resources=0)
    states.lock("pets-prod", "their-lock")
    assert not store.forget_empty("pets-prod")


def test_a_state_that_grows_at_that_moment_stays(s3: Any, bucket: str, states: States) -> None:
    states.apply("pets-prod", resources=0)
    grow = Between(s3, "delete_object", lambda: states.apply("pets-prod", serial=2), after=False)
    assert not StateStore(environment(bucket), grow).forget_empty("pets-prod")
    assert states.keys() == ["gateprint/pets-prod.tfstate"]


def test_hcp_terraform_has_no_bucket(s3: Any) -> None:
    hcp = Environment("prod", ACCOUNT, "us-east-2", HcpState("acme", "apis"))
    with pytest.raises(ToolFailed, match="HCP Terraform keeps its state, and locks it"):
        StateStore(hcp, s3)


def test_a_bucket_that_is_not_there_is_to_be_made(s3: Any) -> None:
    with pytest.raises(ToolFailed) as failed:
        StateStore(environment("nobodys-bucket"), s3).list()
    assert failed.value.remedy == "make it: gateprint state init --environment prod"


class Refusing:
    """An S3 that refuses every call with one code; its message quotes a made-up access key."""

    def __init__(self, code: str) -> None:
        self._code = code

    def __getattr__(self, name: str) -> Any:
        def call(**_: Any) -> Any:
            operation = "".join(part.title() for part in name.split("_"))
            key = "AKIA" + "A" * 16
            raise ClientError({"Error": {"Code": self._code, "Message": key}}, operation)

        return call


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("ExpiredToken", "sign in again to account 123456789012"),
        ("PermanentRedirect", "state.region in config/prod.yaml"),
        ("SlowDown", "wait a minute"),
        ("Unheard", "see the message"),
    ],
)
def test_a_refusal_says_what_to_do_and_shows_no_secret(code: str, remedy: str) -> None:
    with pytest.raises(ToolFailed) as failed:
        StateStore(environment("bucket"), Refusing(code)).read_lock("pets-prod")
    assert remedy in failed.value.remedy
    assert code in failed.value.problem
    assert "AKIA" not in failed.value.detail


class Hiding:
    """An S3 that denies what is not there, as it does where one may list a prefix alone."""

    def __init__(self, s3: Any) -> None:
        self._s3 = s3

    def __getattr__(self, name: str) -> Any:
        return getattr(self._s3, name)

    def get_object(self, **arguments: Any) -> Any:
        return self._hidden(self._s3.get_object, arguments)

    def head_object(self, **arguments: Any) -> Any:
        return self._hidden(self._s3.head_object, arguments)

    def _hidden(self, call: Any, arguments: dict[str, Any]) -> Any:
        try:
            return call(**arguments)
        except ClientError as error:
            denied = {"Error": {"Code": "AccessDenied", "Message": ""}}
            raise ClientError(denied, error.operation_name) from error  # type: ignore[arg-type]


def test_what_is_not_there_is_known_where_s3_says_denied(
    s3: Any, bucket: str, states: States
) -> None:
    store = StateStore(environment(bucket), Hiding(s3))
    states.lock("pets-eu-prod", "their-lock")
    states.put("gateprint/pets-prod.tfstate.tflock.old")
    assert store.read_lock("pets-prod") is None
    assert store.record_applied("pets-prod", A) == "missing"
    found = store.read_lock("pets-eu-prod")
    assert found is not None
    assert found.id == "their-lock"


class Closed(Hiding):
    """An S3 that denies reading what is there."""

    def _hidden(self, call: Any, arguments: dict[str, Any]) -> Any:
        return super()._hidden(call, {**arguments, "Key": "nothing"})


def test_what_is_there_and_denied_is_no_free_lock(s3: Any, bucket: str, states: States) -> None:
    states.lock("pets-prod", "their-lock")
    with pytest.raises(ToolFailed, match="AWS refused GetObject") as failed:
        StateStore(environment(bucket), Closed(s3)).read_lock("pets-prod")
    assert "credentials that have s3:GetObject, s3:ListBucket there" in failed.value.remedy
