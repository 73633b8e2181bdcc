"""Reads a request's signature, from its header or its query, or says what it lacks; pure.

In the order in which AWS's services complain.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

from gateprint.local.identity import refusals
from gateprint.local.identity.canonical import ALGORITHM, decoded, pairs
from gateprint.local.web import HttpRequest, Refusal

TIME = "%Y%m%dT%H%M%SZ"
_TIME = re.compile(r"\d{8}T\d{6}Z", re.ASCII)
_HEADER_PARTS = ("Credential", "Signature", "SignedHeaders")
_QUERY_PARTS = ("Algorithm", "Credential", "Signature", "SignedHeaders", "Date")
_NO_DATE = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
# IAM user guide, "Create a signed AWS API request": X-Amz-Expires is at most seven days.
LONGEST_SECONDS = 604_800
_ELEMENTS = 5


@dataclass(frozen=True, slots=True)
class Signature:
    """What a request says of its signature.

    `scope` is `date/region/service/aws4_request`; `expires_seconds` is how long a presigned request
    asks to be valid, None for others.
    """

    access_key: str
    scope: str
    signed_headers: frozenset[str]
    signature: str = field(repr=False)
    timestamp: str = ""
    token: str | None = field(default=None, repr=False)
    expires_seconds: int | None = None

    @property
    def time(self) -> dt.datetime:
        """When it was signed."""
        return dt.datetime.strptime(self.timestamp, TIME).replace(tzinfo=dt.UTC)


def read_signature(request: HttpRequest) -> Signature | Refusal:
    """Return a request's signature, which nobody has verified yet."""
    authorization = _joined(request, "authorization")
    query = _query(request)
    if authorization and "X-Amz-Algorithm" in query:
        return refusals.SIGNED_TWICE
    if authorization:
        return _of_header(request, authorization)
    if any(f"X-Amz-{each}" in query for each in _QUERY_PARTS):
        return _of_query(query)
    return refusals.MISSING


def _of_header(request: HttpRequest, authorization: str) -> Signature | Refusal:
    algorithm, _, rest = authorization.partition(" ")
    hidden = f"(hashed with SHA-256 and encoded with Base64): '{refusals.fingerprint(rest)}'."
    if "=" in algorithm:
        message = "Authorization header must begin with the algorithm name, "
        return refusals.incomplete(f"{message}which cannot include an equal-sign")
    parts = [each.strip().partition("=") for each in rest.split(",")]
    if not all(equals for _, equals, _ in parts):
        message = "Invalid key=value pair (missing equal-sign) in Authorization header"
        return refusals.incomplete(f"{message} {hidden}")
    found = {name: value for name, _, value in parts}
    timestamp = _timestamp(request)
    lacking = [each for each in _HEADER_PARTS if not found.get(each)]
    if lacking or not timestamp:
        return refusals.incomplete(_lacks(lacking, timestamp, authorization))
    return _checked(algorithm, found, timestamp, _joined(request, "x-amz-security-token"), None)


def _lacks(parts: list[str], timestamp: str, authorization: str) -> str:
    sentences = [f"Authorization header requires '{each}' parameter." for each in parts]
    sentences += [] if timestamp else [_NO_DATE]
    shown = refusals.fingerprint(authorization)
    sentences.append(f"(Hashed with SHA-256 and encoded with Base64) Authorization={shown}")
    return " ".join(sentences)


def _of_query(query: Mapping[str, str]) -> Signature | Refusal:
    found = {each: query.get(f"X-Amz-{each}", "") for each in _QUERY_PARTS}
    lacking = [each for each in _QUERY_PARTS if not found[each]]
    if lacking:
        sentences = [
            f"AWS query-string parameters must include 'X-Amz-{each}'." for each in lacking
        ]
        sentences.append("Re-examine the query-string parameters.")
        return refusals.incomplete(" ".join(sentences))
    seconds = query.get("X-Amz-Expires")
    if seconds is not None and not re.fullmatch(r"\d{1,9}", seconds, re.ASCII):
        return refusals.incomplete("X-Amz-Expires should be a number")
    if seconds is not None and int(seconds) > LONGEST_SECONDS:
        message = "X-Amz-Expires must be less than a week (in seconds); that is, "
        limit = f"the given X-Amz-Expires must be less than {LONGEST_SECONDS} seconds"
        return refusals.incomplete(message + limit)
    return _checked(
        found["Algorithm"],
        found,
        found["Date"],
        query.get("X-Amz-Security-Token"),
        None if seconds is None else int(seconds),
    )


def _checked(
    algorithm: str,
    found: Mapping[str, str],
    timestamp: str,
    token: str | None,
    expires_seconds: int | None,
) -> Signature | Refusal:
    if not _is_time(timestamp):
        message = f"Date must be in ISO-8601 'basic format'. Got '{timestamp}'."
        return refusals.incomplete(f"{message} See http://en.wikipedia.org/wiki/ISO_8601")
    if algorithm != ALGORITHM:
        message = f"Unsupported AWS 'algorithm': '{algorithm}'"
        return refusals.incomplete(f"{message} (only {ALGORITHM} for now). ")
    credential = found["Credential"]
    if credential.count("/") != _ELEMENTS - 1:
        message = "Credential must have exactly 5 slash-delimited elements, "
        example = f"e.g. keyid/date/region/service/term, got '{credential}'"
        return refusals.incomplete(message + example)
    access_key, _, scope = credential.partition("/")
    headers = frozenset(found["SignedHeaders"].lower().split(";"))
    return Signature(
        access_key, scope, headers, found["Signature"], timestamp, token, expires_seconds
    )


def _is_time(text: str) -> bool:
    try:
        return bool(_TIME.fullmatch(text) and dt.datetime.strptime(text, TIME))  # noqa: DTZ007
    except ValueError:
        return False


def _timestamp(request: HttpRequest) -> str:
    """Return X-Amz-Date, or else Date in the same form; as it is where it is no date."""
    written = _joined(request, "x-amz-date") or _joined(request, "date") or ""
    if _TIME.fullmatch(written):
        return written
    try:
        return parsedate_to_datetime(written).astimezone(dt.UTC).strftime(TIME)
    except ValueError:
        return written


def _joined(request: HttpRequest, name: str) -> str | None:
    """Return a header; two of them are one that nobody has signed."""
    values = [value.strip() for key, value in request.headers if key.lower() == name]
    return ",".join(values) if values else None


def _query(request: HttpRequest) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, value in pairs(request.query):
        key = decoded(name)
        found[key] = f"{found[key]},{decoded(value)}" if key in found else decoded(value)
    return found
