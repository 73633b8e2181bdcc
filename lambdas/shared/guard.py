"""What Lambda calls instead of a handler whose routes ask for an identity token.

`IDENTITY_TOKEN`, which gateprint sets, says which handler that is and whose tokens count. The
handler runs only after the token was verified, and is of the person whose session signed the
request; it gets the claims, and never the token.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from shared.http import answer
from shared.identity import Identity

# Behind all else: where the embedded cloud runs on another system, it has its own.
sys.path.append(str(Path(__file__).resolve().parents[1] / "libraries"))

from shared.keys import IssuerFailed, Keys
from shared.tokens import Refused, Verifier

# IAM user guide, "IAM identifiers"; STS API reference, AssumeRoleWithSAML: RoleSessionName.
_SESSION = re.compile(
    r"arn:aws[a-z-]*:sts::\d{12}:assumed-role/[\w+=,.@-]{1,64}/([\w+=,.@-]{2,64})", re.ASCII
)
_UNAUTHORIZED = "the identity token is missing, or is not accepted"
_FORBIDDEN = "the identity token is not of whom the session is"
_TOKENS = "identity_tokens"

Handler = Callable[[Mapping[str, Any], Any], Any]


class NotAdmitted(Exception):
    """The request is not passed on; the text begins with `[401] ` or `[403] `.

    With `proxy: false`, API Gateway answers with that status.
    """

    def __init__(self, status: int, message: str, reason: str) -> None:
        self.status, self.message, self.reason = status, message, reason
        super().__init__(f"[{status}] {message}")


class Guard:
    """Stands before a handler; `settings` are those of `IDENTITY_TOKEN`."""

    def __init__(self, settings: Mapping[str, Any], handler: Handler, verifier: Verifier) -> None:
        self._settings, self._handler, self._verifier = settings, handler, verifier

    def handle(self, event: Mapping[str, Any], context: Any) -> Any:
        """Call the handler with the verified claims, or refuse the request."""
        is_proxy = self._settings["proxy"]
        try:
            identity = self._identity(event)
        except NotAdmitted as refused:
            # The reason helps whoever runs the API; the token and its claims stay out of the log.
            print(json.dumps({"refused": refused.reason}))  # noqa: T201  # a function's log
            if not is_proxy:
                raise
            return answer(event, refused.status, {"message": refused.message})
        except IssuerFailed as failure:
            print(json.dumps({"issuer": str(failure)}))  # noqa: T201
            if not is_proxy:
                raise
            return answer(event, 500, {"message": "Internal server error"})
        left = _without_token(event, self._settings)
        return self._handler({**left, "identity": identity}, context)

    def _identity(self, event: Mapping[str, Any]) -> Identity:
        session_name = _session_name(event, is_proxy=self._settings["proxy"])
        claims = self._claims(list(_tokens(event, self._settings)))
        name = self._settings["claim"]
        if not isinstance(claims.get(name), str) or claims[name] != session_name:
            raise NotAdmitted(403, _FORBIDDEN, "another session")
        # OpenID Connect Core 1.0, "Standard Claims": otherwise anybody may have written it.
        if name == "email" and claims.get("email_verified", True) is not True:
            raise NotAdmitted(403, _FORBIDDEN, "an address that nobody verified")
        return Identity(claims, session_name)

    def _claims(self, tokens: list[Any]) -> dict[str, Any]:
        if len(tokens) != 1:
            raise NotAdmitted(401, _UNAUTHORIZED, f"{len(tokens)} tokens")
        try:
            return self._verifier.claims(tokens[0])
        except Refused as refused:
            raise NotAdmitted(401, _UNAUTHORIZED, str(refused)) from None


def _session_name(event: Mapping[str, Any], *, is_proxy: bool) -> str:
    """Return the name of the session that signed the request, as API Gateway says it."""
    context = event.get("requestContext") or {}
    caller = (context.get("identity") or {}).get("userArn") if is_proxy else event.get("caller")
    found = _SESSION.fullmatch(caller) if isinstance(caller, str) else None
    if found is None:
        raise NotAdmitted(403, _FORBIDDEN, "the caller is no session of a role")
    return found[1]


def _tokens(event: Mapping[str, Any], settings: Mapping[str, Any]) -> Iterator[Any]:
    """Yield what the request's header says; a mapping template ends its list with an empty text."""
    if not settings["proxy"]:
        yield from (each for each in event.get(_TOKENS) or () if each != "")
        return
    several = event.get("multiValueHeaders") or {}
    single = {name: [value] for name, value in (event.get("headers") or {}).items()}
    for name, values in (several or single).items():
        if name.lower() == settings["header"].lower():
            yield from values


def _without_token(event: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    left = {name: value for name, value in event.items() if name != _TOKENS}
    for headers in ("headers", "multiValueHeaders"):
        if isinstance(left.get(headers), Mapping):
            left[headers] = {
                name: value
                for name, value in left[headers].items()
                if name.lower() != settings["header"].lower()
            }
    return left


@cache
def _guard() -> Guard:
    settings = json.loads(os.environ["IDENTITY_TOKEN"])
    module, _, function = settings["handler"].rpartition(".")
    inner: Handler = getattr(importlib.import_module(module), function)
    return Guard(settings, inner, Verifier(settings, Keys(settings["jwks"])))


def handler(event: Mapping[str, Any], context: Any) -> Any:
    """Answer an event of API Gateway: the entry point that Lambda calls."""
    return _guard().handle(event, context)


if "IDENTITY_TOKEN" in os.environ:
    # What a handler's module imports is loaded while Lambda starts the function.
    _guard()
