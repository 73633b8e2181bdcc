"""STS: AssumeRoleWithSAML with all of AWS's checks, and GetCallerIdentity for its sessions."""

from __future__ import annotations

import logging
import uuid
from typing import Any

from moto.core.responses import ActionResult
from moto.sts.responses import TokenResponse

from gateprint.local.additions.grafting import wrap
from gateprint.local.identity import rejection
from gateprint.local.identity.admission import Admission, Asked, Place, admit
from gateprint.local.identity.credentials import Holder, Session
from gateprint.local.identity.rejection import Rejected
from gateprint.local.identity.wiring import Identity, identity
from gateprint.local.web import HttpRequest, Refusal

# The query protocol has names of its own for what API Gateway calls by others.
_CODES = {
    "ExpiredTokenException": "ExpiredToken",
    "IncompleteSignatureException": "IncompleteSignature",
    "InvalidSignatureException": "SignatureDoesNotMatch",
    "UnrecognizedClientException": "InvalidClientTokenId",
}

log = logging.getLogger(__name__)


def install() -> None:
    """Replace moto's AssumeRoleWithSAML, which believes whatever it is told."""
    wrap(TokenResponse, "setup_class", setup)
    wrap(TokenResponse, "assume_role_with_saml", assume_role_with_saml)
    wrap(TokenResponse, "get_caller_identity", get_caller_identity)


def setup(original: Any, response: Any, request: Any, *args: Any, **more: Any) -> None:
    """Keep the body as it came: it is signed, and gone once the form has been read."""
    request.get_data(cache=True)
    original(response, request, *args, **more)


def assume_role_with_saml(_original: Any, response: Any) -> Any:
    """AssumeRoleWithSAML; nothing of the assertion reaches the log."""
    here = identity()
    place = Place(here.number, here.region, here.clock())
    try:
        admission = admit(_asked(response), here.account, place)
    except Rejected as rejected:
        log.warning("AssumeRoleWithSAML: %s, %s", rejected.message, rejected.reason or "as it says")
        return _refused(rejected)
    return ActionResult(_result(admission, _issue(here, admission)))


def get_caller_identity(original: Any, response: Any) -> Any:
    """GetCallerIdentity; of the sessions that STS has issued, the signature is verified."""
    here = identity()
    access_key = response.get_access_key()
    if here.sessions.find(access_key) is None and not here.sessions.is_expired(access_key):
        return original(response)
    caller = here.sts_authentication.authenticate(_request(response), response.region)
    if isinstance(caller, Refusal):
        code = _CODES.get(caller.error, "MissingAuthenticationToken")
        return _refused(Rejected(code, caller.message))
    return ActionResult({"UserId": caller.user_id, "Account": caller.account, "Arn": caller.arn})


def _asked(response: Any) -> Asked:
    parameter = response._get_param  # noqa: SLF001
    return Asked(
        role_arn=parameter("RoleArn") or "",
        provider_arn=parameter("PrincipalArn") or "",
        assertion=parameter("SAMLAssertion") or "",
        seconds=parameter("DurationSeconds"),
        has_session_policy=bool(parameter("Policy") or parameter("PolicyArns")),
        source_ip=response.normalized_request.remote_addr or "127.0.0.1",
    )


def _issue(here: Identity, admission: Admission) -> Session:
    holder = Holder(admission.arn, admission.role.arn, admission.user_id, here.number)
    return here.sessions.issue(holder, admission.expires, admission.context)


def _result(admission: Admission, session: Session) -> dict[str, Any]:
    credentials = session.credentials
    extras = admission.extras
    more = {} if extras.source_identity is None else {"SourceIdentity": extras.source_identity}
    packed = {"PackedPolicySize": extras.packed_percent} if extras.tags else {}
    names = {
        "Subject": "SAML:sub",
        "SubjectType": "SAML:sub_type",
        "Issuer": "SAML:iss",
        "Audience": "SAML:aud",
        "NameQualifier": "SAML:namequalifier",
    }
    said = {name: admission.saml[key][0] for name, key in names.items() if key in admission.saml}
    return {
        "Credentials": {
            "AccessKeyId": credentials.caller.access_key,
            "SecretAccessKey": credentials.secret,
            "SessionToken": credentials.token,
            "Expiration": session.expires,
        },
        "AssumedRoleUser": {"AssumedRoleId": admission.user_id, "Arn": admission.arn},
        **said,
        **more,
        **packed,
    }


def _refused(rejected: Rejected) -> tuple[int, dict[str, Any], str]:
    answer = rejection.answer(rejected, str(uuid.uuid4()))
    return answer.status, {"status": answer.status, "Content-Type": "text/xml"}, answer.xml


def _request(response: Any) -> HttpRequest:
    request = response.normalized_request
    return HttpRequest(
        method=request.method,
        path=request.raw_path,
        query=request.query_string.decode("latin-1"),
        headers=tuple(request.headers.items()),
        body=request.get_data(),
        source_ip=request.remote_addr or "",
    )
