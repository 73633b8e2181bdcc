"""What a shell may complete an argument to: the names that the workspace has."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path

import click

from gateprint.workflow.known_names import Known, known_blueprints, known_environments

# In seconds. Somebody has pressed a key and waits.
_PATIENCE = 0.2

Completer = Callable[[click.Context, click.Parameter, str], list[str]]


def environments(context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Return the environments."""
    return _beginning(known_environments(_folder(context, "config")), begun)


def apis(context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Return the APIs of all blueprints."""
    return _beginning(chain.from_iterable(each.apis for each in _known(context)), begun)


def roles(context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Return the roles of all blueprints."""
    return _beginning(chain.from_iterable(each.roles for each in _known(context)), begun)


def stages(context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Return the stages: of the blueprint with the API or role that stands before, if any."""
    found = _known(context)
    api, role = context.params.get("api"), context.params.get("role")
    meant = [
        each for each in found if (not api or api in each.apis) and (not role or role in each.roles)
    ]
    return _beginning(chain.from_iterable(each.stages for each in meant or found), begun)


def stacks(context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Return the stacks of the blueprints where their stages go, and those of the accounts."""
    own = (f"{each.name}-{place}" for each in _known(context) for place in each.environments)
    accounts = (f"account-{each}" for each in known_environments(_folder(context, "config")))
    return _beginning(chain(own, accounts), begun)


def _known(context: click.Context) -> list[Known]:
    end = time.monotonic() + _PATIENCE
    folder = _folder(context, "blueprints")
    return list(known_blueprints(folder, lambda: time.monotonic() > end))


def _folder(context: click.Context, name: str) -> Path:
    """Return the folder that the command line names, or the environment, or the usual one."""
    given = context.params.get(name)
    return Path(given or os.environ.get(f"GATEPRINT_{name.upper()}") or name)


def _beginning(names: Iterable[str], begun: str) -> list[str]:
    return sorted({each for each in names if each.startswith(begun)})
