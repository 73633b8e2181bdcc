"""What an answer of a deployed API says about access, and whether that is as expected; pure.

API Gateway's own refusals carry the header `x-amzn-ErrorType`; which one comes when is in the API
Gateway developer guide, "Gateway response types", and in IAM's "Common errors". What does not tell
whether IAM was asked is undecided, and never taken for right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from gateprint.access.probes import CorsExpected, Expected, Probe

Outcome = Literal["ok", "differs", "undecided"]
Check = Literal["access", "cors"]
Reading = Literal[
    "let through",
    "not authorized",
    "no signature",
    "wrong signature",
    "no token",
    "no key",
    "expired",
    "unclear",
]

ALLOW_ORIGIN = "access-control-allow-origin"
_ALLOW_METHODS = "access-control-allow-methods"
_ALLOW_HEADERS = "access-control-allow-headers"
_ERROR_TYPE = "x-amzn-errortype"
_UNAUTHORIZED, _FORBIDDEN, _MEDIA_TYPE, _TOO_MANY = 401, 403, 415, 429
# Failures of API Gateway itself, and of an authorizer's function.
_EARLY = {500, 503}
_LONGEST = 160
_REFUSALS: Mapping[str, Reading] = {
    "AccessDeniedException": "not authorized",
    "MissingAuthenticationTokenException": "no signature",
    "InvalidSignatureException": "wrong signature",
    "SignatureDoesNotMatchException": "wrong signature",
    "IncompleteSignatureException": "wrong signature",
    "UnrecognizedClientException": "wrong signature",
    "ExpiredTokenException": "expired",
}
# API Gateway puts it on whatever it answers; a proxy or another server on the way does not.
_MARK = "x-amz-apigw-id"


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; the names of headers are in lower case, the message is the body's."""

    status: int
    headers: Mapping[str, str]
    message: str = ""

    @property
    def error_type(self) -> str:
        """Return what API Gateway calls its refusal; empty where a backend answered."""
        return self.headers.get(_ERROR_TYPE, "").partition(":")[0]

    @property
    def is_refusal(self) -> bool:
        """Tell whether API Gateway refused the request, so that no backend has seen it."""
        return self.status in {_UNAUTHORIZED, _FORBIDDEN, _MEDIA_TYPE} and bool(self.error_type)

    def __str__(self) -> str:
        said = self.message or self.error_type
        text = f"{self.status} {said}".strip()
        return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that was checked, what was expected and found, and how they compare."""

    check: Check
    expected: str
    found: str
    outcome: Outcome


def read(answer: Answer) -> Reading:
    """Return what became of the request.

    An answer of the backend, whatever it is, was let through. A 500 may come before IAM or after
    it; a 429 and a 403 of another kind (a web ACL, a private API's door) come before. A 401 is an
    authorizer's: IAM is not asked at all.
    """
    if _MARK not in answer.headers or answer.status == _TOO_MANY:
        return "unclear"
    if answer.status == _FORBIDDEN and answer.error_type:
        return _REFUSALS.get(answer.error_type, "unclear")
    if answer.status == _UNAUTHORIZED and answer.error_type:
        return "no token"
    is_undecided = answer.status in _EARLY and bool(answer.error_type)
    return "unclear" if is_undecided else "let through"


def judge(probe: Probe, answer: Answer) -> tuple[Verdict, ...]:
    """Return the verdicts on an answer: on access, and on what a browser is told of a refusal."""
    if probe.kind == "preflight":
        return (_judge_preflight(probe, answer),)
    access = _judge_access(probe, _read_of(probe, answer), answer)
    is_refusal = answer.status in {_UNAUTHORIZED, _FORBIDDEN} and bool(answer.error_type)
    if probe.cors is None or not is_refusal:
        return (access,)
    return access, _judge_refusal(probe.cors, answer)


def _read_of(probe: Probe, answer: Answer) -> Reading:
    """Return what became of a request without an API key, where a key is the only other reason.

    A web ACL and a private API's door say the same `Forbidden`, and before IAM was asked.
    """
    reading = read(answer)
    is_told = _MARK in answer.headers and answer.status == _FORBIDDEN
    is_forbidden = is_told and answer.error_type == "ForbiddenException"
    is_of_key = probe.expected == "no key" and not probe.is_filtered
    return "no key" if is_forbidden and is_of_key else reading


def expectation(expected: Expected) -> str:
    """Return what is expected, in words."""
    return _WORDS[expected]


_WORDS: Mapping[str, str] = {
    "let through": "let through",
    "not authorized": "403, not authorized",
    "no signature": "403, Missing Authentication Token",
    "wrong signature": "403, wrong signature",
    "no token": "401, a token is asked for",
    "no key": "403, an API key is asked for",
    "preflight": "2xx for a preflight",
    "bad request": "400, before the backend",
    "closed": "403, nothing is reached here",
    "no certificate": "refused for want of a certificate",
}


def _judge_access(probe: Probe, reading: Reading, answer: Answer) -> Verdict:
    expected = expectation(probe.expected)
    if probe.needs_identity and reading == "let through":
        return _judge_identity(answer)
    if reading == probe.expected:
        return Verdict("access", expected, str(answer), "ok")
    if reading in {"unclear", "expired"} or _is_about_the_key(probe, reading):
        return Verdict("access", expected, f"{answer} {_UNDECIDED[reading]}", "undecided")
    return Verdict("access", expected, f"{answer}{_hint(probe, reading)}", "differs")


def _judge_identity(answer: Answer) -> Verdict:
    """The guard of a function answers 401; a 415 is API Gateway's, before any function."""
    expected = "let through, and 401 of the function, which asks for an identity token"
    if answer.status in {_UNAUTHORIZED, _MEDIA_TYPE}:
        return Verdict("access", expected, str(answer), "ok")
    return Verdict("access", expected, f"{answer} (without an identity token)", "differs")


_UNDECIDED: Mapping[str, str] = {
    "unclear": "(which does not tell what IAM says)",
    "expired": "(the credentials are too old)",
    "wrong signature": "(the credentials are not accepted)",
}


def _is_about_the_key(probe: Probe, reading: Reading) -> bool:
    return probe.kind == "signed" and reading == "wrong signature"


def _hint(probe: Probe, reading: Reading) -> str:
    if reading == "no signature":
        return (
            " (not deployed on this stage, or it wants a signature)"
            if not probe.role
            else (" (not deployed on this stage)")
        )
    if reading == "let through" and probe.expected == "no key":
        return " (no API key is asked for)"
    if reading == "let through" and probe.expected == "no signature":
        return " (nobody is checked)"
    return ""


def _judge_refusal(told: CorsExpected, answer: Answer) -> Verdict:
    """A page reads an API's refusal only if that names its origin, as it does a success."""
    expected = f"403 with Allow-Origin {told.origin}"
    found = answer.headers.get(ALLOW_ORIGIN)
    outcome: Outcome = "ok" if found == told.origin else "differs"
    return Verdict("cors", expected, f"{answer.status} with {_origin(found)}", outcome)


def _judge_preflight(probe: Probe, answer: Answer) -> Verdict:
    told = probe.cors or CorsExpected(None)
    whom = told.origin or f"no Allow-Origin for {probe.origin}"
    expected = f"2xx with Allow-Origin {told.origin}" if told.origin else f"2xx, {whom}"
    if answer.status == _TOO_MANY or _MARK not in answer.headers:
        return Verdict("cors", expected, f"{answer} {_UNDECIDED['unclear']}", "undecided")
    problems = list(_problems(probe, told, answer))
    outcome: Outcome = "differs" if problems else "ok"
    return Verdict("cors", expected, "; ".join(problems) or str(answer.status), outcome)


_SUCCESS = range(200, 300)


def _problems(probe: Probe, told: CorsExpected, answer: Answer) -> Iterator[str]:
    if answer.status not in _SUCCESS:
        yield str(answer)
        return
    found = answer.headers.get(ALLOW_ORIGIN)
    if told.origin is None:
        if found in {"*", probe.origin}:
            yield _origin(found)
        return
    if found != told.origin:
        yield _origin(found)
    yield from _missing("methods", told.methods, answer.headers.get(_ALLOW_METHODS, ""))
    yield from _missing("headers", told.headers, answer.headers.get(_ALLOW_HEADERS, ""))


def _origin(found: str | None) -> str:
    return f"Allow-Origin {found}" if found else "no Allow-Origin"


def _missing(what: str, wanted: tuple[str, ...], found: str) -> Iterator[str]:
    """Compare without case; `*` stands for no header `Authorization` (Fetch standard, CORS)."""
    given = {each.strip().lower() for each in found.split(",")}
    missing = [each for each in wanted if each.lower() not in given]
    if missing:
        yield f"Allow-{what.capitalize()} without {', '.join(missing)}"
