"""The stages of a review that serve a release which was there before; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gateprint.model.resolved import Api, Role, Stage
from gateprint.review.planned import staying, text
from gateprint.review.releases import DEPLOYMENT, Release, read_release
from gateprint.review.subject import Place, StackSubject, Subject
from gateprint.terraform.plans.plan import TerraformPlan


@dataclass(frozen=True, slots=True)
class Pinned:
    """A stage, one of its APIs as the blueprint has it, and a release that its callers may get."""

    place: Place
    stage: str
    api: Api
    release: Release
    roles: tuple[Role, ...]


def pinned_in(subject: Subject) -> Iterator[Pinned]:
    """Yield stages with releases whose deployments a plan leaves as they are."""
    for stack, _ in subject.plans():
        yield from _pinned(stack)


def _pinned(stack: StackSubject) -> Iterator[Pinned]:
    if stack.plan is None or stack.blueprint is None:
        return
    names = {
        text(each.before, "id"): text(each.before, "name").removeprefix(f"{stack.stack}-")
        for each in staying(stack.plan, "aws_api_gateway_rest_api")
    }
    apis = {each.name: each for each in stack.blueprint.apis}
    kept = dict(_kept(stack.plan))
    for (api_id, name), release in sorted(kept.items()):
        api = apis.get(names.get(api_id, ""))
        for stage in stack.blueprint.stages if api is not None else ():
            if api is not None and name in _served(stage):
                yield Pinned(stack.place, stage.name, api, release, stack.blueprint.roles)


def _kept(plan: TerraformPlan) -> Iterator[tuple[tuple[str, str], Release]]:
    for each in staying(plan, DEPLOYMENT):
        release = read_release(each.before)
        if release is not None and each.action in {"no-op", "update"}:
            yield (release.api_id, release.name), release


def _served(stage: Stage) -> tuple[str | None, ...]:
    return stage.release, stage.canary.release if stage.canary else None
