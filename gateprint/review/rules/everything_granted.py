"""A rule: a role is granted every route of the last stage, new ones too; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.model.document import Document
from gateprint.model.resolved import ResolvedBlueprint
from gateprint.review.finding import Finding, Rule
from gateprint.review.subject import Subject

RULE = Rule(
    "everything-granted",
    "low",
    "a role may call everything on the last stage",
    "routes: all also grants what is added later, on the stage that customers use: nobody will "
    "decide about it again.",
    "list the routes that the role needs on the last stage",
    "IAM user guide, Security best practices in IAM: Apply least-privilege permissions",
    is_standing=True,
)


def find(subject: Subject) -> Iterator[Finding]:
    """Yield what the rule finds. The last stage is the last one in the blueprint's order."""
    for place, blueprint in subject.blueprints():
        document = place.document
        last = _last_stage(document, blueprint) if document is not None else None
        if document is None or last is None:
            continue
        for role in blueprint.roles:
            for index, grant in enumerate(role.grants):
                path = ("roles", role.name, "allow", index, "routes")
                if document.text(*path) == "all" and last in grant.stages:
                    sentence = (
                        f"{role.name} may call every signed route of {grant.api} on {last}, "
                        "and each that will be added"
                    )
                    on = f"role {role.name} on {grant.api}"
                    yield place.finding(RULE, on, sentence, path)


def _last_stage(document: Document, blueprint: ResolvedBlueprint) -> str | None:
    """Return the last stage in promotion order, if it is one of this environment."""
    last = next(reversed(list(document.mapping("stages"))), None)
    return last if any(each.name == last for each in blueprint.stages) else None
