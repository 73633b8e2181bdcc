"""Secrets by their form, and names that promise one."""

from __future__ import annotations

import pytest

from gateprint.model.secrets import is_secret, is_secret_name, masked

# Made of parts, so that no scanner takes this file for a leak.
SECRETS = {
    "an access key id": "AKIA" + "IOSFODNN7EXAMPLE",
    "a temporary key id": "ASIA" + "IOSFODNN7EXAMPLE",
    "a GitHub token": "ghp_" + "a1" * 18,
    "a fine-grained GitHub token": "github_pat_" + "a1" * 20,
    "a GitLab token": "glpat-" + "a1" * 10,
    "a Slack token": "xoxb-" + "12345678901",
    "a Stripe key": "sk_live_" + "a1" * 12,
    "a Google key": "AIza" + "a" * 35,
    "a JSON Web Token": "eyJhbGciOiJIUzI1" + ".eyJzdWIiOiIxMjM0" + ".c2lnbmF0dXJl",
    "a private key": "-----BEGIN RSA " + "PRIVATE KEY-----abc",
}


@pytest.mark.parametrize("text", SECRETS.values(), ids=SECRETS)
def test_a_secret_is_recognised_and_masked_wherever_it_stands(text: str) -> None:
    within = f"before {text} after"
    assert is_secret(text)
    assert is_secret(within)
    assert text not in masked(within)
    assert masked(within).startswith("before *")
    assert len(masked(within)) == len(within)


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:iam::123456789012:role/pets",
        "AKIA",
        "xAKIA" + "IOSFODNN7EXAMPLE",
        "ghp_short",
        "the private key of the shop",
        "eyJ.eyJ.",
        "a" * 5000,
    ],
)
def test_what_only_looks_like_one_is_left_alone(text: str) -> None:
    assert not is_secret(text)
    assert masked(text) == text


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("DB_PASSWORD", True),
        ("client_secret", True),
        ("API_KEY", True),
        ("apikey", True),
        ("ACCESS_TOKEN", True),
        ("SECRET_ARN", False),
        ("TOKEN_URL", False),
        ("token_ttl", False),
        ("SECRET_NAME", False),
        ("TABLE", False),
        ("MONKEY", False),
    ],
)
def test_a_name_that_promises_a_secret(name: str, expected: bool) -> None:
    assert is_secret_name(name) is expected
