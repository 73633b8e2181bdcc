"""Who calls, and whether IAM lets them: the signature, the policies, the exact refusal.

API Gateway developer guide, "API Gateway authorization flow".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from gateprint.access.evaluate import Decision
from gateprint.local.gateway.endpoints import EndpointPolicies, NoPolicies, policy_for
from gateprint.local.gateway.exchange import Exchange
from gateprint.local.gateway.faults import Fault
from gateprint.local.gateway.pools import PoolTokens
from gateprint.local.gateway.pretended import keys_of
from gateprint.local.gateway.snapshot import Authorizer, PoolAuthorizer
from gateprint.local.gateway.tokens import Authorizers
from gateprint.local.web import Authentication, Authorization, Caller, Grant

_SHOWN_DIGITS = 4
ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Gate:
    """What every request passes before its backend is reached."""

    authentication: Authentication
    authorization: Authorization
    authorizers: Authorizers
    pools: PoolTokens = field(default_factory=PoolTokens)
    endpoints: EndpointPolicies = field(default_factory=NoPolicies)

    def admit(self, exchange: Exchange) -> None:
        """Note the caller and the decision.

        Raises:
            Fault: the signature, the token or IAM says no.
        """
        is_by_signature = exchange.target.authorizer is None and exchange.target.is_signed
        if is_by_signature:
            exchange.outcome.caller = self._caller(exchange)
        self._pass_endpoint(exchange)
        if exchange.target.pools is not None:
            exchange.outcome.claims = self._claims(exchange, exchange.target.pools)
        if exchange.target.authorizer is not None:
            self._admit_before_token(exchange)
            exchange.outcome.grant = self._grant(exchange, exchange.target.authorizer)
        elif not is_by_signature and exchange.snapshot.resource_policy is None:
            return  # Nobody signs here, and the API has no policy: IAM is not asked.
        self._judge(exchange, self._decision(exchange))

    def _pass_endpoint(self, exchange: Exchange) -> None:
        policy = policy_for(exchange, self.endpoints)
        for path in spellings(exchange.path) if policy is not None else ():
            arn, caller = exchange.arn_of(path), exchange.outcome.caller
            context = _context(exchange)
            decision = self.authorization.authorize_passage(caller, arn, policy or "", context)
            if decision.outcome != "allow":
                exchange.outcome.decision = decision.outcome
                raise _denial(exchange, decision, _ENDPOINT_REASONS[decision.outcome])

    def _admit_before_token(self, exchange: Exchange) -> None:
        """Refuse what the resource policy denies before the authorizer's function is asked.

        API Gateway developer guide, "API Gateway authorization flow", Lambda authorizer and
        resource policy: the policy is evaluated in two phases.
        """
        if exchange.snapshot.resource_policy is None:
            return
        decision = self._decision(exchange)
        if decision.outcome == "explicit-deny":
            self._judge(exchange, decision)

    def _judge(self, exchange: Exchange, decision: Decision) -> None:
        exchange.outcome.decision = decision.outcome
        exchange.outcome.statement = decision.statement.place if decision.statement else ""
        if decision.outcome != "allow":
            raise _denial(exchange, decision)

    def _caller(self, exchange: Exchange) -> Caller:
        found = self.authentication.authenticate(exchange.request, exchange.snapshot.region)
        if isinstance(found, Caller):
            return found
        exchange.outcome.authenticate_error = found.message
        raise Fault(found.kind, found.message, error=found.error)

    def _grant(self, exchange: Exchange, authorizer: Authorizer) -> Grant:
        try:
            return self.authorizers.grant(exchange, authorizer)
        except Fault as fault:
            exchange.outcome.authorize_error = fault.message
            raise

    def _claims(self, exchange: Exchange, pools: PoolAuthorizer) -> Mapping[str, str]:
        try:
            return self.pools.claims(exchange, pools)
        except Fault as fault:
            exchange.outcome.authorize_error = fault.message
            raise

    def _decision(self, exchange: Exchange) -> Decision:
        """Ask IAM about every spelling of the path that it might see: AWS says of none which.

        Only what it allows in all of them is allowed.
        """
        decision = None
        for path in spellings(exchange.path):
            asked = self._asked(exchange, exchange.arn_of(path))
            if decision is None or asked.outcome != "allow":
                decision = asked
            if asked.outcome != "allow":
                break
        return decision or Decision("implicit-deny")

    def _asked(self, exchange: Exchange, arn: str) -> Decision:
        policy, context = exchange.snapshot.resource_policy, _context(exchange)
        grant = exchange.outcome.grant
        if grant is not None:
            return self.authorization.authorize_token(grant.policy, arn, policy, context)
        return self.authorization.authorize(exchange.outcome.caller, arn, policy, context)


def spellings(path: str) -> tuple[str, ...]:
    """Return a path as it was sent, and decoded; with a slash at the end, without it too."""
    found = [path]
    if "%" in path:
        found.append(unquote(path))
    shorter = [each.rstrip("/") for each in found if each.rstrip("/") and each.endswith("/")]
    return tuple(dict.fromkeys([*found, *shorter]))


def _context(exchange: Exchange) -> dict[str, tuple[str, ...]]:
    is_private = exchange.snapshot.is_private
    is_signed = exchange.outcome.caller is not None
    found = dict(keys_of(exchange.request, is_private=is_private, is_signed=is_signed))
    for key, header in (("aws:UserAgent", "user-agent"), ("aws:Referer", "referer")):
        if value := exchange.header(header):
            found[key] = (value,)
    return found


# IAM user guide, "Troubleshoot access denied error messages".
_ENDPOINT_REASONS = {
    "implicit-deny": " because no VPC endpoint policy allows the execute-api:Invoke action",
    "explicit-deny": " with an explicit deny in a VPC endpoint policy",
}


def _denial(exchange: Exchange, decision: Decision, reason: str = "") -> Fault:
    """Return AWS's refusal; it hides the account but for its last digits.

    re:Post, "Why am I getting an HTTP 403 Forbidden error when I use a Lambda authorizer with API
    Gateway?", has the texts of both kinds of denial.
    """
    caller, account = exchange.outcome.caller, exchange.snapshot.account
    if exchange.outcome.grant is not None:
        return _denial_of_token(exchange, decision)
    name = caller.arn if caller is not None else ANONYMOUS
    hidden = "*" * (len(account) - _SHOWN_DIGITS) + account[-_SHOWN_DIGITS:]
    arn = exchange.method_arn.replace(f":{account}:", f":{hidden}:", 1)
    message = f"User: {name} is not authorized to perform: execute-api:Invoke on resource: {arn}"
    if decision.outcome == "explicit-deny":
        reason = reason or " with an explicit deny"
    message += reason
    exchange.outcome.authorize_error = message
    return Fault("ACCESS_DENIED", message, is_of_iam=True)


def _denial_of_token(exchange: Exchange, decision: Decision) -> Fault:
    """Return AWS's refusal of what an authorizer's policy does not allow; it names nobody."""
    message = "User is not authorized to access this resource"
    if decision.outcome == "explicit-deny":
        message += " with an explicit deny"
    exchange.outcome.authorize_error = message
    return Fault("ACCESS_DENIED", message, is_of_iam=True)
