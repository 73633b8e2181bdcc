"""IAM's decision on calls, from what the account holds at this moment."""

from __future__ import annotations

import datetime as dt
import json
import logging
from dataclasses import replace

import pytest

from gateprint.access.evaluate import Decision
from gateprint.local.identity.account import AccountRole, AccountUser, Document
from gateprint.local.identity.authorization import AccountAuthorization
from gateprint.local.identity.credentials import Context, Holder, Sessions
from gateprint.local.web import Caller
from tests.local.identity.fakes import ACCOUNT, CALLER, ROLE_ARN, USER, FakeAccount, allowing

API = f"arn:aws:execute-api:us-east-2:{ACCOUNT}:abc123"
READ, WRITE = f"{API}/dev/GET/pets/7", f"{API}/dev/POST/pets"
NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
ROLE = AccountRole(ROLE_ARN, "AROAEXAMPLE", "{}", (allowing(f"{API}/dev/GET/pets/*"),))


def decided(
    role: AccountRole = ROLE,
    arn: str = READ,
    *,
    resource_policy: str | None = None,
    context: Context | None = None,
    lasting: Context | None = None,
) -> Decision:
    """The decision on a session of the role."""
    account = FakeAccount(roles={role.id: role})
    sessions = Sessions(lambda: NOW)
    holder = Holder(CALLER.arn, role.arn, f"{role.id}:carla", ACCOUNT)
    session = sessions.issue(holder, NOW + dt.timedelta(hours=1), lasting or {})
    authorization = AccountAuthorization(account, sessions, lambda: NOW)
    return authorization.authorize(session.caller, arn, resource_policy, context or {})


def outcome(role: AccountRole = ROLE, arn: str = READ, **more: Context | str | None) -> str:
    return decided(role, arn, **more).outcome  # type: ignore[arg-type]


def under(**condition: dict[str, str]) -> AccountRole:
    """A role that is allowed everything under a condition."""
    return replace(ROLE, policies=(allowing(f"{API}/*", Condition=condition),))


def test_a_role_may_what_its_policy_allows() -> None:
    found = decided()
    assert found.outcome == "allow"
    assert found.statement is not None
    assert found.statement.place == "policy own, statement 1"
    assert outcome(arn=WRITE) == "implicit-deny"


def test_a_deny_wins() -> None:
    denial = allowing(f"{API}/*", effect="Deny", name="stop")
    found = decided(replace(ROLE, policies=(*ROLE.policies, denial)))
    assert found.outcome == "explicit-deny"
    assert found.statement is not None
    assert found.statement.policy == "stop"


def test_a_boundary_limits_the_role() -> None:
    assert outcome(replace(ROLE, boundary=allowing(f"{API}/*", name="limit"))) == "allow"
    assert outcome(replace(ROLE, boundary=allowing(WRITE, name="limit"))) == "implicit-deny"


def test_changes_of_a_policy_count_at_once() -> None:
    account = FakeAccount(roles={ROLE.id: ROLE})
    authorization = AccountAuthorization(account, Sessions(lambda: NOW), lambda: NOW)
    assert authorization.authorize(CALLER, READ, None, {}).outcome == "allow"
    account.roles[ROLE.id] = replace(ROLE, policies=())
    assert authorization.authorize(CALLER, READ, None, {}).outcome == "implicit-deny"


def test_a_role_that_is_gone_may_nothing_even_if_another_has_its_name() -> None:
    account = FakeAccount(roles={"AROANEW": replace(ROLE, id="AROANEW")})
    authorization = AccountAuthorization(account, Sessions(lambda: NOW), lambda: NOW)
    everybody = allowing(f"{API}/*", Principal={"AWS": ROLE_ARN}).text
    assert authorization.authorize(CALLER, READ, everybody, {}).outcome == "implicit-deny"


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (under(StringEquals={"aws:userid": "AROAEXAMPLE:carla"}), "allow"),
        (under(StringEquals={"aws:userid": "AROAEXAMPLE:dora"}), "implicit-deny"),
        (under(ArnEquals={"aws:PrincipalArn": ROLE_ARN}), "allow"),
        (under(StringEquals={"aws:PrincipalType": "AssumedRole"}), "allow"),
        (under(StringEquals={"aws:PrincipalAccount": ACCOUNT}), "allow"),
        (under(StringEquals={"aws:RequestedRegion": "us-east-2"}), "allow"),
        (under(Bool={"aws:SecureTransport": "true"}), "allow"),
        (under(Bool={"aws:MultiFactorAuthPresent": "true"}), "implicit-deny"),
        (under(BoolIfExists={"aws:MultiFactorAuthPresent": "true"}), "implicit-deny"),
        (under(DateLessThan={"aws:CurrentTime": "2026-06-01T12:00:01Z"}), "allow"),
        (under(DateLessThan={"aws:CurrentTime": "2026-06-01T12:00:00Z"}), "implicit-deny"),
        (under(NumericGreaterThan={"aws:EpochTime": "1780000000"}), "allow"),
        (under(IpAddress={"aws:SourceIp": "192.0.2.0/24"}), "allow"),
        (under(IpAddress={"aws:SourceIp": "198.51.100.0/24"}), "implicit-deny"),
        (under(StringEquals={"saml:sub": "carla"}), "allow"),
        (under(StringEquals={"SAML:sub": "dora"}), "implicit-deny"),
        (under(StringEquals={"saml:iss": "urn:acme.auth0.com"}), "implicit-deny"),
        (under(StringEquals={"aws:PrincipalTag/Team": "pets"}), "allow"),
        (under(StringEquals={"aws:PrincipalTag/site": "north"}), "allow"),
    ],
)
def test_conditions_see_the_request_and_the_session(role: AccountRole, expected: str) -> None:
    tagged = replace(role, tags={"team": "birds", "site": "north"})
    lasting = {"saml:sub": ("carla",), "aws:principaltag/team": ("pets",)}
    assert outcome(tagged, context={"aws:SourceIp": ("192.0.2.7",)}, lasting=lasting) == expected


