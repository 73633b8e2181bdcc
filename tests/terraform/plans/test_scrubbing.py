"""Secrets in logs."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateprint.terraform.plans.scrubbing import scrubbed

SECRET = 'p&ss "wörd" <1>/+'
LINES = "-----BEGIN THING-----\nAAAABBBBCCCCDDDDEEEE\n-----END THING-----"


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET, ensure_ascii=False)[1:-1],
        # Go's encoding/json
        'p\\u0026ss \\"wörd\\" \\u003c1\\u003e/+',
        json.dumps(json.dumps(SECRET))[1:-1][2:-2],
        quote(SECRET),
        quote(SECRET, safe=""),
        quote_plus(SECRET),
    ],
)
def test_a_secret_is_found_in_each_of_its_forms(form: str) -> None:
    assert scrubbed(f"before {form} after", {SECRET}) == "before (sensitive) after"


@given(st.binary(max_size=7), st.text(min_size=12), st.binary(max_size=7))
def test_base64_is_found_wherever_the_secret_begins(before: bytes, secret: str, after: bytes):
    text = base64.b64encode(before + secret.encode() + after).decode()
    found = scrubbed(text, {secret})
    assert "(sensitive)" in found
    assert len(found.replace("(sensitive)", "")) <= len(text) - len(secret.encode()) * 4 // 3 + 6


def test_each_long_line_of_a_secret_is_found_by_itself() -> None:
    assert scrubbed("log: AAAABBBBCCCCDDDDEEEE", {LINES}) == "log: (sensitive)"


def test_a_secret_within_another_one_leaves_no_rest() -> None:
    assert scrubbed("abcdefgh", {"abcdef", "abcdefgh"}) == "(sensitive)"


def test_without_secrets_a_text_stays() -> None:
    assert scrubbed("text", frozenset()) == "text"
