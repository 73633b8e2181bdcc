"""Patterns that are made from a real ARN by small changes, so that most of them match it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

STAGES = ("dev", "test", "prod", "Test", "d.v")
VERBS = ("GET", "POST", "DELETE", "OPTIONS")
# Words of request paths, among them what a regular expression or an ARN would take for its own.
# Not with an asterisk: the simulator takes that for a wildcard of the request.
WORDS = (
    *("pets", "Pets", "7", "owner", "a.b", "x-y", "(x)", "x+", "[z]", "p:q", "%2F", "^", ""),
    *("a?b", "a$b"),
)
REGIONS = ("*", "us-*-2", "us-east-?", "u*", "eu-*")
API = "a1b2"
OWNER = "123456789012"


def request_arn(choose: random.Random, account: str) -> str:
    """Return the ARN of a request, of a root path now and then."""
    path = "/".join(choose.choices(WORDS, k=choose.choice((0, 1, 1, 2, 2, 3, 5))))
    path += choose.choice(("", "", "", "/"))
    stage, verb = choose.choice(STAGES), choose.choice(VERBS)
    return f"arn:aws:execute-api:us-east-2:{account}:{API}/{stage}/{verb}/{path}"


def pattern_of(
    choose: random.Random, arn: str, *, is_completed: bool, variables: tuple[str, ...]
) -> str:
    """Return a pattern for a Resource, after some changes of a request's ARN.

    `is_completed` allows for an ARN with fields missing.
    """
    *head, last = arn.split(":", 5)
    if choose.random() < 0.05:
        return "*"
    for _ in range(choose.choice((0, 1, 1, 1, 2, 2, 3))):
        last = choose.choice(_CHANGES)(choose, last)
    # The last ones, since a change within a variable would spoil it.
    last = _escaped(last) if choose.random() < 0.1 else last
    last = _with_segment(choose, last, choose.choice(variables)) if choose.random() < 0.1 else last
    # The simulator takes what is before a slash or colon for a resource type: see differences.json.
    first = re.split("[/:]", last)[0]
    if first != last and ("*" in first or "?" in first):
        last = API + last[len(first) :]
    # Where the path has a colon, documentation and simulator differ: see differences.json.
    if ":" not in last and ":" not in arn.split(":", 5)[5] and choose.random() < 0.15:
        if is_completed and choose.random() < 0.3:
            return ":".join(head[: choose.choice((3, 4, 5))])
        head[3] = choose.choice(REGIONS)
        head[4] = choose.choice((head[4], "*", "1*", "*2", "??????789012"))
        if is_completed and choose.random() < 0.3:
            return ":".join(head[:4])
    return ":".join([*head, last])


def _segment_to_run(choose: random.Random, text: str) -> str:
    return _with_segment(choose, text, "*")


def _segment_to_other(choose: random.Random, text: str) -> str:
    return _with_segment(choose, text, choose.choice((*WORDS, *STAGES, *VERBS)))


def _with_segment(choose: random.Random, text: str, segment: str) -> str:
    segments = text.split("/")
    segments[choose.randrange(1, len(segments)) if len(segments) > 1 else 0] = segment
    return "/".join(segments)


def _without_segment(choose: random.Random, text: str) -> str:
    segments = text.split("/")
    del segments[choose.randrange(len(segments))]
    return "/".join(segments) or "*"


def _more_segments(choose: random.Random, text: str) -> str:
    return text + "/" + choose.choice(("*", "", "x", "*/owner"))


def _ending_in_run(choose: random.Random, text: str) -> str:
    return text[: choose.randint(1, max(1, len(text)))] + "*"


def _inserted_run(choose: random.Random, text: str) -> str:
    place = choose.randint(0, len(text))
    return text[:place] + "*" + text[place:]


def _part_to_run(choose: random.Random, text: str) -> str:
    start, end = sorted(choose.choices(range(len(text) + 1), k=2))
    return text[:start] + "*" + text[end:]


def _one_to_any(choose: random.Random, text: str) -> str:
    place = choose.randrange(len(text)) if text else 0
    return text[:place] + "?" + text[place + 1 :]


def _inserted_any(choose: random.Random, text: str) -> str:
    place = choose.randint(0, len(text))
    return text[:place] + "?" + text[place:]


def _other_case(choose: random.Random, text: str) -> str:
    other = text.rpartition("/")[2].swapcase()
    return _with_segment(choose, text, choose.choice((other, "get", "PETS")))


def _escaped(text: str) -> str:
    return "".join(f"${{{each}}}" if each in "*?$" else each for each in text)


def _other_slash(_: random.Random, text: str) -> str:
    return text[:-1] if text.endswith("/") else text + "/"


DEFAULTED = ("${aws:PrincipalTag/team, 'pets'}", "${aws:PrincipalTag/absent, '7'}")
VARIABLES = (
    *DEFAULTED,
    "${aws:username}",
    "${AWS:UserName}",
    "x${aws:PrincipalTag/team}y",
    "${aws:PrincipalTag/absent}",
)
_CHANGES: tuple[Callable[[random.Random, str], str], ...] = (
    _segment_to_run,
    _segment_to_run,
    _segment_to_other,
    _without_segment,
    _more_segments,
    _ending_in_run,
    _ending_in_run,
    _inserted_run,
    _part_to_run,
    _one_to_any,
    _inserted_any,
    _other_case,
    _other_slash,
)
