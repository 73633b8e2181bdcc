"""What a killed apply leaves behind: locks of its own, and resources that AWS alone knows."""

from __future__ import annotations

import getpass
import json
import socket
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil

from gateprint.model.resolved import Environment
from gateprint.terraform.plans.adoption import Adoptions, Doubt
from gateprint.terraform.process import is_alive
from gateprint.terraform.recovering import LookUp, Release
from gateprint.terraform.runs.record import PlannedStack
from gateprint.terraform.runs.standing import Attempt, Standing
from gateprint.terraform.state.lock import Lock
from gateprint.terraform.state.store import StateStore
from gateprint.workflow.deployed import clients_of

# Terraform takes the lock within seconds of its start, or waits for another's.
_LOCKING = timedelta(minutes=10)
_TOLERANCE = timedelta(seconds=5)
_REST_API = "aws_api_gateway_rest_api."


def release_own(store: StateStore, before: Mapping[str, Standing]) -> Release:
    """Return what releases a lock that this run left: one that it noted, or could only have taken.

    A Terraform that was killed before its lock was noted left one of this user and machine, from
    within minutes of its start, while no Terraform of this user works on that state any more.
    """

    def release(stack: PlannedStack, own: frozenset[str]) -> str:
        lock = store.read_lock(stack.stack)
        if lock is None:
            return ""
        attempts = before[stack.stack].attempts
        if any(each.host != socket.gethostname() for each in attempts):
            # Nobody here knows whether what took it still works there.
            return ""
        if any(is_alive(each.pid, each.began) for each in attempts):
            return ""
        place = (store.state.bucket, store.keys.state(stack.stack))
        is_own = lock.id in own or (
            any(_can_be_of(lock, each) for each in attempts) and not _is_held(lock, place)
        )
        return lock.id if is_own and store.release(stack.stack, lock.id) else ""

    return release


def _can_be_of(lock: Lock, attempt: Attempt) -> bool:
    began = datetime.fromtimestamp(attempt.began, UTC)
    is_then = began - _TOLERANCE <= lock.since <= began + _LOCKING
    return not attempt.lock and is_then and lock.who == _here()


def _here() -> str:
    return f"{getpass.getuser()}@{socket.gethostname()}"


def _is_held(lock: Lock, place: tuple[str, str]) -> bool:
    """Tell whether this user runs a Terraform that may have taken the lock of a state.

    One that began later has not, nor one that works on another state.
    """
    latest = (lock.since + _TOLERANCE).timestamp()
    for each in psutil.process_iter(["name", "username", "create_time"]):
        is_terraform = each.info["name"] == "terraform"
        is_own = is_terraform and each.info["username"] == getpass.getuser()
        if is_own and (each.info["create_time"] or 0) <= latest and _may_work_on(each, place):
            return True
    return False


def _may_work_on(process: psutil.Process, place: tuple[str, str]) -> bool:
    """Tell whether the folder in which a Terraform works has this state, or cannot be read.

    Terraform notes there where the state is, before it can lock it.
    """
    try:
        folder = _data_folder(process)
        config = json.loads((folder / "terraform.tfstate").read_text("utf-8"))["backend"]["config"]
        return (config.get("bucket"), config.get("key")) == place
    except (FileNotFoundError, psutil.NoSuchProcess):
        return False
    except (OSError, psutil.Error, ValueError, LookupError, TypeError, AttributeError):
        return True


def _data_folder(process: psutil.Process) -> Path:
    """Return Terraform's `.terraform` (developer.hashicorp.com/terraform/cli/config)."""
    folder = Path(process.cwd())
    for word in process.cmdline()[1:2]:
        if word.startswith("-chdir="):
            folder /= word.removeprefix("-chdir=")
    return folder / process.environ().get("TF_DATA_DIR", ".terraform")


def look_up_with(
    environment: Environment,
    clients: Callable[[Environment], Callable[[str], Any]] = clients_of,
) -> LookUp:
    """Return what asks AWS for the ids of resources that may have been made."""

    def look_up(_stack: PlannedStack, found: Adoptions) -> Mapping[str, Mapping[str, Any]]:
        apis = [each for each in found.certain if each.address.startswith(_REST_API)]
        if not apis and not found.search:
            return {}
        gateway = clients(environment)("apigateway")
        values = {each.address: _rest_api(gateway, each.import_id) for each in apis}
        for doubt in found.search:
            if only := _found(gateway, doubt):
                values[doubt.address] = _value(gateway, doubt, only)
        return values

    return look_up


def _rest_api(gateway: Any, api_id: str) -> Mapping[str, Any]:
    """Return what others refer to: the API's id, and that of its root."""
    found = gateway.get_rest_api(restApiId=api_id)
    return {"id": api_id, "root_resource_id": found.get("rootResourceId", "")}


def _value(gateway: Any, doubt: Doubt, found: str) -> Mapping[str, Any]:
    return _rest_api(gateway, found) if doubt.address.startswith(_REST_API) else {"id": found}


def _found(gateway: Any, doubt: Doubt) -> str:
    """Return the id of the one thing that is what was to be made; nothing if it is not one."""
    search = _SEARCHES.get(doubt.type)
    found = search(gateway, doubt.facts) if search else []
    return found[0] if len(found) == 1 else ""


def _pages(gateway: Any, operation: str, **arguments: str) -> list[dict[str, Any]]:
    pages = gateway.get_paginator(operation).paginate(**arguments)
    return [item for page in pages for item in page.get("items", ())]


def _rest_apis(gateway: Any, facts: Mapping[str, str]) -> list[str]:
    tags = {name.removeprefix("tag:"): each for name, each in facts.items() if "tag:" in name}
    return [
        each["id"]
        for each in _pages(gateway, "get_rest_apis")
        if each.get("name") == facts.get("name") and tags.items() <= each.get("tags", {}).items()
    ]


def _resources(gateway: Any, facts: Mapping[str, str]) -> list[str]:
    if "rest_api_id" not in facts or "parent_id" not in facts:
        return []
    return [
        each["id"]
        for each in _pages(gateway, "get_resources", restApiId=facts["rest_api_id"])
        if each.get("pathPart") == facts.get("path_part")
        and each.get("parentId") == facts["parent_id"]
    ]


_SEARCHES: Mapping[str, Callable[[Any, Mapping[str, str]], list[str]]] = {
    "aws_api_gateway_rest_api": _rest_apis,
    "aws_api_gateway_resource": _resources,
}
