"""The VPC endpoints that moto holds, as the data plane needs them."""

from __future__ import annotations

import sys


class MotoEndpoints:
    """Implements the port `EndpointPolicies` on what the account holds now."""

    def __init__(self, account: str) -> None:
        self._account = account

    def policy(self, endpoint: str) -> str | None:
        """Return an endpoint's policy; while nobody has asked for EC2 there are no endpoints."""
        loaded = sys.modules.get("moto.ec2.models")
        if loaded is None:
            return None
        for backend in tuple(loaded.ec2_backends[self._account].values()):
            if endpoint in backend.vpc_end_points:
                return str(backend.vpc_end_points[endpoint].policy_document)
        return None
