"""Serves the site beside the embedded cloud, in the same process."""

from __future__ import annotations

import datetime as dt
import functools
import threading
from pathlib import Path
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from gateprint.local.client import client
from gateprint.local.endpoint import Endpoint
from gateprint.local.site.account import Account
from gateprint.local.site.application import Site
from gateprint.local.site.issuer import OwnIssuer
from gateprint.local.site.key import signing_key


def start_site(endpoint: Endpoint, home: Path, region: str) -> None:
    """Serve the site of the cloud at `endpoint` on the next port, until the process ends.

    Raises:
        ToolFailed: the signing key in `home` cannot be used.
        OSError: the port is taken.
    """
    site = site_of(endpoint, home, region)
    server = make_server(
        endpoint.site.host,
        endpoint.site.port,
        site,
        threaded=True,
        request_handler=_Handler,
    )
    threading.Thread(target=server.serve_forever, name="site", daemon=True).start()


def site_of(endpoint: Endpoint, home: Path, region: str) -> Site:
    """Return the site; its AWS clients are made when they are needed first."""
    key = signing_key(home, dt.datetime.now(dt.UTC))
    clients = functools.cache(lambda service: client(service, endpoint.url, region))
    account = Account(clients, endpoint.url, key.certificate_base64)
    return Site(account, key, region, Path("node_modules"), OwnIssuer(endpoint.site.url))


class _Handler(WSGIRequestHandler):
    """Writes no log: the form's fields are nobody's business."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  # the base's name
        """Write nothing."""
