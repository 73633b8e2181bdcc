"""An issuer of tokens on loopback: keys made for the test, and tokens that no library signs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

_HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
_CURVES = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}
AUDIENCE = "https://shelter.example.com"


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value: int) -> str:
    return b64(value.to_bytes((value.bit_length() + 7) // 8))


@cache
def rsa_key(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    """A key of this name, made once for a whole run."""
    assert name
    return rsa.generate_private_key(65537, bits)


@cache
def ec_key(algorithm: str) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(_CURVES[algorithm])


def jwk(name: str, algorithm: str = "RS256", bits: int = 2048, **more: Any) -> dict[str, Any]:
    """The public key of a name, as issuers publish it."""
    common = {"kid": name, "use": "sig", "alg": algorithm}
    if algorithm.startswith("ES"):
        numbers = ec_key(algorithm).public_key().public_numbers()
        size = (numbers.curve.key_size + 7) // 8
        curve = f"P-{numbers.curve.key_size}"
        x, y = b64(numbers.x.to_bytes(size)), b64(numbers.y.to_bytes(size))
        return {**common, "kty": "EC", "crv": curve, "x": x, "y": y, **more}
    found = rsa_key(name, bits).public_key().public_numbers()
    return {**common, "kty": "RSA", "n": number(found.n), "e": number(found.e), **more}


def public_pem(name: str) -> bytes:
    return (
        rsa_key(name)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def signature(algorithm: str, name: str, signed: bytes, bits: int = 2048) -> bytes:
    """Sign as RFC 7518 says; `name` is that of the key, and of HS the secret itself."""
    if algorithm.lower() == "none":
        return b""
    if algorithm.startswith("HS"):
        return hmac.new(name.encode(), signed, hashlib.sha256).digest()
    digest = _HASHES[algorithm[2:]]
    if algorithm.startswith("ES"):
        key = ec_key(algorithm)
        size = (key.curve.key_size + 7) // 8
        r, s = decode_dss_signature(key.sign(signed, ec.ECDSA(digest)))
        return r.to_bytes(size) + s.to_bytes(size)
    if algorithm.startswith("PS"):
        salted = padding.PSS(padding.MGF1(digest), digest.digest_size)
        return rsa_key(name, bits).sign(signed, salted, digest)
    return rsa_key(name, bits).sign(signed, padding.PKCS1v15(), digest)


def token(
    header: Mapping[str, Any] | bytes,
    claims: Mapping[str, Any] | bytes,
    *,
    algorithm: str = "RS256",
    key: str = "first",
    bits: int = 2048,
) -> str:
    """A token with this header and these claims, whatever they are, and a real signature."""
    signed = ".".join(b64(_bytes(each)) for each in (header, claims))
    return f"{signed}.{b64(signature(algorithm, key, signed.encode(), bits))}"


def _bytes(part: Mapping[str, Any] | bytes) -> bytes:
    return part if isinstance(part, bytes) else json.dumps(part).encode()


class Issuer:
    """What a JWKS server does: publish, count, break, be slow, send elsewhere, send too much."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked = 0
        self.keys: list[Any] = [jwk("first")]
        self._status = 200
        self._headers: dict[str, str] = {}
        self._body: bytes | None = None
        self._seconds = 0.0

    def publish(self, *keys: Any) -> None:
        """Publish these keys, and work again."""
        self.keys, self._status, self._headers = list(keys), 200, {}
        self._body, self._seconds = None, 0.0

    def answer(self, status: int, body: bytes = b"{}", **headers: str) -> None:
        """Answer this from now on."""
        self._status, self._body, self._headers = status, body, headers

    def dawdle(self, seconds: float) -> None:
        """Answer later."""
        self._seconds = seconds

    def respond(self) -> tuple[int, Mapping[str, str], bytes]:
        self.asked += 1
        time.sleep(self._seconds)
        body = json.dumps({"keys": self.keys}).encode() if self._body is None else self._body
        return self._status, self._headers, body

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Sound claims with changes; None leaves one out."""
        now = int(time.time())
        usual = {
            "iss": self.url,
            "sub": "auth0|anna",
            "aud": [AUDIENCE, f"{self.url}userinfo"],
            "iat": now - 10,
            "exp": now + 3600,
            "azp": "app",
            "scope": "openid read:animals",
        }
        return {name: value for name, value in {**usual, **changes}.items() if value is not None}

    def token(self, key: str = "first", **changes: Any) -> str:
        """A sound token, but for the changed claims."""
        return token({"alg": "RS256", "typ": "JWT", "kid": key}, self.claims(**changes), key=key)


@contextmanager
def issuing() -> Iterator[Issuer]:
    """Serve an issuer on a free port of loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    issuer = Issuer(f"http://127.0.0.1:{server.server_address[1]}/")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = issuer.respond()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server.RequestHandlerClass = Handler
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
