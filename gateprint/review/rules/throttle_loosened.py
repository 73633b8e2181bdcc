"""A rule: a stage, a route or a plan of keys takes more requests than until now; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gateprint.access.changes.wording import grouped, joined, unique
from gateprint.model.document import KeyPath
from gateprint.review.finding import Finding, Rule
from gateprint.review.subject import StackSubject, Subject
from gateprint.review.throttle_changes import Loosened, planned, stated

RULE = Rule(
    "throttle-loosened",
    "medium",
    "a throttle or a quota is raised, or goes",
    "More comes through to what is behind the route, which may take less, and out of the requests "
    "per second that all APIs of the account share; each of them costs money.",
    "keep the limit, or make sure that the backends and the account's limit carry the new one",
    "API Gateway developer guide, Throttle requests to your REST APIs for better throughput",
)


def find(subject: Subject) -> Iterator[Finding]:
    """Yield stages and routes from the plans or else the blueprints, and plans of keys."""
    for stack, plan in subject.plans():
        yield from _findings(stack, planned(stack, plan))
    if subject.is_offline:
        for stack in subject.stacks:
            yield from _findings(stack, stated(subject, stack))
    yield from _plans(subject)


def _findings(stack: StackSubject, found: Iterable[Loosened]) -> Iterator[Finding]:
    alike = grouped(found, lambda one: (one.api, one.route, one.before, one.after))
    for (api, route, before, after), several in alike.items():
        stages = unique(each.stage for each in several)
        on = joined(stages)
        pace = f"{after.words}; until now {before.words}"
        if route:
            path: KeyPath = ("apis", api, "routes", route, "throttle")
            what = f"route {route} of {api}"
            yield stack.place.finding(RULE, what, f"{route} on {on} takes {pace}", path)
            continue
        for stage in stages:
            path = ("stages", stage, "throttle")
            yield stack.place.finding(RULE, f"stage {stage}", f"{stage} takes {pace}", path)


def _plans(subject: Subject) -> Iterator[Finding]:
    """Yield the plans whose keys may do more: the comparison knows their limits in AWS, too."""
    for each in subject.changes.keys:
        if each.kind == "raised":
            place = subject.place_of(each.environment, each.blueprint)
            sentence = each.sentence.replace("\0", "")
            yield place.finding(RULE, f"plan {each.subject}", sentence, ("plans", each.subject))
