"""Decides about AssumeRoleWithSAML: the assertion, the role, its trust policy, how long; pure.

STS API reference, "AssumeRoleWithSAML".
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from gateprint.access.evaluate import evaluate_trust
from gateprint.access.iam.request import Request, federated
from gateprint.access.iam.statement import Policy, read_policy
from gateprint.access.saml.federation import ACTION, saml_context
from gateprint.access.saml.response import Assertion
from gateprint.errors import NotModelled
from gateprint.local.identity import rejection
from gateprint.local.identity.account import Account, AccountRole
from gateprint.local.identity.assertion import read_assertion
from gateprint.local.identity.rejection import Rejected, constraint, denied, token
from gateprint.local.identity.session_tags import Extras, read_extras
from gateprint.model.resolved import Environment, IdentityProvider, S3State
from gateprint.model.saml import ROLE, SESSION_DURATION, SESSION_NAME

Context = Mapping[str, tuple[str, ...]]
_ROLE_ARN = re.compile(r"arn:(aws[a-z-]*):iam::(\d{12}):role/[\w+=,.@/-]{1,576}", re.ASCII)
_PROVIDER_ARN = re.compile(
    r"arn:(aws[a-z-]*):iam::(\d{12}):saml-provider/([\w.-]{1,128})", re.ASCII
)
_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_LONGEST_ASSERTION = 100_000
_SHORTEST_ARN, _LONGEST_ARN = 20, 2_048
_LEAST, _MOST, _USUAL = 900, 43_200, 3_600
_IDENTITY_CENTER = "AWSReservedSSO_"
# IAM user guide, "IAM and AWS STS condition context keys": the only ones that outlive the sign-in.
_LASTING = ("SAML:namequalifier", "SAML:sub", "SAML:sub_type")


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of AssumeRoleWithSAML, and the address it came from."""

    role_arn: str
    provider_arn: str
    assertion: str = field(repr=False)
    seconds: int | None = None
    has_session_policy: bool = False
    source_ip: str = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Place:
    """Which AWS this is: the account's number, the region, the time."""

    account: str
    region: str
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class Admission:
    """A sign-in that STS accepts: the session to be, and what the answer says of the assertion.

    `context` has the condition keys that stay with the session.
    """

    role: AccountRole
    session_name: str
    expires: dt.datetime
    context: Context = field(repr=False)
    saml: Context = field(repr=False)
    extras: Extras = field(repr=False)

    @property
    def arn(self) -> str:
        """The session's ARN; the role's path is not in it."""
        head, _, path = self.role.arn.partition(":role/")
        name = path.rpartition("/")[2]
        session = head.replace(":iam:", ":sts:")
        return f"{session}:assumed-role/{name}/{self.session_name}"

    @property
    def user_id(self) -> str:
        """`aws:userid`: the role's id and the session's name."""
        return f"{self.role.id}:{self.session_name}"


def admit(asked: Asked, account: Account, place: Place) -> Admission:
    """Return what STS would issue credentials for.

    Raises:
        Rejected: STS refuses.
    """
    _require_parameters(asked)
    metadata = account.metadata(asked.provider_arn)
    if metadata is None:
        raise token(rejection.PROVIDER)
    assertion = read_assertion(asked.assertion, metadata, place.region, place.now)
    _require_pair(assertion, asked)
    name = _session_name(assertion)
    extras = read_extras(assertion)
    seconds = _seconds(asked, assertion)
    role = account.role_by_arn(asked.role_arn)
    if role is None:
        raise denied("there is no such role")
    saml = _saml(assertion, asked, place, metadata)
    _require_trust(role, asked, _trust_context(asked, place, saml, name, extras), extras)
    if (asked.seconds or 0) > role.max_session_seconds:
        raise Rejected("ValidationError", rejection.TOO_LONG)
    return Admission(
        role,
        name,
        _end(assertion, place.now, seconds),
        _lasting(asked, place, saml, extras),
        saml,
        extras,
    )


def _require_parameters(asked: Asked) -> None:
    if asked.has_session_policy:
        message = "the embedded cloud has no session policies: leave out Policy and PolicyArns"
        raise Rejected("NotImplementedException", message)
    for name, arn in (("roleArn", asked.role_arn), ("principalArn", asked.provider_arn)):
        if len(arn) < _SHORTEST_ARN:
            raise constraint(name, f"have length greater than or equal to {_SHORTEST_ARN}", arn)
        if len(arn) > _LONGEST_ARN:
            raise constraint(name, f"have length less than or equal to {_LONGEST_ARN}")
    if len(asked.assertion) > _LONGEST_ASSERTION:
        raise constraint("sAMLAssertion", f"have length less than or equal to {_LONGEST_ASSERTION}")
    if asked.seconds is not None and asked.seconds < _LEAST:
        demand = f"have value greater than or equal to {_LEAST}"
        raise constraint("durationSeconds", demand, str(asked.seconds))
    if asked.seconds is not None and asked.seconds > _MOST:
        demand = f"have value less than or equal to {_MOST}"
        raise constraint("durationSeconds", demand, str(asked.seconds))
    if not _ROLE_ARN.fullmatch(asked.role_arn) or not _PROVIDER_ARN.fullmatch(asked.provider_arn):
        raise Rejected("ValidationError", rejection.ARN)
    if asked.role_arn.rpartition("/")[2].startswith(_IDENTITY_CENTER):
        raise denied("the role is IAM Identity Center's")


