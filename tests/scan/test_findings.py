"""Only what is waived with a reason is waived, and no waiver stays that nobody needs."""

from __future__ import annotations

import pytest
import yaml

from tests.scan.__main__ import WAIVERS
from tests.scan.findings import Finding, Waiver, complaints, read_report, read_waivers

OPEN = Finding("CKV_AWS_59", "a/cdk.tf.json", "resource.get_pets", "no open method")
OTHER = Finding(
    "CKV_AWS_59", "b/cdk.tf.json", "aws_api_gateway_method.get_orders", "no open method"
)


def told(findings: list[Finding], *waivers: Waiver) -> list[str]:
    return list(complaints(findings, waivers, [], set()))


def test_what_is_found_is_told_with_its_place() -> None:
    assert told([OPEN]) == ["a/cdk.tf.json: resource.get_pets: no open method [CKV_AWS_59]"]


def test_a_waiver_is_for_one_check_on_all_resources_or_on_those_that_it_names() -> None:
    assert told([OPEN, OTHER], Waiver("CKV_AWS_59", "why")) == []
    named = Waiver("CKV_AWS_59", "why", ("get_pets",))
    assert told([OPEN, OTHER], named) == [
        "b/cdk.tf.json: aws_api_gateway_method.get_orders: no open method [CKV_AWS_59]"
    ]
    assert len(told([OPEN], Waiver("CKV_AWS_60", "why"))) == 2


def test_a_waiver_that_nobody_needs_is_told() -> None:
    assert told([], Waiver("CKV_AWS_59", "why")) == [
        "waivers.yaml: CKV_AWS_59 is found no more: take it out"
    ]
    assert told([OPEN], Waiver("CKV_AWS_59", "why", ("get_pets", "get_cats"))) == [
        "waivers.yaml: CKV_AWS_59 is not found on get_cats any more: take it out"
    ]


def test_a_file_in_which_nothing_was_seen_is_told() -> None:
    report = {
        "results": {
            "passed_checks": [{"file_path": "/a/cdk.tf.json"}],
            "failed_checks": [],
        }
    }
    found, seen = read_report(report)
    assert list(complaints(found, [], ["a/cdk.tf.json", "b/cdk.tf.json"], seen)) == [
        "b/cdk.tf.json: checkov saw nothing in it"
    ]


def test_a_waiver_without_a_reason_is_none() -> None:
    with pytest.raises(ValueError, match="the waiver of CKV_AWS_59 has no reason"):
        read_waivers([{"check": "CKV_AWS_59", "reason": " "}])


def test_the_waivers_can_be_read_and_waive_each_check_once() -> None:
    waivers = read_waivers(yaml.safe_load(WAIVERS.read_text("utf-8")))
    assert len({each.check for each in waivers}) == len(waivers)
