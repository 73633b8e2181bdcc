"""Verifies AWS's Signature Version 4 of requests to an API, and says who signed them."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from gateprint.local.identity import refusals
from gateprint.local.identity.canonical import (
    TERMINATOR,
    canonical_request,
    signature_of,
    string_to_sign,
)
from gateprint.local.identity.signature import TIME, Signature, read_signature
from gateprint.local.web import Caller, HttpRequest, Refusal

Clock = Callable[[], dt.datetime]
# What callers of API Gateway see: "Signature expired: … (… - 5 min.)".
_SKEW = dt.timedelta(minutes=5)
# API Gateway's own JavaScript SDK adds the token after it has signed.
_MAY_BE_UNSIGNED = "x-amz-security-token"


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access key with its secret; temporary ones have a token."""

    caller: Caller
    secret: str = field(repr=False)
    token: str | None = field(default=None, repr=False)


class KeyRing(Protocol):
    """Knows the access keys that are valid, and those that were."""

    def find(self, access_key: str) -> Credentials | None:
        """Return valid credentials, or None."""

    def is_expired(self, access_key: str) -> bool:
        """Tell whether the key was valid, and its time is over."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """Verifies signatures for one service, by the keys of a key ring; the port `Authentication`."""

    keys: KeyRing
    clock: Clock
    service: str = "execute-api"

    def authenticate(self, request: HttpRequest, region: str) -> Caller | Refusal:
        """Return who signed the request, or why the signature is refused."""
        signature = read_signature(request)
        if isinstance(signature, Refusal):
            return signature
        problem = (
            _untimely(signature, self.clock())
            or _uncovered(signature, request)
            or self._misdirected(signature, region)
        )
        return problem or self._verified(signature, request)

    def _misdirected(self, signature: Signature, region: str) -> Refusal | None:
        date, its_region, service, terminator = signature.scope.split("/")
        signed = signature.timestamp[: len("YYYYMMDD")]
        sentences = []
        if its_region != region:
            sentences.append(f"Credential should be scoped to a valid region, not '{its_region}'. ")
        if service != self.service:
            sentences.append(f"Credential should be scoped to correct service: '{self.service}'. ")
        if terminator != TERMINATOR:
            wanted = f"Credential should be scoped with a valid terminator: '{TERMINATOR}'"
            sentences.append(f"{wanted}, not '{terminator}'. ")
        if date != signed:
            wanted = "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of "
            found = f"date from HTTP: '{date}' != '{signed}', from '{signature.timestamp}'."
            sentences.append(wanted + found)
        return refusals.invalid("".join(sentences)) if sentences else None

    def _verified(self, signature: Signature, request: HttpRequest) -> Caller | Refusal:
        credentials = self.keys.find(signature.access_key)
        if credentials is None:
            is_late = self.keys.is_expired(signature.access_key)
            return refusals.EXPIRED_TOKEN if is_late else refusals.UNKNOWN_TOKEN
        if not _is_same(signature.token or "", credentials.token or ""):
            return refusals.UNKNOWN_TOKEN
        canonical = canonical_request(request, signature.signed_headers)
        signed = string_to_sign(signature.timestamp, signature.scope, canonical)
        expected = signature_of(credentials.secret, signature.scope, signed)
        is_right = _is_same(signature.signature, expected)
        return credentials.caller if is_right else refusals.MISMATCH


def _is_same(one: str, other: str) -> bool:
    """Compare in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def _untimely(signature: Signature, now: dt.datetime) -> Refusal | None:
    """Refuse what is older or newer than five minutes; what is presigned may be older."""
    seconds = signature.expires_seconds
    allowed = _SKEW if seconds is None else dt.timedelta(seconds=seconds)
    if signature.time < now - allowed:
        earlier = f"{now - allowed:{TIME}} ({now:{TIME}} - {_minutes(allowed)} min.)"
        return refusals.invalid(
            f"Signature expired: {signature.timestamp} is now earlier than {earlier}"
        )
    if signature.time > now + _SKEW:
        later = f"{now + _SKEW:{TIME}} ({now:{TIME}} + {_minutes(_SKEW)} min.)"
        return refusals.invalid(
            f"Signature not yet current: {signature.timestamp} is still later than {later}"
        )
    return None


def _minutes(time: dt.timedelta) -> str:
    return f"{time / dt.timedelta(minutes=1):g}"


def _uncovered(signature: Signature, request: HttpRequest) -> Refusal | None:
    """Refuse a signature without the host, or without an x-amz-* header that is there."""
    present = {name.lower() for name, _ in request.headers}
    if "host" not in signature.signed_headers:
        return refusals.HOST_NOT_SIGNED
    uncovered = {each for each in present if each.startswith("x-amz-")} - signature.signed_headers
    for each in sorted(uncovered - {_MAY_BE_UNSIGNED}):
        return refusals.not_signed(each)
    # What is signed but absent was something else when it was signed.
    return None if signature.signed_headers <= present else refusals.MISMATCH
