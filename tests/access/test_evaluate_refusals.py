"""What is not modelled is an error, with its place, and never an allow."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateprint.access.evaluate import Policies, evaluate, evaluate_trust
from gateprint.access.iam.request import (
    ANONYMOUS,
    Request,
    federated,
    service,
    user,
)
from gateprint.access.iam.statement import Kind, read_policy
from gateprint.errors import GateprintError, NotModelled
from tests.access.decisions import (
    ACCOUNT,
    ARN,
    CALLER,
    PETS,
    ROLE,
    Statement,
    allow,
    deny,
    document,
    identity,
    outcome,
    resource_policy,
    to,
)

OUTCOMES = {"allow", "implicit-deny", "explicit-deny"}
ALLOW = allow()
WITH_PRINCIPAL = allow(Principal="*")
TRUSTING = allow(None, Resource=None, Action="sts:AssumeRole", Principal="*")


def changed(statement: Statement, **changes: Any) -> dict[str, Any]:
    whole = {**statement, **changes}
    return document({key: each for key, each in whole.items() if each is not None})


@pytest.mark.parametrize(
    ("kind", "found", "problem"),
    [
        ("identity", {}, "Statement is neither"),
        ("identity", {"Statement": []}, "Statement is neither"),
        ("identity", {"Statement": ["a"]}, "Statement is neither"),
        ("identity", {"Version": "2012-10-18", "Statement": [ALLOW]}, "version '2012-10-18'"),
        ("identity", {"Version": 2012, "Statement": [ALLOW]}, "version 2012 "),
        ("identity", {"Statements": [ALLOW]}, "the element Statements"),
        ("identity", changed(ALLOW, Effect="allow"), "Effect is 'allow'"),
        ("identity", changed(ALLOW, Effect=None), "Effect is None"),
        ("identity", changed(ALLOW, Effect=["Allow"]), r"Effect is \['Allow'\]"),
        ("identity", {"Version": [], "Statement": [ALLOW]}, r"version \[\]"),
        ("identity", changed(ALLOW, Sid=7), "Sid is 7"),
        ("identity", changed(ALLOW, Action=None), "either Action or NotAction"),
        ("identity", changed(ALLOW, NotAction="s3:*"), "either Action or NotAction"),
        ("identity", changed(ALLOW, Action=[]), "Action is empty"),
        ("identity", changed(ALLOW, Action=[7]), "Action holds 7"),
        ("identity", changed(ALLOW, Action="Invoke"), "the action Invoke"),
        ("identity", changed(ALLOW, Action="exe*:Invoke"), r"the action exe\*:Invoke"),
        ("identity", changed(ALLOW, Resource=None), "either Resource or NotResource"),
        ("identity", changed(ALLOW, NotResource="*"), "either Resource or NotResource"),
        ("identity", changed(ALLOW, Resource=""), "Resource holds ''"),
        ("identity", changed(ALLOW, Resource={"a": 1}), "Resource holds"),
        ("identity", changed(ALLOW, Principal="*"), "the element Principal"),
        ("identity", changed(ALLOW, Conditions={}), "the element Conditions"),
        ("identity", changed(ALLOW, Condition=[]), "Condition is no object"),
        ("resource", document(ALLOW), "either Principal or NotPrincipal"),
        ("resource", changed(WITH_PRINCIPAL, Principal=None), "either Principal or NotPrincipal"),
        ("resource", changed(WITH_PRINCIPAL, Principal="anna"), "the principal 'anna'"),
        ("resource", changed(WITH_PRINCIPAL, Principal={}), "the principal {}"),
        ("resource", changed(WITH_PRINCIPAL, Principal={"aws": "*"}), "the principal {'aws'"),
        ("resource", changed(WITH_PRINCIPAL, Principal={"AWS": [7]}), "the principal 7"),
        ("resource", changed(ALLOW, NotPrincipal="*"), "an Allow with NotPrincipal"),
        ("trust", changed(TRUSTING, Resource="*"), "the element Resource"),
        ("trust", changed(TRUSTING, Principal=None, NotPrincipal="*"), "the element NotPrincipal"),
    ],
)
def test_a_document_that_is_not_as_the_grammar_has_it_is_refused(
    kind: Kind, found: dict[str, Any], problem: str
) -> None:
    with pytest.raises(NotModelled, match=problem) as caught:
        read_policy("reader", found, kind)
    assert str(caught.value).startswith("policy reader")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "not JSON"),
        ("[]", "no object"),
        ("[" * 100_000, "not JSON"),
        ('{"Statement": [], "Statement": []}', "occurs twice"),
        ('{"Statement": {"Effect": "Deny", "Effect": "Allow"}}', "occurs twice"),
    ],
)
def test_a_text_that_is_no_policy_is_refused(text: str, problem: str) -> None:
    with pytest.raises(NotModelled, match=problem):
        read_policy("reader", text, "identity")


def test_json_may_be_text_with_a_statement_that_stands_alone() -> None:
    condition = {"NumericLessThan": {"aws:MultiFactorAuthAge": 9.5}}
    text = json.dumps({"Id": "x", "Statement": allow(Condition=condition)})
    policies = Policies((read_policy("reader", text, "identity"),))
    assert outcome(policies, to(**{"aws:MultiFactorAuthAge": "9"})) == "allow"
    assert outcome(policies, to(**{"aws:MultiFactorAuthAge": "10"})) == "implicit-deny"


def test_the_statement_is_named() -> None:
    policy = identity(allow(f"{ARN}/test/*"), allow(Sid="odd", Condition={"Bool": {"x:y": "true"}}))
    with pytest.raises(NotModelled) as caught:
        evaluate(policy, to())
    assert caught.value.place == "policy reader, statement 2 (odd)"
    assert caught.value.problem == "the condition key x:y is not known"
    assert isinstance(caught.value, GateprintError)
    assert caught.value.exit_code == 3


def test_a_malformed_statement_is_named() -> None:
    with pytest.raises(NotModelled) as caught:
        read_policy("reader", document(ALLOW, {"Effect": "Allow"}), "identity")
    assert caught.value.place == "policy reader, statement 2"


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        ({"StringEqual": {"aws:username": "a"}}, "operator StringEqual is"),
        ({"stringequals": {"aws:username": "a"}}, "operator stringequals is"),
        ({"BinaryEquals": {"aws:username": "YQ=="}}, "operator BinaryEquals is"),
        ({"ForSomeValues:StringEquals": {"aws:username": "a"}}, "operator ForSomeValues"),
        ({"NullIfExists": {"aws:username": "true"}}, "operator NullIfExists"),
        ({"ForAnyValue:Null": {"aws:username": "true"}}, "operator ForAnyValue:Null"),
        ({"StringEquals": {}}, "not an object of keys"),
        ({"StringEquals": "a"}, "not an object of keys"),
        ({"StringEquals": {"aws:username": []}}, "with nothing"),
        ({"StringEquals": {"aws:username": [None]}}, "None is no value"),
        ({"StringEquals": {"aws:username": {"a": 1}}}, "is no value"),
        ({"StringEquals": {"aws:username": "a", "AWS:username": "b"}}, "names a key twice"),
        ({"StringEquals": {"aws:username": "${aws:username"}}, "not written as documented"),
        ({"StringEquals": {"aws:unheard": "a"}}, "key aws:unheard is not known"),
        ({"StringEquals": {"s3:prefix": "a"}}, "key s3:prefix is not known"),
        ({"StringEquals": {"saml:group": "a"}}, "key saml:group is not known"),
        ({"StringEquals": {"aws:username": "${s3:prefix}"}}, "key s3:prefix is not known"),
        ({"StringEquals": {"aws:username": "${aws:TagKeys}"}}, "may have several values"),
        ({"StringLike": {"aws:username": "${saml:sub}"}}, "holds a wildcard"),
        ({"StringEquals": {"aws:TagKeys": "a"}}, "needs a set operator"),
        ({"ForAnyValue:StringEqualsIfExists": {"saml:cn": "a"}}, "ambiguous"),
        ({"NumericEquals": {"aws:username": "1"}}, "not for keys such as"),
        ({"StringEquals": {"aws:SourceIp": "10.0.0.1"}}, "not for keys such as"),
        ({"Bool": {"aws:MultiFactorAuthPresent": "True"}}, "neither true nor false"),
        ({"Bool": {"aws:MultiFactorAuthPresent": "${aws:username}"}}, "neither true nor false"),
        ({"Null": {"aws:username": "yes"}}, "neither true nor false"),
        ({"Null": {"saml:iss": "true"}}, "does not say whether that is null"),
        ({"NumericEquals": {"aws:MultiFactorAuthAge": "1e3"}}, "is no number"),
        ({"DateEquals": {"aws:TokenIssueTime": "2026"}}, "is no date"),
        ({"DateEquals": {"aws:TokenIssueTime": "2026-13-01"}}, "is no date"),
        ({"DateEquals": {"aws:TokenIssueTime": "9" * 30}}, "is no date"),
        ({"IpAddress": {"aws:SourceIp": "10.0.0.1/8"}}, "host bits"),
        ({"IpAddress": {"aws:SourceIp": "2001:db8::1"}}, "no prefix length"),
        ({"IpAddress": {"aws:SourceIp": "here"}}, "does not appear to be"),
        ({"ArnLike": {"aws:SourceArn": "*"}}, "six fields"),
        (
            {"StringEquals": {"aws:PrincipalAccount": "1"}},
            "does not say what aws:principalaccount is",
        ),
        (
            {"DateLessThan": {"aws:CurrentTime": "2026-01-01"}},
            "does not say what aws:currenttime is",
        ),
    ],
)
@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_a_condition_that_is_not_modelled_is_refused(
    condition: dict[str, Any], problem: str, effect: str
) -> None:
    context = {
        "aws:username": ("anna",),
        "saml:sub": ("a*",),
        "saml:iss": ("",),
        "aws:TagKeys": ("a", "b"),
        "aws:MultiFactorAuthPresent": ("true",),
        "aws:MultiFactorAuthAge": ("1",),
        "aws:TokenIssueTime": ("2026-01-01T00:00:00Z",),
        "aws:SourceIp": ("10.0.0.1",),
        "aws:SourceArn": ("arn:aws:sns:us-east-2:123456789012:t",),
    }
    policies = identity(allow(Effect=effect, Condition=condition))
    request = Request("execute-api:Invoke", f"{ARN}/dev/GET/pets", CALLER, context)
    with pytest.raises(NotModelled, match=problem):
        evaluate(policies, request)


def test_a_condition_on_other_requests_does_not_matter() -> None:
    odd = {"StringEquals": {"s3:prefix": "a"}, "BinaryEquals": {"x": "YQ=="}}
    others = identity(
        allow(),
        deny(Action="s3:*", Condition=odd),
        deny(f"{ARN}/test/*", Condition=odd),
    )
    assert outcome(others, to()) == "allow"


@pytest.mark.parametrize(
    ("resource", "problem"),
    [
        ("pets", "it is no ARN"),
        ("a*", "it is no ARN"),
        ("execute-api:/dev/GET/pets", "it is no ARN"),
        ("arn:aws", "it is no ARN"),
        ("arn:*:execute-api:us-east-2:123456789012:*", "partition or service"),
        ("arn:aws:*:us-east-2:123456789012:*", "partition or service"),
        ("arn:aws*", "it is no ARN"),
        ("arn:aws:execute-api:${aws:RequestedRegion}:123456789012:*", "before the fifth colon"),
        (f"{ARN}/${{aws:username", "not written as documented"),
        (
            f"{ARN}/${{aws_api_gateway_rest_api.pets.id}}",
            "aws_api_gateway_rest_api.pets.id is not known",
        ),
        ("arn:aws:execute-api:*:a1b2/dev/GET/pets", "fields missing"),
    ],
)
def test_a_resource_that_is_not_modelled_is_refused(resource: str, problem: str) -> None:
    policies = identity(allow(resource))
    with pytest.raises(NotModelled, match=problem):
        evaluate(policies, to())


def test_a_resource_that_is_not_modelled_does_not_matter_beside_one_that_matches() -> None:
    policies = identity(allow(["pets", f"{ARN}/dev/*"]))
    assert outcome(policies, to()) == "allow"


def test_the_resource_of_a_resource_policy_has_all_its_fields() -> None:
    policy = resource_policy(allow("arn:aws:execute-api:us-east-2", Principal="*"))
    with pytest.raises(NotModelled, match="fields missing"):
        evaluate(Policies(resource=policy), to())


def test_a_not_resource_with_a_variable_without_a_value_is_refused() -> None:
    statement = allow(None, NotResource=f"{ARN}/${{aws:username}}")
    with pytest.raises(NotModelled, match="absent variable"):
        evaluate(identity(statement), to())


@pytest.mark.parametrize(
    "principal",
    [
        "arn:aws:iam::123456789012:user/*",
        "arn:aws:iam::123456789012:*",
        "AIDAIOSFODNN7EXAMPLE",
        "anna",
    ],
)
def test_a_principal_that_is_not_modelled_is_refused(principal: str) -> None:
    policy = resource_policy(deny(Principal={"AWS": principal}))
    with pytest.raises(NotModelled, match="is not understood"):
        evaluate(Policies(identity(allow()).identity, resource=policy), to())


def test_a_canonical_user_is_refused() -> None:
    policy = resource_policy(allow(Principal={"CanonicalUser": "79a5"}))
    with pytest.raises(NotModelled, match="is not understood"):
        evaluate(Policies(resource=policy), to())


def test_whether_naming_the_account_allows_within_it_is_not_decided() -> None:
    for principal in (ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root"):
        policy = resource_policy(allow(Principal={"AWS": principal}))
        with pytest.raises(NotModelled, match="naming the account"):
            evaluate(Policies(resource=policy), to())
        assert outcome(Policies(identity(allow()).identity, resource=policy), to()) == "allow"


@pytest.mark.parametrize("named", [[CALLER.name], [ROLE], [ACCOUNT, ROLE], [CALLER.name, ACCOUNT]])
def test_a_not_principal_that_names_the_caller_in_part_is_refused(named: list[str]) -> None:
    policy = resource_policy(deny(NotPrincipal={"AWS": named}))
    with pytest.raises(NotModelled, match="its role and its account"):
        evaluate(Policies(identity(allow()).identity, resource=policy), to())


def test_whether_every_aws_principal_is_a_service_too_is_not_decided() -> None:
    trust = read_policy("trust", changed(TRUSTING, Principal={"AWS": "*"}), "trust")
    for caller in (service("lambda.amazonaws.com"), federated("arn:aws:iam::1:saml-provider/x")):
        with pytest.raises(NotModelled, match="does not say whether"):
            evaluate_trust(trust, Request("sts:AssumeRole", ROLE, caller))


def test_a_service_is_no_caller_of_an_api() -> None:
    with pytest.raises(NotModelled, match="no caller"):
        evaluate(identity(allow()), to(PETS, service("lambda.amazonaws.com")))


class TestTheContext:
    def test_a_key_that_aws_always_sends_has_to_be_stated(self) -> None:
        condition = {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
        policies = identity(allow(Condition=condition))
        with pytest.raises(NotModelled, match="does not say what aws:sourceip is"):
            evaluate(policies, to())
        stated = Request("execute-api:Invoke", f"{ARN}/dev/GET/a", CALLER, {"aws:SourceIp": ()})
        assert outcome(policies, stated) == "allow"

    def test_a_vpc_endpoint_hides_the_address(self) -> None:
        condition = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
        policies = identity(allow(Condition=condition))
        assert outcome(policies, to(**{"aws:SourceVpce": "vpce-1"})) == "implicit-deny"

    def test_nobody_has_an_arn(self) -> None:
        condition = {"ArnNotEquals": {"aws:PrincipalArn": ROLE}}
        policies = Policies(resource=resource_policy(allow(Principal="*", Condition=condition)))
        assert outcome(policies, to(PETS, ANONYMOUS)) == "allow"
        with pytest.raises(NotModelled, match="aws:principalarn"):
            evaluate(policies, to(PETS, user(f"arn:aws:iam::{ACCOUNT}:user/bert")))

    def test_a_key_is_given_once_and_with_one_value_unless_it_is_a_list(self) -> None:
        policies = identity(allow(Condition={"StringEquals": {"aws:username": "a"}}))
        twice = {"aws:username": ("a",), "AWS:username": ("b",)}
        for context, problem in (
            (twice, "key twice"),
            ({"aws:username": ("a", "b")}, "several values"),
        ):
            request = Request("execute-api:Invoke", f"{ARN}/dev/GET/a", CALLER, context)
            with pytest.raises(NotModelled, match=problem):
                evaluate(policies, request)


# Right words and odd ones, so that the documents get far.
TEXTS = st.sampled_from(
    [
        *("*", "execute-api:Invoke", "s3:*", f"{ARN}/dev/*", f"{ARN}/${{aws:username}}", "arn:aws"),
        *(
            "Allow",
            "Deny",
            "2012-10-17",
            "true",
            "10.0.0.0/8",
            "10.0.0.1/8",
            "2026-01-01",
            "",
            "${",
        ),
        *(ROLE, ACCOUNT, CALLER.name, "1", "é", "\ud800", "arn:aws:sns:us-east-2:123456789012:t"),
    ]
)
KEYS = st.sampled_from(
    [
        *("Version", "Statement", "Id", "Sid", "Effect", "Action", "NotAction", "Resource", "AWS"),
        *("NotResource", "Principal", "NotPrincipal", "Service", "Condition", "StringLike", "Bool"),
        *("NumericLessThan", "DateEquals", "IpAddress", "ArnLike", "ForAllValues:StringEquals"),
        *("Null", "aws:username", "aws:SourceIp", "aws:TokenIssueTime", "aws:MultiFactorAuthAge"),
        *("aws:SourceArn", "aws:TagKeys", "odd"),
    ]
)
ATOMS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS)
JSON = st.recursive(
    ATOMS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)
KEY_BLOCKS = st.dictionaries(KEYS, st.one_of(ATOMS, st.lists(TEXTS, max_size=2)), max_size=2)
STATEMENTS = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"]), "Action": st.just("*")},
    optional={
        "Resource": st.one_of(TEXTS, st.lists(TEXTS, max_size=3), JSON),
        "Condition": st.one_of(st.dictionaries(KEYS, KEY_BLOCKS, max_size=2), JSON),
        "Principal": st.one_of(TEXTS, st.dictionaries(KEYS, st.lists(TEXTS), max_size=2), JSON),
        "Sid": JSON,
        "NotPrincipal": JSON,
    },
)
DOCUMENTS = st.one_of(
    JSON.filter(lambda each: isinstance(each, dict)),
    st.fixed_dictionaries({"Version": st.just("2012-10-17"), "Statement": st.lists(STATEMENTS)}),
)
CONTEXTS = st.dictionaries(KEYS, st.lists(TEXTS, max_size=2).map(tuple), max_size=4)


@given(DOCUMENTS, st.sampled_from(["identity", "resource"]), CONTEXTS)
@settings(deadline=None, derandomize=True, max_examples=150)
def test_whatever_a_document_says_it_is_decided_or_refused(
    found: Any, kind: Kind, context: dict[str, tuple[str, ...]]
) -> None:
    request = Request("execute-api:Invoke", f"{ARN}/dev/GET/pets", CALLER, context)
    try:
        policy = read_policy("odd", found, kind)
        policies = Policies((policy,)) if kind == "identity" else Policies(resource=policy)
        found = evaluate(policies, request).outcome
    except NotModelled:
        return
    assert found in OUTCOMES
