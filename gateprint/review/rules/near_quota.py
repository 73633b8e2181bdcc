"""A rule: a quota of AWS is nearly used up; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gateprint.access.quotas import check_quotas, check_shared_quotas
from gateprint.errors import Diagnostic
from gateprint.model.document import Document
from gateprint.model.quotas import QUOTAS
from gateprint.model.resolved import ResolvedBlueprint
from gateprint.review.finding import Finding, Rule
from gateprint.review.subject import Place, Subject

RULE = Rule(
    "near-quota",
    "low",
    "a quota of AWS is used to more than 80 %",
    "The next change may be refused, and a quota that AWS raises on request is not raised at once.",
    "have it raised now, or do what helps with that quota",
    "API Gateway developer guide, Quotas for configuring and running a REST API; IAM user guide, "
    "IAM and AWS STS quotas; Lambda developer guide, Lambda quotas",
    is_standing=True,
)
_CODE = "near-quota"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield what is near its quota in a blueprint, and what all of the review have together."""
    own: list[tuple[Place, Document, ResolvedBlueprint]] = [
        (place, place.document, blueprint)
        for place, blueprint in subject.blueprints()
        if place.document is not None
    ]
    for place, document, blueprint in own:
        yield from _findings(place, check_quotas(document, blueprint))
    everybody = [
        (each.document, each.blueprint)
        for each in subject.stacks
        if each.document is not None and each.blueprint is not None
    ]
    shared = check_shared_quotas(everybody if own else [])
    paths = {document.path: place for place, document, _ in own}
    for each in shared:
        yield from _findings(paths.get(each.location.path, own[-1][0]), [each])


def _findings(place: Place, found: Iterable[Diagnostic]) -> Iterator[Finding]:
    for each in dict.fromkeys(found):
        if each.code == _CODE:
            named = (one.name for one in QUOTAS if each.problem.startswith(f"{one.counts}: "))
            name = next(named, "other")
            yield Finding(
                RULE,
                RULE.severity,
                place.stack,
                f"quota {name}",
                each.problem,
                each.remedy,
                each.location,
            )
