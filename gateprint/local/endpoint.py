"""The address of the embedded cloud: plain HTTP, on this machine only; pure."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from gateprint.errors import ToolFailed

_LAST_PORT = 65_535  # which leaves no next one for the site


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A loopback host, as sockets take it (`::1` without brackets), and a port."""

    host: str
    port: int

    @property
    def site(self) -> Endpoint:
        """Return where the sign-in page and the pets page are: on the next port."""
        return Endpoint(self.host, self.port + 1)

    @property
    def url(self) -> str:
        """Return the address as a browser writes it, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def parse(url: str) -> Endpoint:
    """Read `http://127.0.0.1:4599`; raises ToolFailed for what others could reach."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    is_port = port is not None and 0 < port < _LAST_PORT
    if (
        parts.scheme != "http"
        or not is_port
        or parts.path not in {"", "/"}
        or not is_loopback(host)
    ):
        raise ToolFailed(
            f"the embedded cloud cannot listen on {url}",
            "set `endpoint` in config/local.yaml to a loopback address and a port, "
            "such as http://127.0.0.1:4599",
        )
    return Endpoint(host, port or 0)


def is_loopback(host: str) -> bool:
    """Tell whether a host, without port and brackets, is this machine and no other."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
