"""Compressed bodies, where an API has a minimum compression size; pure.

API Gateway developer guide, "Payload compression for REST APIs in API Gateway".
"""

from __future__ import annotations

import gzip
import zlib
from dataclasses import replace

from gateprint.local.gateway.exchange import Exchange
from gateprint.local.gateway.faults import Fault
from gateprint.local.web import HttpRequest, HttpResponse

MAX_BYTES = 10 * 1024 * 1024
# The window's size, and that a header says which format it is.
_ANY_FORMAT = zlib.MAX_WBITS | 32
_CODINGS = ("gzip", "deflate")


def inflated(exchange: Exchange) -> HttpRequest:
    """Return the request with the body as its backend gets it.

    Raises:
        Fault: the body is not compressed as it says, or is too large.
    """
    request, coding = exchange.request, exchange.header("content-encoding").lower()
    if exchange.snapshot.minimum_compression_bytes is None or coding not in _CODINGS:
        return request
    reader = zlib.decompressobj(_ANY_FORMAT)
    try:
        body = reader.decompress(request.body, MAX_BYTES + 1)
    except zlib.error as problem:
        raise Fault("DEFAULT_4XX", reason=str(problem)) from problem
    if len(body) > MAX_BYTES:
        raise Fault("REQUEST_TOO_LARGE")
    headers = tuple(each for each in request.headers if each[0].lower() != "content-encoding")
    return replace(request, headers=headers, body=body)


def deflated(exchange: Exchange, response: HttpResponse) -> HttpResponse:
    """Return the answer compressed, where it is large enough and the caller takes it."""
    least = exchange.snapshot.minimum_compression_bytes
    names = {name.lower() for name, _ in response.headers}
    if least is None or len(response.body) < least or "content-encoding" in names:
        return response
    accepted = _accepted(exchange.header("accept-encoding"))
    if not response.body or not accepted:
        return response
    body = zlib.compress(response.body)
    if accepted == "gzip":
        body = gzip.compress(response.body, mtime=0)
    return HttpResponse(response.status, (*response.headers, ("Content-Encoding", accepted)), body)


def _accepted(header: str) -> str:
    offered = {each.partition(";")[0].strip().lower() for each in header.split(",")}
    return next((each for each in _CODINGS if each in offered), "")
