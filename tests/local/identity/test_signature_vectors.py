"""AWS's public test vectors of Signature Version 4, as header and as query."""

from __future__ import annotations

import datetime as dt
import hashlib
from urllib.parse import quote

import pytest

from gateprint.local.identity.refusals import MISMATCH
from gateprint.local.identity.sigv4 import Credentials, Verifier
from gateprint.local.web import Caller, HttpRequest
from tests.local.identity import vectors
from tests.local.identity.fakes import Ring
from tests.local.identity.vectors import VECTORS, Vector

SCOPE = f"{vectors.TIMESTAMP[:8]}/{vectors.REGION}/{vectors.SERVICE}/aws4_request"
CREDENTIAL = f"{vectors.ACCESS_KEY}/{SCOPE}"
CALLER = Caller(vectors.ACCESS_KEY, "", "", "", "")
# Signed for services that leave paths alone: the signature is another than API Gateway's.
REFUSED = {
    each.name
    for each in VECTORS
    if not each.is_normalized and each.name != "get-space-unnormalized"
}


def verifier(vector: Vector) -> Verifier:
    token = vector.session_token if vector.token else None
    ring = Ring({vectors.ACCESS_KEY: Credentials(CALLER, vectors.SECRET, token)})
    clock = dt.datetime(2015, 8, 30, 12, 36, tzinfo=dt.UTC)
    return Verifier(ring, lambda: clock, vectors.SERVICE)


def as_header(vector: Vector) -> HttpRequest:
    path, _, query = vector.target.partition("?")
    headers = [("Host", vectors.HOST), ("X-Amz-Date", vectors.TIMESTAMP), *vector.headers]
    if vector.body:
        digest = hashlib.sha256(vector.body.encode()).hexdigest()
        headers.append(("X-Amz-Content-Sha256", digest))
    if vector.token == "signed":
        headers.append(("X-Amz-Security-Token", vector.session_token))
    names = ";".join(sorted({name.lower() for name, _ in headers}))
    if vector.token == "after":
        headers.append(("X-Amz-Security-Token", vector.session_token))
    value = f"AWS4-HMAC-SHA256 Credential={CREDENTIAL}, SignedHeaders={names}, "
    headers.append(("Authorization", f"{value}Signature={vector.header_signature}"))
    return HttpRequest(vector.method, path, query, tuple(headers), vector.body.encode(), "")


def as_query(vector: Vector) -> HttpRequest:
    path, _, query = vector.target.partition("?")
    headers = (("Host", vectors.HOST), *vector.headers)
    names = ";".join(sorted({name.lower() for name, _ in headers}))
    parts = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": CREDENTIAL,
        "X-Amz-Date": vectors.TIMESTAMP,
        "X-Amz-SignedHeaders": names,
        "X-Amz-Expires": "3600",
        **({"X-Amz-Security-Token": vector.session_token} if vector.token else {}),
        "X-Amz-Signature": vector.query_signature,
    }
    added = [f"{name}={quote(value, safe='')}" for name, value in parts.items()]
    whole = "&".join([*([query] if query else []), *added])
    return HttpRequest(vector.method, path, whole, headers, vector.body.encode(), "")


@pytest.mark.parametrize("vector", VECTORS, ids=lambda each: each.name)
def test_a_signature_in_the_header_is_verified(vector: Vector) -> None:
    found = verifier(vector).authenticate(as_header(vector), vectors.REGION)
    assert found == (MISMATCH if vector.name in REFUSED else CALLER)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda each: each.name)
def test_a_signature_in_the_query_is_verified(vector: Vector) -> None:
    found = verifier(vector).authenticate(as_query(vector), vectors.REGION)
    # Some services take a token that is no part of what is signed; in a query it always is here.
    is_refused = vector.name in REFUSED or vector.token == "after"
    assert found == (MISMATCH if is_refused else CALLER)
