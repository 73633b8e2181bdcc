"""What callers notice of releases: another one, and a canary; pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateprint.model.resolved import Canary
from gateprint.review.notice import about, listed
from gateprint.review.planned import text
from gateprint.review.releases import DEPLOYMENT, Release, canary_of, read_release, release_of
from gateprint.review.review import Noticed
from gateprint.review.subject import StackSubject
from gateprint.terraform.plans.plan import TerraformPlan

_FOLLOWING = "what the blueprint says"


def noticed_of_releases(stack: StackSubject) -> Iterator[Noticed]:
    """Yield each stage that goes to another release, and each canary that comes, changes or goes.

    A plan tells all of it: the releases that are there remember what they serve.
    """
    if stack.plan is None:
        return
    yield from _left_behind(stack, stack.plan)
    releases = releases_of(stack.plan)
    for each in stack.plan.changes:
        if each.type == "aws_api_gateway_stage" and each.action == "update":
            name, known = text(each.after, "stage_name"), text(each.after, "rest_api_id")
            path = ("stages", name)
            own = releases.get(known, {})
            for sentence, is_breaking in _told(name, each.before, each.after, own):
                yield about(stack.place, "release-changed", sentence, path, is_breaking=is_breaking)


# What a release keeps as it was.
_KEPT = (
    "aws_api_gateway_gateway_response",
    "aws_api_gateway_integration",
    "aws_api_gateway_method",
    "aws_api_gateway_resource",
    "aws_lambda_function",
)


def _left_behind(stack: StackSubject, plan: TerraformPlan) -> Iterator[Noticed]:
    """Yield the stages that a change does not reach yet, since they keep their releases."""
    if not any(each.type.startswith(_KEPT) and not each.is_nothing for each in plan.changes):
        return
    kept: dict[str, str] = {}
    for each in plan.changes:
        release = release_of(each.after)
        is_kept = release is not None and release == release_of(each.before)
        if each.type == "aws_api_gateway_stage" and is_kept:
            kept[text(each.after, "stage_name")] = str(release)
    for name, release in kept.items():
        sentence = (
            f"{name} keeps release {release}: what changes in routes and functions reaches it with "
            "another one"
        )
        path = ("stages", name, "release")
        yield about(stack.place, "release-changed", sentence, path, is_breaking=False)


def releases_of(plan: TerraformPlan) -> dict[str, dict[str, Release]]:
    """Return the releases that are there or will be, by their API's id."""
    found: dict[str, dict[str, Release]] = {}
    for each in plan.changes:
        if each.type == DEPLOYMENT and each.deposed is None:
            release = read_release(each.before or each.after)
            if release is not None:
                found.setdefault(release.api_id, {})[release.name] = release
    return found


def _told(
    stage: str, before: Any, after: Any, releases: dict[str, Release]
) -> Iterator[tuple[str, bool]]:
    old, new = release_of(before), release_of(after)
    if old != new:
        known = releases.get(old or ""), releases.get(new or "")
        yield _moved(stage, old, new, *known)
    was, will = canary_of(before), canary_of(after)
    if was != will:
        yield f"{stage}: {_canary(was, will)}", False


def _moved(
    stage: str, old: str | None, new: str | None, was: Release | None, will: Release | None
) -> tuple[str, bool]:
    front = f"{stage}: {_named(old)} → {_named(new)}"
    if was is None or will is None:
        return front, False
    gone = sorted(was.routes.keys() - will.routes.keys())
    come = sorted(will.routes.keys() - was.routes.keys())
    other = sorted(
        key for key in was.routes.keys() & will.routes.keys() if was.routes[key] != will.routes[key]
    )
    parts = [
        f"{listed(keys)} {words[len(keys) > 1]}"
        for keys, words in (
            (come, ("comes", "come")),
            (gone, ("is gone", "are gone")),
            (other, ("asks callers for something else", "ask callers for something else")),
        )
        if keys
    ]
    return f"{front}: {'; '.join(parts) or 'the same routes'}", bool(gone or other)


def _named(release: str | None) -> str:
    return _FOLLOWING if release is None else f"release {release}"


def _canary(was: Canary | None, will: Canary | None) -> str:
    if will is None:
        return "the canary goes"
    now = f"{will.percent:g} % of its requests get {_named(will.release)}"
    if was is None:
        return now
    return f"{now}, until now {was.percent:g} % {_named(was.release)}"
