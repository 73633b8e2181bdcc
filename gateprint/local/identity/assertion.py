"""Checks a SAML response as STS does, whatever the role; pure.

IAM user guide, "Configure SAML assertions for the authentication response". STS takes the same
assertion again within its five minutes: a replay is no error.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Iterable

from gateprint.access.saml.federation import BEARER
from gateprint.access.saml.response import (
    Assertion,
    Confirmation,
    Response,
    UnreadableResponse,
    verify_response,
)
from gateprint.access.saml.signature import UnsignedResponse
from gateprint.local.identity import rejection
from gateprint.local.identity.rejection import Rejected, denied, expired, token
from gateprint.model.metadata import read_metadata
from gateprint.model.partition import audiences, partition_of

_SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
_FRESH = dt.timedelta(minutes=5)
_NOTHING_SIGNED_IN = "it holds no assertion"


def read_assertion(text: str, metadata: str, region: str, now: dt.datetime) -> Assertion:
    """Return a signed assertion, made for AWS in this region, by the provider, valid now.

    `text` is base64, `metadata` the XML that the account holds.

    Raises:
        Rejected: STS refuses it.
    """
    _require_base64(text)
    issuer = _issuer(metadata)
    response = _verified(text, metadata, now)
    assertion = response.assertion
    if response.status != _SUCCESS:
        raise Rejected("IDPRejectedClaim", rejection.FAILED, "its status is no success")
    _require_issuer(response, issuer)
    _require_time(assertion, now)
    _require_audience(response, region)
    if assertion.name_id is None:
        raise denied("the subject has no NameID")
    return assertion


def _require_base64(text: str) -> None:
    try:
        base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise token(rejection.BASE64) from None


def _issuer(metadata: str) -> str:
    """Return the issuer of metadata that names one, and has a certificate."""
    try:
        found = read_metadata(metadata)
    except ValueError:
        raise token(rejection.METADATA, "it is not XML") from None
    if not found.issuer or not found.certificates:
        raise token(rejection.METADATA, "it has no entityID or no signing certificate")
    return found.issuer


def _verified(text: str, metadata: str, now: dt.datetime) -> Response:
    try:
        return verify_response(text, metadata, now)
    except UnsignedResponse as error:
        raise token(rejection.SIGNATURE, str(error)) from None
    except UnreadableResponse as error:
        if str(error).startswith(_NOTHING_SIGNED_IN):
            raise Rejected("IDPRejectedClaim", rejection.FAILED, str(error)) from None
        raise token(rejection.INVALID, str(error)) from None
    except ValueError:
        raise token(rejection.METADATA, "a certificate in it cannot be read") from None


def _require_issuer(response: Response, issuer: str) -> None:
    around = issuer if response.issuer is None else response.issuer
    if response.assertion.issuer != issuer or around != issuer:
        raise token(rejection.ISSUER)


def _require_time(assertion: Assertion, now: dt.datetime) -> None:
    """Refuse what is too old before what has expired: that is the order of AWS's own messages."""
    issued = assertion.issued
    if issued is None:
        raise token(rejection.INVALID, "it does not say when it was issued")
    if issued < now - _FRESH:
        raise expired(rejection.LATE)
    begins = [issued, assertion.not_before, *(each.not_before for each in assertion.confirmations)]
    if any(each > now for each in _given(begins)):
        raise token(rejection.INVALID, "it is not yet valid")
    ends = [assertion.not_on_or_after, *assertion.session_ends]
    ends += [each.not_on_or_after for each in assertion.confirmations]
    if any(each <= now for each in _given(ends)):
        raise expired(rejection.OVER)


def _given(times: Iterable[dt.datetime | None]) -> list[dt.datetime]:
    return [each for each in times if each is not None]


def _require_audience(response: Response, region: str) -> None:
    """Refuse what was made for somebody else; `SAML:aud` is the recipient, not the audience."""
    addresses = audiences(region)
    if response.destination is not None and response.destination not in addresses:
        raise token(rejection.AUDIENCE, "its Destination is no sign-in address of AWS")
    if _bearer(response.assertion).recipient not in addresses:
        raise token(rejection.AUDIENCE, "its Recipient is no sign-in address of AWS")
    accepted = {*addresses, partition_of(region).entity_id}
    restrictions = response.assertion.audiences
    if not restrictions or not all(accepted & set(each) for each in restrictions):
        raise token(rejection.AUDIENCE, "AWS is not among its audiences")


def _bearer(assertion: Assertion) -> Confirmation:
    """Return the one confirmation that AWS wants, with a recipient and an end."""
    found = assertion.confirmations
    if len(found) != 1 or found[0].method != BEARER or found[0].not_on_or_after is None:
        reason = "there has to be exactly one confirmation, of a bearer, with NotOnOrAfter"
        raise token(rejection.INVALID, reason)
    return found[0]
