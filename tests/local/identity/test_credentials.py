"""Temporary credentials: each is another, they end, and there are never too many."""

from __future__ import annotations

import datetime as dt
import re
import threading

from gateprint.local.identity.credentials import Holder, Session, Sessions

START = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
HOLDER = Holder(
    "arn:aws:sts::123456789012:assumed-role/pets-reader/carla",
    "arn:aws:iam::123456789012:role/pets-reader",
    "AROAEXAMPLE:carla",
    "123456789012",
)


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.time = START

    def go(self, seconds: int) -> None:
        self.time += dt.timedelta(seconds=seconds)

    def __call__(self) -> dt.datetime:
        return self.time


def issue(sessions: Sessions, seconds: int = 900) -> Session:
    return sessions.issue(HOLDER, START + dt.timedelta(seconds=seconds), {"saml:sub": ("carla",)})


def test_issued_credentials_are_found() -> None:
    sessions = Sessions(Clock())
    session = issue(sessions)
    caller = session.caller
    assert sessions.find(caller.access_key) == session.credentials
    assert (caller.arn, caller.role_arn, caller.user_id, caller.account) == (
        HOLDER.arn,
        HOLDER.role_arn,
        HOLDER.user_id,
        HOLDER.account,
    )


def test_keys_look_like_amazons() -> None:
    credentials = issue(Sessions(Clock())).credentials
    assert re.fullmatch(r"ASIA[A-Z2-7]{16}", credentials.caller.access_key)
    assert len(credentials.secret) == 40
    assert len(credentials.token or "") > 100


def test_no_two_are_alike() -> None:
    sessions = Sessions(Clock())
    issued = [issue(sessions).credentials for _ in range(50)]
    assert len({each.caller.access_key for each in issued}) == 50
    assert len({each.secret for each in issued}) == 50
    assert len({each.token for each in issued}) == 50


def test_they_end_at_their_time() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    key = issue(sessions).caller.access_key
    clock.go(899)
    assert sessions.find(key) is not None
    assert not sessions.is_expired(key)
    clock.go(1)
    assert sessions.find(key) is None
    assert sessions.is_expired(key)


def test_those_that_nobody_asks_for_end_as_well() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    key = issue(sessions).caller.access_key
    clock.go(900)
    issue(sessions, 2000)
    assert sessions.is_expired(key)


def test_an_unknown_key_is_not_over() -> None:
    assert not Sessions(Clock()).is_expired("ASIAUNKNOWNUNKNOWN22")


def test_there_are_never_too_many() -> None:
    sessions = Sessions(Clock(), most=3)
    keys = [issue(sessions).caller.access_key for _ in range(5)]
    assert [sessions.find(each) is not None for each in keys] == [False, False, True, True, True]


def test_nothing_secret_is_in_the_text_of_a_session() -> None:
    session = issue(Sessions(Clock()))
    assert session.credentials.secret not in repr(session)
    assert str(session.credentials.token) not in repr(session)
    assert "saml:sub" not in repr(session)


def test_many_threads_may_issue_and_ask() -> None:
    clock = Clock()
    sessions = Sessions(clock, most=20)
    problems: list[Exception] = []

    def work() -> None:
        try:
            for _ in range(200):
                sessions.find(issue(sessions).caller.access_key)
                clock.go(1)
        except Exception as problem:  # noqa: BLE001 - whatever it is, the test has failed
            problems.append(problem)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert problems == []
