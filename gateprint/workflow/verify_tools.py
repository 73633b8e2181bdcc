"""What `verify` works with: clients, credentials and the sender of an environment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import boto3

from gateprint.model.resolved import Environment
from gateprint.terraform.binary import find_terraform
from gateprint.terraform.outputs import is_initialised, read_outputs
from gateprint.workflow.cloud import settings_of
from gateprint.workflow.deployed import Clients, Progress, clients_of
from gateprint.workflow.places import Places
from gateprint.workflow.verify import Tools
from gateprint.workflow.verify_credentials import Credentialed, FromSignIn, FromUser, Given
from gateprint.workflow.verify_http import Sender
from gateprint.workflow.verify_keys import given_keys


def tools_of(
    environment: Environment,
    given: Given,
    outdir: Path,
    environ: Mapping[str, str],
    progress: Progress,
) -> Tools:
    """Return the tools for an environment.

    Raises:
        ToolFailed: nothing listens on its endpoint, or the keys in `environ` are not as such are.
    """
    clients = clients_of(environment)
    credentials = _credentials(environment, given, clients)
    ids_of, keys = partial(_ids_of, outdir, environ), given_keys(environ)
    return Tools(clients, credentials, Sender(), ids_of, progress, keys)


def _credentials(environment: Environment, given: Given, clients: Clients) -> Credentialed:
    if environment.endpoint is None:
        return FromUser(given, _anonymous(environment), _session)
    home = settings_of(environment, Places()).home
    return FromSignIn(home, clients, lambda: dt.datetime.now(dt.UTC))


def _anonymous(environment: Environment) -> Clients:
    """AssumeRoleWithSAML needs no credentials, and botocore would look for some."""
    from botocore import UNSIGNED  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    config = Config(signature_version=UNSIGNED, connect_timeout=5, read_timeout=30)
    make: Any = boto3.Session(region_name=environment.region).client
    return partial(make, config=config)


def _session(profile: str, region: str) -> Any:
    return boto3.Session(profile_name=profile, region_name=region)


def _ids_of(outdir: Path, environ: Mapping[str, str], stack: str) -> Mapping[str, str]:
    """Return the ids of a stack's APIs by name; none where it was not applied from here."""
    folder = outdir / "stacks" / stack
    if not is_initialised(folder):
        return {}
    outputs = read_outputs(folder, find_terraform(Path(), environ), environ)
    found: Mapping[str, str] = outputs.get("api_ids", {})
    return found
