"""What IAM decides, by the examples and tables of its documentation."""

from __future__ import annotations

import pytest

from gateprint.access.evaluate import Decision, Policies, evaluate
from gateprint.access.iam.request import ANONYMOUS, Principal, Request, user
from gateprint.access.iam.statement import read_policy
from tests.access.decisions import (
    ACCOUNT,
    ARN,
    CALLER,
    ELSEWHERE,
    OTHER,
    PETS,
    ROLE,
    Statement,
    allow,
    deny,
    document,
    identity,
    is_allowed,
    outcome,
    resource_policy,
    to,
)

USER = user(f"arn:aws:iam::{ACCOUNT}:user/bert")
ROOT = f"arn:aws:iam::{ACCOUNT}:root"


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("dev/GET/pets", "dev/GET/pets", True),
        ("dev/GET/pets", "dev/GET/Pets", False),
        ("dev/GET/pets", "dev/get/pets", False),
        # Parameters: a policy names the request's path, not the template.
        ("*/GET/pets/*", "dev/GET/pets/a1b2", True),
        ("*/GET/pets/{id}", "dev/GET/pets/7", False),
        # `*` spans slashes, wherever it is.
        ("dev/GET/pets/*", "dev/GET/pets/7/owner", True),
        ("Test*/GET/pets", "Test2/POST/x/GET/pets", True),
        ("*/OPTIONS/*", "dev/GET/OPTIONS/x", True),
        ("dev/*/pets", "dev/DELETE/admin/pets", True),
        ("*", "dev/GET/pets/7", True),
        # It matches nothing as well, so the root and what is below differ by a slash alone.
        ("dev/GET/", "dev/GET/", True),
        ("dev/GET", "dev/GET/", False),
        ("dev/GET/", "dev/GET", False),
        ("dev/GET/pets", "dev/GET/pets/", False),
        ("dev/GET/pets/", "dev/GET/pets", False),
        ("dev/GET/*", "dev/GET/", True),
        ("dev/GET/pets/*", "dev/GET/pets", False),
        ("dev/GET/pets/*", "dev/GET/pets/", True),
        # `?` is one character.
        ("dev/GET/pets/?", "dev/GET/pets/7", True),
        ("dev/GET/pets/?", "dev/GET/pets/77", False),
        ("dev/GET/pets/?", "dev/GET/pets/", False),
        ("dev/GET?pets", "dev/GET/pets", True),
        # The last field of the ARN may hold colons and whatever else.
        ("dev/GET/*/x", "dev/GET/a:b:c/x", True),
        ("dev/GET/a+(b", "dev/GET/a+(b", True),
        ("dev/GET/a.b", "dev/GET/axb", False),
        ("dev/GET/pets", "dev/GET/pets\n", False),
        ("dev/GET/*", "dev/GET/a\nb", True),
        # Escapes.
        ("dev/GET/a${*}b", "dev/GET/a*b", True),
        ("dev/GET/a${*}b", "dev/GET/axb", False),
        ("dev/GET/a${?}b", "dev/GET/a?b", True),
        ("dev/GET/a${?}b", "dev/GET/axb", False),
        ("dev/GET/a${$}b", "dev/GET/a$b", True),
    ],
)
def test_a_pattern_allows_a_request(pattern: str, path: str, expected: bool) -> None:
    assert is_allowed(pattern, path) is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("BUCKET/1/test/object.jpg", True),
        ("BUCKET/1/2/test/object.jpg", True),
        ("BUCKET/1/2/test/3/object.jpg", True),
        ("BUCKET/1/2/3/test/4/object.jpg", True),
        ("BUCKET/1///test///object.jpg", True),
        ("BUCKET/1/test/.jpg", True),
        ("BUCKET//test/object.jpg", True),
        ("BUCKET/1/test/", True),
        ("BUCKET/1-test/object.jpg", False),
        ("BUCKET/test/object.jpg", False),
        ("BUCKET/1/2/test.jpg", False),
    ],
)
def test_the_user_guides_example_of_a_wildcard_holds(path: str, expected: bool) -> None:
    statement = allow("arn:aws:s3:::BUCKET/*/test/*", Action="s3:GetObject")
    # Without an account, caller and bucket are of one account: it is the pattern that matters.
    request = Request("s3:GetObject", f"arn:aws:s3:::{path}", CALLER)
    policy = identity(statement).identity[0]
    assert policy.allows[0].is_applying(request) is expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*", True),
        ("arn:aws:execute-api:*:*:*", True),
        ("arn:aws:execute-api:us-east-2:*:*", True),
        ("arn:aws:execute-api:us-east-2:*:a1b2/*", True),
        ("arn:aws:execute-api:us-*-2:123456789012:a1b2/*", True),
        ("arn:aws:execute-api:us-east-?:123456789012:*", True),
        ("arn:aws:execute-api:eu-*:*:*", False),
        ("arn:aws:execute-api:us-east-2:999999999999:*", False),
        ("arn:aws:execute-api:us-east-2:123456789012:*/dev/GET/pets", True),
        ("arn:aws:execute-api:us-east-2:123456789012:a?b2/dev/GET/pets", True),
        # Missing fields of an identity policy are completed by wildcards.
        ("arn:aws:execute-api", True),
        ("arn:aws:execute-api:us-east-2", True),
        ("arn:aws:execute-api:us-east-2:*", True),
        ("arn:aws:execute-api:eu-west-1", False),
        ("arn:aws:execute-api:us-*", True),
        ("arn:aws:execute-api:us-east-2:*/dev/GET/pets", False),
        ("arn:aws:execute-api:us-east-2:123456789012", True),
        ("arn:aws:execute-api:us-east-2:999999999999", False),
        # One that does not end its field stays within it.
        ("arn:aws:execute-api:us*2:*:a1b2/dev/GET/pets", True),
        ("arn:aws:execute-api:us*12:*:a1b2/dev/GET/pets", False),
        ("arn:aws:execute-api:us-east-2:1?3*2:a1b2/dev/GET/pets", True),
        ("arn:aws:execute-api:us-east?2:123456789012?a1b2/dev/GET/pets:*", False),
    ],
)
def test_a_wildcard_may_be_in_region_account_and_the_rest(pattern: str, expected: bool) -> None:
    assert (outcome(identity(allow(pattern)), to()) == "allow") is expected


