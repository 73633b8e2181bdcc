"""The canonical request of AWS's Signature Version 4, as services other than S3 make it; pure.

After the IAM user guide, "Create a signed AWS API request".
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from urllib.parse import quote, unquote_to_bytes

from gateprint.local.web import HttpRequest

ALGORITHM = "AWS4-HMAC-SHA256"
TERMINATOR = "aws4_request"
_SIGNATURE = "X-Amz-Signature"
_UNRESERVED = "-_.~"


def canonical_request(request: HttpRequest, signed_headers: Iterable[str]) -> bytes:
    """Return the text of which the string to sign has the hash; header names are in lower case.

    The payload is always hashed, whatever X-Amz-Content-Sha256 says: API Gateway knows no unsigned
    payload.
    """
    names = sorted(signed_headers)
    return b"\n".join(
        (
            request.method.encode(),
            canonical_path(request.path).encode(),
            canonical_query(request.query).encode(),
            b"".join(_header_line(request, each) for each in names),
            ";".join(names).encode(),
            hashlib.sha256(request.body).hexdigest().encode(),
        )
    )


def canonical_path(path: str) -> str:
    """Return the path without dot segments and double slashes, and encoded once more than sent."""
    kept: list[str] = []
    for each in path.split("/"):
        if each == "..":
            del kept[-1:]
        elif each not in {"", "."}:
            kept.append(each)
    end = "/" if kept and path.endswith("/") else ""
    return quote(as_sent("/" + "/".join(kept) + end), safe=f"/{_UNRESERVED}")


def canonical_query(query: str) -> str:
    """Return the parameters, encoded AWS's way and sorted, without the signature itself.

    A plus sign is a space.
    """
    found = (
        (_encoded(name), _encoded(value))
        for name, value in pairs(query)
        if decoded(name) != _SIGNATURE
    )
    return "&".join(f"{name}={value}" for name, value in sorted(found))


def pairs(query: str) -> Iterator[tuple[str, str]]:
    """Yield the names and values of a query string, still encoded; empty parts do not count."""
    for each in query.split("&"):
        if each:
            name, _, value = each.partition("=")
            yield name, value


def decoded(text: str) -> str:
    """Return a name or value of a query string without its encoding."""
    return unquote_to_bytes(as_sent(text.replace("+", " "))).decode(errors="replace")


def as_sent(text: str) -> bytes:
    """Return the bytes on the wire: servers read them as Latin-1, tests write Unicode."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode()


def string_to_sign(timestamp: str, scope: str, canonical: bytes) -> bytes:
    """Return what is signed; `scope` is `date/region/service/aws4_request`."""
    digest = hashlib.sha256(canonical).hexdigest()
    return "\n".join((ALGORITHM, timestamp, scope, digest)).encode()


def signature_of(secret: str, scope: str, signed: bytes) -> str:
    """Return the signature, in hexadecimal, by the key that the secret makes for the scope."""
    key = f"AWS4{secret}".encode()
    for each in scope.split("/"):
        key = hmac.digest(key, each.encode(), "sha256")
    return hmac.digest(key, signed, "sha256").hex()


def _encoded(text: str) -> str:
    return quote(unquote_to_bytes(as_sent(text.replace("+", " "))), safe=_UNRESERVED)


def _header_line(request: HttpRequest, name: str) -> bytes:
    values = (
        b" ".join(as_sent(value).split()) for key, value in request.headers if key.lower() == name
    )
    return name.encode() + b":" + b",".join(values) + b"\n"