def _require_pair(assertion: Assertion, asked: Asked) -> None:
    """AWS documents the role first, and its own older examples have the provider first."""
    _require_once(assertion, ROLE)
    pairs = assertion.attributes.get(ROLE, ())
    wanted = {f"{asked.role_arn},{asked.provider_arn}", f"{asked.provider_arn},{asked.role_arn}"}
    if not wanted & set(pairs):
        raise token(rejection.ROLE)


def _session_name(assertion: Assertion) -> str:
    _require_once(assertion, SESSION_NAME)
    names = assertion.attributes.get(SESSION_NAME, ())
    if not names:
        raise token(rejection.NO_NAME)
    if len(names) > 1 or not _NAME.fullmatch(names[0]):
        raise token(rejection.NAME)
    return names[0]


def _require_once(assertion: Assertion, name: str) -> None:
    """AWS maps one of several, and does not say which."""
    if name in assertion.repeated:
        raise token(rejection.INVALID, f"the attribute {name} is there twice")


def _seconds(asked: Asked, assertion: Assertion) -> int:
    """Return how long the session lasts; SessionDuration can only make it shorter."""
    _require_once(assertion, SESSION_DURATION)
    wanted = asked.seconds or _USUAL
    values = assertion.attributes.get(SESSION_DURATION, ())
    if not values:
        return wanted
    is_number = len(values) == 1 and bool(_NUMBER.fullmatch(values[0]))
    if not is_number or not _LEAST <= int(values[0]) <= _MOST:
        raise token(rejection.INVALID, f"SessionDuration has to be from {_LEAST} to {_MOST}")
    return min(wanted, int(values[0]))


def _end(assertion: Assertion, now: dt.datetime, seconds: int) -> dt.datetime:
    whole = now.replace(microsecond=0) + dt.timedelta(seconds=seconds)
    return min([whole, *assertion.session_ends])


def _saml(assertion: Assertion, asked: Asked, place: Place, metadata: str) -> Context:
    provider = IdentityProvider(
        asked.provider_arn.rpartition("/")[2], asked.provider_arn, assertion.issuer, metadata
    )
    environment = Environment(
        "local", place.account, place.region, S3State("", "", ""), (provider,)
    )
    return saml_context(assertion, environment, provider)


def _trust_context(asked: Asked, place: Place, saml: Context, name: str, extras: Extras) -> Context:
    found = {
        **saml,
        "sts:RoleSessionName": (name,),
        "aws:FederatedProvider": (asked.provider_arn,),
        "aws:SourceIp": (asked.source_ip,),
        "aws:SecureTransport": ("true",),
        "aws:CurrentTime": (f"{place.now:%Y-%m-%dT%H:%M:%SZ}",),
        "aws:EpochTime": (str(int(place.now.timestamp())),),
        "aws:RequestedRegion": (place.region,),
        **{f"aws:RequestTag/{key}": (value,) for key, value in extras.tags.items()},
    }
    if extras.tags:
        found["aws:TagKeys"] = tuple(extras.tags)
    if extras.transitive:
        found["sts:TransitiveTagKeys"] = extras.transitive
    if extras.source_identity is not None:
        found["sts:SourceIdentity"] = (extras.source_identity,)
    return found


def _require_trust(role: AccountRole, asked: Asked, context: Context, extras: Extras) -> None:
    actions = [ACTION]
    actions += ["sts:TagSession"] if extras.tags else []
    actions += ["sts:SetSourceIdentity"] if extras.source_identity is not None else []
    principal = federated(asked.provider_arn)
    try:
        policy: Policy = read_policy("the trust policy", role.trust, "trust")
        for action in actions:
            request = Request(action, role.arn, principal, context)
            outcome = evaluate_trust(policy, request).outcome
            if outcome != "allow":
                raise denied(f"the trust policy says {outcome} to {action}")
    except NotModelled as unknown:
        raise denied(f"it is not known what AWS decides: {unknown}") from unknown


def _lasting(asked: Asked, place: Place, saml: Context, extras: Extras) -> Context:
    lasting = {key.lower(): saml[key] for key in _LASTING if key in saml}
    source = extras.source_identity
    return {
        **lasting,
        "aws:federatedprovider": (asked.provider_arn,),
        "aws:tokenissuetime": (f"{place.now:%Y-%m-%dT%H:%M:%SZ}",),
        **({} if source is None else {"aws:sourceidentity": (source,)}),
        **{f"aws:principaltag/{key.lower()}": (value,) for key, value in extras.tags.items()},
    }
