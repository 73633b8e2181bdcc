"""What a lock's content says, whoever wrote it."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from gateprint.terraform.state.lock import parse_lock

WRITTEN = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
ETAG = "0" * 32


def test_a_lock_of_terraform_says_who_holds_it_and_since_when() -> None:
    content = {
        "ID": "9a4a3e1c-5c1f-0d9b-2b60-6b4f3d1d0f57",
        "Operation": "OperationTypeApply",
        "Info": "",
        "Who": "ci@builder",
        "Version": "1.11.4",
        "Created": "2026-11-22T11:35:41.123456789Z",
        "Path": "bucket/gateprint/pets-prod.tfstate",
    }
    found = parse_lock("pets-prod", json.dumps(content).encode(), ETAG, WRITTEN)
    assert (found.id, found.who, found.host, found.operation, found.version) == (
        "9a4a3e1c-5c1f-0d9b-2b60-6b4f3d1d0f57",
        "ci@builder",
        "builder",
        "apply",
        "1.11.4",
    )
    assert found.since == dt.datetime(2026, 11, 22, 11, 35, 41, 123456, tzinfo=dt.UTC)
    assert found.is_readable


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"locked",
        b"{",
        b"[]",
        b'"ID"',
        b"{}",
        b'{"ID": ""}',
        b'{"ID": 5, "Who": "ci@builder"}',
        b'{"ID": null}',
        b'{"id": "lower"}',
        b"\xff\xfe\x00",
        b"[" * 60_000,
        b'{"ID": ' + b"9" * 5_000 + b"}",
    ],
    ids=lambda content: repr(content[:20]),
)
def test_a_lock_that_is_not_terraforms_is_known_by_its_etag(content: bytes) -> None:
    found = parse_lock("pets-prod", content, ETAG, WRITTEN)
    assert (found.id, found.who, found.since) == (ETAG, "", WRITTEN)
    assert not found.is_readable


@pytest.mark.parametrize("created", ["", "yesterday", 5, None, "2026-11-22T11:35:41", "9" * 50, {}])
def test_a_time_that_cannot_be_read_is_when_the_lock_was_written(created: object) -> None:
    content = json.dumps({"ID": "x", "Created": created, "Who": ["ci"]}).encode()
    found = parse_lock("pets-prod", content, ETAG, WRITTEN)
    assert (found.id, found.since, found.who) == ("x", WRITTEN, "")


def test_what_a_lock_says_is_cut() -> None:
    content = json.dumps({"ID": "x" * 9_999, "Who": "y" * 9_999}).encode()
    found = parse_lock("pets-prod", content, ETAG, WRITTEN)
    assert (len(found.id), len(found.who)) == (200, 200)
