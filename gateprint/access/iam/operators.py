"""IAM's condition operators: how one value of a request compares with one of a policy; pure.

After the IAM user guide, "IAM JSON policy elements: Condition operators".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from ipaddress import ip_address, ip_network
from operator import eq, ge, gt, le, lt
from typing import Any

from gateprint.access.iam import glob
from gateprint.errors import NotModelled

# Whether a value of the request fits a value of the policy, whose parts are resolved.
Test = Callable[[glob.Resolved, str], bool]


@dataclass(frozen=True, slots=True)
class Operator:
    """One of IAM's operators, without set operator and `IfExists`.

    Variables and wildcards are read in its values only where AWS documents that.
    """

    family: str
    test: Test
    is_negated: bool = False
    has_variables: bool = False
    has_wildcards: bool = False


def _is_equal(expected: glob.Resolved, actual: str) -> bool:
    return _text(expected) == actual


def _is_equal_ignoring_case(expected: glob.Resolved, actual: str) -> bool:
    return _text(expected).lower() == actual.lower()


def _text(expected: glob.Resolved) -> str:
    return "".join(each for each in expected if isinstance(each, str))


_ARN_FIELDS = 6


def _is_arn_like(expected: glob.Resolved, actual: str) -> bool:
    """Compare six fields, each on its own; a colon in the last one is a character like others."""
    fields = _arn_fields(expected)
    values = actual.split(":", _ARN_FIELDS - 1)
    if len(fields) != _ARN_FIELDS or len(values) != _ARN_FIELDS:
        raise NotModelled(f"an ARN has six fields; compared with {actual}")
    return all(map(glob.is_matching, fields, values))


def _arn_fields(expected: glob.Resolved) -> list[glob.Resolved]:
    fields: list[list[str | glob.Wild]] = [[]]
    for part in expected:
        if not isinstance(part, str):
            fields[-1].append(part)
            continue
        first, *others = part.split(":", _ARN_FIELDS - len(fields))
        fields[-1] += [first] if first else []
        fields += [[each] if each else [] for each in others]
    return [tuple(each) for each in fields]


def _ordered(
    read: Callable[[str], Any], compare: Callable[[Any, Any], bool]
) -> Callable[[glob.Resolved, str], bool]:
    def is_fitting(expected: glob.Resolved, actual: str) -> bool:
        return compare(read(actual), read(_text(expected)))

    return is_fitting


_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_DAY = r"\d{4}-\d\d(?P<day>-\d\d)?"
_TIME = r"T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)"
_DATE = re.compile(f"{_DAY}(?(day)({_TIME})?)", re.ASCII)
_EPOCH = re.compile(r"\d{5,}", re.ASCII)
_MONTH_LENGTH = 7


def _number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise NotModelled(f'"{text}" is no number')
    return Decimal(text)


def _date(text: str) -> datetime:
    """Read one of the W3C's forms, or seconds since 1970. A bare year could be either."""
    try:
        if _EPOCH.fullmatch(text):
            return datetime.fromtimestamp(int(text), UTC)
        if _DATE.fullmatch(text):
            day = f"{text}-01" if len(text) == _MONTH_LENGTH else text
            found = datetime.fromisoformat(day)
            return found if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise NotModelled(f'"{text}" is no date')


def _bool(text: str) -> bool:
    if text not in {"true", "false"}:
        raise NotModelled(f'"{text}" is neither true nor false')
    return text == "true"


def _is_in_network(expected: glob.Resolved, actual: str) -> bool:
    text = _text(expected)
    if "/" not in text and ":" in text:
        raise NotModelled(f"{text} has no prefix length, and for IPv6 AWS does not say which")
    try:
        return ip_address(actual) in ip_network(text)
    except ValueError as error:
        raise NotModelled(str(error)) from error


def _both(name: str, positive: Operator, negation: str) -> dict[str, Operator]:
    return {name: positive, negation: replace(positive, is_negated=True)}


def _comparisons(family: str, read: Callable[[str], Any]) -> dict[str, Operator]:
    orders = {"LessThan": lt, "LessThanEquals": le, "GreaterThan": gt, "GreaterThanEquals": ge}
    return {
        **_both(f"{family}Equals", Operator(family, _ordered(read, eq)), f"{family}NotEquals"),
        **{
            f"{family}{name}": Operator(family, _ordered(read, order))
            for name, order in orders.items()
        },
    }


def _texts(test: Test, *, has_wildcards: bool = False, family: str = "String") -> Operator:
    return Operator(family, test, has_variables=True, has_wildcards=has_wildcards)


_ARN = _texts(_is_arn_like, has_wildcards=True, family="Arn")
OPERATORS: dict[str, Operator] = {
    **_both("StringEquals", _texts(_is_equal), "StringNotEquals"),
    **_both("StringEqualsIgnoreCase", _texts(_is_equal_ignoring_case), "StringNotEqualsIgnoreCase"),
    **_both("StringLike", _texts(glob.is_matching, has_wildcards=True), "StringNotLike"),
    **_both("ArnEquals", _ARN, "ArnNotEquals"),
    **_both("ArnLike", _ARN, "ArnNotLike"),
    **_comparisons("Numeric", _number),
    **_comparisons("Date", _date),
    "Bool": Operator("Bool", _ordered(_bool, eq)),
    **_both("IpAddress", Operator("IpAddress", _is_in_network), "NotIpAddress"),
    "Null": Operator("Null", _ordered(_bool, eq)),
}
