"""What a bucket's settings lack, and what of them is somebody's and stays."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from gateprint.model.resolved import S3State
from gateprint.terraform.state import bucket_policy, lifecycle
from gateprint.terraform.state.measures import Measure, Settings, measures

STATE = S3State("b", "us-east-2", "gateprint")
WITH_KEY = S3State("b", "us-east-2", "gateprint", "alias/terraform")
WANTED = bucket_policy.wanted_statements("aws", "b")
PLAIN, OLD_TLS = WANTED
FORBIDDEN = {"Sid": "Forbidden", "Effect": "Deny", "Principal": "*", "Action": "s3:PutBucketAcl"}


def measure(found: Settings, setting: str, state: S3State = STATE) -> Measure:
    every = measures(found, state, is_embedded=False)
    return next(each for each in every if each.setting == setting)


def test_a_bare_bucket_lacks_everything() -> None:
    found = list(measures(Settings(), STATE, is_embedded=False))
    assert [each.setting for each in found] == [
        "public access",
        "ownership",
        "encryption",
        "versioning",
        "policy",
        "lifecycle",
    ]
    assert {each.outcome for each in found} == {"made"}
    assert all(each.call for each in found)


def encrypted(kind: str, key: str | None = None, **more: Any) -> Settings:
    default = {"SSEAlgorithm": kind, **({"KMSMasterKeyID": key} if key else {})}
    return Settings(encryption=[{"ApplyServerSideEncryptionByDefault": default, **more}])


@pytest.mark.parametrize(
    ("found", "setting", "outcome"),
    [
        (Settings(versioning={"Status": "Enabled"}), "versioning", "kept"),
        (Settings(versioning={"Status": "Suspended"}), "versioning", "mended"),
        (Settings(ownership="BucketOwnerEnforced"), "ownership", "kept"),
        (Settings(ownership="ObjectWriter"), "ownership", "mended"),
        (Settings(public={"BlockPublicAcls": True}), "public access", "mended"),
        (encrypted("AES256"), "encryption", "kept"),
        (encrypted("aws:kms", "alias/other"), "encryption", "kept"),
        (encrypted("aws:kms:dsse", "alias/other"), "encryption", "kept"),
        (Settings(versioning={"MFADelete": "Enabled"}), "lifecycle", "left"),
    ],
)
def test_what_is_strict_enough_is_kept(found: Settings, setting: str, outcome: str) -> None:
    taken = measure(found, setting)
    assert taken.outcome == outcome
    assert bool(taken.call) == (outcome == "mended")


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        (Settings(), "made"),
        (encrypted("AES256", BlockedEncryptionTypes={"EncryptionType": ["SSE-C"]}), "mended"),
        (encrypted("aws:kms", "some-other-key"), "kept"),
        (encrypted("aws:kms:dsse"), "kept"),
    ],
)
def test_a_kms_key_is_set_where_there_is_none(found: Settings, outcome: str) -> None:
    taken = measure(found, "encryption", WITH_KEY)
    assert taken.outcome == outcome
    if taken.call:
        (rule,) = taken.arguments["ServerSideEncryptionConfiguration"]["Rules"]
        default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/terraform"}
        assert rule["ApplyServerSideEncryptionByDefault"] == default
        assert rule["BucketKeyEnabled"] is True
        # What else the rule says stays, such as that keys of callers are refused.
        before = found.encryption[0] if found.encryption else {}
        assert rule.get("BlockedEncryptionTypes") == before.get("BlockedEncryptionTypes")


def test_the_embedded_cloud_gets_no_policy_that_would_close_it() -> None:
    every = measures(Settings(), STATE, is_embedded=True)
    taken = next(each for each in every if each.setting == "policy")
    assert (taken.outcome, taken.call) == ("left", "")


def test_the_policy_denies_what_comes_without_tls_or_by_an_old_one() -> None:
    taken = measure(Settings(), "policy", S3State("b", "cn-north-1", "gateprint"))
    policy = json.loads(taken.arguments["Policy"])
    assert [each["Sid"] for each in policy["Statement"]] == [
        "GateprintDenyWithoutTls",
        "GateprintDenyOldTls",
    ]
    for each in policy["Statement"]:
        assert (each["Effect"], each["Principal"], each["Action"]) == ("Deny", "*", "s3:*")
        assert each["Resource"] == ["arn:aws-cn:s3:::b", "arn:aws-cn:s3:::b/*"]
    assert [each["Condition"] for each in policy["Statement"]] == [
        {"Bool": {"aws:SecureTransport": "false"}},
        {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
    ]


def test_other_statements_stay_as_they_are() -> None:
    policy = {"Version": "2012-10-17", "Id": "ours", "Statement": FORBIDDEN}
    found = bucket_policy.merged(policy, WANTED)
    assert found == {**policy, "Statement": [FORBIDDEN, PLAIN, OLD_TLS]}
    assert bucket_policy.merged(found, WANTED) is None


def test_only_what_was_weakened_is_replaced() -> None:
    allowed = {**PLAIN, "Effect": "Allow"}
    found = bucket_policy.merged({"Statement": [allowed, FORBIDDEN, OLD_TLS]}, WANTED)
    assert found is not None
    assert found["Statement"] == [FORBIDDEN, OLD_TLS, PLAIN]


def old_tls(version: Any) -> Mapping[str, Any]:
    return {**OLD_TLS, "Condition": {"NumericLessThan": {"s3:TlsVersion": version}}}


@pytest.mark.parametrize(
    "statement",
    [
        old_tls("1.2"),
        old_tls("1.3"),
        old_tls(1.3),
        old_tls(["1.2", "1.3"]),
        {**old_tls("1.3"), "Sid": "TheirOwn"},
        {name: value for name, value in OLD_TLS.items() if name != "Sid"},
        {**OLD_TLS, "Principal": {"AWS": "*"}, "Action": ["s3:*"], "Resource": "*"},
        {**OLD_TLS, "Resource": ["arn:aws:s3:::b/*", "arn:aws:s3:::b", "arn:aws:s3:::c"]},
    ],
    ids=str,
)
def test_a_statement_that_says_as_much_is_not_said_again(statement: Mapping[str, Any]) -> None:
    assert bucket_policy.merged({"Statement": [PLAIN, statement]}, WANTED) is None


@pytest.mark.parametrize(
    "statement",
    [
        old_tls("1.1"),
        old_tls("new"),
        old_tls([]),
        {**OLD_TLS, "Effect": "Allow"},
        {**OLD_TLS, "Principal": {"AWS": "arn:aws:iam::123456789012:root"}},
        {**OLD_TLS, "Action": "s3:GetObject"},
        {**OLD_TLS, "Resource": "arn:aws:s3:::b/*"},
        {**OLD_TLS, "Condition": {**OLD_TLS["Condition"], "Bool": {"aws:ViaAWSService": "false"}}},
        {**OLD_TLS, "Condition": {"NumericLessThanEquals": {"s3:TlsVersion": "1.2"}}},
        {**OLD_TLS, "Condition": None},
    ],
    ids=str,
)
def test_a_statement_that_says_less_is_replaced(statement: Mapping[str, Any]) -> None:
    found = bucket_policy.merged({"Statement": [PLAIN, statement]}, WANTED)
    assert found is not None
    assert found["Statement"] == [PLAIN, OLD_TLS]


THEIRS = {
    "ID": "theirs",
    "Status": "Enabled",
    "Filter": {"Prefix": "logs/"},
    "Expiration": {"Days": 7},
}


def keeps(days: int, prefix: str = "", **more: Any) -> dict[str, Any]:
    """A rule of somebody's that expires old versions and ends unfinished uploads."""
    return {
        "ID": "keeps",
        "Status": "Enabled",
        "Filter": {"Prefix": prefix},
        "NoncurrentVersionExpiration": {"NoncurrentDays": days},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
        **more,
    }