def test_a_wildcard_at_the_end_of_a_field_goes_on_beyond_the_colon() -> None:
    policies = identity(allow("arn:aws:execute-api:us-east-2:*:x/y"))
    assert outcome(policies, to(f"{ARN}/dev/GET/a:x/y")) == "allow"
    assert outcome(policies, to(f"{ARN}/dev/GET/a/x/y")) == "implicit-deny"


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("execute-api:Invoke", True),
        ("EXECUTE-API:invoke", True),
        ("execute-api:*", True),
        ("*", True),
        ("execute-api:Inv?ke", True),
        ("execute-api:*Cache", False),
        ("execute-api:Invok", False),
        ("s3:Invoke", False),
        (["s3:Get*", "execute-api:Invoke"], True),
    ],
)
def test_actions_are_compared_without_case(action: object, expected: bool) -> None:
    assert (outcome(identity(allow(Action=action)), to()) == "allow") is expected


def test_not_action_and_not_resource_mean_all_others() -> None:
    others = identity(allow(Action=None, NotAction=["s3:*", "execute-api:Manage*"]))
    assert outcome(others, to()) == "allow"
    assert outcome(identity(allow(Action=None, NotAction="execute-api:I*")), to()) != "allow"
    elsewhere = identity(allow(None, NotResource=[f"{ARN}/dev/*", f"{ARN}/test/*"]))
    assert outcome(elsewhere, to()) == "implicit-deny"
    assert outcome(elsewhere, to(f"{ARN}/prod/GET/pets")) == "allow"


class TestTheTutorialsMistakes:
    def test_an_arn_without_a_verb_allows_every_verb_stage_and_prefix(self) -> None:
        assert is_allowed("*/pets/purchase", "Prod/DELETE/admin/pets/purchase")

    def test_a_trailing_slash_denies_everything_but_the_root(self) -> None:
        assert not is_allowed("*/", "Test/GET/pets")
        assert is_allowed("*/", "Test/GET/")

    def test_a_wildcard_for_the_action_allows_to_clear_the_cache(self) -> None:
        policies = identity(allow(f"{ARN}/*", Action="execute-api:*"))
        request = Request("execute-api:InvalidateCache", f"{ARN}/dev/GET/pets", CALLER)
        assert outcome(policies, request) == "allow"


