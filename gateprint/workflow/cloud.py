"""`local start|stop|status`: the embedded cloud of an environment."""

from __future__ import annotations

from collections.abc import Callable

from gateprint.errors import ToolFailed
from gateprint.local import cloud
from gateprint.local.cloud import CloudSettings, CloudStatus
from gateprint.model.resolved import Environment, S3State
from gateprint.workflow.environments import load_environment
from gateprint.workflow.places import Places
from gateprint.workflow.sign_in import home_of

Progress = Callable[[str], None]


def start(places: Places, environment: str, progress: Progress) -> CloudStatus:
    """Start the embedded cloud of an environment, or find it running."""
    return cloud.start(_settings(places, environment), progress)


def stop(places: Places, environment: str, progress: Progress) -> bool:
    """Stop the embedded cloud of an environment; return whether it ran."""
    return cloud.stop(_settings(places, environment), progress)


def status(places: Places, environment: str) -> CloudStatus:
    """Return how the embedded cloud of an environment is."""
    return cloud.status(_settings(places, environment))


def _settings(places: Places, name: str) -> CloudSettings:
    environment = load_environment(places, name)
    if environment.endpoint is None:
        raise ToolFailed(
            f'environment "{name}" is a real account, not the embedded cloud',
            "name an environment that has an endpoint, such as --environment local",
        )
    return settings_of(environment, places)


def require_running(environment: Environment, places: Places) -> None:
    """Do nothing if what an environment's calls go to is there, as far as this machine knows.

    Terraform would ask a cloud that is not there again and again, for half a minute.

    Raises:
        ToolFailed: the environment's embedded cloud does not run.
    """
    if environment.endpoint and not cloud.status(settings_of(environment, places)).running:
        raise ToolFailed(
            f"the embedded cloud of {environment.name} does not run",
            f"run gateprint local start --environment {environment.name}, and deploy again",
        )


def settings_of(environment: Environment, places: Places) -> CloudSettings:
    """Return where the embedded cloud of this environment listens, and keeps its record."""
    state = environment.state
    return CloudSettings(
        endpoint=environment.endpoint or "",
        account=environment.account,
        region=environment.region,
        bucket=state.bucket if isinstance(state, S3State) else "gateprint-state",
        home=home_of(places, environment.name),
    )
