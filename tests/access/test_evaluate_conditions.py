"""Conditions, by the examples of the user guide: operators, set operators and missing keys."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gateprint.access.iam.request import Request
from tests.access.decisions import ARN, CALLER, allow, deny, identity, outcome

TAGS = "aws:PrincipalTag/team"
PATHS = "aws:PrincipalOrgPaths"
SNS = "arn:aws:sns:us-east-2:123456789012"
COLONS = "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"

Condition = Mapping[str, Mapping[str, object]]


def is_met(condition: Condition, **context: object) -> bool:
    values = {
        key: tuple(each) if isinstance(each, list) else (str(each),)
        for key, each in context.items()
    }
    request = Request("execute-api:Invoke", f"{ARN}/dev/GET/pets", CALLER, values)
    return outcome(identity(allow(Condition=condition)), request) == "allow"


@pytest.mark.parametrize(
    ("operator", "key", "expected", "actual", "met"),
    [
        ("StringEquals", TAGS, "pets", "pets", True),
        ("StringEquals", TAGS, "pets", "Pets", False),
        ("StringEquals", TAGS, "p*", "pets", False),
        ("StringEquals", TAGS, ["a", "pets"], "pets", True),
        ("StringEquals", TAGS, "", "", True),
        ("StringEquals", TAGS, "a${*}", "a*", True),
        ("StringNotEquals", TAGS, "pets", "Pets", True),
        ("StringNotEquals", TAGS, ["a", "pets"], "pets", False),
        ("StringNotEquals", TAGS, ["a", "b"], "pets", True),
        ("StringEqualsIgnoreCase", TAGS, "PETS", "pets", True),
        ("StringNotEqualsIgnoreCase", TAGS, "PETS", "pets", False),
        ("StringLike", TAGS, "p*", "pets", True),
        ("StringLike", TAGS, "p?ts", "pets", True),
        ("StringLike", TAGS, "P*", "pets", False),
        ("StringLike", TAGS, "p*x", "pets", False),
        ("StringLike", TAGS, "p${*}", "pets", False),
        ("StringNotLike", TAGS, "p*", "pets", False),
        ("StringNotLike", TAGS, ["a*", "b*"], "pets", True),
        (
            "StringLike",
            "aws:SourceArn",
            "arn:aws:someservice:*:111122223333:finance/*",
            COLONS,
            True,
        ),
        ("ArnLike", "aws:SourceArn", "arn:aws:someservice:*:111122223333:finance/*", COLONS, False),
        ("ArnLike", "aws:SourceArn", f"{SNS}:t*x", f"{SNS}:t:a:x", True),
        ("ArnEquals", "aws:SourceArn", "arn:aws:sns:*:123456789012:t", f"{SNS}:t", True),
        ("ArnEquals", "aws:SourceArn", f"{SNS}:?", f"{SNS}:t", True),
        ("ArnEquals", "aws:SourceArn", f"{SNS}:T", f"{SNS}:t", False),
        ("ArnNotEquals", "aws:SourceArn", f"{SNS}:t", f"{SNS}:t", False),
        ("ArnNotLike", "aws:SourceArn", f"{SNS}:x*", f"{SNS}:t", True),
        ("Bool", "aws:MultiFactorAuthPresent", "true", "true", True),
        ("Bool", "aws:MultiFactorAuthPresent", True, "false", False),
        ("Bool", "aws:SecureTransport", False, "false", True),
        ("NumericEquals", "aws:MultiFactorAuthAge", "10.0", "10", True),
        ("NumericEquals", "aws:MultiFactorAuthAge", 10, "10", True),
        ("NumericNotEquals", "aws:MultiFactorAuthAge", "10", "9", True),
        ("NumericLessThan", "aws:MultiFactorAuthAge", "10", "9.5", True),
        ("NumericLessThan", "aws:MultiFactorAuthAge", "10", "10", False),
        ("NumericLessThanEquals", "aws:MultiFactorAuthAge", "10", "10", True),
        ("NumericGreaterThan", "aws:MultiFactorAuthAge", "9", "10", True),
        ("NumericGreaterThanEquals", "aws:MultiFactorAuthAge", "-1", "-1", True),
        ("DateEquals", "aws:CurrentTime", "2026-01-01", "2026-01-01T00:00:00Z", True),
        ("DateEquals", "aws:CurrentTime", "2026-01", "2026-01-01T00:00:00Z", True),
        ("DateEquals", "aws:CurrentTime", "1767225600", "2026-01-01T00:00:00Z", True),
        ("DateEquals", "aws:EpochTime", "2026-01-01T01:00:00+01:00", "1767225600", True),
        ("DateNotEquals", "aws:CurrentTime", "2026-01-01", "2026-01-01T00:00:01Z", True),
        ("DateLessThan", "aws:CurrentTime", "2026-01-01T00:00Z", "2025-12-31T23:59:59Z", True),
        ("DateGreaterThan", "aws:CurrentTime", "2026-01-01", "2026-01-01T00:00:00Z", False),
        ("DateGreaterThanEquals", "aws:CurrentTime", "2026-01-01", "2026-01-01T00:00:00Z", True),
        ("DateGreaterThan", "aws:TokenIssueTime", "2020-01-01T00:00:01Z", "2026-01-01", True),
        ("IpAddress", "aws:SourceIp", "203.0.113.0/24", "203.0.113.9", True),
        ("IpAddress", "aws:SourceIp", "203.0.113.0/24", "203.0.114.9", False),
        ("IpAddress", "aws:SourceIp", "203.0.113.9", "203.0.113.9", True),
        ("IpAddress", "aws:SourceIp", ["2001:DB8:1234:5678::/64", "10.0.0.0/8"], "10.1.2.3", True),
        ("IpAddress", "aws:SourceIp", "2001:DB8:1234:5678::/64", "2001:db8:1234:5678::9", True),
        ("NotIpAddress", "aws:SourceIp", ["203.0.113.0/24", "10.0.0.0/8"], "10.1.2.3", False),
        ("NotIpAddress", "aws:SourceIp", "203.0.113.0/24", "2001:db8::1", True),
        ("NotIpAddress", "aws:SourceIp", "203.0.113.9", "2001:db8::1", True),
        ("IpAddress", "aws:SourceIp", "0.0.0.0/0", "203.0.113.9", True),
        ("Null", TAGS, "true", "pets", False),
        ("Null", TAGS, "false", "pets", True),
        ("Null", TAGS, ["true", "false"], "pets", True),
    ],
)
def test_an_operator_compares(
    operator: str, key: str, expected: object, actual: str, met: bool
) -> None:
    assert is_met({operator: {key: expected}}, **{key: actual}) is met


@pytest.mark.parametrize(
    ("operator", "met"),
    [
        ("StringEquals", False),
        ("StringLike", False),
        ("StringNotEquals", True),
        ("StringNotLike", True),
        ("StringNotEqualsIgnoreCase", True),
        ("StringEqualsIfExists", True),
        ("StringNotEqualsIfExists", True),
        ("ForAllValues:StringEquals", True),
        ("ForAllValues:StringNotEquals", True),
        ("ForAllValues:StringEqualsIfExists", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAnyValue:StringNotEquals", False),
    ],
)
def test_a_key_may_be_missing(operator: str, met: bool) -> None:
    assert is_met({operator: {TAGS: "pets"}}) is met
    assert is_met({operator: {TAGS: "pets"}}, **{TAGS: []}) is met


@pytest.mark.parametrize(
    ("operator", "key", "expected", "met"),
    [
        ("NumericLessThan", "aws:MultiFactorAuthAge", "9", False),
        ("NumericNotEquals", "aws:MultiFactorAuthAge", "9", True),
        ("DateEquals", "aws:TokenIssueTime", "2026-01-01", False),
        ("DateNotEquals", "aws:TokenIssueTime", "2026-01-01", True),
        ("DateLessThanIfExists", "aws:TokenIssueTime", "2026-01-01", True),
        ("Bool", "aws:MultiFactorAuthPresent", "false", False),
        ("BoolIfExists", "aws:MultiFactorAuthPresent", "false", True),
        ("ArnLike", "aws:SourceArn", f"{SNS}:*", False),
        ("ArnNotLike", "aws:SourceArn", f"{SNS}:*", True),
        ("IpAddress", "aws:VpcSourceIp", "10.0.0.0/8", False),
        ("NotIpAddress", "aws:VpcSourceIp", "10.0.0.0/8", True),
        ("Null", TAGS, "true", True),
        ("Null", TAGS, False, False),
    ],
)
def test_a_key_of_any_type_may_be_missing(
    operator: str, key: str, expected: object, met: bool
) -> None:
    assert is_met({operator: {key: expected}}) is met


@pytest.mark.parametrize(
    ("operator", "expected", "actual", "met"),
    [
        # The example of the user guide: what is asked for, and what the policy lists.
        ("ForAllValues:StringEquals", ["post", "message", "tags"], ["post", "user"], False),
        ("ForAllValues:StringEquals", ["post", "message", "tags"], ["post", "tags"], True),
        ("ForAnyValue:StringEquals", ["id", "post"], ["user", "message", "post"], True),
        ("ForAnyValue:StringEquals", ["id", "post"], ["user"], False),
        ("ForAllValues:StringNotLike", "key1*", ["key1:legal"], False),
        ("ForAllValues:StringNotLike", "key1*", ["key1:hr", "key2:audit"], False),
        ("ForAllValues:StringNotLike", "key1*", ["key2:audit"], True),
        ("ForAnyValue:StringNotEquals", "a", ["a", "b"], True),
        ("ForAnyValue:StringNotEquals", ["a", "b"], ["a", "b"], False),
        ("ForAnyValue:StringLikeIfExists", "a*", ["b", "ab"], True),
        # Empty texts alone count as no values.
        ("ForAllValues:StringEquals", "a", [""], True),
        ("ForAnyValue:StringEquals", "", [""], False),
        ("ForAnyValue:StringEquals", "", ["", "a"], True),
    ],
)
def test_a_set_operator_compares_sets(
    operator: str, expected: object, actual: list[str], met: bool
) -> None:
    assert is_met({operator: {PATHS: expected}}, **{PATHS: actual}) is met


def test_all_operators_and_keys_have_to_hold() -> None:
    condition: Condition = {
        "StringEquals": {TAGS: ["pets", "dogs"], "aws:username": "anna"},
        "Bool": {"aws:MultiFactorAuthPresent": "true"},
    }
    whole = {TAGS: "pets", "aws:username": "anna", "aws:MultiFactorAuthPresent": "true"}
    assert is_met(condition, **whole)
    for key in whole:
        assert not is_met(condition, **{**whole, key: "false"})


def test_keys_are_compared_without_case() -> None:
    assert is_met({"StringEquals": {"AWS:principalTAG/Team": "pets"}}, **{TAGS: "pets"})


def test_a_denial_needs_its_condition() -> None:
    condition = {"StringNotEqualsIfExists": {TAGS: "pets"}}
    policies = identity(allow(), deny(Condition=condition))
    request = Request("execute-api:Invoke", f"{ARN}/dev/GET/pets", CALLER, {TAGS: ("pets",)})
    assert outcome(policies, request) == "allow"
    without = Request("execute-api:Invoke", f"{ARN}/dev/GET/pets", CALLER)
    assert outcome(policies, without) == "explicit-deny"


@pytest.mark.parametrize(
    ("operator", "expected", "met"),
    [
        ("StringEquals", "${aws:username}", True),
        ("StringEquals", "${aws:userName}x", False),
        ("StringLike", "${aws:username}*", True),
        ("StringEquals", "${saml:sub, 'anna'}", True),
        # Without a value a variable is equal to nothing and like nothing.
        ("StringEquals", "${saml:sub}", False),
        ("StringEquals", ["${saml:sub}", "anna"], True),
        ("StringNotEquals", "${saml:sub}", True),
        ("StringNotLike", ["${saml:sub}", "anna"], False),
    ],
)
def test_a_value_may_be_a_variable(operator: str, expected: object, met: bool) -> None:
    context = {TAGS: "anna", "aws:username": "anna"}
    assert is_met({operator: {TAGS: expected}}, **context) is met


def test_an_old_policy_compares_variables_literally() -> None:
    condition = {"StringEquals": {TAGS: "${aws:username}"}}
    policies = identity(allow(Condition=condition), version=None)
    values = {TAGS: ("${aws:username}",), "aws:username": ("anna",)}
    request = Request("execute-api:Invoke", f"{ARN}/dev/GET/pets", CALLER, values)
    assert outcome(policies, request) == "allow"
