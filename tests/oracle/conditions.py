"""Conditions that are made from a request's own values by small changes, some keys absent."""

from __future__ import annotations

import random
from collections.abc import Mapping

from gateprint.access.iam.keys import key_of

Context = Mapping[str, tuple[str, ...]]
ORG = "o-1"
# The values that a key may have in a request.
API_VALUES: dict[str, tuple[str, ...]] = {
    "aws:username": ("anna", "7", "pets", "ANNA"),
    "aws:PrincipalTag/team": ("pets", "Pets", "a.b"),
    "aws:PrincipalTag/absent": (),
    "aws:SourceVpce": ("vpce-1", "vpce-2"),
    "aws:PrincipalOrgPaths": (f"{ORG}/r/ou-1/", f"{ORG}/r/ou-2/", f"{ORG}/x"),
    "aws:SourceArn": (
        "arn:aws:sns:us-east-2:123456789012:topic",
        "arn:aws:s3:::bucket/a:b",
        "arn:aws:sns:us-east-2:999999999999:x/y:123456789012:topic",
    ),
    "aws:SecureTransport": ("true", "false"),
    "aws:MultiFactorAuthPresent": ("true", "false"),
    "aws:MultiFactorAuthAge": ("0", "10", "9.5", "3600", "-1"),
    "aws:CurrentTime": ("2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", "2026-06-15T12:30:00Z"),
    "aws:SourceIp": ("203.0.113.9", "203.0.114.0", "2001:db8:1234:5678::1"),
}
# Of the attributes that are lists, those that the simulator takes for lists too.
SAML_VALUES: dict[str, tuple[str, ...]] = {
    "SAML:aud": (
        "https://signin.aws.amazon.com/saml",
        "https://us-east-2.signin.aws.amazon.com/saml",
    ),
    "SAML:iss": ("urn:acme.auth0.com", "urn:acme.auth0.com.evil"),
    "saml:sub": ("anna", "bert"),
    "SAML:sub_type": ("persistent", "transient"),
    "saml:namequalifier": ("abc=",),
    "SAML:edupersonaffiliation": ("staff", "auditor", "student"),
    "saml:cn": ("Anna", "anna"),
    "SAML:edupersonentitlement": ("urn:acme:pets:read", "urn:acme:pets:write"),
    "SAML:edupersonprimaryorgunitdn": ("ou=service,o=acme", "ou=sales,o=acme"),
}
STS_VALUES: dict[str, tuple[str, ...]] = {
    "sts:RoleSessionName": ("anna", "bert"),
    "sts:SourceIdentity": ("anna",),
}
TAG_VALUES: dict[str, tuple[str, ...]] = {
    "aws:RequestTag/team": ("pets", "orders"),
    "aws:TagKeys": ("team", "cost"),
}


def context_of(choose: random.Random, values: Mapping[str, tuple[str, ...]]) -> Context:
    """Return the values of one request; absent keys are stated."""
    return {key: _drawn(choose, key, known) for key, known in values.items()}


def _drawn(choose: random.Random, key: str, known: tuple[str, ...]) -> tuple[str, ...]:
    if not known or choose.random() < 0.2:
        return ()
    count = choose.randint(1, len(known)) if key_of(key.lower()).is_list else 1
    return tuple(choose.sample(known, count))


def condition_of(
    choose: random.Random, context: Context, values: Mapping[str, tuple[str, ...]]
) -> dict[str, dict[str, object]]:
    """Return a Condition with one or two operators, that the request meets more often than not."""
    found: dict[str, dict[str, object]] = {}
    for _ in range(choose.choice((1, 1, 2))):
        key = choose.choice(tuple(values))
        operator, compared = _compared(choose, key, context[key], values[key])
        written = choose.choice((key, key.lower(), key.upper() if "/" not in key else key))
        found[operator] = {written: compared}
    return found


def _compared(
    choose: random.Random, key: str, actual: tuple[str, ...], known: tuple[str, ...]
) -> tuple[str, object]:
    if choose.random() < 0.07:
        return "Null", choose.choice(("true", "false", ["true", "false"]))
    kind = key_of(key.lower()).kind
    operator = choose.choice(_OPERATORS[kind])
    near = [*actual, *actual, *known] or ["anna"]
    count = choose.choice((1, 1, 2))
    texts = [_expected(choose, operator, choose.choice(near)) for _ in range(count)]
    name = _qualified(choose, key, operator, is_there=bool(actual))
    return name, texts if len(texts) > 1 or choose.random() < 0.5 else texts[0]


def _qualified(choose: random.Random, key: str, operator: str, *, is_there: bool) -> str:
    """A list needs a qualifier. ForAnyValue and IfExists contradict each other on an absent key."""
    is_list = key_of(key.lower()).is_list
    qualifier = choose.choice(("ForAnyValue:", "ForAllValues:")) if is_list else ""
    if not is_list and choose.random() < 0.05:
        qualifier = choose.choice(("ForAnyValue:", "ForAllValues:"))
    is_clear = is_there or qualifier != "ForAnyValue:"
    suffix = "IfExists" if is_clear and choose.random() < 0.25 else ""
    return f"{qualifier}{operator}{suffix}"


_STRINGS = (
    "StringEquals",
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringLike",
    "StringNotLike",
)
_ORDERS = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
_OPERATORS: dict[str, tuple[str, ...]] = {
    "string": _STRINGS,
    "arn": ("ArnEquals", "ArnNotEquals", "ArnLike", "ArnLike", "ArnNotLike", "StringLike"),
    "bool": ("Bool",),
    "number": tuple(f"Numeric{each}" for each in _ORDERS),
    "date": tuple(f"Date{each}" for each in _ORDERS),
    "ip": ("IpAddress", "IpAddress", "NotIpAddress"),
}
_DATES = ("2026-01-01", "2025-12", "2026-01-01T01:00:00+01:00", "2026-01-01T00:00Z")
_NETWORKS = (
    "203.0.113.0/24",
    "203.0.113.9/32",
    "203.0.112.0/22",
    "2001:db8:1234::/48",
    "10.0.0.0/8",
)


def _expected(choose: random.Random, operator: str, value: str) -> str:
    is_kept = choose.random() < 0.4
    if operator.endswith("IpAddress"):
        return choose.choice(_NETWORKS)
    if operator.startswith("Date"):
        return value if is_kept else choose.choice(_DATES)
    if operator.startswith("Numeric"):
        return value if is_kept else choose.choice(("0", "9", "10", "10.0", "3600"))
    if operator == "Bool" or is_kept:
        return value
    if operator.startswith("Arn"):
        return _changed_arn(choose, value)
    return _changed_text(choose, operator, value)


def _changed_arn(choose: random.Random, value: str) -> str:
    fields = value.split(":", 5)
    place = choose.choice((3, 4, 5, 5))
    text = fields[place]
    cut = choose.randint(0, len(text))
    fields[place] = choose.choice(("*", text[:cut] + "*", "*" + text[cut:], text[:cut] + "?", text))
    return ":".join(fields)


def _changed_text(choose: random.Random, operator: str, value: str) -> str:
    changes = [value.swapcase(), value + "x", value[:-1] + "?"]
    if operator.endswith("Like"):
        cut = choose.randint(0, len(value))
        changes += [value[:cut] + "*", "*" + value[cut:], "*", value[:cut] + "*" + value[cut + 1 :]]
    if "Not" not in operator:
        # Negated, an absent variable is met by documentation, and not by the simulator.
        changes += ["${aws:username}", "${saml:sub}"]
    changes += ["${aws:username, 'anna'}"]
    return choose.choice(changes)
