"""What rules say in cases beside their first: other causes, other words, real plans."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from gateprint.model.resolved import ResolvedBlueprint, Route
from gateprint.review.finding import is_at_least
from gateprint.review.request_changes import body_changes
from gateprint.review.rules import MODULES, findings
from gateprint.terraform.plans.masking import masked
from tests.review.rules.cases import (
    ANYBODY,
    AUDIENCE,
    BOTH,
    CLOSED,
    LIVE,
    OFFICE,
    PETS_ROUTE,
    POOL,
    RESOURCES,
    REST_API,
    REST_POLICY,
    TERMS,
    VPCE,
    WHEN,
    asking,
    exposed,
    only,
    permission,
    private,
    resource_policy,
    tokens,
    trust,
    users,
)
from tests.review.rules.made import (
    HARMLESS,
    Planned,
    Review,
    deleted,
    offline,
    policy,
    signed_with,
    updated,
)
from tests.terraform.plans.documents import change, real

ARN = "arn:aws:cognito-idp:us-east-2:123456789012:userpool/us-east-2_a1"
OF_POOL = f"owners ({ARN})"
OTHER_APP = "https://app.example.com/saml"
RETIRED = {"name: pets\n": "name: pets\nretired: {reason: nobody calls it, by: team-pets}\n"}
GATEWAY, STRANGER = "apigateway.amazonaws.com", RESOURCES.replace("123456789012", "9" * 12)
LOOSER = {WHEN: "    when: {cn: [desk]}\n    assumed_by_gateway: true\n    max_session: 2h\n"}


def assumed_by(statement: Mapping[str, str]) -> Planned:
    after = {"name": "reader", "assume_role_policy": policy(statement)}
    return updated("aws_iam_role.reader", {}, after)


def unchanged(planned: Planned) -> Planned:
    return {**planned, "change": {**planned["change"], "actions": ["no-op"]}}


# The rule, the review, and all sentences of the rule.
SAID: Mapping[str, tuple[str, Review, list[str]]] = {
    "an audience of another application": (
        "missing-audience",
        Review(planned=(trust({"StringEquals": {"SAML:aud": [AUDIENCE, OTHER_APP]}}),)),
        [f"the trust policy of reader accepts sign-ins for {OTHER_APP}"],
    ),
    "an audience with a wildcard": (
        "missing-audience",
        Review(planned=(trust({"StringLike": {"SAML:aud": "https://*/saml"}}),)),
        ["the trust policy of reader does not compare SAML:aud exactly"],
    ),
    "an audience that may be missing": (
        "missing-audience",
        Review(planned=(trust({"StringEqualsIfExists": {"SAML:aud": AUDIENCE}}),)),
        ["the trust policy of reader does not compare SAML:aud exactly"],
    ),
    "every action": (
        "missing-audience",
        Review(planned=(trust(None, Action="sts:*"),)),
        ["the trust policy of reader does not compare SAML:aud exactly"],
    ),
    "an action with a question mark": (
        "missing-audience",
        Review(planned=(trust({}, Action=["sts:TagSession", "sts:AssumeRoleWith????"]),)),
        ["the trust policy of reader does not compare SAML:aud exactly"],
    ),
    "all but an action": (
        "missing-audience",
        Review(planned=(assumed_by({"Effect": "Allow", "NotAction": "sts:TagSession"}),)),
        ["the trust policy of reader does not compare SAML:aud exactly"],
    ),
    "a trust policy that stays as it is in a stack that changes": (
        "missing-audience",
        Review(planned=(HARMLESS, unchanged(trust({})))),
        ["the trust policy of reader does not compare SAML:aud exactly"],
    ),
    "terms of which some are looser and some stricter": (
        "trust-loosened",
        Review(LOOSER),
        [
            (
                "people need no longer have edupersonaffiliation staff to assume reader: everyone"
                " whom auth0 signs in may; API Gateway may now assume reader;"
                " a session of reader may last 2h now, not 1h"
            )
        ],
    ),
    "a statement that denies goes": (
        "resource-policy-loosened",
        Review(
            planned=(
                resource_policy(
                    policy({**CLOSED, "Resource": f"{RESOURCES}/*"}, exposed("GET/a")),
                    policy(exposed("GET/a")),
                ),
            )
        ),
        ["the resource policy no longer denies *"],
    ),
    "a Deny that depends on more": (
        "resource-policy-loosened",
        Review(
            planned=(
                resource_policy(
                    policy({**CLOSED, "Resource": "*"}),
                    policy({**CLOSED, "Resource": "*", "Condition": {"Null": {"a": "true"}}}),
                ),
            )
        ),
        ["the resource policy no longer denies *"],
    ),
    "more that is allowed": (
        "resource-policy-loosened",
        Review(
            planned=(resource_policy(policy(exposed("GET/a")), policy(exposed("*/a"))),),
        ),
        ["the resource policy allows dev/*/a as well"],
    ),
    "a restriction that goes": (
        "resource-policy-loosened",
        Review(before=OFFICE),
        ["everybody on the internet can reach pets; until now only from 203.0.113.0/24"],
    ),
    "a network more": (
        "resource-policy-loosened",
        Review(only("203.0.113.0/24", "198.51.100.0/24"), before=OFFICE),
        [
            (
                "pets can be reached from 203.0.113.0/24 or 198.51.100.0/24;"
                " until now only from 203.0.113.0/24"
            )
        ],
    ),
    "an organization that goes": (
        "resource-policy-loosened",
        Review(OFFICE, before=BOTH),
        [
            (
                "pets can be reached from 203.0.113.0/24;"
                " until now only from 203.0.113.0/24 and by o-exampleorgid"
            )
        ],
    ),
    "a resource policy that goes": (
        "resource-policy-loosened",
        Review(planned=(deleted(REST_POLICY, rest_api_id="abc123", policy="{}"),)),
        ["the API has no resource policy any more"],
    ),
    "a method that the plan opens": (
        "auth-weakened",
        Review(
            planned=(
                updated(
                    "aws_api_gateway_method.pets_get_pets",
                    {"authorization": "AWS_IAM"},
                    {"authorization": "NONE"},
                ),
            )
        ),
        ["the method needs no authorization any more; until now AWS_IAM"],
    ),
    "a method that asks for a token": (
        "auth-weakened",
        Review(
            planned=(
                updated(
                    "aws_api_gateway_method.pets_get_pets",
                    {"authorization": "AWS_IAM"},
                    {"authorization": "CUSTOM"},
                ),
            )
        ),
        ["the method asks for a token; until now for a role's signature"],
    ),
    "a route that takes tokens instead of signatures": (
        "auth-weakened",
        Review(tokens("write-pets")),
        [
            (
                "whoever has a token of auth0 (https://acme.auth0.com/) with write-pets may call "
                "POST /pets on dev and live of pets (nonprod); "
                "until now the roles that are granted it"
            )
        ],
    ),
    "a route that asks for fewer scopes": (
        "auth-weakened",
        Review(tokens("write-pets"), before=tokens("write-pets, admin")),
        [
            (
                "whoever has a token of auth0 (https://acme.auth0.com/) with write-pets may call "
                "POST /pets on dev and live of pets (nonprod); until now whoever has a token of "
                "auth0 (https://acme.auth0.com/) with write-pets and admin"
            )
        ],
    ),
    "a method that asks for a token of a user pool": (
        "auth-weakened",
        Review(
            planned=(
                updated(
                    "aws_api_gateway_method.pets_get_pets",
                    {"authorization": "AWS_IAM"},
                    {"authorization": "COGNITO_USER_POOLS"},
                ),
            )
        ),
        ["the method asks for a token; until now for a role's signature"],
    ),
    "one scope more, of which any is enough": (
        "auth-weakened",
        Review(users("pets/write, pets/read"), before=users("pets/write")),
        [
            (
                f"whoever has an access token with one of pets/write and pets/read of {OF_POOL} "
                "may call POST /pets on dev and live of pets (nonprod); until now whoever has an "
                f"access token with pets/write of {OF_POOL}"
            )
        ],
    ),
    "no scope any more, so that every user's ID token is enough": (
        "auth-weakened",
        Review(users(""), before=users("pets/write")),
        [
            (
                f"whoever has an ID token of {OF_POOL} may call POST /pets on dev and live of pets "
                f"(nonprod); until now whoever has an access token with pets/write of {OF_POOL}"
            )
        ],
    ),
    "one scope less, of which any is enough": (
        "auth-weakened",
        Review(users("pets/write"), before=users("pets/write, pets/read")),
        [],
    ),
    "a new pool that everybody may join": (
        "user-pool-loosened",
        Review(planned=(change(POOL, after=ANYBODY),)),
        ["the user pool pets-nonprod-owners lets everybody make an account"],
    ),
    "a route that takes no tokens any more": (
        "auth-weakened",
        Review(
            {"POST /pets: {mock": "POST /pets: {auth: none, public: write to us, mock"},
            before=tokens("write-pets"),
        ),
        [
            (
                "everybody may call POST /pets on dev and live of pets; until now whoever has a "
                "token of auth0 (https://acme.auth0.com/) with write-pets"
            )
        ],
    ),
    "more scopes are no weakness": (
        "auth-weakened",
        Review(tokens("write-pets, admin"), before=tokens("write-pets")),
        [],
    ),
    "a route that no role could call": (
        "auth-weakened",
        Review(
            {"POST /pets: {mock": "POST /pets: {auth: none, public: write to us, mock"},
        ),
        ["everybody may call POST /pets on dev and live of pets; until now nobody"],
    ),
    "a public route of a private API": (
        "public-route-added",
        Review({**private(VPCE), **TERMS}, before=private(VPCE)),
        [f'everybody behind {VPCE} may call GET /terms on dev and live of pets: "for all to read"'],
    ),
    "a retired blueprint": (
        "api-destroyed",
        Review(RETIRED, planned=(deleted(REST_API, name="pets-nonprod-pets"),)),
        ["the API pets-nonprod-pets is destroyed: the blueprint is retired, nobody calls it"],
    ),
    "a function that another account's API may invoke": (
        "permission-broadened",
        Review(planned=(permission(principal=GATEWAY, source_arn=STRANGER),)),
        [f"whatever {STRANGER} matches may invoke get_pet"],
    ),
    "without a cloud, a header that is not required by now": (
        "request-check-loosened",
        offline(Review(before=asking("headers: {If-Match: required}"))),
        ["the header If-Match is not required any more by POST /pets of pets"],
    ),
    "without a cloud, a body that is not checked by now": (
        "request-check-loosened",
        offline(Review(before=asking("body: schemas/pet.json"))),
        ["bodies are not checked any more by POST /pets of pets"],
    ),
    "a certificate that has expired": (
        "metadata-near-expiry",
        Review(environment=signed_with(-1)),
        ["the last signing certificate of auth0 expired on 2026-05-31"],
    ),
}
BY_ID = {module.RULE.id: module for module in MODULES}


def found(review: Review) -> list[tuple[str, str]]:
    return [(each.rule.id, each.subject) for each in findings(review.subject())]


@pytest.mark.parametrize("case", SAID)
def test_a_rule_says(case: str):
    rule, review, expected = SAID[case]
    assert [each.sentence for each in sorted(BY_ID[rule].find(review.subject()))] == expected


def test_a_real_plan_of_a_new_api_shows_its_trust_policies_and_not_what_its_roles_may_do():
    planned = masked(real("create"))["resource_changes"]
    assert found(Review(planned=tuple(planned))) == [("unverified-policy", "policies")]


def test_a_new_blueprint_is_told_without_a_cloud_as_far_as_it_goes():
    review = offline(Review({**TERMS, WHEN: ""}, before=None))
    assert found(review) == [
        ("public-route-added", "route GET /terms of pets"),
        ("new-trust", "role reader"),
    ]


def test_what_changes_in_a_stack_that_is_not_looked_at_is_told_all_the_same():
    subject = replace(Review(TERMS, before=None).subject(), stacks=())
    told = [(each.rule.id, each.address, each.location) for each in findings(subject)]
    assert told == [
        ("public-route-added", "pets-nonprod/route GET /terms of pets", None),
        ("new-trust", "nonprod/role reader", None),
    ]


def test_what_a_retired_blueprint_destroys_leads_to_where_it_is_retired():
    review = Review(RETIRED, planned=(deleted(REST_API, name="pets-nonprod-pets"),))
    (finding,) = BY_ID["api-destroyed"].find(review.subject())
    assert finding.location is not None
    assert finding.location.source_line.startswith("retired:")


def test_a_policy_that_is_masked_is_not_verified():
    after = {"name": "reader", "assume_role_policy": "(sensitive)"}
    planned = (updated("aws_iam_role.reader", {}, after),)
    assert found(Review(planned=planned)) == [("unverified-policy", "policies")]


BODY_CHANGES = [
    ('{"type": "object"}', '{ "type":"object" }', ""),
    ("{}", "[]", "its form is another one"),
    ('{"type": "object"}', '{"type": "array"}', "its form is another one"),
    ("{}", '{"required": ["a"], "properties": {"a": {}, "b": {}}}', "a became required, b is new"),
    ("{}", '{"additionalProperties": false}', "no further properties are taken"),
    (
        "{}",
        json.dumps({"required": [*"abcdefg"]}),
        f"{', '.join(f'{each} became required' for each in 'abcde')}, and 2 more",
    ),
]


@pytest.mark.parametrize(("before", "after", "words"), BODY_CHANGES)
def test_what_differs_in_a_body_is_said_in_words(before: str, after: str, words: str):
    assert body_changes(before, after) == words


def test_a_body_that_changes_is_told_without_a_cloud_too():
    subject = offline(Review(asking("body: schemas/pet.json"))).subject()
    (pets,) = (each for each in subject.stacks if each.blueprint is not None)
    assert pets.blueprint is not None
    old = with_schema(pets.blueprint, '{"required": ["price"]}')
    (finding,) = BY_ID["body-changed"].find(replace(subject, before=(old,)))
    said = "the body that POST /pets of pets takes changes: price is not required any more"
    assert finding.sentence == said


def with_schema(blueprint: ResolvedBlueprint, schema: str) -> ResolvedBlueprint:
    """Return a blueprint whose bodies have another form."""

    def changed(route: Route) -> Route:
        if route.request is None or route.request.body is None:
            return route
        body = replace(route.request.body, schema_json=schema)
        return replace(route, request=replace(route.request, body=body))

    apis = [replace(api, routes=tuple(map(changed, api.routes))) for api in blueprint.apis]
    return replace(blueprint, apis=tuple(apis))


def test_a_severity_is_at_least_itself_and_what_is_less_severe():
    assert is_at_least("high", "high")
    assert is_at_least("critical", "high")
    assert not is_at_least("medium", "high")


def test_without_the_cloud_a_throttle_is_compared_with_the_one_that_counted_until_now() -> None:
    """That of the route, or else that of the stage, on each stage for itself."""
    faster = {LIVE: LIVE.replace("rate: 10", "rate: 30")}
    own = {PETS_ROUTE: "GET /pets: {throttle: {rate: 20, burst: 5}, mock"}
    rule = next(each for each in MODULES if each.RULE.id == "throttle-loosened")

    def said(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
        found = rule.find(offline(Review(after, before=before)).subject())
        return [each.sentence for each in found]

    ten, twenty, thirty = (f"{each} requests per second and 5 at once" for each in (10, 20, 30))
    assert said({}, faster) == [f"live takes {thirty}; until now {ten}"]
    assert said({}, own) == [f"GET /pets on dev and live takes {twenty}; until now {ten}"]
    assert said(faster, {**faster, **own}) == [f"GET /pets on dev takes {twenty}; until now {ten}"]
    assert said(own, {}) == []
