"""`saml check`: a captured response against a role's trust policy and its provider's metadata."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from urllib.parse import parse_qs

from gateprint.access.saml.check import Check, check_response
from gateprint.access.saml.response import UnreadableResponse
from gateprint.errors import Diagnostic, InputRejected, Location
from gateprint.workflow.files import read_text, shown
from gateprint.workflow.roles import PlacedRole


def read_response(path: Path) -> str:
    """Return the text of a file.

    Raises:
        InputRejected: it cannot be read, or is far too large.
    """
    return read_text(path, inside=path.parent)


def check(text: str, name: str, place: PlacedRole, now: dt.datetime) -> tuple[Check, ...]:
    """Return all checks of a response.

    `text` is base64, XML, or the form that a browser posts; `name` is where it comes from.

    Raises:
        InputRejected: it is not a SAML response.
    """
    try:
        return check_response(_field(text), place.role, place.environment, now)
    except UnreadableResponse as error:
        remedy = "capture what the browser posts to AWS, the field SAMLResponse"
        where = Location(name)
        raise InputRejected([Diagnostic(where, "wrong-response", str(error), remedy)]) from None


def _field(text: str) -> str:
    """Return the response within a posted form, or the text itself."""
    if "SAMLResponse=" not in text or text.lstrip().startswith("<"):
        return text
    # A browser writes + as %2B; whoever decoded the form has + still.
    found = parse_qs(text.strip().replace("+", "%2B"), max_num_fields=10).get("SAMLResponse", [])
    return found[0] if len(found) == 1 else text


def location_of(path: Path) -> str:
    """Return a path as messages show it."""
    return shown(path)