class TestVariables:
    def test_one_in_a_resource_is_the_callers_value(self) -> None:
        policies = identity(allow(f"{ARN}/dev/GET/${{aws:UserName}}/*"))
        assert outcome(policies, to(f"{ARN}/dev/GET/anna/x", **{"AWS:username": "anna"})) == "allow"
        assert outcome(policies, to(f"{ARN}/dev/GET/anna/x", **{"aws:username": "bert"})) != "allow"

    def test_one_without_a_value_matches_no_resource(self) -> None:
        policies = identity(allow(f"{ARN}/dev/GET/${{aws:username}}*"))
        assert outcome(policies, to(f"{ARN}/dev/GET/")) == "implicit-deny"

    def test_a_default_stands_in_for_a_missing_value(self) -> None:
        policies = identity(allow(f"{ARN}/dev/GET/${{aws:PrincipalTag/team, 'all'}}"))
        assert outcome(policies, to(f"{ARN}/dev/GET/all")) == "allow"
        tagged = {"aws:PrincipalTag/Team": "pets"}
        assert outcome(policies, to(f"{ARN}/dev/GET/all", **tagged)) == "implicit-deny"
        assert outcome(policies, to(f"{ARN}/dev/GET/pets", **tagged)) == "allow"

    @pytest.mark.parametrize("version", [None, "2008-10-17"])
    def test_an_old_policy_takes_them_literally(self, version: str | None) -> None:
        policies = identity(allow(f"{ARN}/dev/GET/${{aws:username}}"), version=version)
        assert outcome(policies, to(f"{ARN}/dev/GET/anna", **{"aws:username": "anna"})) != "allow"
        assert outcome(policies, to(f"{ARN}/dev/GET/${{aws:username}}")) == "allow"

    def test_one_may_carry_the_saml_subject_of_the_session(self) -> None:
        policies = identity(allow(f"{ARN}/dev/GET/orders/${{saml:sub}}"))
        assert (
            outcome(policies, to(f"{ARN}/dev/GET/orders/anna", **{"saml:sub": "anna"})) == "allow"
        )


class TestTheDecidingStatement:
    def test_a_denial_wins_wherever_it_stands(self) -> None:
        policies = identity(allow(Sid="a"), deny(f"{ARN}/dev/*", Sid="b"), deny(Sid="c"))
        found = evaluate(policies, to())
        assert found.outcome == "explicit-deny"
        assert found.statement is not None
        assert (found.statement.policy, found.statement.index, found.statement.sid) == (
            "reader",
            1,
            "b",
        )

    def test_the_first_statement_that_allows_is_named(self) -> None:
        policies = identity(allow(f"{ARN}/test/*"), allow(f"{ARN}/dev/*"), allow())
        found = evaluate(policies, to())
        assert found.statement is not None
        assert (found.outcome, found.statement.index, found.statement.sid) == ("allow", 1, "")
        assert found.statement.place == "policy reader, statement 2"

    def test_nothing_decides_an_implicit_deny(self) -> None:
        assert evaluate(identity(allow(f"{ARN}/test/*")), to()) == Decision("implicit-deny")
        assert evaluate(Policies(), to()) == Decision("implicit-deny")

    def test_several_policies_count_together(self) -> None:
        one = read_policy("one", document(allow(f"{ARN}/dev/*")), "identity")
        two = read_policy("two", document(deny(f"{ARN}/dev/GET/*")), "identity")
        assert outcome(Policies((one,)), to()) == "allow"
        found = evaluate(Policies((one, two)), to())
        assert found.statement is not None
        assert found.statement.policy == "two"


# "API Gateway authorization flow", tables A and B: identity, resource policy, and the outcome
# within one account and across accounts.
TABLES = [
    ("Allow", "Allow", "allow", "allow"),
    ("Allow", "", "allow", "implicit-deny"),
    ("Allow", "Deny", "explicit-deny", "explicit-deny"),
    ("", "Allow", "allow", "implicit-deny"),
    ("", "", "implicit-deny", "implicit-deny"),
    ("", "Deny", "explicit-deny", "explicit-deny"),
    ("Deny", "Allow", "explicit-deny", "explicit-deny"),
    ("Deny", "", "explicit-deny", "explicit-deny"),
    ("Deny", "Deny", "explicit-deny", "explicit-deny"),
]
STATEMENTS: dict[str, Statement] = {
    "Allow": allow(),
    "Deny": deny(),
    "": allow("arn:aws:s3:::bucket/*", Action="s3:*"),
}


@pytest.mark.parametrize(("caller", "resource", "within", "across"), TABLES)
@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": CALLER.name}, {"AWS": ROLE}])
def test_a_resource_policy_counts_as_in_the_tables(
    caller: str, resource: str, within: str, across: str, principal: object
) -> None:
    policy = resource_policy({**STATEMENTS[resource], "Principal": principal})
    policies = Policies(identity(STATEMENTS[caller]).identity, resource=policy)
    assert outcome(policies, to(f"{ARN}/dev/GET/pets")) == within
    assert outcome(policies, to(f"{ELSEWHERE}/dev/GET/pets")) == across


def test_across_accounts_the_resource_policy_may_name_the_account() -> None:
    for principal in (ROOT, ACCOUNT):
        policy = resource_policy(allow(Principal={"AWS": [OTHER, principal]}))
        policies = Policies(identity(allow()).identity, resource=policy)
        assert outcome(policies, to(f"{ELSEWHERE}/dev/GET/pets")) == "allow"


def test_across_accounts_there_has_to_be_a_resource_policy() -> None:
    assert outcome(identity(allow()), to(f"{ELSEWHERE}/dev/GET/pets")) == "implicit-deny"


