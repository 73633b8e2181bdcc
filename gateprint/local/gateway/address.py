"""Which API, stage and path a request is for; pure.

A domain of an API leads to what its base paths say (`named`). Two other forms lead to a stage:
`/_aws/execute-api/<api-id>/<stage>/<path>` on a loopback address, and `/<stage>/<path>` on
`<api-id>.execute-api.localhost`, as AWS's own host name has it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateprint.local.endpoint import is_loopback

PREFIX = "/_aws/execute-api/"
DOMAINS = "/_aws/domains/"
_HOST = re.compile(r"([a-z0-9]+)\.execute-api\.localhost", re.IGNORECASE)
_PORT = re.compile(r":\d+$")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a request goes. `path` begins with a slash, and is still encoded.

    `domain` is the name of one's own that was called, empty for the default endpoint.
    """

    api_id: str
    stage: str
    path: str
    domain: str = ""


def host_of(header: str) -> str:
    """Return the host of a Host header, without port and brackets."""
    return _PORT.sub("", header).strip("[]")


def address_of(host: str, path: str) -> Address | None:
    """Return where a request goes; None where it is not for the data plane.

    A page that the user's browser has open can call it by these names alone: under a name of the
    page's own (DNS rebinding), the path leads nowhere.
    """
    found = _HOST.fullmatch(host)
    if found is not None:
        return _address(found[1].lower(), path)
    if not path.startswith(PREFIX) or not is_loopback(host):
        return None
    api_id, _, rest = path.removeprefix(PREFIX).partition("/")
    return _address(api_id, f"/{rest}")


def named(host: str, path: str) -> tuple[str, str] | None:
    """Return the domain and the path of what may be a request under a name of one's own.

    The name is that of the Host header, or on a loopback address the one in
    `/_aws/domains/<name>/<path>`. Whether there is such a domain is not known here.
    """
    if not is_loopback(host):
        return host.lower(), path
    if not path.startswith(DOMAINS):
        return None
    name, _, rest = path.removeprefix(DOMAINS).partition("/")
    return name.lower(), f"/{rest}"


def _address(api_id: str, path: str) -> Address:
    stage, _, rest = path.removeprefix("/").partition("/")
    return Address(api_id, stage, f"/{rest}")
