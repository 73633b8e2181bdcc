"""Whether a function's own policy lets API Gateway call it for a method."""

from __future__ import annotations

import json

import pytest

from gateprint.local.gateway.account import is_allowing
from tests.local.data_plane.made import ACCOUNT, API, FUNCTION, REGION

PLACE = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{API}"
METHOD = f"{PLACE}/dev/GET/pets/*"


def permission(source: str | None = f"{PLACE}/*/*", who: str = "apigateway") -> str:
    """A policy as AddPermission makes it."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": f"{who}.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": FUNCTION,
    }
    if source is not None:
        statement["Condition"] = {"ArnLike": {"AWS:SourceArn": source}}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


ASKED = [
    (permission(), True),
    (permission(None), True),
    (permission(METHOD), True),
    (permission(f"{PLACE}/dev/GET/pets/*"), True),
    (permission(f"{PLACE}/*/GET/pets/*"), True),
    (permission(f"{PLACE}/prod/GET/pets/*"), False),
    (permission(f"{PLACE}/dev/POST/pets/*"), False),
    (permission(f"{PLACE}/dev/GET/pets"), False),
    (permission(f"arn:aws:execute-api:{REGION}:{ACCOUNT}:other/*/*"), False),
    (permission(who="events"), False),
    (json.dumps({"Version": "2012-10-17", "Statement": []}), False),
    ("no policy", False),
]


@pytest.mark.parametrize(("document", "is_allowed"), ASKED)
def test_a_function_is_called_where_its_policy_says_so(document: str, *, is_allowed: bool) -> None:
    assert is_allowing(document, FUNCTION, METHOD, ACCOUNT) is is_allowed
