"""The Condition of a statement: operators on keys, set operators and missing keys; pure.

After the IAM user guide, "IAM JSON policy elements: Condition operators" and "Creating a condition
with multiple keys or values".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gateprint.access.iam import glob
from gateprint.access.iam.keys import key_of
from gateprint.access.iam.operators import OPERATORS, Operator
from gateprint.access.iam.request import Context
from gateprint.errors import NotModelled

Qualifier = Literal["", "ForAnyValue", "ForAllValues"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One key with the values that it is compared with; `name` is the operator as written."""

    name: str
    qualifier: Qualifier
    operator: Operator
    is_if_exists: bool
    key: str
    values: tuple[tuple[glob.Part, ...], ...]


# Which operators AWS documents for keys of a type.
_FAMILIES = {
    "string": {"String"},
    "arn": {"Arn", "String"},
    "bool": {"Bool"},
    "date": {"Date"},
    "epoch": {"Date", "Numeric"},
    "number": {"Numeric"},
    "ip": {"IpAddress"},
}
_QUALIFIERS: dict[str, Qualifier] = {
    "": "",
    "ForAnyValue": "ForAnyValue",
    "ForAllValues": "ForAllValues",
}
_NAME = re.compile(r"(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?", re.ASCII)


def read_conditions(block: Mapping[str, Any], *, has_variables: bool) -> tuple[Condition, ...]:
    """Return the conditions of a Condition element; all have to hold.

    Raises:
        NotModelled: an operator is unknown, or something is not as the grammar has it.
    """
    return tuple(
        _read(name, key, values, has_variables=has_variables)
        for name, keys in block.items()
        for key, values in _checked_keys(name, keys).items()
    )


def _checked_keys(name: str, keys: object) -> Mapping[str, Any]:
    if not isinstance(keys, Mapping) or not keys:
        raise NotModelled(f"the condition {name} is not an object of keys")
    if len({str(key).lower() for key in keys}) != len(keys):
        raise NotModelled(f"the condition {name} names a key twice")
    return keys


def _read(name: str, key: str, values: object, *, has_variables: bool) -> Condition:
    qualifier, base, if_exists = _split_name(name)
    operator = OPERATORS[base]
    texts = [_value_text(each) for each in (values if isinstance(values, list) else [values])]
    if not texts:
        raise NotModelled(f"the condition {name} compares {key} with nothing")
    parts = tuple(
        glob.split(
            each,
            has_variables=has_variables and operator.has_variables,
            has_wildcards=operator.has_wildcards,
        )
        for each in texts
    )
    return Condition(name, qualifier, operator, if_exists, key.lower(), parts)


def _split_name(name: str) -> tuple[Qualifier, str, bool]:
    found = _NAME.fullmatch(name)
    base = found[2] if found else ""
    if found is None or base not in OPERATORS:
        raise NotModelled(f"the condition operator {name} is not known")
    if base == "Null" and (found[1] or found[3]):
        raise NotModelled(f"the condition operator {name} is not known")
    return _QUALIFIERS[found[1] or ""], base, bool(found[3])


def _value_text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | str):
        return str(value)
    raise NotModelled(f"{value!r} is no value of a condition")


def is_met(condition: Condition, context: Context) -> bool:
    """Tell whether the request meets the condition.

    Raises:
        NotModelled: AWS does not document what it means for this key or this value.
    """
    key = key_of(condition.key)
    values = context.values_of(condition.key)
    if condition.operator.family == "Null":
        return _is_null_as_stated(condition, values)
    if condition.operator.family not in _FAMILIES[key.kind]:
        raise NotModelled(f"{condition.name} is not for keys such as {condition.key}")
    if not values:
        return _is_met_without_key(condition)
    if condition.qualifier:
        return _is_met_by_set(condition, values, context)
    if key.is_list:
        raise NotModelled(f"{condition.key} may have several values and needs a set operator")
    return _is_met_by_value(condition, values[0], context)


def _is_null_as_stated(condition: Condition, values: tuple[str, ...]) -> bool:
    if values and not any(values):
        raise NotModelled(f"{condition.key} is empty: AWS does not say whether that is null")
    absent = "false" if values else "true"
    return any(
        condition.operator.test(glob.without_variables(each), absent) for each in condition.values
    )


def _is_met_without_key(condition: Condition) -> bool:
    """Decide for an absent key.

    A set of no values: all of them fit, none of them does. `IfExists` says that absence is enough,
    ForAnyValue that it is not, and AWS does not say which of them wins.
    """
    if condition.qualifier == "ForAllValues":
        return True
    if condition.qualifier == "ForAnyValue":
        if condition.is_if_exists:
            raise NotModelled(f"{condition.name} is ambiguous where {condition.key} is absent")
        return False
    return condition.is_if_exists or condition.operator.is_negated


def _is_met_by_set(condition: Condition, values: tuple[str, ...], context: Context) -> bool:
    """Decide for a set; one that holds empty texts alone counts as empty."""
    is_any = condition.qualifier == "ForAnyValue"
    if not any(values):
        return not is_any
    met = [_is_met_by_value(condition, each, context) for each in values]
    return any(met) if is_any else all(met)


def _is_met_by_value(condition: Condition, value: str, context: Context) -> bool:
    """Compare one value of the request with each of the policy's.

    A variable without a value is equal to nothing and like nothing.
    """
    test = condition.operator.test
    resolved = [glob.resolve(each, context.value_of) for each in condition.values]
    is_fitting = any(test(each, value) for each in resolved if each is not None)
    return is_fitting is not condition.operator.is_negated