def test_a_resource_policy_for_somebody_else_says_nothing() -> None:
    others = {"AWS": [f"arn:aws:iam::{ACCOUNT}:role/reader", f"arn:aws:iam::{OTHER}:root"]}
    policies = Policies(resource=resource_policy(allow(Principal=others)))
    assert outcome(policies, to()) == "implicit-deny"


@pytest.mark.parametrize(
    ("principal", "caller", "expected"),
    [
        ({"AWS": ROLE}, CALLER, "implicit-deny"),
        ({"AWS": CALLER.name}, CALLER, "allow"),
        ("*", CALLER, "allow"),
        ({"AWS": USER.name}, USER, "allow"),
    ],
)
def test_a_boundary_limits_what_a_resource_policy_allows_to_the_role(
    principal: object, caller: Principal, expected: str
) -> None:
    boundary = identity(allow(f"{ARN}/test/*")).identity[0]
    policies = Policies(boundary=boundary, resource=resource_policy(allow(Principal=principal)))
    assert outcome(policies, to(PETS, caller)) == expected


def test_a_boundary_limits_the_identity_policies() -> None:
    whole = identity(allow()).identity
    boundary = identity(allow(f"{ARN}/test/*"), deny(f"{ARN}/test/DELETE/*")).identity[0]
    policies = Policies(whole, boundary)
    assert outcome(policies, to()) == "implicit-deny"
    assert outcome(policies, to(f"{ARN}/test/GET/pets")) == "allow"
    assert outcome(policies, to(f"{ARN}/test/DELETE/pets")) == "explicit-deny"
    assert outcome(Policies((), boundary), to(f"{ARN}/test/GET/pets")) == "implicit-deny"


def test_across_accounts_a_boundary_counts_too() -> None:
    boundary = identity(allow(f"{ELSEWHERE}/test/*")).identity[0]
    policy = resource_policy(allow(Principal="*"))
    policies = Policies(identity(allow()).identity, boundary, policy)
    assert outcome(policies, to(f"{ELSEWHERE}/dev/GET/pets")) == "implicit-deny"
    assert outcome(policies, to(f"{ELSEWHERE}/test/GET/pets")) == "allow"


class TestAnonymousRequests:
    def test_the_resource_policy_decides_alone(self) -> None:
        policies = Policies(
            identity(deny()).identity,
            resource=resource_policy(allow(f"{ARN}/*/OPTIONS/*", Principal="*")),
        )
        assert outcome(policies, to(f"{ARN}/dev/OPTIONS/pets", ANONYMOUS)) == "allow"
        assert outcome(policies, to(f"{ARN}/dev/GET/pets", ANONYMOUS)) == "implicit-deny"

    def test_nobody_is_of_no_account(self) -> None:
        policies = Policies(resource=resource_policy(allow(Principal={"AWS": [ACCOUNT, ROLE]})))
        assert outcome(policies, to(PETS, ANONYMOUS)) == "implicit-deny"

    def test_a_private_api_denies_what_comes_by_another_way(self) -> None:
        condition = {"StringNotEquals": {"aws:SourceVpce": ["vpce-1", "vpce-2"]}}
        policy = resource_policy(
            deny(f"{ARN}/*", Principal="*", Condition=condition), allow(f"{ARN}/*", Principal="*")
        )
        policies = Policies(resource=policy)
        inside, outside = {"aws:SourceVpce": "vpce-2"}, {"aws:SourceVpce": "vpce-3"}
        assert outcome(policies, to(PETS, ANONYMOUS, **inside)) == "allow"
        assert outcome(policies, to(PETS, ANONYMOUS, **outside)) == "explicit-deny"
        assert outcome(policies, to(PETS, ANONYMOUS)) == "explicit-deny"


class TestNotPrincipal:
    def test_it_denies_all_but_those_that_are_named_with_role_and_account(self) -> None:
        named = {"AWS": [CALLER.name, ROLE, ROOT]}
        policy = resource_policy(deny(NotPrincipal=named))
        policies = Policies(identity(allow()).identity, resource=policy)
        assert outcome(policies, to()) == "allow"
        assert outcome(policies, to(PETS, user(f"arn:aws:iam::{OTHER}:user/x"))) == "explicit-deny"
        assert outcome(policies, to(PETS, ANONYMOUS)) == "explicit-deny"

    def test_it_denies_whoever_has_a_boundary(self) -> None:
        policy = resource_policy(deny(NotPrincipal={"AWS": [CALLER.name, ROLE, ROOT]}))
        policies = identity(allow())
        bounded = Policies(policies.identity, policies.identity[0], policy)
        assert outcome(bounded, to()) == "explicit-deny"
