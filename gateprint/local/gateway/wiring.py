"""The data plane of a server's process: its parts, put together."""

from __future__ import annotations

import os
from pathlib import Path

from gateprint.local.functions.account import MotoAccount
from gateprint.local.functions.invocations import install
from gateprint.local.functions.runner import FunctionRunner
from gateprint.local.gateway.account import MotoWorld
from gateprint.local.gateway.authorize import Gate
from gateprint.local.gateway.backends.http import HttpSender
from gateprint.local.gateway.integrate import Backends
from gateprint.local.gateway.journal import FileJournal, NoJournal
from gateprint.local.gateway.limits import Limits
from gateprint.local.gateway.moto_endpoints import MotoEndpoints
from gateprint.local.gateway.moto_pools import MotoPools
from gateprint.local.gateway.plane import DataPlane
from gateprint.local.gateway.pools import PoolTokens
from gateprint.local.gateway.tokens import Authorizers
from gateprint.local.identity.wiring import identity


def function_runner(endpoint: str, home: Path | None) -> FunctionRunner:
    """Return what runs functions, for Lambda's Invoke too; functions call AWS at `endpoint`."""
    runner = FunctionRunner(MotoAccount(), endpoint, home)
    install(runner)
    return runner


def data_plane(runner: FunctionRunner, home: Path | None) -> DataPlane:
    """Return the data plane; without a folder there is no access log."""
    who = identity()
    world = MotoWorld(os.environ["MOTO_ACCOUNT_ID"])
    return DataPlane(
        world=world,
        gate=Gate(
            who.authentication,
            who.authorization,
            Authorizers(runner, world),
            PoolTokens(MotoPools()),
            MotoEndpoints(os.environ["MOTO_ACCOUNT_ID"]),
        ),
        limits=Limits(world),
        backends=Backends(runner, world, HttpSender()),
        journal=NoJournal() if home is None else FileJournal(home),
    )
