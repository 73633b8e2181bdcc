"""Where the callers of an API must come from, and the networks that say so; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Restriction:
    """What all must hold of a caller: one of the networks, one of the VPCs, the organisation.

    What is empty asks nothing.
    """

    source_ips: tuple[str, ...] = ()
    vpcs: tuple[str, ...] = ()
    organization: str | None = None

    def __bool__(self) -> bool:
        """Tell whether anything is asked."""
        return bool(self.source_ips or self.vpcs or self.organization)

    def is_within(self, other: Restriction) -> bool:
        """Tell whether whoever is let in here is let in by the other one too."""
        return (
            _is_covered(self.source_ips, other.source_ips)
            and (not other.vpcs or (bool(self.vpcs) and set(self.vpcs) <= set(other.vpcs)))
            and other.organization in {None, self.organization}
        )


def _is_covered(networks: tuple[str, ...], by: tuple[str, ...]) -> bool:
    if not by:
        return True
    wide = collapsed(by)
    return bool(networks) and all(
        any(_is_subnet(each, one) for one in wide) for each in collapsed(networks)
    )


def _is_subnet(one: Network, other: Network) -> bool:
    if isinstance(one, IPv4Network):
        return isinstance(other, IPv4Network) and one.subnet_of(other)
    return isinstance(other, IPv6Network) and one.subnet_of(other)


def collapsed(networks: Iterable[str]) -> tuple[Network, ...]:
    """Return the same addresses as the fewest networks, IPv4 first."""
    found = [ip_network(each) for each in networks]
    fours = [each for each in found if isinstance(each, IPv4Network)]
    sixes = [each for each in found if isinstance(each, IPv6Network)]
    return (*collapse_addresses(fours), *collapse_addresses(sixes))


# RFC 6890 and 4193: addresses that come from no public network.
_INNER = tuple(
    ip_network(each)
    for each in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
        *("127.0.0.0/8", "169.254.0.0/16", "::1/128", "fc00::/7", "fe80::/10"),
    )
)


def is_inner(network: Network) -> bool:
    """Tell whether no address of a network is seen on the internet."""
    return any(_is_subnet(network, each) for each in _INNER)


def just_outside(networks: Iterable[str]) -> Iterator[str]:
    """Yield the addresses next to networks, before and behind each, that are in none of them."""
    whole = collapsed(networks)
    for each in whole:
        for number in (int(each.network_address) - 1, int(each.broadcast_address) + 1):
            if 0 <= number < 2**each.max_prefixlen:
                found = type(each.network_address)(number)
                if not any(found in one for one in whole):
                    yield str(found)