def test_our_rule_stands_beside_the_others_and_is_about_our_prefix_alone() -> None:
    found = lifecycle.merged([THEIRS], "gateprint")
    assert found is not None
    assert found[0] == THEIRS
    assert found[1] == {
        "ID": "gateprint gateprint",
        "Status": "Enabled",
        "Filter": {"Prefix": "gateprint/"},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 90},
        "Expiration": {"ExpiredObjectDeleteMarker": True},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }
    assert lifecycle.merged(found, "gateprint") is None


def test_two_prefixes_have_a_rule_each() -> None:
    first = lifecycle.merged([], "team-a")
    assert first is not None
    second = lifecycle.merged(first, "team-b")
    assert second is not None
    assert [each["ID"] for each in second] == ["gateprint team-a", "gateprint team-b"]


@pytest.mark.parametrize("prefix", ["", "gate", "gateprint/"])
def test_somebody_who_keeps_old_versions_longer_goes_on_to(prefix: str) -> None:
    assert lifecycle.merged([keeps(3_650, prefix)], "gateprint") is None


def test_days_of_our_rule_that_somebody_changed_stay() -> None:
    own = {**keeps(400, "gateprint/"), "ID": "gateprint gateprint"}
    assert lifecycle.merged([own], "gateprint") is None


def test_only_what_others_do_not_do_is_added() -> None:
    other = keeps(3_650)
    del other["AbortIncompleteMultipartUpload"]
    found = lifecycle.merged([other], "gateprint")
    assert found is not None
    assert found[1] == {
        "ID": "gateprint gateprint",
        "Status": "Enabled",
        "Filter": {"Prefix": "gateprint/"},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }


@pytest.mark.parametrize(
    "rule",
    [
        keeps(30, Status="Disabled"),
        keeps(30, "gateprint/eu/"),
        keeps(30, Filter={"Tag": {"Key": "a", "Value": "b"}}),
        keeps(30, Filter={"And": {"Prefix": "gateprint/", "ObjectSizeGreaterThan": 5}}),
        {**keeps(30, Status="Disabled"), "ID": "gateprint gateprint"},
    ],
    ids=str,
)
def test_a_rule_that_is_off_or_about_less_is_not_enough(rule: dict[str, Any]) -> None:
    found = lifecycle.merged([rule], "gateprint")
    assert found is not None
    assert found[-1]["Status"] == "Enabled"
    assert found[-1]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 90}


def test_a_rule_of_the_old_form_is_written_in_the_new_one() -> None:
    old = {"ID": "old", "Status": "Enabled", "Prefix": "logs/", "Expiration": {"Days": 7}}
    found = lifecycle.merged([old], "gateprint")
    assert found is not None
    assert found[0] == {
        "ID": "old",
        "Status": "Enabled",
        "Expiration": {"Days": 7},
        "Filter": {"Prefix": "logs/"},
    }


def test_what_else_the_lifecycle_says_stays() -> None:
    size = {"TransitionDefaultMinimumObjectSize": "varies_by_storage_class"}
    taken = measure(Settings(lifecycle={"Rules": [THEIRS], **size}), "lifecycle")
    assert taken.outcome == "mended"
    assert taken.arguments["TransitionDefaultMinimumObjectSize"] == "varies_by_storage_class"
