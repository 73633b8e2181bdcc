"""Checks a captured SAML response against what a role's trust policy and AWS expect; pure.

What a response says of a person is never in a result: there are counts and matches instead.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from gateprint.access.saml.federation import BEARER, Context, is_trusted, role_arn, saml_context
from gateprint.access.saml.response import Assertion, Response, verify_response
from gateprint.access.saml.signature import UnsignedResponse
from gateprint.errors import NotModelled
from gateprint.model.partition import audiences, partition_of
from gateprint.model.resolved import Environment, IdentityProvider, Role
from gateprint.model.saml import ROLE, SESSION_DURATION, SESSION_NAME, attribute_names

Verdict = Literal["passed", "failed", "not applicable"]

_SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
_STATUS = re.compile(r"urn:oasis:names:tc:SAML:2\.0:status:([A-Za-z]{1,40})", re.ASCII)
# STS API, AssumeRoleWithSAML: RoleSessionName.
_SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_LEAST_SECONDS = 900
# STS answers "Token must be redeemed within 5 minutes of issuance".
_FRESH = dt.timedelta(minutes=5)
_UNSIGNED = "not read: no valid signature covers it"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its verdict, what was expected, and what was found."""

    name: str
    verdict: Verdict
    expected: str
    found: str


def check_response(
    text: str, role: Role, environment: Environment, now: dt.datetime
) -> tuple[Check, ...]:
    """Return all checks of a response for assuming a role, in a fixed order.

    `text` is base64 or XML; `now` has a time zone.

    Raises:
        UnreadableResponse: the text is not a SAML response.
        ValueError: the role exists already, so nothing is known of its trust policy.
    """
    provider = role.identity_provider
    if provider is None:
        raise ValueError(f"{role.name} has no trust policy of its own")
    expected = f"by a certificate in the metadata of {provider.name}"
    try:
        response = verify_response(text, provider.metadata_xml, now)
    except UnsignedResponse as error:
        signature = Check("signature", "failed", expected, str(error))
        others = _Checks(role, environment, provider, now).names()
        return (signature, *(Check(each, "not applicable", "", _UNSIGNED) for each in others))
    covered = "response and assertion" if response.is_signed else "assertion"
    signature = Check("signature", "passed", expected, f"it covers the {covered}")
    return (signature, *_Checks(role, environment, provider, now).of(response))


def is_passed(checks: Iterable[Check]) -> bool:
    """Tell whether no check failed."""
    return all(each.verdict != "failed" for each in checks)


def _judged(name: str, expected: str, found: str, *, is_right: bool) -> Check:
    return Check(name, "passed" if is_right else "failed", expected, found)


