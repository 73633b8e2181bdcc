"""Who gains and who loses what between two sides, as data and as sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from gateprint.access.changes.comparison import changes
from gateprint.access.changes.sentences import sentences
from gateprint.model.resolved import Environment, ResolvedBlueprint
from gateprint.model.restriction import Restriction
from tests.model.made import ISSUER, NONPROD, edited, environment_of, resolved_of
from tests.support import saml

PETS = """\
blueprint: 1
name: pets
stages:
  dev: {environment: nonprod}
  test: {environment: nonprod}
apis:
  pets:
    routes:
      GET /pets: {mock: {status: 200}}
      POST /pets: {mock: {status: 200}}
      GET /pets/{id}: {mock: {status: 200}}
roles:
  reader:
    identity_provider: auth0
    when: {edupersonaffiliation: [staff, student]}
    allow: [{stages: all, routes: [GET /pets]}]
  clerk:
    identity_provider: auth0
    allow: [{stages: all, routes: [GET /pets]}]
"""
READER = "    allow: [{stages: all, routes: [GET /pets]}]\n  clerk:"
CLERK = "  clerk:\n    identity_provider: auth0\n    allow: [{stages: all, routes: [GET /pets]}]\n"
ID = "      GET /pets/{id}: {mock: {status: 200}}\n"
WHEN = "    when: {edupersonaffiliation: [staff, student]}\n"


def reader(routes: str, stages: str = "all", more: str = "") -> dict[str, str]:
    return {READER: f"    allow: [{{stages: {stages}, routes: {routes}{more}}}]\n  clerk:"}


def clerk(routes: str) -> dict[str, str]:
    return {CLERK: CLERK.replace("[GET /pets]", routes)}


def route(line: str) -> dict[str, str]:
    return {ID: f"{ID}      {line}: {{mock: {{status: 200}}}}\n"}


def when(claims: str) -> dict[str, str]:
    return {WHEN: f"    when: {claims}\n" if claims else ""}


def side(
    edits: Mapping[str, str] | None = None, environment: Environment | None = None
) -> list[ResolvedBlueprint]:
    return [resolved_of(edited(PETS, edits or {}), environment)]


def told(before: Sequence[ResolvedBlueprint], after: Sequence[ResolvedBlueprint]) -> list[str]:
    return [f"{each.kind}: {each.text}" for each in sentences(changes(before, after))]


OWNER = route("GET /pets/{id}/owner")
ACCEPTED = ', overreach: "accepted because owners are no secret"'
MORE = "accepted because it does no harm"
EVERYWHERE = "on dev and test of pets (nonprod)"
OPEN = (
    {"GET /pets: {": "GET /pets: {auth: none, public: it is open, "}
    | reader("[POST /pets]")
    | clerk("['GET /pets/{id}']")
)
CHIEF = CLERK.replace("clerk", "chief").replace("[GET /pets]", "all")
# The edits, what they say, and what taking them back says.
ROWS: Mapping[str, tuple[dict[str, str], list[str], list[str]]] = {
    "stages with the same change share a sentence": (
        reader("[GET /pets, POST /pets]"),
        [f"gain: reader gains POST /pets {EVERYWHERE}"],
        [f"loss: reader loses POST /pets {EVERYWHERE}"],
    ),
    "a stage alone": (
        reader("[GET /pets]", "[dev]"),
        ["loss: reader loses GET /pets on test of pets (nonprod)"],
        ["gain: reader gains GET /pets on test of pets (nonprod)"],
    ),
    "each role gains its own": (
        reader("all") | clerk("[GET /pets, POST /pets]"),
        [
            (
                f"gain: reader gains POST /pets and GET /pets/{{id}} {EVERYWHERE},"
                " and so may call every signed route there"
            ),
            f"gain: clerk gains POST /pets {EVERYWHERE}",
        ],
        [
            f"loss: reader loses POST /pets and GET /pets/{{id}} {EVERYWHERE}",
            f"loss: clerk loses POST /pets {EVERYWHERE}",
        ],
    ),
    "roles with the same change share a sentence": (
        route("GET /") | reader("[GET /pets, GET /]") | clerk("[GET /pets, GET /]"),
        [f"gain: reader and clerk gain GET / {EVERYWHERE}: the route is new"],
        [f"loss: reader and clerk lose GET / {EVERYWHERE}: the route is gone"],
    ),
    "a stage": (
        {"  test: {environment: nonprod}\n": ""},
        ["loss: reader and clerk lose GET /pets on test of pets (nonprod): the stage is gone"],
        ["gain: reader and clerk gain GET /pets on test of pets (nonprod): the stage is new"],
    ),
    "an accepted overreach": (
        OWNER | reader("[GET /pets, 'GET /pets/{id}']", "[dev]", ACCEPTED),
        [
            "gain: reader gains GET /pets/{id} on dev of pets (nonprod)",
            (
                "gain: reader reaches GET /pets/{id}/owner on dev of pets (nonprod) too,"
                " accepted because owners are no secret"
            ),
            "loss: reader loses GET /pets on test of pets (nonprod)",
        ],
        [
            "gain: reader gains GET /pets on test of pets (nonprod)",
            "loss: reader loses GET /pets/{id} on dev of pets (nonprod)",
            "loss: reader no longer reaches GET /pets/{id}/owner on dev of pets (nonprod)",
        ],
    ),
    "two reasons for overreach": (
        OWNER
        | {
            READER: f"""\
    allow:
      - {{stages: [dev], routes: [GET /pets, 'GET /pets/{{id}}']{ACCEPTED}}}
      - {{stages: [test], routes: [GET /pets, 'GET /pets/{{id}}'], overreach: {MORE}}}
  clerk:"""
        },
        [
            f"gain: reader gains GET /pets/{{id}} {EVERYWHERE}",
            (
                "gain: reader reaches GET /pets/{id}/owner on dev of pets (nonprod) too,"
                " accepted because owners are no secret"
            ),
            (f"gain: reader reaches GET /pets/{{id}}/owner on test of pets (nonprod) too, {MORE}"),
        ],
        [
            f"loss: reader loses GET /pets/{{id}} {EVERYWHERE}",
            "loss: reader no longer reaches GET /pets/{id}/owner on dev of pets (nonprod)",
            "loss: reader no longer reaches GET /pets/{id}/owner on test of pets (nonprod)",
        ],
    ),
    "a denied overreach is none": (
        OWNER | reader("[GET /pets, 'GET /pets/{id}']", more=", overreach: deny"),
        [f"gain: reader gains GET /pets/{{id}} {EVERYWHERE}"],
        [f"loss: reader loses GET /pets/{{id}} {EVERYWHERE}"],
    ),
    "a role that may call everything": (
        {CLERK: CLERK + CHIEF},
        [
            f"gain: chief gains every signed route {EVERYWHERE}: the role is new",
            (
                "sign-in: everyone whom auth0 (urn:acme.auth0.com) signs in may assume"
                " chief (nonprod) for 1h at a time"
            ),
        ],
        [
            f"loss: chief loses every signed route {EVERYWHERE}: the role is gone",
            "sign-in: nobody may assume chief (nonprod) any more: gone from the blueprints",
        ],
    ),
    "a public route comes first": (
        OPEN,
        [
            (
                f"public: everyone may call GET /pets {EVERYWHERE}"
                ' (until now only reader and clerk): "it is open"'
            ),
            f"gain: reader gains POST /pets {EVERYWHERE}",
            f"gain: clerk gains GET /pets/{{id}} {EVERYWHERE}",
        ],
        [
            (
                f"public: not everyone may call GET /pets {EVERYWHERE} any more:"
                " only reader and clerk may"
            ),
            f"loss: reader loses POST /pets {EVERYWHERE}",
            f"loss: clerk loses GET /pets/{{id}} {EVERYWHERE}",
        ],
    ),
    "a public route that is new": (
        {ID: ID + "      GET /: {mock: {status: 200}, auth: none, public: it says hello}\n"},
        [f'public: everyone may call GET / {EVERYWHERE}: "it says hello"'],
        [f"public: not everyone may call GET / {EVERYWHERE} any more: the route is gone"],
    ),
    "a route that nobody was granted becomes public": (
        {"POST /pets: {": "POST /pets: {auth: none, public: why not, "},
        [f'public: everyone may call POST /pets {EVERYWHERE}: "why not"'],
        [f"public: not everyone may call POST /pets {EVERYWHERE} any more: no role may either"],
    ),
}


@pytest.mark.parametrize("case", ROWS)
def test_a_gain_one_way_is_a_loss_the_other_way(case: str) -> None:
    edits, there, back = ROWS[case]
    assert told(side(), side(edits)) == there
    assert told(side(edits), side()) == back


SIGN_IN: Mapping[str, tuple[dict[str, str], list[str], list[str]]] = {
    "accepted values": (
        when("{edupersonaffiliation: [staff, alum]}"),
        [
            "people with edupersonaffiliation alum may now assume reader (nonprod)",
            (
                "people with edupersonaffiliation student may no longer assume reader (nonprod),"
                " unless they have alum or staff"
            ),
        ],
        [
            "people with edupersonaffiliation student may now assume reader (nonprod)",
            (
                "people with edupersonaffiliation alum may no longer assume reader (nonprod),"
                " unless they have staff or student"
            ),
        ],
    ),
    "another attribute": (
        when("{edupersonaffiliation: [staff, student], mail: [a@example.com]}"),
        ["only people with mail a@example.com may now assume reader (nonprod)"],
        ["people need no longer have mail a@example.com to assume reader (nonprod)"],
    ),
    "no attribute at all": (
        when(""),
        [
            (
                "people need no longer have edupersonaffiliation staff or student to assume"
                " reader (nonprod): everyone whom auth0 signs in may"
            ),
        ],
        ["only people with edupersonaffiliation staff or student may now assume reader (nonprod)"],
    ),
    "API Gateway": (
        {WHEN: f"{WHEN}    assumed_by_gateway: true\n"},
        ["API Gateway may now assume reader (nonprod)"],
        ["API Gateway may no longer assume reader (nonprod)"],
    ),
    "sessions": (
        {WHEN: f"{WHEN}    max_session: 90m\n"},
        ["a session of reader (nonprod) may last 90m now, not 1h"],
        ["a session of reader (nonprod) may last 1h now, not 90m"],
    ),
    "a role that is declared elsewhere": (
        {f"    identity_provider: auth0\n{WHEN}": "    existing: true\n"},
        ["who may assume reader (nonprod) is no longer decided here"],
        [
            (
                "everyone with edupersonaffiliation staff or student whom auth0"
                " (urn:acme.auth0.com) signs in may assume reader (nonprod) for 1h at a time"
            )
        ],
    ),
}


@pytest.mark.parametrize("case", SIGN_IN)
def test_who_may_assume_a_role_is_told_apart(case: str) -> None:
    edits, there, back = SIGN_IN[case]
    assert told(side(), side(edits)) == [f"sign-in: {each}" for each in there]
    assert told(side(edits), side()) == [f"sign-in: {each}" for each in back]


OTHER = "urn:other.example.com"


def provider_edits(**names: str) -> Environment:
    """Return nonprod with another issuer, whose metadata have another certificate."""
    text = edited(NONPROD, names)
    return environment_of(text, {"identity/auth0.xml": saml.metadata(OTHER, "other.example.com")})


def test_another_issuer_is_told_once_for_all_its_roles() -> None:
    found = told(side(), side(environment=provider_edits(**{ISSUER: OTHER})))
    assert found[0] == (
        "sign-in: the issuer urn:other.example.com signs people in to reader and clerk (nonprod)"
        " now, not urn:acme.auth0.com"
    )


def test_another_certificate_is_told_as_who_has_it_decides_who_signs_in() -> None:
    environment = environment_of()
    (provider,) = environment.identity_providers
    renewed = replace(provider, metadata_xml=saml.metadata(ISSUER, "acme.auth0.com"))
    found = told(side(), side(environment=replace(environment, identity_providers=(renewed,))))
    assert len(found) == 2
    assert re.fullmatch(
        r"sign-in: who has the key of the signing certificate SHA-256 [0-9a-f]{16}… of auth0 may"
        r" now let anyone assume reader and clerk \(nonprod\)",
        found[0],
    )
    assert re.fullmatch(
        r"sign-in: the signing certificate SHA-256 [0-9a-f]{16}… of auth0 no longer counts for"
        r" reader and clerk \(nonprod\)",
        found[1],
    )


def test_another_provider_is_told_with_its_issuer() -> None:
    environment = environment_of(edited(NONPROD, {"  auth0:": "  okta:"}))
    after = [
        resolved_of(
            PETS.replace("identity_provider: auth0", "identity_provider: okta"), environment
        )
    ]
    assert told(side(), after) == [
        "sign-in: okta signs people in to reader and clerk (nonprod) now, not auth0"
    ]


def test_a_blueprint_of_another_name_changes_nothing() -> None:
    assert not changes(side(), side({"name: pets": "name: shop"}))


def test_what_no_caller_notices_changes_nothing() -> None:
    after = side(
        {"name: pets": "name: pets\ndescription: Now with a description."}
        | {"POST /pets: {mock: {status: 200}}": "POST /pets: {mock: {status: 201}}"}
    )
    assert not changes(side(), after)


def test_an_environment_of_another_name_changes_nothing() -> None:
    staging = environment_of(edited(NONPROD, {"environment: nonprod": "environment: staging"}))
    after = [resolved_of(PETS.replace("nonprod", "staging"), staging)]
    assert not changes(side(), after)


def test_a_role_name_in_other_letters_is_the_same_role_for_iam() -> None:
    assert not changes(side(), side({"  reader:": "  Reader:"}))


def test_the_embedded_cloud_stays_the_same_on_another_port() -> None:
    one, two = (environment_of(f"{NONPROD}endpoint: http://127.0.0.1:{port}\n") for port in (1, 2))
    assert not changes(side(environment=one), side(environment=two))


def test_another_account_has_other_roles_and_apis() -> None:
    moved = environment_of(edited(NONPROD, {"123456789012": "210987654321"}))
    found = told(side(), side(environment=moved))
    places = [
        f"on dev and test of pets (nonprod, account {each})"
        for each in ("210987654321", "123456789012")
    ]
    assert found[:2] == [
        f"gain: reader and clerk gain GET /pets {places[0]}: the environment is new",
        f"loss: reader and clerk lose GET /pets {places[1]}: the environment is gone",
    ]


def test_a_new_project_is_all_gain() -> None:
    assert (
        told([], side())[0]
        == f"gain: reader and clerk gain GET /pets {EVERYWHERE}: the environment is new"
    )
    assert told([], []) == []


def test_a_private_api_that_goes_to_the_internet_is_told_first() -> None:
    before, after = (
        [replace(each, apis=(replace(each.apis[0], vpc_endpoints=ways),)) for each in side(OPEN)]
        for ways in (("vpce-1",), ())
    )
    assert told(before, after) == [
        "public: pets (nonprod) can be reached from the internet; until now only through vpce-1"
    ]
    assert told(after, before) == [
        "public: pets (nonprod) can only be reached through vpce-1 now, not from the internet"
    ]
    assert (
        told([], before)[0]
        == f'public: everyone behind vpce-1 may call GET /pets {EVERYWHERE}: "it is open"'
    )


def test_where_callers_must_come_from_is_told() -> None:
    office, both = Restriction(("203.0.113.0/24",)), Restriction(("203.0.113.0/24",), (), "o-1")
    none, one, two = (
        [replace(each, apis=(replace(each.apis[0], only_from=only),)) for each in side()]
        for only in (None, office, both)
    )
    network = "from 203.0.113.0/24"
    assert told(none, one) == [f"public: pets (nonprod) can only be reached {network} now"]
    assert told(one, none) == [
        f"public: everybody on the internet can reach pets (nonprod); until now only {network}"
    ]
    assert told(one, two) == [
        f"public: pets (nonprod) can only be reached {network} and by o-1 now; until now {network}"
    ]
    assert told(two, one) == [
        f"public: pets (nonprod) can be reached {network}; until now only {network} and by o-1"
    ]
    assert told(two, two) == []


def test_of_two_apis_the_one_that_goes_to_the_internet_is_told_first() -> None:
    def both(*ways: tuple[str, ...]) -> list[ResolvedBlueprint]:
        (one,) = side()
        apis = [
            replace(one.apis[0], name=name, vpc_endpoints=way)
            for name, way in zip("ab", ways, strict=True)
        ]
        return [replace(one, name=api.name, apis=(api,), roles=()) for api in apis]

    found = told(both((), ("vpce-1",)), both(("vpce-2",), ()))
    assert [each.split(" (")[0] for each in found] == ["public: b", "public: a"]


def test_every_route_of_a_small_api_is_all_of_it() -> None:
    more = {CLERK: CLERK.replace("[GET /pets]", "['GET /pets/{id}']") + CHIEF}
    small = OPEN | more
    assert f"gain: chief gains every signed route {EVERYWHERE}: the role is new" in told(
        side(OPEN), side(small)
    )


def test_what_users_wrote_is_apart_from_our_words() -> None:
    (one,) = sentences(changes(side(), side(reader("[GET /pets, POST /pets]"))))
    assert one.parts == (
        "",
        "reader",
        " gains ",
        "POST /pets",
        " on ",
        "dev",
        " and ",
        "test",
        " of ",
        "pets",
        " (",
        "nonprod",
        ")",
    )
