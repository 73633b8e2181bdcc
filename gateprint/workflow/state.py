"""`state init|list|unlock`: the buckets that keep Terraform's states, the states, their locks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from gateprint.model.resolved import ACCOUNT_STACK, Environment, HcpState
from gateprint.terraform.state.bucket import prepare_bucket
from gateprint.terraform.state.keys import StateKeys
from gateprint.terraform.state.ledger import Ledger
from gateprint.terraform.state.listing import StackState
from gateprint.terraform.state.lock import Lock
from gateprint.terraform.state.measures import Measure
from gateprint.terraform.state.store import StateStore, s3_state
from gateprint.workflow.deployed import clients_of
from gateprint.workflow.environments import load_environment
from gateprint.workflow.files import environments_in
from gateprint.workflow.inputs import Inputs, load
from gateprint.workflow.places import Places

Progress = Callable[[str], None]
ClientsOf = Callable[[Environment], Callable[[str], Any]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was made, kept or mended of the bucket of one environment."""

    environment: str
    bucket: str
    measures: tuple[Measure, ...]

    @property
    def is_fit(self) -> bool:
        """Tell whether nothing was to be done."""
        return all(each.outcome in {"kept", "left"} for each in self.measures)


@dataclass(frozen=True, slots=True)
class Row:
    """A stack that has a state or a lock; `blueprint` is None where none asks for it."""

    stack: str
    size_bytes: int | None
    modified: dt.datetime | None
    lock: Lock | None
    blueprint: str | None
    applied: tuple[str, ...]

    @property
    def is_orphan(self) -> bool:
        """Tell whether there is a state that no blueprint asks for."""
        return self.blueprint is None and self.size_bytes is not None


@dataclass(frozen=True, slots=True)
class States:
    """The states of one environment."""

    environment: str
    bucket: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Unlocked:
    """What became of a lock: `free` where there was none, `refused` with the reason."""

    stack: str
    environment: str
    outcome: Literal["free", "released", "refused"]
    lock: Lock | None = None
    reason: str = ""
    remedy: str = ""


def bucket_clients(environment: Environment) -> Callable[[str], Any]:
    """Return what makes boto3 clients of the state bucket's region, with the user's sign-in.

    Raises:
        ToolFailed: HCP Terraform keeps the state, or nothing listens on the endpoint.
    """
    return clients_of(replace(environment, region=s3_state(environment).region))


def store_of(environment: Environment, clients: ClientsOf = bucket_clients) -> StateStore:
    """Return an environment's states. Its bucket may be another account's: Terraform's may, too.

    Raises:
        ToolFailed: HCP Terraform keeps the state, or nothing listens on the endpoint.
    """
    return StateStore(environment, clients(environment)("s3"))


def init(
    places: Places,
    progress: Progress,
    *,
    is_rehearsed: bool = False,
    clients: ClientsOf = bucket_clients,
) -> tuple[Prepared, ...]:
    """Make the bucket of the chosen environment, or of all; `is_rehearsed` changes nothing.

    Raises:
        InputRejected: an environment is wrong.
        ToolFailed: as `prepare_bucket`.
    """
    return tuple(
        Prepared(
            each.name,
            s3_state(each).bucket,
            prepare_bucket(each, clients(each), progress, is_rehearsed=is_rehearsed),
        )
        for each in _with_bucket(_environments(places), places, progress)
    )


def _environments(places: Places) -> tuple[Environment, ...]:
    """Return the environments; the one that is named, whatever the blueprints say."""
    if places.environment is not None:
        return (load_environment(places, places.environment),)
    return load(places).environments


def _with_bucket(
    found: tuple[Environment, ...], places: Places, progress: Progress
) -> tuple[Environment, ...]:
    """Leave out those of HCP Terraform, unless it was named, or there are no others."""
    kept = tuple(each for each in found if not isinstance(each.state, HcpState))
    if places.environment is not None or not kept:
        return found
    for each in found:
        if each not in kept:
            progress(f"{each.name}: HCP Terraform keeps the state; there is no bucket")
    return kept


