"""Terraform's events: what is no event does no harm, and errors are told with their place."""

from __future__ import annotations

from typing import Any

import pytest

from gateprint.terraform.events import (
    LOCKED,
    STALE,
    errors_in,
    has_error,
    plain_text,
    read_event,
    resource_of,
)


def diagnostic(**fields: Any) -> dict[str, Any]:
    return {"type": "diagnostic", "diagnostic": {"severity": "error", **fields}}


@pytest.mark.parametrize("line", ["", "Error: no", "[1]", "null", '"text"', '{"type": "appl', "1"])
def test_a_line_that_is_no_event_is_text(line: str) -> None:
    assert read_event(line) == {"type": "text", "@message": line}


def test_text_is_what_is_left_where_there_is_no_diagnostic() -> None:
    events = [read_event(line) for line in ("Error: no", '{"type": "version"}', "  so")]
    assert plain_text(events) == "Error: no\n  so"
    assert errors_in(events) == ()


def test_an_object_without_a_type_is_no_text_either() -> None:
    assert plain_text([read_event('{"@level": "info"}')]) == ""


def test_errors_are_told_with_the_address_and_warnings_are_not() -> None:
    events = [
        diagnostic(summary="Cannot create", detail="no", address="aws_iam_role.a"),
        diagnostic(summary="Cannot lock"),
        {"type": "diagnostic", "diagnostic": {"severity": "warning", "summary": "Old"}},
        {"type": "diagnostic", "diagnostic": None},
    ]
    assert errors_in(events) == ("Cannot create (aws_iam_role.a): no", "Cannot lock")


def test_an_error_is_known_by_how_its_summary_begins() -> None:
    events = [diagnostic(summary="Saved plan is stale"), {"type": "version"}]
    assert has_error(events, STALE)
    assert not has_error(events, LOCKED)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            {
                "type": "apply_start",
                "hook": {
                    "action": "create",
                    "resource": {"addr": "aws_iam_role.a", "resource_type": "aws_iam_role"},
                },
            },
            ("aws_iam_role.a", "aws_iam_role", "create"),
        ),
        ({"type": "planned_change", "change": {"resource": {"addr": "a"}}}, ("a", "", "")),
        ({"type": "version"}, ("", "", "")),
        ({"hook": "text"}, ("", "", "")),
        ({"hook": {}}, ("", "", "")),
    ],
)
def test_the_resource_of_an_event(event: dict[str, Any], expected: tuple[str, str, str]) -> None:
    assert resource_of(event) == expected
