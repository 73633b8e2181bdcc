"""Which stages serve a release, so that what they serve may be otherwise than stated; pure."""

from __future__ import annotations

from dataclasses import dataclass

from gateprint.model.resolved import ResolvedBlueprint


@dataclass(frozen=True, slots=True, order=True)
class PinnedStage:
    """A stage that is pinned to a release: routes, and who is checked there, are as released."""

    blueprint: str
    stage: str
    release: str


def pinned_stages(blueprint: ResolvedBlueprint) -> tuple[PinnedStage, ...]:
    """Return the stages that are pinned, in the blueprint's order."""
    return tuple(
        PinnedStage(blueprint.name, each.name, each.release)
        for each in blueprint.stages
        if each.release is not None
    )