def list_states(
    places: Places, progress: Progress, clients: ClientsOf = bucket_clients
) -> tuple[States, ...]:
    """Return the states of the chosen environment, or of all, and who holds their locks.

    Raises:
        InputRejected: the input is wrong.
        ToolFailed: S3 refuses or does not answer, or HCP Terraform keeps the state.
    """
    inputs = load(places)
    return tuple(
        States(each.name, s3_state(each).bucket, _rows(each, inputs, places, clients))
        for each in _with_bucket(inputs.environments, places, progress)
    )


def _rows(
    environment: Environment, inputs: Inputs, places: Places, clients: ClientsOf
) -> tuple[Row, ...]:
    store = store_of(environment, clients)
    expected = expected_stacks(inputs, environment)
    found = store.list().of(environment.name, expected, environment_names(places))
    return tuple(_row(each, store, expected.get(each.stack)) for each in found)


def _row(found: StackState, store: StateStore, blueprint: str | None) -> Row:
    return Row(
        found.stack,
        found.state.size_bytes if found.state else None,
        found.state.modified if found.state else None,
        store.read_lock(found.stack) if found.is_locked else None,
        blueprint,
        found.applied,
    )


def expected_stacks(inputs: Inputs, environment: Environment) -> Mapping[str, str]:
    """Return an environment's stacks with their blueprints' names; `account` for its own."""
    stacks = {environment.account_stack: ACCOUNT_STACK}
    for each in inputs.blueprints:
        if each.environment.name == environment.name:
            stacks[each.stack] = each.name
    return stacks


def environment_names(places: Places) -> tuple[str, ...]:
    """Return the names of all environments, whether anything goes to them or not."""
    return tuple(environments_in(places.config))


def environment_of(places: Places, stack: str) -> str | None:
    """Return which environment a stack is of, by its name; None where it is of none."""
    names = [places.environment] if places.environment else environment_names(places)
    fitting = [each for each in names if StateKeys("", each).is_own(stack)]
    return max(fitting, key=len, default=None)


@dataclass(frozen=True, slots=True)
class Machine:
    """What is known here: the machine's name, and the locks that its runs took."""

    host: str
    ledger: Ledger


def unlock(
    store: StateStore,
    stack: str,
    machine: Machine,
    tell: Callable[[Lock, str], None],
    *,
    is_forced: bool = False,
) -> Unlocked:
    """Release the lock of a stack that a run of this machine took and left behind.

    With `is_forced` any lock is released, after `tell` has been told of it, and what speaks
    against it. What is released is the very lock that was looked at.

    Raises:
        ToolFailed: S3 refuses or does not answer.
    """
    environment = store.environment.name
    lock = store.read_lock(stack)
    if lock is None:
        return Unlocked(stack, environment, "free")
    reason = _objection(lock, machine)
    if reason and not is_forced:
        force = f"gateprint state unlock {stack} --environment {environment} --force"
        remedy = f"wait for it; where nothing applies there any more, {force}"
        return Unlocked(stack, environment, "refused", lock, reason, remedy)
    if reason:
        tell(lock, reason)
    if store.release(stack, lock.id):
        return Unlocked(stack, environment, "released", lock)
    reason = "meanwhile it was released, or somebody else took one"
    return Unlocked(stack, environment, "refused", lock, reason, "look again")


def _objection(lock: Lock, machine: Machine) -> str:
    """Say why a lock is not simply released; empty where a dead run of this machine took it."""
    taken = machine.ledger().get(lock.id)
    if not lock.is_readable:
        return "what the lock says is not Terraform's"
    if taken is None:
        return "no run of this machine took it"
    if lock.host != machine.host:
        return f"it was taken on {lock.host or 'some machine'}, and this is {machine.host}"
    if taken.is_alive is None:
        return f"it cannot be told whether the run {taken.run}, which took it, still works"
    return f"the run {taken.run}, which took it, still works" if taken.is_alive else ""
