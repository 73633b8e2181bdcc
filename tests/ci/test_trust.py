"""Only the jobs that are named may assume a pipeline's role."""

from __future__ import annotations

import pytest

from gateprint.model.resolved import Environment, S3State
from gateprint.terraform.permissions.table import Purpose
from gateprint.terraform.permissions.trust import (
    Trusted,
    checked_issuer,
    parse_trust,
    trust_of,
)

PROD = Environment("prod", "210987654321", "us-east-2", S3State("states", "us-east-2", "gateprint"))
CHINA = Environment("prod", "210987654321", "cn-north-1", PROD.state)
GITHUB = "token.actions.githubusercontent.com"

SUBJECTS: list[tuple[str, Purpose, str]] = [
    ("github:acme/apis", "plan", "repo:acme/apis:pull_request"),
    ("github:acme/apis", "apply", "repo:acme/apis:environment:prod"),
    ("github:acme/apis", "drift", "repo:acme/apis:ref:refs/heads/main"),
    ("github:acme/apis:live", "apply", "repo:acme/apis:environment:live"),
    ("github:acme/apis:environment:live", "plan", "repo:acme/apis:environment:live"),
    ("github:acme/apis:ref:refs/heads/main", "plan", "repo:acme/apis:ref:refs/heads/main"),
    ("github:acme/apis:pull_request", "apply", "repo:acme/apis:pull_request"),
    ("github:acme@12/apis@345", "plan", "repo:acme@12/apis@345:pull_request"),
    ("gitlab:acme/apis", "apply", "project_path:acme/apis:ref_type:branch:ref:main"),
    (
        "gitlab:acme/shop/apis:branch:live",
        "plan",
        "project_path:acme/shop/apis:ref_type:branch:ref:live",
    ),
    ("gitlab:acme/apis:tag:v1.0", "apply", "project_path:acme/apis:ref_type:tag:ref:v1.0"),
]


@pytest.mark.parametrize(("written", "purpose", "subject"), SUBJECTS)
def test_a_repository_and_a_purpose_give_the_subject(
    written: str, purpose: Purpose, subject: str
) -> None:
    found = parse_trust(written, purpose, "prod")
    assert (found.subject, found.is_pattern) == (subject, False)


def test_merge_requests_of_gitlab_run_on_any_branch_of_the_project() -> None:
    found = parse_trust("gitlab:acme/apis", "plan", "prod")
    assert found == Trusted("gitlab", "project_path:acme/apis:ref_type:branch:ref:*", True)


@pytest.mark.parametrize(
    "written",
    [
        "github:acme",
        "github:acme/*",
        "github:*/apis",
        "github:acme/apis:ref:refs/heads/*",
        "github:acme/apis:ref:main",
        "github:acme/apis:environment:*",
        "github:acme/apis:environment:a:b",
        "github:acme/apis:what:ever",
        "github:acme/apis:pro d",
        "github:acme/äpis",
        "github:acme/apis\n",
        "gitlab:apis",
        "gitlab:acme/apis:branch:*",
        "gitlab:acme/apis:ref:main",
        "bitbucket:acme/apis",
        "acme/apis",
        "",
    ],
)
def test_what_would_trust_more_than_one_repositorys_jobs_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"is no repository|is not one of"):
        parse_trust(written, "plan", "prod")


def test_github_is_trusted_by_exact_audience_and_subject() -> None:
    both = [parse_trust(f"github:acme/apis{more}", "plan", "prod") for more in ("", ":live")]
    (statement,) = trust_of(PROD, both)["Statement"]
    assert statement == {
        "Sid": "Jobs",
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": f"arn:aws:iam::210987654321:oidc-provider/{GITHUB}"},
        "Condition": {
            "StringEquals": {
                f"{GITHUB}:aud": "sts.amazonaws.com",
                f"{GITHUB}:sub": ["repo:acme/apis:pull_request", "repo:acme/apis:environment:live"],
            }
        },
    }


def test_a_gitlab_of_ones_own_is_its_own_provider_and_audience() -> None:
    host = checked_issuer("https://git.example.com/")
    (statement,) = trust_of(PROD, [parse_trust("gitlab:acme/apis", "plan", "prod")], host)[
        "Statement"
    ]
    assert statement["Principal"]["Federated"].endswith(":oidc-provider/git.example.com")
    assert statement["Condition"] == {
        "StringEquals": {"git.example.com:aud": "https://git.example.com"},
        "StringLike": {"git.example.com:sub": ["project_path:acme/apis:ref_type:branch:ref:*"]},
    }


def test_china_has_an_audience_of_its_own() -> None:
    (statement,) = trust_of(CHINA, [parse_trust("github:acme/apis", "plan", "prod")])["Statement"]
    assert statement["Condition"]["StringEquals"][f"{GITHUB}:aud"] == "sts.amazonaws.com.cn"
    assert statement["Principal"]["Federated"].startswith("arn:aws-cn:iam::")


def test_one_role_trusts_one_kind_of_server() -> None:
    both = [parse_trust(each, "plan", "prod") for each in ("github:a/b", "gitlab:a/b")]
    with pytest.raises(ValueError, match="give one kind of repository"):
        trust_of(PROD, both)


@pytest.mark.parametrize("written", ["http://git.example.com", "git.example.com/*", "a b", ""])
def test_an_issuer_is_an_address(written: str) -> None:
    with pytest.raises(ValueError, match="is no address such as"):
        checked_issuer(written)
