"""Fetches an issuer's public keys: from one address, seldom, and not more than fits."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

# The same numbers as in lambdas/authorizer/keys.mjs.
MAX_BYTES = 150_000
TIMEOUT_SECONDS = 3.0
SECONDS_BETWEEN_REFRESHES = 30
SECONDS_AFTER_FAILURE = 5
MAX_AGE_SECONDS = 600
# RFC 7518, "Digital Signature with RSASSA-PKCS1-v1_5": 2048 bits or larger.
MIN_RSA_BITS = 2048
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_OK = 200

Key = RSAKey | ECKey


class IssuerFailed(Exception):
    """The issuer's keys cannot be had; no token is to blame."""


class Keys:
    """The keys that an issuer publishes at `address`, by `kid`; `clock` counts seconds."""

    def __init__(
        self,
        address: str,
        clock: Callable[[], float] = time.monotonic,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._address, self._timeout = address, timeout
        self._clock = clock
        self._keys: Mapping[str, Key] = {}
        self._fetched: float | None = None
        self._failed: float | None = None

    def find(self, kid: str) -> Key | None:
        """Return the key of this name. One that is not known has them fetched again, seldom.

        Raises IssuerFailed where they cannot be fetched, or could not just now.
        """
        patience = MAX_AGE_SECONDS if kid in self._keys else SECONDS_BETWEEN_REFRESHES
        if self._fetched is None or self._clock() - self._fetched >= patience:
            self._fetch()
        return self._keys.get(kid)

    def _fetch(self) -> None:
        if self._failed is not None and self._clock() - self._failed < SECONDS_AFTER_FAILURE:
            raise IssuerFailed("they could not be fetched just now")
        try:
            self._keys = _usable(_fetched_json(self._address, self._timeout))
        except (OSError, ValueError, RecursionError, http.client.HTTPException) as error:
            self._failed = self._clock()
            raise IssuerFailed(str(error) or type(error).__name__) from error
        self._fetched = self._clock()


def _fetched_json(address: str, timeout: float) -> Any:
    """Get a JSON document. No redirect is followed: http.client knows none."""
    url = urlsplit(address)
    if url.scheme != "https" and url.hostname not in _LOOPBACK:
        raise ValueError("an issuer publishes its keys by https")
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    connection = kind(url.hostname or "", url.port, timeout=timeout)
    deadline = time.monotonic() + timeout
    try:
        path = f"{url.path or '/'}{f'?{url.query}' if url.query else ''}"
        connection.request("GET", path, headers={"Accept": "application/json"})
        answer = connection.getresponse()
        if answer.status != _OK:
            raise ValueError(f"the answer is {answer.status}")
        return json.loads(_limited(answer, deadline))
    finally:
        connection.close()


def _limited(answer: http.client.HTTPResponse, deadline: float) -> bytes:
    """Read the body piece by piece: neither more than fits, nor for longer than is allowed."""
    found = b""
    while piece := answer.read1(65_536):
        found += piece
        if len(found) > MAX_BYTES:
            raise ValueError(f"the answer has more than {MAX_BYTES} bytes")
        if time.monotonic() > deadline:
            raise TimeoutError("the answer takes too long")
    return found


def _usable(document: Any) -> dict[str, Key]:
    """Return the keys that are public, for signatures, and strong enough."""
    said = document.get("keys") if isinstance(document, dict) else None
    found = {}
    for each in said if isinstance(said, list) else ():
        key = _key(each)
        if key is not None:
            found[str(each["kid"])] = key
    return found


def _key(said: Any) -> Key | None:
    is_named = isinstance(said, dict) and isinstance(said.get("kid"), str)
    if not is_named or said.get("use") != "sig" or "d" in said:
        return None
    try:
        return ECKey.import_key(said) if said.get("kty") == "EC" else _strong_key(said)
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def _strong_key(said: Any) -> Key | None:
    # In base64url a sign is six bits; the library warns of a short one in the function's log.
    if said.get("kty") != "RSA" or len(said["n"]) * 6 < MIN_RSA_BITS:
        return None
    key = RSAKey.import_key(said)
    return key if key.public_key.key_size >= MIN_RSA_BITS else None
