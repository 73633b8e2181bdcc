"""What makes a bucket fit to keep state: of each setting, what is there and what to do; pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from gateprint.model.partition import partition_of
from gateprint.model.resolved import S3State
from gateprint.terraform.state import bucket_policy, lifecycle

Outcome = Literal["made", "kept", "mended", "left"]

_PUBLIC = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
_ENFORCED = "BucketOwnerEnforced"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a bucket, as S3's API has them; a new bucket has none."""

    versioning: Mapping[str, Any] = field(default_factory=dict)
    encryption: Sequence[Mapping[str, Any]] = ()
    public: Mapping[str, bool] = field(default_factory=dict)
    ownership: str | None = None
    policy: Mapping[str, Any] | None = None
    lifecycle: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measure:
    """One setting: its outcome, and the call of S3's API that brings it about, if one is needed.

    `made`: there was nothing, `mended`: it was too lax, `kept`: it is as strict or stricter,
    `left`: it does not apply, for the reason in `detail`.
    """

    setting: str
    outcome: Outcome
    detail: str
    call: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)


def measures(found: Settings, state: S3State, *, is_embedded: bool) -> Iterator[Measure]:
    """Yield a measure for each setting, in the order in which they are to be taken."""
    yield _public(found)
    yield _ownership(found)
    yield _encryption(found, state)
    yield _versioning(found)
    yield _policy(found, state, is_embedded=is_embedded)
    yield _lifecycle(found, state)


def _outcome(*, was_there: bool) -> Outcome:
    return "mended" if was_there else "made"


def _public(found: Settings) -> Measure:
    setting, detail = "public access", "blocked in all four ways"
    if all(found.public.get(name) for name in _PUBLIC):
        return Measure(setting, "kept", detail)
    arguments = {"PublicAccessBlockConfiguration": dict.fromkeys(_PUBLIC, True)}
    outcome = _outcome(was_there=bool(found.public))
    return Measure(setting, outcome, detail, "put_public_access_block", arguments)


def _ownership(found: Settings) -> Measure:
    setting, detail = "ownership", "every object is the bucket owner's; no ACLs"
    if found.ownership == _ENFORCED:
        return Measure(setting, "kept", detail)
    arguments = {"OwnershipControls": {"Rules": [{"ObjectOwnership": _ENFORCED}]}}
    outcome = _outcome(was_there=found.ownership is not None)
    return Measure(setting, outcome, detail, "put_bucket_ownership_controls", arguments)


def _encryption(found: Settings, state: S3State) -> Measure:
    """A KMS key that is there stays, whichever it is: states are written with their own."""
    rule = dict(found.encryption[0]) if found.encryption else {}
    default: Mapping[str, Any] = rule.get("ApplyServerSideEncryptionByDefault", {})
    kind, key = default.get("SSEAlgorithm", ""), default.get("KMSMasterKeyID", "AWS's own key")
    if kind.startswith("aws:kms"):
        return Measure("encryption", "kept", f"KMS, {key}")
    if kind and state.kms_key is None:
        return Measure("encryption", "kept", "S3's own key")
    wanted: dict[str, Any] = {"SSEAlgorithm": "AES256"}
    detail = "S3's own key"
    if state.kms_key is not None:
        wanted = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": state.kms_key}
        # One data key for many objects: fewer calls of KMS.
        rule["BucketKeyEnabled"] = True
        detail = f"KMS, {state.kms_key}, with a bucket key"
    rule["ApplyServerSideEncryptionByDefault"] = wanted
    arguments = {"ServerSideEncryptionConfiguration": {"Rules": [rule]}}
    outcome = _outcome(was_there=bool(kind))
    return Measure("encryption", outcome, detail, "put_bucket_encryption", arguments)


def _versioning(found: Settings) -> Measure:
    status = found.versioning.get("Status")
    if status == "Enabled":
        return Measure("versioning", "kept", "on")
    arguments = {"VersioningConfiguration": {"Status": "Enabled"}}
    outcome = _outcome(was_there=status is not None)
    return Measure("versioning", outcome, "on", "put_bucket_versioning", arguments)


def _policy(found: Settings, state: S3State, *, is_embedded: bool) -> Measure:
    if is_embedded:
        return Measure("policy", "left", "the embedded cloud is on this machine, without TLS")
    wanted = bucket_policy.wanted_statements(partition_of(state.region).name, state.bucket)
    detail = f"nothing without TLS, nor below TLS {bucket_policy.OLDEST_TLS}"
    policy = bucket_policy.merged(found.policy, wanted)
    if policy is None:
        return Measure("policy", "kept", detail)
    outcome = _outcome(was_there=found.policy is not None)
    return Measure("policy", outcome, detail, "put_bucket_policy", {"Policy": json.dumps(policy)})


def _lifecycle(found: Settings, state: S3State) -> Measure:
    setting = "lifecycle"
    if found.versioning.get("MFADelete") == "Enabled":
        # S3 user guide, "Setting lifecycle configuration on a bucket": not beside MFA delete.
        return Measure(setting, "left", "MFA delete allows no lifecycle rules")
    present = found.lifecycle.get("Rules", [])
    rules = lifecycle.merged(present, state.prefix)
    if rules is None:
        return Measure(setting, "kept", f"old versions of {state.prefix}/ expire")
    size = "TransitionDefaultMinimumObjectSize"
    kept = {size: found.lifecycle[size]} if size in found.lifecycle else {}
    arguments = {"LifecycleConfiguration": {"Rules": rules}, **kept}
    detail = f"old versions of {state.prefix}/ expire after {lifecycle.OLD_VERSIONS_DAYS} days"
    outcome = _outcome(was_there=bool(present))
    return Measure(setting, outcome, detail, "put_bucket_lifecycle_configuration", arguments)
