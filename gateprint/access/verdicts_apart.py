"""What answers say of requests that are about something else than roles and routes; pure.

About API keys, the form of requests, closed default endpoints, certificates and domains. Where a
fact about an answer comes from is said in `verdicts`.
"""

from __future__ import annotations

import re

from gateprint.access.probes import Probe
from gateprint.access.verdicts import Answer, Outcome, Verdict, expectation, judge, read

_BAD_REQUEST, _FORBIDDEN = 400, 403
# API Gateway developer guide, "Gateway response types": BAD_REQUEST_BODY, QUOTA_EXCEEDED.
_OF_BODY = "Invalid request body"
_OF_PARAMETERS = "Missing required request parameters"
_COUNTED = "LimitExceededException"
_OTHER_DOMAIN = " (the domain leads nowhere with this base path)"
# IAM's refusals end with it: `…:execute-api:<region>:<account>:<api-id>/<stage>/<verb>/<path>`.
_RESOURCE = re.compile(r"resource: arn:[^:]*:execute-api:[^:]*:[^:]*:([^/\s]+/[^/\s]+)/")
# How a connection ends that API Gateway refuses: in the handshake, or right after it (TLS 1.3).
_ENDED = ("SSLError", "ProtocolError", "ConnectionResetError")


def judge_apart(probe: Probe, answer: Answer, stage: str) -> tuple[Verdict, ...]:
    """Return the verdicts on an answer to any probe; `stage` is `<api-id>/<stage>`."""
    if probe.kind == "malformed":
        return (_judge_malformed(probe, answer),)
    if probe.kind == "keyed":
        return (_judge_key(probe, answer),)
    if probe.kind in {"closed", "certificate"}:
        return (_verdict(probe, answer, "ok" if is_forbidden(answer) else "differs"),)
    return (_judge_domain(probe, answer, stage),) if probe.domain else judge(probe, answer)


def without_answer(probe: Probe, reason: str) -> Verdict:
    """Return the verdict where there is no answer: of no certificate, that is as it should be."""
    is_refused = probe.kind == "certificate" and reason.endswith(_ENDED)
    outcome: Outcome = "ok" if is_refused else "undecided"
    return Verdict("access", expectation(probe.expected), reason, outcome)


def is_forbidden(answer: Answer) -> bool:
    """Tell whether there is nothing at an address, or no way in: API Gateway says no more."""
    return answer.status == _FORBIDDEN and answer.error_type == "ForbiddenException"


def is_malformed(probe: Probe, answer: Answer) -> bool:
    """Tell whether API Gateway refused a malformed request for its form."""
    is_refused = answer.status == _BAD_REQUEST and answer.error_type == "BadRequestException"
    return probe.kind == "malformed" and is_refused


def _verdict(probe: Probe, answer: Answer, outcome: Outcome, hint: str = "") -> Verdict:
    return Verdict("access", expectation(probe.expected), f"{answer}{hint}", outcome)


def _judge_malformed(probe: Probe, answer: Answer) -> Verdict:
    lacks = probe.malformed.lacks if probe.malformed else ""
    if not is_malformed(probe, answer):
        is_let_in = read(answer) == "let through"
        outcome: Outcome = "differs" if is_let_in else "undecided"
        return _verdict(probe, answer, outcome, f" (without {lacks})" if is_let_in else "")
    is_of_body = probe.malformed is not None and probe.malformed.is_of_body
    other = _OF_PARAMETERS if is_of_body else _OF_BODY
    if other in answer.message:
        return _verdict(probe, answer, "differs", f" (and not for {lacks})")
    return _verdict(probe, answer, "ok")


def _judge_key(probe: Probe, answer: Answer) -> Verdict:
    """A quota that is used up, and nothing else, tells that the key is known."""
    is_known = answer.error_type == _COUNTED or read(answer) == "let through"
    if not is_known and not is_forbidden(answer):
        (found,) = judge(probe, answer)
        return found
    if is_forbidden(answer) and probe.is_filtered:
        return _verdict(probe, answer, "undecided", " (a web ACL or a door says the same)")
    is_right = is_known == (probe.expected == "let through")
    hint = "" if is_right else f" (with the key {probe.key})"
    return _verdict(probe, answer, "ok" if is_right else "differs", hint)


def _judge_domain(probe: Probe, answer: Answer, stage: str) -> Verdict:
    if is_forbidden(answer):
        return _verdict(probe, answer, "differs", _OTHER_DOMAIN)
    found = _RESOURCE.search(answer.message)
    if found is not None and found[1] != stage:
        return _verdict(probe, answer, "differs", f" (it came to {found[1]}, not to {stage})")
    (verdict,) = judge(probe, answer)
    return verdict
