"""Where the callers of an API must come from, as a blueprint says it; pure."""

from __future__ import annotations

import re
from ipaddress import IPv6Network, ip_network
from typing import Annotated

from pydantic import Field

from gateprint.model import kinds
from gateprint.model.kinds import refusal, text_of
from gateprint.model.restriction import Restriction
from gateprint.model.schema import Model
from gateprint.model.words import shortened

_LONGEST = 64
_CHARACTERS = re.compile(r"[0-9A-Fa-f:.]+(/[0-9]{1,3})?", re.ASCII)


def _network(written: object) -> str:
    text = str(text_of(written, "a network"))
    try:
        if len(text) > _LONGEST or not _CHARACTERS.fullmatch(text):
            raise ValueError  # noqa: TRY301 - one refusal for all that is no network
        found = ip_network(text, strict=False)
    except ValueError:
        problem = f'"{shortened(text)}" is not a network in CIDR notation'
        remedy = "write an address and a prefix length, such as 203.0.113.0/24"
        raise refusal("wrong-network", problem, remedy) from None
    if found.prefixlen == 0:
        problem = f"{text} is every address there is"
        raise refusal("wrong-network", problem, "write the networks that callers come from")
    if isinstance(found, IPv6Network) and found.network_address.ipv4_mapped is not None:
        inner = found.network_address.ipv4_mapped
        problem = f"{text} is an IPv4 network written as IPv6"
        raise refusal("wrong-network", problem, f"write {inner}/{max(found.prefixlen - 96, 1)}")
    if str(found) != text:
        raise refusal("wrong-network", _oddity(text, str(found)), f"write {found}")
    return text


def _oddity(text: str, canonical: str) -> str:
    address, slash, _ = text.partition("/")
    if not slash:
        return f"{text} has no prefix length"
    if ip_network(f"{address}").network_address != ip_network(canonical).network_address:
        return f"{text} has bits set behind its prefix length"
    return f"{text} is not written as networks usually are"


_NETWORK_SCHEMA = {
    "type": "string",
    "pattern": r"^[0-9a-f:.]+/[0-9]{1,3}$",
    "examples": ["203.0.113.0/24"],
}
SourceNetwork = Annotated[str, kinds.Check(_network, _NETWORK_SCHEMA)]
Vpc = Annotated[str, kinds.matching(r"vpc-[0-9a-f]{8,17}", "a VPC's id", "vpc-0123456789abcdef0")]
# AWS Organizations API reference, "Organization": its id.
Organization = Annotated[
    str, kinds.matching(r"o-[a-z0-9]{10,32}", "an organization's id", "o-exampleorgid")
]


class OnlyFrom(Model):
    """Where callers must come from, whoever they are. All that is given must hold.

    It takes away and gives nothing: a signed route still needs a grant. See
    [resource policies](auth/resource-policies.md).
    """

    source_ips: list[SourceNetwork] = Field(default_factory=list, max_length=100)
    """Networks in CIDR notation, IPv4 or IPv6. For `endpoint: private` they are those of the
    callers within their VPC, otherwise public ones.

    In AWS: `NotIpAddress` on `aws:SourceIp`, or `aws:VpcSourceIp`, in a `Deny`
    """
    vpcs: list[Vpc] = Field(default_factory=list, max_length=20)
    """VPCs whose endpoints lead to a private API, whichever endpoints these are.

    In AWS: `StringNotEquals` on `aws:SourceVpc` in a `Deny`
    """
    organization: Organization | None = None
    """The organization of AWS accounts that whoever signs must belong to. Every route must be
    `auth: iam`: of others nobody knows.

    In AWS: `StringNotEquals` on `aws:PrincipalOrgID` in a `Deny`
    """


def restriction_of(said: OnlyFrom | None) -> Restriction | None:
    """Return what is said, each value once; None where nothing is."""
    if said is None:
        return None
    networks, vpcs = (tuple(dict.fromkeys(each)) for each in (said.source_ips, said.vpcs))
    return Restriction(networks, vpcs, said.organization)
