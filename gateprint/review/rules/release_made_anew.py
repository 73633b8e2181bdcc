"""A rule: a release that should be there is made of today's blueprint; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.model.resolved import ResolvedBlueprint
from gateprint.review.finding import Finding, Rule
from gateprint.review.planned import made, text
from gateprint.review.releases import DEPLOYMENT, read_release, release_of
from gateprint.review.subject import StackSubject, Subject
from gateprint.terraform.plans.plan import ResourceChange, TerraformPlan

RULE = Rule(
    "release-made-anew",
    "high",
    "a release gets another content under its old name",
    "A release can be kept, and not made again. One to go back to that is not there, or whose "
    "deployment is replaced, is taken from the blueprint as it is now, and so is no way back.",
    "remove it from kept_releases, or promote a release of another name",
    "API Gateway developer guide, Deploy REST APIs in API Gateway",
)


def find(subject: Subject) -> Iterator[Finding]:
    """Yield each release that is not new by its name, and is made; a new API has none before."""
    for stack, plan in subject.plans():
        new = {text(each.after, "name") for each in made(plan, "aws_api_gateway_rest_api")}
        for each in made(plan, DEPLOYMENT):
            release = read_release(each.after)
            if release is None or each.action == "update":
                continue
            if each.action == "replace" or (not new and release.name in _expected(stack, plan)):
                sentence = f"release {release.name} is made of what the blueprint says now"
                path = _path(stack.blueprint, release.name)
                yield stack.place.finding(RULE, each.address, sentence, path)


def _expected(stack: StackSubject, plan: TerraformPlan) -> set[str | None]:
    """Return the releases that are kept, and those that stages served until now."""
    stages = stack.blueprint.stages if stack.blueprint is not None else ()
    kept = {name for each in stages for name in each.kept_releases}
    return kept | {release_of(each.before) for each in _stages(plan)}


def _stages(plan: TerraformPlan) -> Iterator[ResourceChange]:
    return (each for each in plan.changes if each.type == "aws_api_gateway_stage")


def _path(blueprint: ResolvedBlueprint | None, release: str) -> tuple[str, ...]:
    for each in blueprint.stages if blueprint is not None else ():
        if release in each.kept_releases:
            return "stages", each.name, "kept_releases"
        if release in each.releases:
            return "stages", each.name, "release"
    return ("stages",)
