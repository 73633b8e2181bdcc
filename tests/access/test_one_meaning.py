"""One meaning: evaluating the permissions policy gives exactly the access matrix.

The evaluator is written here, independently of gateprint: IAM's `*` is any run of characters, `/`
among them; a Deny wins, and what no statement allows is denied.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gateprint.access.matrix import matrix
from gateprint.access.overreach import check_overreach
from gateprint.access.policy import role_documents
from gateprint.model.references import check_references
from gateprint.model.resolve import resolve
from gateprint.model.resolved import ResolvedBlueprint, Route
from tests.access.shapes import PUBLIC, grant, shape, text_of
from tests.model.made import blueprint_of, environment_of

STAGES = ("dev", "test")
# Values that are no segment of a declared route.
VALUES = ("7", "v.w", "x-y")
RESTS = ("7", "7/v", "7/a/b")


def is_match(pattern: str, text: str) -> bool:
    parts = {"*": ".*", "?": "."}
    expression = "".join(parts.get(each) or re.escape(each) for each in pattern)
    return re.fullmatch(expression, text, re.DOTALL) is not None


def is_allowed(document: Mapping[str, Any] | None, arn: str) -> bool:
    statements = document["Statement"] if document else []
    assert all(each["Action"] == "execute-api:Invoke" for each in statements)
    effects = {
        each["Effect"]
        for each in statements
        if any(is_match(pattern, arn) for pattern in each["Resource"])
    }
    return effects == {"Allow"}


def requests(route: Route) -> list[str]:
    """Return METHOD/path of some requests that the route answers."""
    method = "PUT" if route.method == "ANY" else route.method  # No route declares PUT.
    return [
        f"{method}/{re.sub(r'{[^}]*}', value, route.path[1:].replace('{rest+}', rest))}"
        for value in VALUES
        for rest in RESTS
    ]


def path_of(segments: list[str]) -> str:
    """Return a path in which each place has a parameter name of its own."""
    return "/" + "/".join(each.format(place) for place, each in enumerate(segments))


SEGMENTS = st.lists(st.sampled_from(["a", "b", "{{x{}}}"]), max_size=3)
PATHS = st.builds(
    lambda segments, rest: path_of(segments + rest),
    SEGMENTS,
    st.sampled_from([[], [], [], [], ["{{rest+}}"]]),
)
KEYS = st.builds("{} {}".format, st.sampled_from(["GET", "GET", "POST", "ANY"]), PATHS)
ROUTES = st.lists(KEYS, min_size=2, max_size=8, unique=True)


@st.composite
def shapes(draw: st.DrawFn) -> tuple[list[str], list[dict[str, Any]]]:
    keys = draw(ROUTES)
    public = draw(st.sets(st.sampled_from(keys), max_size=1))
    signed = [key for key in keys if key not in public]
    chosen = st.lists(st.sampled_from(signed), min_size=1, unique=True) if signed else st.nothing()
    grants = st.builds(
        lambda routes, stages, decision: grant(routes, stages, **decision),
        st.one_of(st.just("all"), chosen),
        st.one_of(st.just("all"), st.lists(st.sampled_from(STAGES), min_size=1, unique=True)),
        st.sampled_from([{"overreach": "deny"}, {"overreach": "deny"}, {}]),
    )
    found = draw(st.lists(grants, min_size=1, max_size=3)) if signed else []
    return [key + PUBLIC if key in public else key for key in keys], found


def evaluated(blueprint: ResolvedBlueprint) -> dict[tuple[str, str], set[bool]]:
    """Return what the policy says about every request of every signed route and stage."""
    document = role_documents(blueprint, blueprint.roles[0], {"pets": "a1"}).inline
    arn = "arn:aws:execute-api:us-east-2:123456789012:a1"
    return {
        (stage.name, route.key): {
            is_allowed(document, f"{arn}/{stage.name}/{request}") for request in requests(route)
        }
        for stage in blueprint.stages
        for route in blueprint.apis[0].routes
        if route.auth == "iam"
    }


def stated(blueprint: ResolvedBlueprint) -> dict[tuple[str, str], set[bool]]:
    return {
        (row.stage, row.route): {row.decision == "allow"}
        for row in matrix(blueprint)
        if row.auth == "iam"
    }


@given(shapes())
@settings(
    deadline=None,
    derandomize=True,
    max_examples=100,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
def test_the_policy_of_an_accepted_blueprint_allows_exactly_what_the_matrix_states(
    drawn: tuple[list[str], list[dict[str, Any]]],
) -> None:
    routes, grants = drawn
    assume(grants)
    document, written = blueprint_of(text_of(routes, grants, STAGES))
    assume(not list(check_references(document)))
    blueprint = resolve(written, environment_of(), all_stages=True)
    assume(not list(check_overreach(document, blueprint)))
    assert evaluated(blueprint) == stated(blueprint)


def test_an_undecided_overreach_would_allow_more_than_the_matrix_states() -> None:
    routes = ["GET /a/{x}", "GET /a/{x}/b"]
    _, blueprint = shape(routes, [grant(["GET /a/{x}"])], STAGES)
    assert evaluated(blueprint)["dev", "GET /a/{x}/b"] == {True}
    assert stated(blueprint)["dev", "GET /a/{x}/b"] == {False}


def test_the_evaluator_of_these_tests_reads_a_policy_as_iam_does() -> None:
    allow = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": ["a/*"]}
    deny = {"Effect": "Deny", "Action": "execute-api:Invoke", "Resource": ["a/b/?"]}
    document = {"Statement": [allow, deny]}
    decided = {text: is_allowed(document, text) for text in ("a/", "a/c/d", "a/b/c", "a", "b")}
    assert decided == {"a/": True, "a/c/d": True, "a/b/c": False, "a": False, "b": False}
