"""The site as a WSGI application: the pets page, the sign-in page, and where that posts to."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from defusedxml.ElementTree import ParseError, fromstring
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from gateprint.local.endpoint import is_loopback
from gateprint.local.site.account import Account, ExchangeRefused
from gateprint.local.site.issuer import DISCOVERY, KEYS, OwnIssuer
from gateprint.local.site.key import SigningKey
from gateprint.local.site.pages import render, static_file
from gateprint.local.site.people import Person, SamlRole, everybody, may_assume, recipient
from gateprint.local.site.response import SignIn, signed_response
from gateprint.local.site.tokens import Wanted, read_wanted
from gateprint.model.partition import partition_of
from gateprint.model.saml import ROLE, SESSION_DURATION

_SIGNER = "aws4fetch/dist/aws4fetch.esm.mjs"
_LARGEST_FORM = 200_000  # STS takes 100,000 characters of assertion
_SHORTEST = 900  # STS gives no shorter session, unless the response says when it ends
_LENGTHS = {10: "10 seconds, to see it expire", 900: "15 minutes", 3600: "1 hour"}
_RELAY_STATE_LENGTH = 80
_ATTRIBUTE = "{urn:oasis:names:tc:SAML:2.0:assertion}Attribute"


class Refused(Exception):
    """The site refuses a request: the status, and the reason for whoever reads it."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Choice:
    """A person beside a role: `is_open` where its trust policy lets the person in."""

    person: Person
    role: SamlRole
    is_open: bool

    @property
    def value(self) -> str:
        """Return what the form sends."""
        return f"{self.person.id} {self.role.arn} {self.role.provider_arn}"


