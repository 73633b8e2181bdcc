"""VPC endpoints for API Gateway: a rehearsal takes those of a real account as they are named.

moto's EC2 takes a second to load, so this is installed when somebody asks for EC2.
"""

from __future__ import annotations

import functools
import json
from typing import Any

from gateprint.local.additions.grafting import wrap

SERVICE = "ec2"


@functools.cache
def install() -> None:
    """Repair how endpoints are changed; only once, however often it is called."""
    from moto.ec2.models import EC2Backend  # noqa: PLC0415  # as the module says
    from moto.ec2.responses import EC2Response  # noqa: PLC0415

    wrap(EC2Backend, "modify_vpc_endpoint", modify_vpc_endpoint)
    wrap(EC2Response, "modify_vpc_endpoint", with_reset)


def modify_vpc_endpoint(original: Any, backend: Any, *args: Any, **asked: Any) -> None:
    """ModifyVpcEndpoint; one of a real account is stood in for by one that is in no VPC.

    Its policy is AWS's default, which lets everything through.
    """
    from moto.ec2.models.vpcs import VPCEndPoint  # noqa: PLC0415

    name = asked["vpc_id"]
    if name not in backend.vpc_end_points:
        service = f"com.amazonaws.{backend.region_name}.execute-api"
        stand_in = VPCEndPoint(backend, name, "vpc-00000000", service, "Interface", None, [])
        backend.vpc_end_points[name] = stand_in
    original(backend, *args, **asked)


def with_reset(original: Any, response: Any) -> Any:
    """ModifyVpcEndpoint with `ResetPolicy`, which puts the default policy in place."""
    answered = original(response)
    if str(response._get_param("ResetPolicy")).lower() == "true":  # noqa: SLF001  # moto's own way
        name = response._get_param("VpcEndpointId")  # noqa: SLF001
        endpoint = response.ec2_backend.vpc_end_points[name]
        endpoint.policy_document = json.dumps(endpoint.DEFAULT_POLICY)
    return answered
