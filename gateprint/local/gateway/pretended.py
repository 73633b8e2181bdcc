"""Where a request says that it comes from, so that a rehearsal can be of another place; pure.

Everything here comes from loopback. Whoever reaches that may change the account as well, so these
headers open nothing that was closed. AWS knows none of them, and no backend sees them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from ipaddress import ip_address

from gateprint.access.whereabouts import Whereabouts
from gateprint.local.gateway.faults import Fault
from gateprint.local.web import HttpRequest

SOURCE_IP = "X-Gateprint-Source-Ip"
VPC_ENDPOINT = "X-Gateprint-Vpc-Endpoint"
VPC = "X-Gateprint-Vpc"
ORGANIZATION = "X-Gateprint-Organization"
NAMES = frozenset(each.lower() for each in (SOURCE_IP, VPC_ENDPOINT, VPC, ORGANIZATION))
_IDS = {
    VPC_ENDPOINT: re.compile(r"vpce-[0-9a-f]{8,17}", re.ASCII),
    VPC: re.compile(r"vpc-[0-9a-f]{8,17}", re.ASCII),
    ORGANIZATION: re.compile(r"o-[a-z0-9]{10,32}", re.ASCII),
}


def headers_of(whereabouts: Whereabouts) -> Mapping[str, str]:
    """Return the headers of a request that pretends to come from there."""
    said = {
        SOURCE_IP: whereabouts.source_ip,
        VPC_ENDPOINT: whereabouts.vpc_endpoint,
        VPC: whereabouts.vpc,
        ORGANIZATION: whereabouts.organization,
    }
    return {name: value for name, value in said.items() if value}


def with_source(request: HttpRequest) -> HttpRequest:
    """Return the request with the address that it pretends to come from.

    Raises:
        Fault: that is no address.
    """
    said = request.header(SOURCE_IP)
    if said is None:
        return request
    try:
        return replace(request, source_ip=str(ip_address(said)))
    except ValueError:
        raise _odd(SOURCE_IP) from None


def whereabouts_of(request: HttpRequest) -> Whereabouts:
    """Return where a request comes from; its address is the one that `with_source` has set.

    Raises:
        Fault: an id is none.
    """
    found = {name: request.header(name) for name in _IDS}
    for name, said in found.items():
        if said is not None and not _IDS[name].fullmatch(said):
            raise _odd(name)
    return Whereabouts(request.source_ip, found[VPC], found[VPC_ENDPOINT], found[ORGANIZATION])


def keys_of(
    request: HttpRequest, *, is_private: bool, is_signed: bool
) -> Mapping[str, tuple[str, ...]]:
    """Return the condition keys that say where a request comes from."""
    known = whereabouts_of(request).keys(is_private=is_private, is_signed=is_signed)
    if is_private:
        known |= {"aws:sourceip": ()}  # The endpoint rewrites it.
    return known


def _odd(name: str) -> Fault:
    message = f"Bad Request: the embedded cloud cannot read {name}"
    return Fault("DEFAULT_4XX", message, reason=message)
