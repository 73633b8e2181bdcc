"""The state bucket's policy: nothing without TLS, nothing by an old one; pure.

The statements are those of the S3 user guide, "Security best practices for Amazon S3" (Enforce
encryption of data in transit) and "Bucket policy examples" (Minimum TLS version, `s3:TlsVersion`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

VERSION = "2012-10-17"
OLDEST_TLS = 1.2
PLAIN_SID = "GateprintDenyWithoutTls"
OLD_TLS_SID = "GateprintDenyOldTls"

Statement = Mapping[str, Any]


def wanted_statements(partition: str, bucket: str) -> tuple[Statement, ...]:
    """Return what the policy must deny."""
    arn = f"arn:{partition}:s3:::{bucket}"
    every = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
    }
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    old = {"NumericLessThan": {"s3:TlsVersion": f"{OLDEST_TLS}"}}
    return (
        {"Sid": PLAIN_SID, **every, "Condition": plain},
        {"Sid": OLD_TLS_SID, **every, "Condition": old},
    )


def merged(policy: Mapping[str, Any] | None, wanted: Sequence[Statement]) -> dict[str, Any] | None:
    """Return the policy with what it lacks; None where it lacks nothing.

    Every other statement stays as it is. What one says already, under whatever Sid and be it
    stricter, is not said twice.
    """
    present = list(_statements(policy or {}))
    lacking = [each for each in wanted if not any(_says(found, each) for found in present)]
    if not lacking:
        return None
    replaced = {each["Sid"] for each in lacking}
    kept = [each for each in present if each.get("Sid") not in replaced]
    return {"Version": VERSION, **(policy or {}), "Statement": [*kept, *lacking]}


def _statements(policy: Mapping[str, Any]) -> Iterator[Statement]:
    """Yield the statements: IAM takes one alone without its list."""
    found = policy.get("Statement", [])
    yield from [found] if isinstance(found, Mapping) else found


def _says(found: Statement, wanted: Statement) -> bool:
    """Tell whether a statement denies at least as much as a wanted one."""
    return (
        found.get("Effect") == "Deny"
        and found.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]})
        and not {"*", "s3:*"}.isdisjoint(_listed(found.get("Action")))
        and _reaches(_listed(found.get("Resource")), wanted["Resource"])
        and _applies(found.get("Condition"), wanted["Condition"])
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _reaches(found: Sequence[Any], wanted: Sequence[str]) -> bool:
    bucket = wanted[0]
    return "*" in found or f"{bucket}*" in found or set(wanted) <= set(found)


def _applies(found: Any, wanted: Mapping[str, Any]) -> bool:
    """Tell whether a condition holds wherever the wanted one does: alone, and no laxer."""
    if found == wanted:
        return True
    if not isinstance(found, Mapping) or set(found) != set(wanted):
        return False
    ((operator, values),) = found.items()
    if not isinstance(values, Mapping) or set(values) != set(wanted[operator]):
        return False
    ((_, value),) = values.items()
    if operator == "Bool":
        return [str(each).lower() for each in _listed(value)] == ["false"]
    return _is_number_from(_listed(value), OLDEST_TLS)


def _is_number_from(values: Sequence[Any], least: float) -> bool:
    """Tell whether the number that is compared with is large enough; of several, the largest."""
    try:
        return max(float(each) for each in values) >= least
    except (TypeError, ValueError):
        return False