def test_policy_variables_are_filled_in() -> None:
    own = replace(ROLE, policies=(allowing(f"{API}/dev/GET/pets/${{saml:sub}}"),))
    assert outcome(own, lasting={"saml:sub": ("7",)}) == "allow"
    assert outcome(own, lasting={"saml:sub": ("8",)}) == "implicit-deny"


@pytest.mark.parametrize(
    "role",
    [
        replace(ROLE, policies=(Document("odd", "no JSON"), *ROLE.policies)),
        replace(ROLE, boundary=Document("arn:aws:iam::aws:policy/gone", "")),
        under(StringEquals={"s3:prefix": "a"}),
        under(IpAddress={"aws:SourceIp": "192.0.2.0/24"}),
    ],
    ids=["a policy that is none", "a boundary that is gone", "an unknown key", "no address"],
)
def test_what_is_not_known_is_refused_and_the_log_says_why(
    role: AccountRole, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert decided(role) == Decision("implicit-deny")
    assert "it is not known what AWS decides" in caplog.text


def test_the_resource_policy_decides_as_well() -> None:
    allow = allowing(f"{API}/*", Principal={"AWS": ROLE_ARN}).text
    deny = allowing(f"{API}/*", effect="Deny", Principal="*").text
    assert outcome(arn=WRITE, resource_policy=allow) == "allow"
    assert outcome(resource_policy=deny) == "explicit-deny"


def test_a_resource_policy_may_leave_out_the_beginning_of_its_arns() -> None:
    short = allowing("execute-api:/dev/POST/*", Principal={"AWS": ROLE_ARN}).text
    assert outcome(arn=WRITE, resource_policy=short) == "allow"
    assert outcome(arn=f"{API}/prod/POST/pets", resource_policy=short) == "implicit-deny"


def test_of_somebody_unknown_only_the_resource_policy_decides() -> None:
    authorization = AccountAuthorization(FakeAccount(), Sessions(lambda: NOW), lambda: NOW)
    here = {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
    policy = allowing(READ, Principal="*", Condition=here).text
    near, far = ({"aws:SourceIp": (each,)} for each in ("192.0.2.7", "198.51.100.7"))
    assert authorization.authorize(None, READ, policy, near).outcome == "allow"
    assert authorization.authorize(None, READ, policy, far).outcome == "implicit-deny"
    assert authorization.authorize(None, WRITE, policy, near).outcome == "implicit-deny"


def test_an_iam_user_has_policies_too() -> None:
    named = {"StringEquals": {"aws:username": "robot", "aws:PrincipalType": "User"}}
    robot = AccountUser("robot", (allowing(WRITE, Condition=named),))
    account = FakeAccount(users={USER.user_id: robot})
    authorization = AccountAuthorization(account, Sessions(lambda: NOW), lambda: NOW)
    assert authorization.authorize(USER, WRITE, None, {}).outcome == "allow"
    assert authorization.authorize(USER, READ, None, {}).outcome == "implicit-deny"
    gone = Caller(USER.access_key, USER.arn, "", "AIDAGONE", ACCOUNT)
    assert authorization.authorize(gone, WRITE, None, {}).outcome == "implicit-deny"


def test_what_the_session_is_cannot_be_overruled_by_the_request() -> None:
    only = under(StringEquals={"aws:userid": "AROAEXAMPLE:dora"})
    assert outcome(only, context={"aws:UserId": ("AROAEXAMPLE:dora",)}) == "implicit-deny"


def test_one_policy_text_is_read_once() -> None:
    many = [{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": READ}] * 50
    text = json.dumps({"Version": "2012-10-17", "Statement": many})
    role = replace(ROLE, policies=(Document("many", text),))
    assert decided(role).statement is decided(role).statement
