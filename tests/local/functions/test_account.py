"""What the runner reads from moto and writes to it."""

from __future__ import annotations

from moto.logs.models import logs_backends

from gateprint.local.functions.account import MAX_EVENTS_PER_STREAM, MotoAccount
from tests.local.functions.written import ACCOUNT, USUAL


def test_of_each_process_the_last_lines_are_kept() -> None:
    for number in range(3):
        lines = [f"{number}-{line}" for line in range(MAX_EVENTS_PER_STREAM // 2)]
        MotoAccount().write_log(USUAL, "stream", lines)
    group = logs_backends[ACCOUNT][USUAL.region].groups[USUAL.log_group]
    kept = [event.message for event in group.streams["stream"].events]
    assert len(kept) == MAX_EVENTS_PER_STREAM
    assert (kept[0], kept[-1]) == ("1-0", f"2-{MAX_EVENTS_PER_STREAM // 2 - 1}")


def test_what_is_no_functions_arn_is_no_function() -> None:
    assert MotoAccount().find("arn:aws:s3:::pets") is None
    assert MotoAccount().find(USUAL.arn) is None
    assert MotoAccount().find(f"{USUAL.arn}:live") is None
