"""Whether a VPC endpoint lets a request through to a private API, before anything else is asked.

API Gateway developer guide, "Use VPC endpoint policies for private APIs in API Gateway": who sends
no signature, or a bearer token, is anonymous to the endpoint.
"""

from __future__ import annotations

from typing import Protocol

from gateprint.local.gateway.exchange import Exchange
from gateprint.local.gateway.pretended import whereabouts_of


class EndpointPolicies(Protocol):
    """Knows the policies of the account's VPC endpoints."""

    def policy(self, endpoint: str) -> str | None:
        """Return an endpoint's policy; None where the account does not know the endpoint."""


class NoPolicies:
    """Implements the port where no endpoint has a policy."""

    def policy(self, _endpoint: str) -> str | None:
        """Return none."""
        return None


def policy_for(exchange: Exchange, policies: EndpointPolicies) -> str | None:
    """Return the policy of the endpoint that a request comes through; None where there is none."""
    endpoint = whereabouts_of(exchange.request).vpc_endpoint
    if endpoint is None or not exchange.snapshot.is_private:
        return None
    return policies.policy(endpoint)
