"""The state bucket's lifecycle rules: old versions go, and so do unfinished uploads; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

OLD_VERSIONS_DAYS = 90
UNFINISHED_UPLOADS_DAYS = 7
_LONGEST_ID = 255
_OLD, _UPLOADS = "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"

Rule = Mapping[str, Any]


def rule_id(prefix: str) -> str:
    """Return the name of gateprint's rule for a prefix; a bucket may serve several."""
    return f"gateprint {prefix}"[:_LONGEST_ID]


def merged(rules: Sequence[Rule], prefix: str) -> list[dict[str, Any]] | None:
    """Return the rules with what they lack for `<prefix>/`; None where they lack nothing.

    Where another rule expires old versions already, after however many days, it is left to do
    so: of two, S3 obeys the one that comes first (S3 user guide, "Examples of S3 Lifecycle
    configurations", overlapping rules), and ours would shorten what somebody keeps longer.
    """
    folder = f"{prefix}/"
    others = [each for each in rules if each.get("ID") != rule_id(prefix)]
    own = next((each for each in rules if each.get("ID") == rule_id(prefix)), None)
    wanted = _wanted(folder, others)
    if wanted is None or (own is not None and _does(own, folder, wanted)):
        return None
    return [*map(_plain, others), {"ID": rule_id(prefix), **wanted}]


def _wanted(folder: str, others: Sequence[Rule]) -> dict[str, Any] | None:
    """Return what a rule of ours must do beside the others; None where they do it all."""
    actions: dict[str, Any] = {}
    if not any(_covers(each, folder) and _OLD in each for each in others):
        actions[_OLD] = {"NoncurrentDays": OLD_VERSIONS_DAYS}
        # What is left of a deleted lock when its old version has gone.
        actions["Expiration"] = {"ExpiredObjectDeleteMarker": True}
    if not any(_covers(each, folder) and _UPLOADS in each for each in others):
        actions[_UPLOADS] = {"DaysAfterInitiation": UNFINISHED_UPLOADS_DAYS}
    return {"Status": "Enabled", "Filter": {"Prefix": folder}, **actions} if actions else None


def _does(own: Rule, folder: str, wanted: Mapping[str, Any]) -> bool:
    """Tell whether our rule is there and on; its days may have been changed since."""
    return _covers(own, folder) and all(name in own for name in (_OLD, _UPLOADS) if name in wanted)


def _covers(rule: Rule, folder: str) -> bool:
    """Tell whether a rule is on, and is about everything in the folder."""
    chosen = rule.get("Filter", {"Prefix": rule.get("Prefix", "")})
    is_of_prefix = set(chosen) <= {"Prefix"}
    return (
        rule.get("Status") == "Enabled"
        and is_of_prefix
        and folder.startswith(chosen.get("Prefix", ""))
    )


def _plain(rule: Rule) -> dict[str, Any]:
    """Return a rule with a filter: S3 refuses rules of the old form beside those of the new."""
    if "Filter" in rule or "Prefix" not in rule:
        return dict(rule)
    rest = {name: value for name, value in rule.items() if name != "Prefix"}
    return {**rest, "Filter": {"Prefix": rule["Prefix"]}}
