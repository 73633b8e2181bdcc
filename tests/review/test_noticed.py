"""What callers notice of a change, in exact words, and what they do not notice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from gateprint.review.noticed import noticed
from gateprint.review.review import Noticed
from tests.review.rules.cases import OFFICE
from tests.review.rules.made import PETS, Edits, Review, deleted, here, replaced, side, signed_with
from tests.terraform.plans.documents import change

PETS_ROUTE = "GET /pets: {mock"
ID = "      GET /pets/{id}: {mock: {status: 200}}\n"
OWNER = "      GET /pets/{id}/owner: {mock: {status: 200}}\n"
LIVE = "  live: {environment: nonprod, throttle: {rate: 10, burst: 5}, access_log: {}}\n"
THROTTLES = {
    "dev: {environment: nonprod, throttle: {rate: 10, burst: 5}": (
        "dev: {environment: nonprod, throttle: {rate: 5, burst: 5}"
    ),
    "live: {environment: nonprod, throttle: {rate: 10, burst: 5}": (
        "live: {environment: nonprod, throttle: {rate: 5, burst: 5}"
    ),
}
ORIGINS = '["https://shop.example.com"]'
BOTH = '["https://shop.example.com", "https://www.example.com"]'
CORS = f"    cors: {{origins: {ORIGINS}}}\n"
API = "  pets:\n    cors"
PRIVATE = {
    API: "  pets:\n    endpoint: private\n    vpc_endpoints: [vpce-0123456789abcdef0]\n    cors"
}
OPEN = {PETS_ROUTE: "GET /pets: {auth: none, public: it is a catalogue, mock"}
NO_GRANT = {"routes: [GET /pets]": "routes: [POST /pets]"}
ALL = {"routes: [GET /pets]": "routes: [GET /pets, POST /pets]"}
WHEN = "    when: {edupersonaffiliation: [staff]}\n"
PAIR = "[staff, clerk]"
ROLE = PETS[PETS.index("roles:\n") :]
OTHER_ROLE = ROLE.replace("  reader:", "  writer:")


# Before, after, and what is said: kind, sentence, whether it breaks calls, and the line.
CASES: dict[str, tuple[Edits, Edits, list[tuple[str, str, bool, int | None]]]] = {
    "a route is gone": (
        {},
        {ID: "", OWNER: ""},
        [("route-removed", "GET /pets/{id} and GET /pets/{id}/owner of pets are gone", True, None)],
    ),
    "a stage is gone": (
        {},
        {LIVE: ""},
        [("stage-removed", "the stage live of pets is gone", True, None)],
    ),
    "the API has another name": (
        {},
        {"apis:\n  pets:": "apis:\n  cats:"},
        [("api-removed", "the API pets is gone", True, None)],
    ),
    "a route asks for a signature": (
        {**OPEN, **NO_GRANT},
        NO_GRANT,
        [
            (
                "auth-changed",
                "GET /pets of pets needs a signature now",
                True,
                10,
            )
        ],
    ),
    "a route asks for no signature any more": (
        NO_GRANT,
        {**OPEN, **NO_GRANT},
        [
            (
                "auth-changed",
                "GET /pets of pets needs no signature any more",
                False,
                10,
            )
        ],
    ),
    "a role reaches less": (
        ALL,
        {},
        [
            (
                "role-narrowed",
                "reader loses POST /pets on dev and live of pets (nonprod)",
                True,
                18,
            )
        ],
    ),
    "a role is gone": (
        {ROLE: ROLE + OTHER_ROLE.removeprefix("roles:\n")},
        {},
        [("role-removed", "nobody may assume writer any more", True, None)],
    ),
    "fewer people": (
        {"[staff]": PAIR},
        {},
        [
            (
                "sign-in-narrowed",
                "people with edupersonaffiliation clerk may no longer assume reader",
                True,
                17,
            )
        ],
    ),
    "only some people": (
        {WHEN: ""},
        {},
        [
            (
                "sign-in-narrowed",
                "only people with edupersonaffiliation staff may still assume reader",
                True,
                17,
            )
        ],
    ),
    "a shorter session": (
        {WHEN: f"{WHEN}    max_session: 4h\n"},
        {},
        [
            (
                "session-shortened",
                "a session of reader may last 1h, no longer 4h",
                True,
                15,
            )
        ],
    ),
    "an origin is taken away": (
        {ORIGINS: BOTH},
        {},
        [
            (
                "cors-narrowed",
                "browsers may no longer call pets from https://www.example.com",
                True,
                8,
            )
        ],
    ),
    "not every origin any more": (
        {ORIGINS: '["*"]'},
        {},
        [
            (
                "cors-narrowed",
                "browsers may call pets from https://shop.example.com only",
                True,
                8,
            )
        ],
    ),
    "no other origin any more": (
        {},
        {CORS: ""},
        [
            (
                "cors-narrowed",
                "browsers may call pets from no other origin any more",
                True,
                7,
            )
        ],
    ),
    "a lower throttle": (
        {},
        THROTTLES,
        [("stricter", "throttle 10 → 5 requests per second on dev and live", False, 4)],
    ),
    "a private API": (
        {},
        PRIVATE,
        [("network-narrowed", "pets can no longer be reached from the internet", True, 9)],
    ),
    "only from the office": (
        {},
        OFFICE,
        [("network-narrowed", "pets can only be reached from 203.0.113.0/24", True, 8)],
    ),
}
SILENT: Mapping[str, tuple[Edits, Edits]] = {
    "nothing changes": ({}, {}),
    "a route more": ({ID: ""}, {}),
    "a path parameter has another name": (
        {},
        {ID: ID.replace("{id}", "{pet}"), OWNER: OWNER.replace("{id}", "{pet}")},
    ),
    "any method instead of one": ({}, {OWNER: OWNER.replace("GET", "ANY")}),
    "a stage more": ({LIVE: ""}, {}),
    "a role reaches more": ({}, ALL),
    "more people": ({}, {"[staff]": PAIR}),
    "a longer session": ({}, {WHEN: f"{WHEN}    max_session: 4h\n"}),
    "every origin": ({}, {ORIGINS: '["*"]'}),
    "CORS where there was none": ({CORS: ""}, {}),
    "a higher throttle": (THROTTLES, {}),
    "an API on the internet": (PRIVATE, {}),
    "from everywhere": (OFFICE, {}),
}


def told(before: Edits, after: Edits) -> tuple[Noticed, ...]:
    review = Review(after, before, planned=())
    return noticed(review.subject(), [side(before, here())[1]])


def shown(each: Noticed) -> tuple[str, str, bool, int | None]:
    line = each.location.line if each.location else None
    return each.kind, each.sentence, each.is_breaking, line


@pytest.mark.parametrize("name", CASES)
def test_callers_notice(name: str):
    before, after, expected = CASES[name]
    assert [shown(each) for each in told(before, after)] == expected


@pytest.mark.parametrize("name", SILENT)
def test_callers_do_not_notice(name: str):
    assert told(*SILENT[name]) == ()


def test_a_new_stack_breaks_nothing():
    assert noticed(Review(before=None, planned=()).subject(), []) == ()


PLANNED: dict[str, tuple[Any, tuple[str, str, bool, int | None]]] = {
    "an API is made anew": (
        replaced("aws_api_gateway_rest_api.pets", "body", name="pets-nonprod-pets"),
        ("api-replaced", "the API pets is made anew, and all its addresses change", True, 7),
    ),
    "a stage is made anew": (
        replaced("aws_api_gateway_stage.pets_dev", "stage_name", stage_name="dev"),
        (
            "stage-replaced",
            "stage dev is taken away and made anew: calls in between fail",
            False,
            4,
        ),
    ),
    "a SAML provider goes": (
        deleted("aws_iam_saml_provider.auth0", name="auth0"),
        ("sign-in-narrowed", "nobody signs in through auth0 any more", True, 1),
    ),
}


@pytest.mark.parametrize("name", PLANNED)
def test_what_only_terraform_knows_is_told_from_the_plan(name: str):
    planned, expected = PLANNED[name]
    found = noticed(Review(planned=(planned,)).subject(), [side({}, here())[1]])
    assert [shown(each) for each in found] == [expected]


def _api(address: str, *actions: str, **values: Any) -> dict[str, Any]:
    values = {"rest_api_id": "a1", **values}
    after = None if actions == ("delete",) else values
    return change(f"aws_api_gateway_{address}", actions, before=values, after=after)


ANEW = _api("deployment.pets_dev", "create", "delete")
SECRET = (
    _api("method.pets_get_secret", "delete", resource_id="r1", http_method="GET"),
    _api("method.pets_options_secret", "delete", resource_id="r1", http_method="OPTIONS"),
    _api("resource.pets_secret", "delete", id="r1", path="/secret"),
)
ROOT = _api("method.pets_put", "delete", resource_id="r0", http_method="PUT")
UNTIL = (
    "served until published anew: gateprint apply does that right after, cdktf deploy does not "
    "(gateprint verify says how)"
)
STILL_SERVED: dict[str, tuple[tuple[dict[str, Any], ...], list[str]]] = {
    "a route": ((ANEW, *SECRET), [f"GET /secret is {UNTIL}"]),
    "two routes": ((ANEW, *SECRET, ROOT), [f"GET /secret and PUT / are {UNTIL}"]),
    "a preflight alone": ((ANEW, SECRET[1]), []),
    "a route that only a release has": (SECRET, []),
    "a route of an API that goes": ((_api("deployment.pets_dev", "delete"), *SECRET), []),
}


@pytest.mark.parametrize("name", STILL_SERVED)
def test_a_removed_route_is_said_to_be_served_for_a_moment(name: str):
    planned, expected = STILL_SERVED[name]
    found = noticed(Review(planned=planned).subject(), [side({}, here())[1]])
    assert [shown(each) for each in found] == [
        ("route-removed", sentence, False, None) for sentence in expected
    ]


def test_sign_ins_with_no_certificate_of_before_fail():
    old, new = signed_with(100), signed_with(200)
    review = Review(environment=new, environment_before=old, planned=())
    (found,) = noticed(review.subject(), [side({}, old)[1]])
    sentence = "nobody may assume reader while auth0 signs with its old key"
    assert shown(found)[:3] == ("sign-in-narrowed", sentence, True)
    both = signed_with(100, 200)
    review = Review(environment=both, environment_before=old, planned=())
    assert noticed(review.subject(), [side({}, old)[1]]) == ()