def _counted(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"


def _shown(time: dt.datetime) -> str:
    return f"{time.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


@dataclass(frozen=True, slots=True)
class _Checks:
    """All checks but that of the signature, for one role."""

    role: Role
    environment: Environment
    provider: IdentityProvider
    now: dt.datetime

    def names(self) -> tuple[str, ...]:
        """Return their names, where there is nothing to check."""
        times = ("issued", "not before", "not on or after", "confirmed until", "session until")
        when = (f"when {key}" for key in self.role.when)
        ends = ("role", "session name", "session duration", "attribute names")
        start = ("status", "destination", "issuer", "recipient", "audience")
        return (*start, *times, *ends, *when, "trust policy")

    def of(self, response: Response) -> Iterator[Check]:
        assertion = response.assertion
        context = saml_context(assertion, self.environment, self.provider)
        yield self._status(response)
        yield self._destination(response)
        yield self._issuer(assertion)
        yield self._recipient(assertion)
        yield self._audience(assertion)
        yield from self._times(assertion)
        yield self._role(assertion)
        yield self._session_name(assertion)
        yield self._session_duration(assertion)
        yield self._names(assertion)
        for key, accepted in self.role.when.items():
            yield _claim(key, accepted, context.get(f"SAML:{key}", ()))
        yield self._trust(context)

    def _status(self, response: Response) -> Check:
        known = _STATUS.fullmatch(response.status or "")
        found = known[1] if known else "no known status"
        is_right = response.status == _SUCCESS
        return _around(_judged("status", "Success", found, is_right=is_right), response)

    def _destination(self, response: Response) -> Check:
        accepted = audiences(self.environment.region)
        if response.destination is None:
            return Check("destination", "not applicable", " or ".join(accepted), "none is named")
        is_right = response.destination in accepted
        found = response.destination if is_right else "another address"
        check = _judged("destination", " or ".join(accepted), found, is_right=is_right)
        return _around(check, response)

    def _issuer(self, assertion: Assertion) -> Check:
        is_right = assertion.issuer == self.provider.issuer
        found = "the same" if is_right else "another issuer"
        return _judged("issuer", self.provider.issuer, found, is_right=is_right)

    def _recipient(self, assertion: Assertion) -> Check:
        accepted = audiences(self.environment.region)
        bearers = [each for each in assertion.confirmations if each.method == BEARER]
        expected = f"one bearer, at {' or '.join(accepted)}"
        if len(assertion.confirmations) != 1 or not bearers:
            found = f"{_counted(len(bearers), 'bearer')} in {len(assertion.confirmations)}"
            return Check("recipient", "failed", expected, f"{found} confirmations")
        recipient = bearers[0].recipient
        is_right = recipient in accepted
        found = "another address" if recipient else "no recipient"
        return _judged(
            "recipient", expected, str(recipient) if is_right else found, is_right=is_right
        )

    def _audience(self, assertion: Assertion) -> Check:
        region = self.environment.region
        accepted = {*audiences(region), partition_of(region).entity_id}
        expected = " or ".join(sorted(accepted))
        # All restrictions have to be met, each by one of its audiences.
        is_right = bool(assertion.audiences) and all(
            accepted & set(each) for each in assertion.audiences
        )
        others = len({each for one in assertion.audiences for each in one} - accepted)
        found = "AWS is one of them" if is_right else _counted(others, "other audience")
        return _judged("audience", expected, found, is_right=is_right)

    def _times(self, assertion: Assertion) -> Iterator[Check]:
        yield self._issued(assertion)
        yield self._since("not before", assertion.not_before)
        yield self._until("not on or after", assertion.not_on_or_after)
        ends = [each.not_on_or_after for each in assertion.confirmations if each.not_on_or_after]
        if ends:
            yield self._until("confirmed until", min(ends))
        else:
            yield Check("confirmed until", "failed", "a time", "none, which AWS requires")
        yield self._until("session until", min(assertion.session_ends, default=None))

    def _issued(self, assertion: Assertion) -> Check:
        expected = f"in the five minutes before {_shown(self.now)}"
        if assertion.issued is None:
            return Check("issued", "failed", expected, "no time")
        is_right = self.now - _FRESH <= assertion.issued <= self.now
        return _judged("issued", expected, _shown(assertion.issued), is_right=is_right)

    def _since(self, name: str, time: dt.datetime | None) -> Check:
        expected = f"not later than {_shown(self.now)}"
        if time is None:
            return Check(name, "not applicable", expected, "no time")
        return _judged(name, expected, _shown(time), is_right=time <= self.now)

    def _until(self, name: str, time: dt.datetime | None) -> Check:
        expected = f"later than {_shown(self.now)}"
        if time is None:
            return Check(name, "not applicable", expected, "no time")
        return _judged(name, expected, _shown(time), is_right=self.now < time)

    def _role(self, assertion: Assertion) -> Check:
        role = role_arn(self.environment, self.role.name)
        pairs = assertion.attributes.get(ROLE, ())
        # AWS documents the role first, and its own older examples have the provider first.
        is_usual = f"{role},{self.provider.arn}" in pairs
        is_right = is_usual or f"{self.provider.arn},{role}" in pairs
        found = "the pair" if is_usual else "the pair, the provider first"
        if not is_right:
            found = _counted(len(pairs), "other pair") if pairs else _missing(assertion, ROLE)
        return _judged("role", f"{role},{self.provider.arn}", found, is_right=is_right)

    def _session_name(self, assertion: Assertion) -> Check:
        names = assertion.attributes.get(SESSION_NAME, ())
        is_right = len(names) == 1 and bool(_SESSION_NAME.fullmatch(names[0]))
        found = _counted(len(names), "name")
        if not names:
            found = _missing(assertion, SESSION_NAME)
        elif len(names) == 1 and not is_right:
            found = f"a name of {_counted(len(names[0]), 'character')} that is not of this form"
        expected = "2 to 64 letters, digits and _+=,.@-"
        return _judged("session name", expected, found, is_right=is_right)

    def _session_duration(self, assertion: Assertion) -> Check:
        most = self.role.max_session_seconds
        expected = f"{_LEAST_SECONDS} to {most} seconds"
        values = assertion.attributes.get(SESSION_DURATION, ())
        if not values:
            found = "none: an hour"
            return Check("session duration", "not applicable", expected, found)
        is_number = len(values) == 1 and bool(re.fullmatch(r"[0-9]{1,6}", values[0]))
        found = (
            f"{values[0]} seconds" if is_number else f"{_counted(len(values), 'value')}, no number"
        )
        is_right = is_number and _LEAST_SECONDS <= int(values[0]) <= most
        return _judged("session duration", expected, found, is_right=is_right)

    def _names(self, assertion: Assertion) -> Check:
        """AWS takes one attribute for each key, and does not say which."""
        groups: list[tuple[str, ...]] = [(ROLE,), (SESSION_NAME,), (SESSION_DURATION,)]
        groups += [attribute_names(key) for key in self.role.when]
        twice = sum(
            len(assertion.attributes.keys() & set(names)) > 1
            or bool(assertion.repeated & set(names))
            for names in groups
        )
        found = f"{twice} more than once" if twice else "none twice"
        return _judged("attribute names", "each once", found, is_right=not twice)

    def _trust(self, context: Context) -> Check:
        expected = f"the trust policy of {self.role.name} allows it"
        try:
            is_right = is_trusted(self.role, self.environment, context)
        except NotModelled:
            found = "it is not known what AWS decides"
            return Check("trust policy", "failed", expected, found)
        return _judged(
            "trust policy", expected, "it does" if is_right else "it does not", is_right=is_right
        )


def _around(check: Check, response: Response) -> Check:
    """A field of the response counts for it only where it is signed, against it always."""
    if response.is_signed or check.verdict == "failed":
        return check
    found = f"{check.found}, but not signed"
    return Check(check.name, "not applicable", check.expected, found)


def _claim(key: str, accepted: tuple[str, ...], values: tuple[str, ...]) -> Check:
    names = attribute_names(key)
    source = f", in {' or '.join(names)}" if names else ""
    expected = f"one of {_counted(len(accepted), 'accepted value')}{source}"
    matching = len(set(accepted) & set(values))
    found = f"{matching or 'none'} of {_counted(len(values), 'value')}"
    return _judged(f"when {key}", expected, found if values else "none", is_right=bool(matching))


def _missing(assertion: Assertion, name: str) -> str:
    if name in assertion.attributes:
        return "an attribute without a value"
    same = {each for each in assertion.attributes if each.lower() == name.lower()}
    return "an attribute whose name has other capitals" if same else "no such attribute"
