"""The user pools that moto holds, as the data plane needs them."""

from __future__ import annotations

import re

from moto.cognitoidp.models import cognitoidp_backends

from gateprint.local.additions.user_pools import public_keys
from gateprint.local.gateway.pools import Pool

_ARN = re.compile(
    r"arn:[a-z-]+:cognito-idp:(?P<region>[a-z0-9-]+):(?P<account>\d{12}):userpool/(?P<id>[\w-]+)",
    re.ASCII,
)


class MotoPools:
    """Implements the port `Pools` on what the account holds now."""

    def pool(self, arn: str) -> Pool | None:
        """Return a user pool; None where it is not in this cloud."""
        found = _ARN.fullmatch(arn)
        if found is None:
            return None
        region = found["region"]
        for account, backends in tuple(cognitoidp_backends.items()):
            if account == found["account"] and region in backends:
                held = backends[region].user_pools.get(found["id"])
                if held is not None:
                    issuer = f"https://cognito-idp.{region}.amazonaws.com/{held.id}"
                    return Pool(issuer, public_keys(held), frozenset(held.clients))
        return None
