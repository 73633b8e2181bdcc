"""Tokens that nobody may accept, and how they are made: for all that verify tokens."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from typing import Any

from tests.support.issuer import AUDIENCE, Issuer, b64, jwk, public_pem, token


def every_key() -> list[Any]:
    """What an issuer publishes that the tokens below are about: sound keys and others."""
    keys = [jwk("first"), jwk("small", bits=1024), jwk("encrypting", use="enc")]
    keys += [jwk("other", alg="PS256"), jwk("unmarked", use=None), jwk("EC", "ES256")]
    private = jwk("private", d="AQAB")
    symmetric = {"kty": "oct", "kid": "oct", "use": "sig", "k": b64(b"secret" * 8)}
    return [*keys, private, symmetric, {"kty": "RSA"}, None, 7]


def header(**changes: Any) -> dict[str, Any]:
    said = {"alg": "RS256", "typ": "JWT", "kid": "first", **changes}
    return {name: value for name, value in said.items() if value is not None}


def signed(issuer: Issuer, **changes: Any) -> str:
    """A token with a changed header."""
    key, algorithm = changes.pop("key", "first"), changes.pop("algorithm", "RS256")
    bits = changes.pop("bits", 2048)
    said = header(**changes)
    return f"Bearer {token(said, issuer.claims(), algorithm=algorithm, key=key, bits=bits)}"


def claiming(**changes: Any) -> Callable[[Issuer], str]:
    return lambda issuer: f"Bearer {issuer.token(**changes)}"


def heading(**changes: Any) -> Callable[[Issuer], str]:
    return lambda issuer: signed(issuer, **changes)


def edited(change: Callable[[list[str]], list[str]]) -> Callable[[Issuer], str]:
    """A sound token whose three parts are changed afterwards."""
    return lambda issuer: f"Bearer {'.'.join(change(issuer.token().split('.')))}"


def with_claims(text: bytes) -> Callable[[Issuer], str]:
    return lambda _issuer: f"Bearer {token(header(), text)}"


def swapped(parts: list[str]) -> list[str]:
    """Other claims below the signature of the old ones."""
    claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=="))
    return [parts[0], b64(json.dumps({**claims, "scope": "write:animals"}).encode()), parts[2]]


def now() -> int:
    return int(time.time())


def timed(**seconds: int) -> Callable[[Issuer], str]:
    """A token with times that are so many seconds from the moment when it is sent."""

    def make(issuer: Issuer) -> str:
        claims: dict[str, Any] = {name: now() + each for name, each in seconds.items()}
        return f"Bearer {issuer.token(**claims)}"

    return make


PEM = public_pem("first").decode()
# The request's header `Authorization`.
OF_HEADER: dict[str, Callable[[Issuer], Any]] = {
    "nothing": lambda _: "",
    "no text": lambda _: None,
    "a list": lambda issuer: [f"Bearer {issuer.token()}"],
    "no scheme": lambda issuer: issuer.token(),
    "another scheme": lambda issuer: f"Basic {issuer.token()}",
    "a scheme in small letters": lambda issuer: f"bearer {issuer.token()}",
    "two spaces": lambda issuer: f"Bearer  {issuer.token()}",
    "a tab": lambda issuer: f"Bearer\t{issuer.token()}",
    "a line after it": lambda issuer: f"Bearer {issuer.token()}\n",
    "two tokens": lambda issuer: f"Bearer {issuer.token()}, Bearer {issuer.token()}",
    "a word alone": lambda _: "Bearer",
}
# The token itself.
OF_TOKEN: dict[str, Callable[[Issuer], Any]] = {
    "two parts": edited(lambda parts: parts[:2]),
    "four parts": edited(lambda parts: [*parts, parts[2]]),
    "five parts, as encrypted tokens have": edited(lambda parts: [*parts, "e30", "e30"]),
    "empty parts": lambda _: "Bearer ..",
    "a percent sign": edited(lambda parts: [parts[0], f"{parts[1]}%2e", parts[2]]),
    "padding": edited(lambda parts: [parts[0], f"{parts[1]}=", parts[2]]),
    "more than 8 KiB": claiming(more="x" * 8000),
    "a megabyte": lambda _: f"Bearer {'a' * 500_000}.{'a' * 500_000}.a",
    # The token's own header.
    "a header that is not JSON": lambda i: f"Bearer {token(b'x', i.claims())}",
    "a header that is a list": lambda i: f"Bearer {token(b'[]', i.claims())}",
    "a header that is null": lambda i: f"Bearer {token(b'null', i.claims())}",
    "no algorithm": heading(alg=None),
    "the algorithm none": heading(alg="none", algorithm="none"),
    "the algorithm None": heading(alg="None", algorithm="none"),
    "the algorithm nOnE": heading(alg="nOnE", algorithm="none"),
    "the algorithm none with a signature": heading(alg="none"),
    "HS256 with the public key as secret": heading(alg="HS256", algorithm="HS256", key=PEM),
    "HS256 with a key of the set": heading(alg="HS256", algorithm="HS256", key="secret", kid="oct"),
    "RS384, which is not allowed": heading(alg="RS384", algorithm="RS384"),
    "RS512, which is not allowed": heading(alg="RS512", algorithm="RS512"),
    "PS256, which is not allowed": heading(alg="PS256", algorithm="PS256"),
    "ES256, which is not allowed": heading(alg="ES256", algorithm="ES256", kid="EC"),
    "an algorithm in small letters": heading(alg="rs256"),
    "a list of algorithms": heading(alg=["RS256"]),
    "RS256 with a key of another kind": heading(kid="EC", algorithm="ES256"),
    "no key": heading(kid=None),
    "an empty name of a key": heading(kid=""),
    "a key that is not known": heading(kid="unknown", key="stranger"),
    "a path for a key": heading(kid="../../dev/null", algorithm="HS256", key=""),
    "a query for a key": heading(kid="first' OR '1'='1"),
    "a number for a key": heading(kid=1),
    "a name of a key with 300 letters": heading(kid="k" * 300),
    "__proto__ for a key": heading(kid="__proto__"),
    "a key of 1024 bits": heading(kid="small", key="small", bits=1024),
    "a key for encryption": heading(kid="encrypting", key="encrypting"),
    "a key of no stated use": heading(kid="unmarked", key="unmarked"),
    "a key for another algorithm": heading(kid="other", key="other"),
    "a key that was published with its private half": heading(kid="private", key="private"),
    "another key's signature": heading(key="stranger"),
    "a key of its own (jwk)": heading(jwk=jwk("stranger"), key="stranger"),
    "keys elsewhere (jku)": heading(jku="http://127.0.0.1:9/keys", kid="stranger", key="stranger"),
    "a certificate (x5c)": heading(x5c=["AAAA"], kid="stranger", key="stranger"),
    "a critical extension": heading(crit=["exp"], exp=1),
    "an unencoded payload": heading(crit=["b64"], b64=False),
    "a token of another type": heading(typ="logout+jwt"),
    "a proof of possession": heading(typ="dpop+jwt"),
    "a type that is a number": heading(typ=7),
    # The signature.
    "no signature": edited(lambda parts: [*parts[:2], ""]),
    "a signature of zeros": edited(lambda parts: [*parts[:2], b64(bytes(256))]),
    "a signature cut short": edited(lambda parts: [*parts[:2], parts[2][:-8]]),
    "a signature of the header alone": edited(lambda parts: [parts[0], parts[0], parts[2]]),
    "other claims than were signed": edited(swapped),
    # The claims.
    "claims that are not JSON": with_claims(b"x"),
    "claims that are a list": with_claims(b"[]"),
    "claims that are null": with_claims(b"null"),
    "no issuer": claiming(iss=None),
    "another issuer": claiming(iss="https://evil.example.com/"),
    "the issuer without its slash": lambda i: claiming(iss=i.url.rstrip("/"))(i),
    "the issuer with more": lambda i: claiming(iss=f"{i.url}evil")(i),
    "a list of issuers": lambda i: claiming(iss=[i.url])(i),
    "no audience": claiming(aud=None),
    "an empty audience": claiming(aud=[]),
    "another audience": claiming(aud="https://other.example.com"),
    "the audience in another case": claiming(aud=AUDIENCE.upper()),
    "the audience with a slash": claiming(aud=f"{AUDIENCE}/"),
    "an application's id, as ID tokens have": claiming(aud="app", nonce="n"),
    "an object for an audience": claiming(aud={AUDIENCE: True}),
    "no end": claiming(exp=None),
    "an end that is over": timed(exp=-1),
    "an end long ago": claiming(exp=0),
    "an end before all": claiming(exp=-1),
    "an end in text": lambda i: f"Bearer {i.token(exp=str(now() + 3600))}",
    "an end that is true": claiming(exp=True),
    "a beginning to come": timed(nbf=60),
    "a beginning in text": claiming(nbf="0"),
    "made in the future": timed(iat=600),
    "made at a time in text": claiming(iat="yesterday"),
    "neither a beginning nor when it was made": claiming(iat=None),
    "no subject": claiming(sub=None),
    "an empty subject": claiming(sub=""),
    "a subject that is a number": claiming(sub=7),
    "a subject that is a list": claiming(sub=["auth0|anna"]),
    "a subject with a line break": claiming(sub="anna\nrole: admin"),
    "a subject of 300 letters": claiming(sub="a" * 300),
}
REFUSED = OF_HEADER | OF_TOKEN
