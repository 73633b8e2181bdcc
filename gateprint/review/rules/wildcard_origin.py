"""A rule: every web page may read signed answers; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.model.resolved import Api
from gateprint.review.finding import Finding, Rule
from gateprint.review.subject import Subject

RULE = Rule(
    "wildcard-origin",
    "medium",
    "every web page may read the answers of signed routes",
    "A page that gets hold of a user's credentials, or a script in the user's own page, can send "
    "signed requests from anywhere and read what comes back.",
    "list the origins of the pages that call the API",
    "API Gateway developer guide, CORS for REST APIs in API Gateway",
    is_standing=True,
)


def find(subject: Subject) -> Iterator[Finding]:
    """Yield what the rule finds."""
    for place, blueprint in subject.blueprints():
        for api in blueprint.apis:
            if api.cors is not None and "*" in api.cors.origins and (count := _signed(api)):
                routes = "route" if count == 1 else "routes"
                sentence = f"pages of any origin may read {count} signed {routes} of {api.name}"
                path = ("apis", api.name, "cors", "origins")
                yield place.finding(RULE, f"api {api.name}", sentence, path)


def _signed(api: Api) -> int:
    return sum(route.auth != "none" for route in api.routes)
