"""What callers notice of domains and default endpoints, in exact words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from gateprint.review.noticed import noticed
from tests.review.rules.made import Edits, Review, deleted, here, side, updated
from tests.terraform.plans.documents import change

CERTIFICATE = "arn:aws:acm:us-east-2:123456789012:certificate/0a1b2c3d"
DOMAIN = f"""\
domains:
  a.example.com:
    certificate: {CERTIFICATE}
    base_paths:
      /v1: {{stage: dev}}
      /: {{stage: live}}
roles:
"""
WITH_DOMAIN: Edits = {"roles:\n": DOMAIN}
PLACE = {"domain_name": "a.example.com", "stage_name": "dev"}
V1, ROOT = {**PLACE, "base_path": "v1"}, {**PLACE, "base_path": "", "stage_name": "live"}
MAPPING = "aws_api_gateway_base_path_mapping.a"
API = "aws_api_gateway_rest_api.pets"
NAME = "aws_api_gateway_domain_name.a"
NAMED = {"name": "pets-nonprod-pets"}
ON, OFF = ({**NAMED, "disable_execute_api_endpoint": each} for each in (False, True))
PLAIN = {"domain_name": "a.example.com", "security_policy": "TLS_1_2"}
MUTUAL = {**PLAIN, "mutual_tls_authentication": [{"truststore_uri": "s3://a/b"}]}
OLD = {**PLAIN, "security_policy": "TLS_1_0"}


def made(values: dict[str, Any], *, is_new_api: bool = False) -> dict[str, Any]:
    known = values if is_new_api else {**values, "api_id": "a1b2c3"}
    found = change(MAPPING, ("create",), before=None, after=known)
    found["change"]["after_unknown"] = {"id": True, **({"api_id": True} if is_new_api else {})}
    return found


NARROWED = "network-narrowed"
CASES: dict[str, tuple[Mapping[str, Any], tuple[str, str, bool] | None]] = {
    "a stage gets an address": (
        made(V1),
        ("looser", "pets on dev is reached at https://a.example.com/v1 too", False),
    ),
    "a stage gets a whole domain": (
        made(ROOT),
        ("looser", "pets on live is reached at https://a.example.com too", False),
    ),
    "an API comes with its address": (made(V1, is_new_api=True), None),
    "an address goes": (
        deleted(MAPPING, **V1),
        (NARROWED, "nothing answers at https://a.example.com/v1 any more", True),
    ),
    "a default endpoint is closed": (
        updated(API, ON, OFF),
        (NARROWED, "pets is no longer reached by the address that AWS gives it", True),
    ),
    "a default endpoint stays closed": (updated(API, OFF, OFF), None),
    "clients have to show a certificate": (
        updated(NAME, PLAIN, MUTUAL),
        (NARROWED, "clients of a.example.com have to show a certificate", True),
    ),
    "an old TLS goes": (
        updated(NAME, OLD, PLAIN),
        (NARROWED, "a.example.com takes no TLS below 1.2 any more", True),
    ),
    "an old TLS comes, which is a finding": (updated(NAME, PLAIN, OLD), None),
}


@pytest.mark.parametrize("name", CASES)
def test_callers_notice_addresses(name: str) -> None:
    planned, expected = CASES[name]
    review = Review(WITH_DOMAIN, WITH_DOMAIN, planned=(planned,))
    found = noticed(review.subject(), [side(WITH_DOMAIN, here())[1]])
    assert [(each.kind, each.sentence, each.is_breaking) for each in found] == (
        [expected] if expected else []
    )


def test_the_line_of_a_new_address_is_named() -> None:
    review = Review(WITH_DOMAIN, WITH_DOMAIN, planned=(made(V1),))
    (found,) = noticed(review.subject(), [side(WITH_DOMAIN, here())[1]])
    assert found.location is not None
    assert found.location.line == 18
