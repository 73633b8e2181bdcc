"""Decides about calls of an API with the documents that the account holds."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from gateprint.access.evaluate import Decision, Policies, evaluate, evaluate_trust
from gateprint.access.iam.request import ANONYMOUS, Principal, Request, user
from gateprint.access.iam.statement import Kind, Policy, read_policy
from gateprint.errors import NotModelled
from gateprint.local.identity.account import Account, Document
from gateprint.local.identity.credentials import Context, Sessions
from gateprint.local.identity.sigv4 import Clock
from gateprint.local.web import Caller

ACTION = "execute-api:Invoke"
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_REGION = 3
_SHORT = "execute-api:/"

_ORGANIZATION = "aws:principalorgid"
# Of two policies the one decides that says the first of these.
_STRENGTH = ("explicit-deny", "allow", "implicit-deny")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AccountAuthorization:
    """IAM's decision, from the account's policies; the port `Authorization`."""

    account: Account
    sessions: Sessions
    clock: Clock

    def authorize(
        self,
        caller: Caller | None,
        method_arn: str,
        resource_policy: str | None,
        context: Mapping[str, tuple[str, ...]],
    ) -> Decision:
        """Return the decision on `execute-api:Invoke`.

        `context` has what the request itself brings, such as `aws:SourceIp`. What is not known for
        certain is a refusal, and the log says why.
        """
        try:
            policies = self._policies(caller, resource_policy, method_arn)
            known = self._context(caller, method_arn, context)
            request = Request(ACTION, method_arn, _principal(caller), known)
            return evaluate(policies, request)
        except NotModelled as unknown:
            log.warning("refused, as it is not known what AWS decides: %s", unknown)
            return Decision("implicit-deny")

    def authorize_token(
        self,
        policy: str,
        method_arn: str,
        resource_policy: str | None,
        context: Mapping[str, tuple[str, ...]],
    ) -> Decision:
        """Return the decision where an authorizer has answered with a policy.

        A Deny of either wins; an Allow of either is enough, as the API is in the authorizer's
        account (API Gateway developer guide, "API Gateway authorization flow").
        """
        request = Request(ACTION, method_arn, ANONYMOUS, self._context(None, method_arn, context))
        try:
            said = [evaluate_trust(_read("the authorizer", policy, "identity"), request)]
            if resource_policy:
                said.append(evaluate(self._policies(None, resource_policy, method_arn), request))
        except NotModelled as unknown:
            log.warning("refused, as it is not known what AWS decides: %s", unknown)
            return Decision("implicit-deny")
        return min(said, key=lambda each: _STRENGTH.index(each.outcome))

    def authorize_passage(
        self,
        caller: Caller | None,
        method_arn: str,
        endpoint_policy: str,
        context: Mapping[str, tuple[str, ...]],
    ) -> Decision:
        """Return what a VPC endpoint's policy says; it grants nothing by itself."""
        known = self._context(caller, method_arn, context)
        request = Request(ACTION, method_arn, _principal(caller), known)
        try:
            policy = _read("the VPC endpoint's policy", endpoint_policy, "resource")
            return evaluate_trust(policy, request)
        except NotModelled as unknown:
            log.warning("refused, as it is not known what AWS decides: %s", unknown)
            return Decision("implicit-deny")

    def _policies(self, caller: Caller | None, resource_policy: str | None, arn: str) -> Policies:
        resource = None
        if resource_policy:
            resource = _read(
                "the resource policy", _expanded(resource_policy, _api_arn(arn)), "resource"
            )
        if caller is None:
            return Policies(resource=resource)
        if not caller.role_arn:
            owner = self.account.user(caller.user_id)
            return Policies(_identity(owner.policies if owner else ()), resource=resource)
        role = self.account.role(caller.user_id.partition(":")[0])
        if role is None:  # The role has gone, and so has what its session may do.
            return Policies()
        limits = _identity([role.boundary] if role.boundary else [])
        return Policies(_identity(role.policies), next(iter(limits), None), resource)

    def _context(self, caller: Caller | None, arn: str, given: Context) -> Context:
        now = self.clock()
        known = {
            "aws:currenttime": (f"{now:{_TIME}}",),
            "aws:epochtime": (str(int(now.timestamp())),),
            "aws:requestedregion": (arn.split(":")[_REGION],),
            # API Gateway answers on HTTPS alone; this cloud's own address stands for that.
            "aws:securetransport": ("true",),
            **{name.lower(): values for name, values in given.items()},
        }
        if caller is None:
            return {**known, "aws:principaltype": ("Anonymous",), "aws:userid": ("anonymous",)}
        # A rehearsal may pretend an organization, and nothing else of who the caller is.
        pretended = {key: known[key] for key in (_ORGANIZATION,) if key in known}
        return {**known, **self._principal_keys(caller), **pretended}

    def _principal_keys(self, caller: Caller) -> Context:
        """Return what is said of a caller, after "AWS global condition context keys"."""
        organization = self.account.organization()
        common = {
            "aws:userid": (caller.user_id,),
            "aws:principalaccount": (caller.account,),
            **({_ORGANIZATION: (organization,)} if organization else {}),
        }
        if not caller.role_arn:
            owner = self.account.user(caller.user_id)
            return {
                **common,
                **_tag_keys(owner.tags if owner else {}),
                "aws:principalarn": (caller.arn,),
                "aws:principaltype": ("User",),
                "aws:username": (owner.name if owner else "",),
            }
        role = self.account.role(caller.user_id.partition(":")[0])
        session = self.sessions.session(caller.access_key)
        return {
            **common,
            **_tag_keys(role.tags if role else {}),
            "aws:principalarn": (caller.role_arn,),
            "aws:principaltype": ("AssumedRole",),
            # It is there for temporary credentials; no second factor was shown to STS.
            "aws:multifactorauthpresent": ("false",),
            **(session.context if session else {}),
        }


def _principal(caller: Caller | None) -> Principal:
    if caller is None:
        return ANONYMOUS
    return Principal("aws", caller.arn, caller.role_arn) if caller.role_arn else user(caller.arn)


def _identity(documents: Iterable[Document]) -> tuple[Policy, ...]:
    return tuple(_read(each.name, each.text, "identity") for each in documents)


@lru_cache(maxsize=4096)
def _read(name: str, text: str, kind: Kind) -> Policy:
    """Read a document once: another text is another document."""
    return read_policy(name, text, kind)


def _tag_keys(tags: Mapping[str, str]) -> Context:
    return {f"aws:principaltag/{key.lower()}": (value,) for key, value in tags.items()}


def _api_arn(method_arn: str) -> str:
    """Return the beginning of a method's ARN, up to the API's id, and a slash."""
    return f"{method_arn.partition('/')[0]}/"


@lru_cache(maxsize=256)
def _expanded(text: str, api_arn: str) -> str:
    """Return a resource policy with whole ARNs, as API Gateway makes them when it saves one.

    API Gateway developer guide, "API Gateway resource policy examples": `execute-api:/stage/...`.
    """
    if _SHORT not in text:
        return text
    try:
        document = json.loads(text)
    except ValueError as error:
        raise NotModelled("the resource policy is not JSON") from error
    return json.dumps(_with_arns(document, api_arn))


def _with_arns(value: object, api_arn: str) -> object:
    if isinstance(value, dict):
        return {key: _with_arns(each, api_arn) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_arns(each, api_arn) for each in value]
    is_short = isinstance(value, str) and value.startswith(_SHORT)
    return f"{api_arn}{str(value).removeprefix(_SHORT)}" if is_short else value