@dataclass(frozen=True, slots=True)
class Site:
    """The site of one embedded cloud. `modules` is the folder of the Node packages."""

    account: Account
    key: SigningKey
    region: str
    modules: Path
    issuer: OwnIssuer
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request (WSGI)."""
        request = Request(environ)
        request.max_content_length = request.max_form_memory_size = _LARGEST_FORM
        response = self._guarded(request)
        for name, value in self._headers().items():
            response.headers.setdefault(name, value)
        return response(environ, start_response)

    def _guarded(self, request: Request) -> Response:
        try:
            _require_own(request)
            return self._answer(request)
        except Refused as refused:
            return _page("refused", refused.status, title="That is refused", reason=refused.reason)
        except RequestEntityTooLarge:
            return _page("refused", 413, title="That is too much", reason="The form is too large.")
        except (BotoCoreError, ClientError, HTTPException) as error:
            return _page("refused", 502, title="The embedded cloud failed", reason=str(error))

    def _answer(self, request: Request) -> Response:
        actions: dict[tuple[str, str], Callable[[Request], Response]] = {
            ("GET", "/"): self._pets,
            ("GET", "/cloud.json"): self._cloud,
            ("GET", "/sign-in"): self._people,
            ("POST", "/sign-in"): self._post,
            ("POST", "/acs"): self._consume,
            ("GET", "/vendor/aws4fetch.js"): self._signer,
            ("GET", "/tokens"): self._tokens,
            ("POST", "/tokens"): self._give_token,
            ("GET", KEYS): lambda _: _json(self.issuer.keys()),
            ("GET", DISCOVERY): lambda _: _json(self.issuer.discovery()),
        }
        method = "GET" if request.method == "HEAD" else request.method
        if method == "GET" and request.path.startswith("/static/"):
            return _static(request.path.removeprefix("/static/"))
        action = actions.get((method, request.path))
        if action is not None:
            return action(request)
        if any(path == request.path for _, path in actions):
            raise Refused(405, f"{request.path} does not take {request.method}.")
        raise Refused(404, "There is no such page.")

    def _headers(self) -> dict[str, str]:
        sources = {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "img-src": "'self'",
            "connect-src": f"'self' {self.account.endpoint}",
            "form-action": "'self'",
            "base-uri": "'none'",
            "frame-ancestors": "'none'",
            "require-trusted-types-for": "'script'",
        }
        return {
            "Content-Security-Policy": "; ".join(f"{key} {each}" for key, each in sources.items()),
            "Cache-Control": "no-store",
            "Referrer-Policy": "same-origin",  # with no-referrer, forms would come from "null"
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
        }

    def _pets(self, _request: Request) -> Response:
        return _page("pets", 200)

    def _cloud(self, _request: Request) -> Response:
        apis = [asdict(each) for each in self.account.apis()]
        return _json({"region": self.region, "apis": apis})

    def _tokens(self, _request: Request) -> Response:
        return self._token_page(None)

    def _give_token(self, request: Request) -> Response:
        wanted = read_wanted(request.form, self._everybody())
        if wanted is None:
            raise Refused(400, "There is no such person, or that is no audience, scope or claim.")
        return self._token_page(wanted)

    def _everybody(self) -> tuple[Person, ...]:
        return everybody([each for each in self.account.roles() if each.is_own], self.region)

    def _token_page(self, wanted: Wanted | None) -> Response:
        return _page(
            "tokens",
            200,
            issuer=self.issuer.issuer,
            people=self._everybody(),
            person=wanted.person if wanted else None,
            audience=" ".join(wanted.audiences) if wanted else "",
            scope=wanted.scope if wanted else "",
            claim=wanted.claim if wanted else "email",
            token=self._token(wanted) if wanted else "",
        )

    def _token(self, wanted: Wanted) -> str:
        name, audiences = wanted.person.session_name, wanted.audiences
        return self.issuer.token(name, audiences, wanted.scope, wanted.claim, self.now())

    def _signer(self, _request: Request) -> Response:
        path = self.modules / _SIGNER
        if not path.is_file():
            raise Refused(404, "The package aws4fetch is not installed: run make setup.")
        return Response(path.read_bytes(), content_type="text/javascript; charset=utf-8")

    def _people(self, request: Request) -> Response:
        relay_state = request.args.get("RelayState", "")
        if not 0 < len(relay_state) <= _RELAY_STATE_LENGTH:
            raise Refused(400, "Nobody asked to sign in: begin on the pets page.")
        roles = self.account.roles()
        own = [each for each in roles if each.is_own]
        others = sorted({each.provider_arn for each in roles if not each.is_own})
        people = everybody(own, self.region)
        return _page(
            "sign_in",
            200,
            people=[(each, self._choices(each, own)) for each in people],
            has_roles=bool(own),
            others=others,
            lengths=_LENGTHS,
            relay_state=relay_state,
        )

    def _choices(self, person: Person, roles: Iterable[SamlRole]) -> list[Choice]:
        return [Choice(person, each, may_assume(person, each, self.region)) for each in roles]

    def _post(self, request: Request) -> Response:
        """Answer with a form that posts the signed response, as an identity provider does."""
        chosen = self._chosen(request.form.get("choice", ""))
        wanted = request.form.get("seconds", "")
        if wanted not in {str(each) for each in _LENGTHS}:
            raise Refused(400, "A session does not last so long.")
        sign_in = self._sign_in(chosen, int(wanted))
        return _page(
            "post",
            200,
            response=signed_response(sign_in, self.key, self.now(), secrets.token_hex(16)),
            relay_state=request.form.get("RelayState", ""),
            person=chosen.person.name,
        )

    def _chosen(self, value: str) -> Choice:
        own = [each for each in self.account.roles() if each.is_own]
        for person in everybody(own, self.region):
            for choice in self._choices(person, own):
                if choice.value == value:
                    return choice
        raise Refused(400, "There is no such person or role; look at the sign-in page again.")

    def _sign_in(self, chosen: Choice, seconds: int) -> SignIn:
        person, role = chosen.person, chosen.role
        return SignIn(
            issuer=role.issuer,
            role_arn=role.arn,
            provider_arn=role.provider_arn,
            recipient=recipient(self.region),
            audience=partition_of(self.region).entity_id,
            session_name=person.session_name,
            name_id=person.name_id,
            seconds=max(_SHORTEST, min(seconds, role.max_seconds)),
            name_id_format=person.name_id_format,
            claims=person.claims,
            ends_seconds=seconds if seconds < _SHORTEST else None,
        )

    def _consume(self, request: Request) -> Response:
        """Exchange a response for credentials, and hand them to the page that asked for them.

        They stand in the answer to a POST, which is never kept; the page takes them only with the
        RelayState that it made itself, so that nobody else can sign it in.
        """
        response = request.form.get("SAMLResponse", "")
        role, provider, seconds = _asked(response)
        try:
            session = self.account.exchange(role, provider, response, seconds)
        except ExchangeRefused as refused:
            return _page(
                "not_signed_in", 403, role=role, code=refused.code, message=refused.message
            )
        relay_state = request.form.get("RelayState", "")
        return _page("signed_in", 200, session=asdict(session), relay_state=relay_state)


def _require_own(request: Request) -> None:
    """Refuse a foreign name (DNS rebinding), and what another site's page posts here."""
    host = request.host.rpartition(":")[0].strip("[]") or request.host
    if not is_loopback(host):
        raise Refused(403, "This site is for this machine alone.")
    is_reading = request.method in {"GET", "HEAD"}
    if not is_reading and request.headers.get("Origin") != f"http://{request.host}":
        raise Refused(403, "The form comes from another site.")


def _asked(response: str) -> tuple[str, str, int]:
    """Return role, provider and seconds that a response names; STS checks the response itself."""
    try:
        root = fromstring(base64.b64decode(response, validate=True), forbid_dtd=True)
    except (ValueError, binascii.Error, ParseError):
        raise Refused(400, "That is no SAML response.") from None
    values = {
        each.get("Name"): "".join(next(iter(each), each).itertext()).strip()
        for each in root.iter(_ATTRIBUTE)
    }
    role, _, provider = values.get(ROLE, "").partition(",")
    seconds = values.get(SESSION_DURATION, "3600")
    if not provider or not seconds.isdigit():
        raise Refused(400, "The SAML response names no role.")
    return role, provider, int(seconds)


def _json(value: Any) -> Response:
    return Response(json.dumps(value), content_type="application/json")


def _page(name: str, status: int, **values: Any) -> Response:
    return Response(render(name, **values), status, content_type="text/html; charset=utf-8")


def _static(name: str) -> Response:
    found = static_file(name)
    if found is None:
        raise Refused(404, "There is no such file.")
    content, kind = found
    return Response(content, content_type=kind)
