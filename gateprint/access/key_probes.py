"""The requests with API keys that show whether plans open what they say, and no more; pure.

One key of each plan asks for one route on each stage: each request that is let through counts as
one of those that the plan's customer has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from gateprint.access.probes import Probe
from gateprint.model.resolved import Api, MockBackend, Plan, ResolvedBlueprint


def key_probes(
    blueprint: ResolvedBlueprint, api: Api, stage: str, probes: Iterable[Probe]
) -> Iterator[Probe]:
    """Yield a request with a key of each plan of an API; `probes` are those of one stage.

    It goes to a route where nothing but the key is left to ask for, best to one that API Gateway
    answers itself. Where there is none, such as with tokens alone, nothing is asked.
    """
    asking = [each for each in probes if each.expected == "no key"]
    found = min(asking, key=lambda each: not _is_mock(api, each), default=None)
    if found is None:
        return
    for each in blueprint.plans:
        if each.api == api.name and each.keys:
            yield _with_key(found, each, f"{blueprint.stack}-{each.keys[0]}", stage)


def _is_mock(api: Api, probe: Probe) -> bool:
    return isinstance(api.route(probe.place.route).backend, MockBackend)


def _with_key(probe: Probe, plan: Plan, key: str, stage: str) -> Probe:
    is_open = stage in plan.stages
    return replace(
        probe,
        kind="keyed",
        expected="let through" if is_open else "no key",
        why=f"the plan {plan.name} {'opens' if is_open else 'does not open'} {stage}",
        cors=None,
        key=key,
    )
