"""The environment's VPC endpoints, whose policies the account's own stack keeps; pure."""

from __future__ import annotations

from typing import Annotated, Literal

from gateprint.model import kinds
from gateprint.model.schema import Model

VpcEndpointId = Annotated[
    str,
    kinds.matching(r"vpce-[0-9a-f]{8,17}", "a VPC endpoint's id", "vpce-0123456789abcdef0"),
]


class VpcEndpoint(Model):
    """A VPC endpoint for API Gateway whose policy is gateprint's, whole.

    The policy replaces the one that the endpoint has. What no private API of this environment needs
    is closed by it, also what others have put behind the endpoint.
    """

    policy: Literal["routes", "account"] = "routes"
    """What the endpoint lets through: `routes`, those of the private APIs that name it, signed ones
    for the roles that may call them; or `account`, every API of this account and region.

    In AWS: the policy of the `aws_vpc_endpoint_policy`
    """
