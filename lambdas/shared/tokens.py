"""Verifies a token: signature, issuer, audience and time, as RFC 8725 asks for."""

from __future__ import annotations

import base64
import json
import math
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError

from shared.keys import Key, Keys

# API Gateway takes 10,240 bytes of headers in all.
MAX_TOKEN_CHARACTERS = 8192
MAX_NAME_CHARACTERS = 256
_TOKEN = re.compile(r"[-\w]+\.[-\w]+\.[-\w]+", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# A token of another type was signed for another purpose (RFC 8725, "Use Explicit Typing").
_TYPES = {"jwt", "at+jwt", "application/at+jwt"}
_KINDS = {"RS": "RSA", "PS": "RSA", "ES": "EC"}


class Refused(Exception):
    """The token is not accepted; the text is a reason without anything of the token in it."""


class Verifier:
    """Verifies tokens of one issuer; `settings` are those that gateprint gives the function."""

    def __init__(
        self, settings: Mapping[str, Any], keys: Keys, now: Callable[[], float] = time.time
    ) -> None:
        self._settings = settings
        self._keys = keys
        self._now = now

    def claims(self, token: Any) -> dict[str, Any]:
        """Return the claims of a token that is accepted.

        Raises Refused for every other one, and IssuerFailed where no key can be had.
        """
        header = _header(token, self._settings["algorithms"])
        key = self._keys.find(header["kid"])
        if key is None or not _fits(key, header["alg"]):
            raise Refused("key")
        claims = _signed_claims(token, key, header["alg"])
        self._require_origin(claims)
        self._require_time(claims)
        if not _is_name(claims.get("sub")):
            raise Refused("sub")
        return claims

    def _require_origin(self, claims: Mapping[str, Any]) -> None:
        if claims.get("iss") != self._settings["issuer"]:
            raise Refused("iss")
        said = claims.get("aud")
        audiences = [said] if isinstance(said, str) else said if isinstance(said, list) else []
        if not any(each in self._settings["audience"] for each in audiences):
            raise Refused("aud")

    def _require_time(self, claims: Mapping[str, Any]) -> None:
        """Require an end, and a beginning: `nbf`, or where the issuer sends none, `iat`."""
        leeway, now = self._settings["leeway"], self._now()
        if not _is_time(claims.get("exp")) or claims["exp"] <= now - leeway:
            raise Refused("exp")
        starts = [claims[each] for each in ("nbf", "iat") if each in claims]
        if not starts:
            raise Refused("neither nbf nor iat")
        if not all(_is_time(each) and each <= now + leeway for each in starts):
            raise Refused("nbf or iat")


def _header(token: Any, algorithms: list[str]) -> dict[str, Any]:
    """Return the token's own header, after all of it that decides about anything was checked."""
    if not isinstance(token, str) or len(token) > MAX_TOKEN_CHARACTERS:
        raise Refused("no token, or one that is too long")
    if not _TOKEN.fullmatch(token):
        raise Refused("no JWT")
    header = _json(_decoded(token.split(".")[0]))
    if header.get("alg") not in algorithms:
        raise Refused("alg")
    if not _is_name(header.get("kid")):
        raise Refused("kid")
    if "typ" in header and str(header["typ"]).lower() not in _TYPES:
        raise Refused("typ")
    if "crit" in header or "b64" in header:
        raise Refused("an extension")
    return header


def _decoded(part: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        raise Refused("not base64url") from None


def _json(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused("not JSON") from None
    if not isinstance(found, dict):
        raise Refused("no object")
    return found


def _fits(key: Key, algorithm: str) -> bool:
    """Tell whether the issuer published the key for this algorithm."""
    said = key.get("alg")
    return key.key_type == _KINDS[algorithm[:2]] and said in (None, algorithm)


def _signed_claims(token: str, key: Key, algorithm: str) -> dict[str, Any]:
    try:
        verified = jws.deserialize_compact(token, key, algorithms=[algorithm])
    except (JoseError, ValueError, TypeError):
        raise Refused("signature") from None
    return _json(verified.payload)


def _is_time(value: Any) -> bool:
    """Tell whether a claim is a NumericDate; Python counts True as 1."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_name(value: Any) -> bool:
    is_text = isinstance(value, str) and 0 < len(value) <= MAX_NAME_CHARACTERS
    return is_text and not _CONTROL.search(value)
