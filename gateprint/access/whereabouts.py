"""Where a request comes from, as condition keys have it; pure."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_network

from gateprint.model.resolved import Api
from gateprint.model.restriction import Restriction

Keys = dict[str, tuple[str, ...]]
_ORGANIZATION = "aws:principalorgid"
_OF_VPCS = ("aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip")


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a request comes from; what is None is not known, or is not there.

    `source_ip` is the caller's own address, behind a VPC endpoint that within its VPC.
    """

    source_ip: str | None = None
    vpc: str | None = None
    vpc_endpoint: str | None = None
    organization: str | None = None

    def keys(self, *, is_private: bool, is_signed: bool) -> Keys:
        """Return what is known; a key that is known to be missing has no values.

        API Gateway developer guide, "AWS condition keys that can be used in API Gateway resource
        policies": who signs nothing has no organization, and only private APIs have VPCs. Of what
        is not known the key is left out.
        """
        found: Keys = {} if is_private else dict.fromkeys(_OF_VPCS, ())
        if not is_signed:
            found[_ORGANIZATION] = ()
        known = {
            "aws:vpcsourceip" if is_private else "aws:sourceip": self.source_ip,
            "aws:sourcevpc": self.vpc if is_private else None,
            "aws:sourcevpce": self.vpc_endpoint if is_private else None,
            _ORGANIZATION: self.organization if is_signed else None,
        }
        return found | {name: (value,) for name, value in known.items() if value}

    def instead_of(self, other: Whereabouts | None) -> Whereabouts:
        """Return these, and of the other ones what is not known here."""
        if other is None:
            return self
        return Whereabouts(
            self.source_ip or other.source_ip,
            self.vpc or other.vpc,
            self.vpc_endpoint or other.vpc_endpoint,
            self.organization or other.organization,
        )

    @property
    def words(self) -> str:
        """Say it."""
        said = {
            "{}": self.source_ip,
            "VPC {}": self.vpc,
            "VPC endpoint {}": self.vpc_endpoint,
            "organization {}": self.organization,
        }
        return ", ".join(words.format(value) for words, value in said.items() if value)


NOWHERE = Whereabouts()


def inside(api: Api) -> Whereabouts:
    """Return a place from where the API may be called."""
    only = api.only_from or Restriction()
    return Whereabouts(
        _first(only.source_ips),
        next(iter(only.vpcs), None),
        next(iter(api.vpc_endpoints), None),
        only.organization,
    )


def _first(networks: tuple[str, ...]) -> str | None:
    return next((str(ip_network(each).network_address) for each in networks), None)
