"""What somebody changed outside of Terraform, in terms of access."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from gateprint.access.changes.access_drift import AccessDrift
from gateprint.access.changes.outside import changed_access
from gateprint.access.changes.outside_account import changed_account
from gateprint.access.proof.applied import Added, Others, Resource, strangers
from gateprint.access.proof.stack import prove
from gateprint.model.resolved import ResolvedBlueprint, Retired
from tests.access.generated import blueprints
from tests.access.states import State, short_id, state_of
from tests.model.made import ISSUER, edited, environment_of, resolved_of
from tests.support import saml

PETS = """\
blueprint: 1
name: pets
stages:
  dev: {environment: nonprod}
  prod: {environment: nonprod}
apis:
  pets:
    routes:
      GET /pets: {mock: {status: 200}, auth: none, public: anybody may look}
      POST /pets: {mock: {status: 200}}
      GET /pets/{id}: {mock: {status: 200}}
roles:
  reader:
    identity_provider: auth0
    allow: [{stages: all, routes: ["GET /pets/{id}"]}]
"""
ROLE, POLICY = "aws_iam_role.reader", "aws_iam_role_policy.reader"
API_ID = short_id("aws_api_gateway_rest_api.pets")
ARN = "arn:aws:execute-api:us-east-2:123456789012"

Act = Callable[[State], object]


def pets(**edits: str) -> ResolvedBlueprint:
    return resolved_of(edited(PETS, edits))


def drift(
    act: Act, wanted: ResolvedBlueprint | None = None, others: Others | None = None
) -> tuple[AccessDrift, ...]:
    """Apply the pets, let somebody act, and compare; `wanted` is the blueprint of today."""
    applied = state_of(pets())
    now = applied.copy()
    act(now)
    before, after = applied.read(others), now.read(others, is_fresh=True)
    return changed_access(wanted or pets(), before, after)


def said(act: Act, **more: Any) -> list[str]:
    return [each.sentence for each in drift(act, **more)]


def method(state: State, route: str) -> str:
    """Return the address of a method."""
    verb, _, path = route.partition(" ")
    ids = {v["id"]: v.get("path") for v in state.resources.values()}
    return next(
        address
        for address, values in state.resources.items()
        if values.get("http_method") == verb and ids.get(values["resource_id"]) == path
    )


def redeploy(state: State, stage: str) -> None:
    state.change(f"aws_api_gateway_stage.pets_{stage}", deployment_id="another")


def authorize(route: str, authorization: str, *redeployed: str) -> Act:
    def act(state: State) -> None:
        state.change(method(state, route), authorization=authorization)
        for stage in redeployed:
            redeploy(state, stage)

    return act


def give(*names: str, **policies: str) -> Act:
    """Give the role managed policies by ARN, and inline policies on an ARN."""

    def act(state: State) -> None:
        inline = [
            {
                "name": name,
                "policy": json.dumps(
                    {
                        "Version": "2012-10-17",
                        "Statement": [
                            {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": arn}
                        ],
                    }
                ),
            }
            for name, arn in policies.items()
        ]
        state.change(ROLE, inline_policy=inline, managed_policy_arns=list(names))

    return act


def trust(state: State) -> None:
    document = json.loads(state.resources[ROLE]["assume_role_policy"])
    stranger = {"AWS": "arn:aws:iam::999999999999:root"}
    document["Statement"].append(
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": stranger}
    )
    state.change(ROLE, assume_role_policy=json.dumps(document))


CASES: Sequence[tuple[str, Act, list[str]]] = [
    ("nothing", lambda _: None, []),
    (
        "a route of the blueprint, on one stage",
        lambda state: state.allow(POLICY, f"{ARN}:{API_ID}/prod/POST/pets"),
        ["reader may now call POST /pets on prod of pets, which the blueprint does not grant"],
    ),
    (
        "a route of the blueprint, on all stages",
        lambda state: state.allow(POLICY, f"{ARN}:{API_ID}/*/POST/pets"),
        [
            (
                "reader may now call POST /pets on dev and prod of pets, "
                "which the blueprint does not grant"
            )
        ],
    ),
    (
        "a method that is no route",
        lambda state: state.allow(POLICY, f"{ARN}:{API_ID}/prod/DELETE/pets"),
        ["reader may now call DELETE /pets on prod of pets, which the blueprint does not grant"],
    ),
    (
        "an API by a part of its id",
        lambda state: state.allow(POLICY, f"{ARN}:{API_ID[:4]}*/prod/POST/pets"),
        [
            "reader may now call POST /pets on prod of pets, which the blueprint does not grant",
            f"reader is allowed {ARN}:{API_ID[:4]}*/prod/POST/pets, beyond what it was granted",
        ],
    ),
    (
        "another API",
        lambda state: state.allow(POLICY, f"{ARN}:other67890/prod/GET/pets/*"),
        [f"reader is allowed {ARN}:other67890/prod/GET/pets/*, beyond what it was granted"],
    ),
    (
        "what it may call already",
        lambda state: state.allow(POLICY, f"{ARN}:{API_ID}/prod/GET/pets/*"),
        [],
    ),
    (
        "nothing any more",
        lambda state: state.remove(POLICY),
        [
            (
                "reader may no longer call GET /pets/{id} on dev and prod of pets, "
                "which the blueprint grants"
            )
        ],
    ),
    (
        "an inline policy of its own",
        give(mine=f"{ARN}:{API_ID}/dev/POST/pets"),
        ["reader may now call POST /pets on dev of pets, which the blueprint does not grant"],
    ),
    (
        "a managed policy",
        give("arn:aws:iam::aws:policy/AdministratorAccess"),
        [
            (
                "reader has the policy arn:aws:iam::aws:policy/AdministratorAccess, "
                "which is not in the stack"
            )
        ],
    ),
    (
        "a boundary",
        lambda state: state.change(ROLE, permissions_boundary="arn:aws:iam::123456789012:policy/b"),
        [
            (
                "reader has the permissions boundary arn:aws:iam::123456789012:policy/b, "
                "which takes away what it does not allow, and is not read"
            )
        ],
    ),
    ("somebody else", trust, ["a user of another account may assume reader"]),
    (
        "longer sessions",
        lambda state: state.change(ROLE, max_session_duration=43200),
        ["a session of reader may last 12h now, not 1h"],
    ),
    (
        "an open method that no stage publishes",
        authorize("POST /pets", "NONE"),
        [
            (
                "POST /pets of pets no longer demands a signature; "
                "the stages publish that with their next deployment, not before"
            )
        ],
    ),
    (
        "an open method that a stage may publish",
        authorize("POST /pets", "NONE", "prod"),
        [
            (
                "POST /pets of pets no longer demands a signature; "
                "prod got another deployment, which may have published that"
            ),
            (
                "prod of pets publishes another deployment than was applied: "
                "what it lets through is not known here, gateprint verify tries it"
            ),
        ],
    ),
    (
        "a closed method",
        authorize("GET /pets", "AWS_IAM"),
        [
            (
                "GET /pets of pets has the authorization AWS_IAM now, not NONE; "
                "the stages publish that with their next deployment, not before"
            )
        ],
    ),
    (
        "a method less",
        lambda state: state.remove(method(state, "GET /pets/{id}")),
        [
            (
                "GET /pets/{id} of pets has no method any more; "
                "the stages publish that with their next deployment, not before"
            )
        ],
    ),
    (
        "a stage less",
        lambda state: state.remove("aws_api_gateway_stage.pets_dev"),
        ["stage dev of pets is not there"],
    ),
]


@pytest.mark.parametrize(
    ("act", "expected"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_a_change_outside_is_said_in_terms_of_access(act: Act, expected: list[str]) -> None:
    assert said(act) == expected


def test_a_resource_policy_by_hand_lets_every_role_in() -> None:
    def act(state: State) -> None:
        statement = {
            "Effect": "Allow",
            "Action": "execute-api:Invoke",
            "Principal": "*",
            "Resource": f"{ARN}:{API_ID}/dev/POST/pets",
        }
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        state.change("aws_api_gateway_rest_api.pets", policy=json.dumps(policy))

    found = said(act)
    assert "every user of the account may call POST /pets on dev of pets" in found
    assert not any(
        " on prod " in each for each in found if "may call" in each and "not" not in each
    )


def test_an_api_is_opened_to_the_internet() -> None:
    applied = state_of(pets())
    applied.change("aws_api_gateway_rest_api.pets", endpoint_configuration=[{"types": ["PRIVATE"]}])
    now = applied.copy()
    now.change("aws_api_gateway_rest_api.pets", endpoint_configuration=[{"types": ["REGIONAL"]}])
    found = changed_access(pets(), applied.read(), now.read(is_fresh=True))
    assert [each.sentence for each in found] == [
        "pets can be reached from the internet; until now only by VPC endpoints"
    ]


def test_what_other_blueprints_add_to_a_role_is_no_drift() -> None:
    others = {"reader": Added(frozenset({"api-gateway-policy-orders"}), ("orders.reader.",))}
    act = give(
        "arn:aws:iam::123456789012:policy/orders.reader.1",
        **{"api-gateway-policy-orders": f"{ARN}:other67890/*/GET/orders"},
    )
    assert said(act, others=others) == []
    assert len(said(act)) == 2


def test_strange_policies_are_named() -> None:
    state = state_of(pets())
    give("arn:aws:iam::aws:policy/ReadOnlyAccess", mine=f"{ARN}:{API_ID}/dev/POST/pets")(state)
    found = [
        Resource(address, address.partition(".")[0], values)
        for address, values in state.resources.items()
    ]
    assert [(role.address, where, name) for role, where, name in strangers(found, {})] == [
        (ROLE, "inline_policy", "mine"),
        (ROLE, "managed_policy_arns", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
    ]


GRANT = '    allow: [{stages: all, routes: ["GET /pets/{id}"]}]'
MORE = {GRANT: '    allow: [{stages: all, routes: ["GET /pets/{id}", POST /pets]}]'}


def test_what_a_blueprint_says_and_nobody_has_applied_is_no_drift() -> None:
    longer = {"identity_provider: auth0": "identity_provider: auth0\n    when: {sub: [somebody]}"}
    name, act, expected = CASES[-1]
    assert name == "a stage less"
    for wanted in (pets(**MORE), pets(**longer)):
        assert said(lambda _: None, wanted=wanted) == []
        assert said(act, wanted=wanted) == expected


def test_what_a_blueprint_says_and_somebody_did_by_hand_is_said_so() -> None:
    act = CASES[1][1]
    assert said(act, wanted=pets(**MORE)) == [
        (
            "reader may now call POST /pets on prod of pets, "
            "which the blueprint grants and nobody has applied"
        )
    ]


def test_a_policy_that_cannot_be_understood_is_not_decided() -> None:
    def act(state: State) -> None:
        document = json.loads(state.resources[POLICY]["policy"])
        document["Statement"][0]["Condition"] = {"StringEquals": {"custom:unknown": "x"}}
        state.change(POLICY, policy=json.dumps(document))

    (found,) = drift(act)
    assert found.kind == "unknown"
    assert found.sentence.startswith("it is not known what reader may call: ")


def test_what_was_not_known_before_is_said_again_only_if_something_was_changed() -> None:
    unapplied = "apis:\n  extra:\n    routes:\n      GET /x: {mock: {status: 200}}\n  pets:"
    wanted = pets(**{"apis:\n  pets:": unapplied, 'routes: ["GET': 'api: pets, routes: ["GET'})
    spaced = state_of(pets()).resources[POLICY]["policy"].replace(":", ": ", 1)
    assert said(lambda state: state.change(POLICY, policy=spaced), wanted=wanted) == []


def test_of_a_retired_blueprint_nothing_is_said() -> None:
    retired = replace(pets(), retired=Retired("no customers", "team-pets"))
    assert said(lambda state: state.remove(POLICY), wanted=retired) == []


def account(metadata_xml: str) -> State:
    values = {"name": "auth0", "saml_metadata_document": metadata_xml}
    return State({"aws_iam_saml_provider.auth0": values})


def test_another_signing_certificate_says_who_may_be_whom() -> None:
    environment = environment_of()
    (provider,) = environment.identity_providers
    before = account(provider.metadata_xml)
    after = account(saml.metadata(ISSUER, "acme.auth0.com"))
    found = changed_account(environment, pets().roles, before.read(), after.read(is_fresh=True))
    assert [each.kind for each in found] == ["certificate", "certificate"]
    assert "may now let anyone assume reader" in found[1].sentence
    assert "no longer counts for reader" in found[0].sentence


def test_other_metadata_with_the_same_certificate_is_said() -> None:
    environment = environment_of()
    (provider,) = environment.identity_providers
    before, after = account(provider.metadata_xml), account(provider.metadata_xml + "\n")
    found = changed_account(environment, pets().roles, before.read(), after.read(is_fresh=True))
    assert [each.sentence for each in found] == [
        "the SAML provider auth0 has other metadata than the environment"
    ]


def test_metadata_that_is_no_xml_is_said() -> None:
    environment = environment_of()
    (provider,) = environment.identity_providers
    before, after = account(provider.metadata_xml), account("<oops")
    found = changed_account(environment, pets().roles, before.read(), after.read(is_fresh=True))
    assert [each.kind for each in found] == ["trust"]


@given(blueprints())
@settings(
    deadline=None,
    derandomize=True,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_a_state_that_was_just_applied_means_what_the_blueprint_states(
    blueprint: ResolvedBlueprint,
) -> None:
    state = state_of(blueprint)
    assert prove(blueprint, state.read().access) == ()
    assert prove(blueprint, state.read(is_fresh=True).access) == ()
