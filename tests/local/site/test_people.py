"""Who may assume which role, as the roles' trust policies have it; and somebody for every role."""

from __future__ import annotations

import pytest

from gateprint.local.site.people import PEOPLE, SamlRole, everybody, federated_by, may_assume
from tests.local.site.made import ISSUER, PROVIDER, REGION, SERVICE, trust


def saml_role(**claims: list[str]) -> SamlRole:
    arn = "arn:aws:iam::000000000000:role/pilots"
    document = trust(PROVIDER, **claims)
    return SamlRole("pilots", arn, PROVIDER, ISSUER, document, 3600, is_own=True)


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({}, {"visitor", "keeper", "auditor", "packer"}),
        ({"edupersonaffiliation": ["auditor"]}, {"auditor"}),
        ({"edupersonaffiliation": ["staff", "auditor"]}, {"keeper", "auditor"}),
        ({"edupersonentitlement": ["urn:acme:orders:pack"]}, {"packer"}),
        ({"edupersonaffiliation": ["staff"], "edupersonentitlement": ["urn:x"]}, set()),
    ],
)
def test_the_claims_open_a_role(claims: dict[str, list[str]], expected: set[str]) -> None:
    role = saml_role(**claims)
    assert {each.id for each in PEOPLE if may_assume(each, role, REGION)} == expected


def test_somebody_has_the_claims_that_nobody_else_has() -> None:
    role = saml_role(edupersonentitlement=["urn:acme:fly", "urn:acme:glide"], mail=["a@acme.com"])
    *others, last = everybody([role], REGION)
    assert tuple(others) == PEOPLE
    assert last.claims == {"edupersonentitlement": ("urn:acme:fly",), "mail": ("a@acme.com",)}
    assert may_assume(last, role, REGION)


def test_a_role_that_somebody_may_assume_adds_nobody() -> None:
    assert everybody([saml_role()], REGION) == PEOPLE


def test_a_wanted_subject_becomes_the_subject_and_no_claim_of_it() -> None:
    last = everybody([saml_role(sub=["7f3a"])], REGION)[-1]
    assert (last.name_id, last.session_name) == ("7f3a", "for-pilots@shop.example.com")


def test_another_region_has_another_audience() -> None:
    assert not may_assume(PEOPLE[0], saml_role(), "eu-west-1")


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (trust(), (PROVIDER,)),
        ({"Statement": [SERVICE]}, ()),
        ({"Statement": trust()["Statement"][0]}, (PROVIDER,)),
        ({"Statement": [{**trust()["Statement"][0], "Effect": "Deny"}]}, ()),
        ({"Statement": [{**SERVICE, "Principal": {"Federated": ["accounts.google.com"]}}]}, ()),
        ({}, ()),
    ],
)
def test_only_saml_providers_that_are_let_in_count(
    document: dict[str, object], expected: tuple[str, ...]
) -> None:
    assert federated_by(document) == expected
