"""A concrete request: how it is written, who may make it, and which line says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from gateprint.access.answers.answer import (
    Caller,
    Ruling,
    Target,
    read_source,
    rule,
    with_preflights,
)
from gateprint.access.answers.provenance import Asked, nearest, place_of
from gateprint.access.answers.question import Call, WrongQuestion, read_call
from gateprint.access.matrix import matrix
from gateprint.access.policy import api_arn, role_documents
from gateprint.access.whereabouts import Whereabouts
from gateprint.errors import NotModelled
from gateprint.model.resolved import Cors, ResolvedBlueprint
from tests.access.shapes import grant, shape

ROUTES = ["GET /", "GET /pets", "POST /pets", "GET /pets/{id}", "GET /pets/{id}/owner"]
SESSION = "arn:aws:iam::123456789012:role/reader"


@pytest.mark.parametrize(
    "text", ["GET /", "GET /pets/7", "OPTIONS /a.b/c~d/e@f:g;h=i", "HEAD /a,b"]
)
def test_a_request_is_read(text: str) -> None:
    assert str(read_call(text)) == text


def test_spaces_around_the_parts_do_not_matter() -> None:
    assert read_call(" GET   /pets ") == Call("GET", "/pets")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/pets", 'did you mean "GET /pets"?'),
        ("GET", 'did you mean "GET /"?'),
        ("https://a.example/prod/pets/7", 'did you mean "GET /pets/7"?'),
        ("get /pets", 'write "GET /pets"'),
        ("GTE /pets", "did you mean GET?"),
        ("ANY /pets", "ask for one of them, as in GET /pets"),
        ("GET pets", 'write "GET /pets"'),
        ("GET https://a.example/prod/pets?x=1", 'write "GET /pets?x=1"'),
        ("GET /pets?kind=dog", 'write "GET /pets"'),
        ("GET /pets#top", 'write "GET /pets"'),
        ("GET /pets/{id}", 'write "GET /pets/7"'),
        ("GET /pets/%2F", "the path is percent-encoded; AWS does not document"),
        ("GET /pets/*", "AWS does not document"),
        ("GET /pets/../a", "AWS does not document"),
        ("GET /pets/./a", "AWS does not document"),
        ("GET //pets", "AWS does not document"),
        ("GET /pets/", "ask for /pets"),
        ("GET /käse", "AWS does not document"),
        ("GET /pets 7", "AWS does not document"),
        (f"GET /{'a' * 3000}", "shorten it"),
    ],
)
def test_a_request_that_is_written_otherwise_is_explained(text: str, said: str) -> None:
    with pytest.raises(WrongQuestion) as refused:
        read_call(text)
    assert said in str(refused.value)


def target_of(blueprint: ResolvedBlueprint, stage: str = "dev") -> Target:
    api = with_preflights(blueprint.apis[0])
    return Target(api, api_arn(blueprint.environment, "pets"), stage)


def caller_of(blueprint: ResolvedBlueprint) -> Caller:
    documents = role_documents(blueprint, blueprint.roles[0], {"pets": "pets"}).all
    sources = [read_source(f"p{number}", each, "identity") for number, each in enumerate(documents)]
    return Caller("reader", SESSION, tuple(sources))


def test_the_answers_are_those_of_the_matrix() -> None:
    grants = [
        grant(["GET /pets/{id}"], ["dev"], overreach="deny"),
        grant(["GET /pets"], ["test"]),
        grant(["GET /"]),
    ]
    _, blueprint = shape([*ROUTES[:4], ROUTES[4], "GET /shop (public)"], grants, ["dev", "test"])
    caller = caller_of(blueprint)
    rows = matrix(blueprint)
    assert len(rows) == 12
    for row in rows:
        call = read_call(row.route.replace("{id}", "7"))
        ruling = rule(target_of(blueprint, row.stage), caller, call)
        assert (ruling.outcome == "allow") is (row.decision == "allow"), row
        assert ruling.route is not None
        assert ruling.route.key == row.route


def test_the_statement_that_decides_is_cited_with_the_pattern_that_fits() -> None:
    _, blueprint = shape(ROUTES, [grant(["GET /", "GET /pets/{id}"], overreach="deny")])
    allowed = rule(target_of(blueprint), caller_of(blueprint), Call("GET", "/pets/7")).cited
    denied = rule(target_of(blueprint), caller_of(blueprint), Call("GET", "/pets/7/owner")).cited
    assert allowed is not None
    assert denied is not None
    assert (allowed.policy, allowed.number, allowed.sid, allowed.effect) == (
        ("p0", 1, "invoke", "Allow")
    )
    assert allowed.resource.startswith("arn:aws:execute-api:us-east-2:123456789012:pets/dev/GET/pe")
    assert (denied.number, denied.effect) == (2, "Deny")
    assert denied.resource.endswith("/owner")


def test_where_no_route_answers_nobody_may_even_if_iam_would() -> None:
    _, blueprint = shape(ROUTES, [grant(["GET /pets/{id}"], overreach="accepted because of this")])
    ruling = rule(target_of(blueprint), caller_of(blueprint), Call("GET", "/pets/7/toys"))
    assert (ruling.outcome, ruling.iam, ruling.route) == ("implicit-deny", "allow", None)
    assert ruling.cited is not None


def test_a_preflight_is_allowed_where_cors_is_on_alone() -> None:
    _, blueprint = shape(ROUTES, [])
    nobody, preflight = Caller("reader", SESSION), Call("OPTIONS", "/pets/7")
    without = target_of(blueprint)
    api = with_preflights(
        replace(blueprint.apis[0], cors=Cors(("*",), 60, is_preflight_function=False))
    )
    ruling = rule(replace(without, api=api), nobody, preflight)
    assert (ruling.outcome, ruling.cited) == ("allow", None)
    assert ruling.public is not None
    assert rule(without, nobody, preflight).outcome == "implicit-deny"


def policy(effect: str, **more: object) -> dict[str, object]:
    statement = {"Effect": effect, "Action": "execute-api:*", "Resource": "*", **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


OPEN_CONDITION: Mapping[str, object] = {"StringEquals": {"aws:PrincipalTag/team": "pets"}}


@pytest.mark.parametrize(
    "more",
    [
        {"Condition": OPEN_CONDITION},
        {"Resource": "arn:aws:execute-api:*:*:*/${aws:PrincipalTag/team}/*"},
        {"Condition": {"StringEquals": {"aws:RequestedRegion": "${aws:PrincipalTag/team}"}}},
    ],
)
def test_a_deny_that_needs_what_the_question_leaves_open_is_no_allow(more: dict[str, str]) -> None:
    _, blueprint = shape(ROUTES, [])
    sources = (
        read_source("all", policy("Allow"), "identity"),
        read_source("but", policy("Deny", **more), "identity"),
    )
    caller = Caller("reader", SESSION, sources)
    with pytest.raises(NotModelled, match="does not say what aws:principaltag/team is"):
        rule(target_of(blueprint), caller, Call("GET", "/pets"))
    known = replace(caller, context={"aws:PrincipalTag/team": ("cats",)})
    assert rule(target_of(blueprint), known, Call("GET", "/pets")).outcome == "allow"


def test_a_statement_on_other_actions_leaves_nothing_open() -> None:
    _, blueprint = shape(ROUTES, [])
    mine = "arn:aws:s3:::a/${aws:PrincipalTag/team}"
    others = policy("Deny", Action="s3:*", Resource=mine, Condition=OPEN_CONDITION)
    sources = (
        read_source("all", policy("Allow"), "identity"),
        read_source("but", others, "identity"),
    )
    ruling = rule(target_of(blueprint), Caller("reader", SESSION, sources), Call("GET", "/pets"))
    assert ruling.outcome == "allow"


def test_a_boundary_limits_what_is_allowed() -> None:
    _, blueprint = shape(ROUTES, [grant(["GET /pets"])])
    boundary = read_source("limit", policy("Allow", Action="s3:*"), "identity")
    caller = replace(caller_of(blueprint), boundary=boundary)
    ruling = rule(target_of(blueprint), caller, Call("GET", "/pets"))
    assert (ruling.outcome, ruling.cited) == ("implicit-deny", None)


def test_a_private_api_is_asked_through_its_endpoint() -> None:
    _, blueprint = shape(ROUTES, [grant(["GET /pets"])])
    condition = {"StringNotEquals": {"aws:SourceVpce": ["vpce-1"]}}
    document = policy("Deny", Principal="*", Condition=condition)
    target = replace(target_of(blueprint), resource=read_source("door", document, "resource"))
    caller, call = caller_of(blueprint), Call("GET", "/pets")
    at, private = Whereabouts(vpc_endpoint="vpce-1"), replace(target.api, endpoint="PRIVATE")
    assert rule(replace(target, whereabouts=at, api=private), caller, call).outcome == "allow"
    assert rule(target, caller, call).outcome == "explicit-deny"


def ask(
    grants: list[dict[str, object]], stage: str, text: str
) -> tuple[Ruling, str, tuple[int, int] | None]:
    document, blueprint = shape(ROUTES, grants, ["dev", "test"])
    target, call = target_of(blueprint, stage), read_call(text)
    ruling = rule(target, caller_of(blueprint), call)
    asked = Asked(blueprint, target.api, stage, call)
    role = blueprint.roles[0]
    place = place_of(document, asked, role, ruling)
    said = nearest(asked, role, ruling)
    return ruling, said, (place.line, place.column) if place else None


def line_of(grants: list[dict[str, object]], text: str) -> int:
    document, _ = shape(ROUTES, grants, ["dev", "test"])
    lines = [number for number, line in enumerate(document.lines, start=1) if text in line]
    return lines[-1]


def test_the_line_is_that_of_the_granted_route() -> None:
    grants = [grant(["GET /pets"], ["test"]), grant(["POST /pets", "GET /pets"], ["dev"])]
    _, _, place = ask(grants, "dev", "GET /pets")
    assert place is not None
    assert place[0] == line_of(grants, '"GET /pets"')


def test_the_line_is_that_of_the_answering_route_rather_than_of_one_that_reaches_it() -> None:
    grants = [
        grant(["GET /pets/{id}"], ["dev"], overreach="accepted because both are granted"),
        grant(["GET /pets/{id}/owner"], ["dev"]),
    ]
    _, _, place = ask(grants, "dev", "GET /pets/7/owner")
    assert place is not None
    assert place[0] == line_of(grants, '"GET /pets/{id}/owner"')


def test_the_line_is_that_of_all_where_all_are_granted() -> None:
    grants = [grant("all", ["dev"])]
    _, _, place = ask(grants, "dev", "GET /pets/7")
    assert place is not None
    assert place[0] == line_of(grants, '"routes": "all"')


def test_the_line_of_a_denial_is_where_overreach_says_deny() -> None:
    grants = [grant(["GET /pets/{id}"], ["dev"], overreach="deny")]
    ruling, _, place = ask(grants, "dev", "GET /pets/7/owner")
    assert ruling.outcome == "explicit-deny"
    assert place is not None
    assert place[0] == line_of(grants, '"overreach": "deny"')


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("POST /pets", "it is granted POST /pets on test, not on dev"),
        ("GET /", "on dev it is granted GET /pets"),
    ],
)
def test_a_denial_names_what_is_granted_nearest(text: str, said: str) -> None:
    grants = [grant(["POST /pets"], ["test"]), grant(["GET /pets"], ["dev"])]
    assert ask(grants, "dev", text)[1] == said


def test_a_denial_names_other_methods_of_the_path() -> None:
    grants = [grant(["GET /pets"], ["dev"])]
    assert ask(grants, "dev", "POST /pets")[1] == "on this path it is granted GET /pets"
    assert ask(grants, "test", "POST /pets")[1] == "it is granted nothing of pets on test"
